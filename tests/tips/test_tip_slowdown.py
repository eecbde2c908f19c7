"""Wrong codes become slow, a little for all and more for one; nobody is shut out."""

from __future__ import annotations

import pytest

from tests.tips.kit import ANNA, BINH, Clock, House, payloads
from tips.code import make_code
from tips.slowdown import FORGET_AFTER, SLEEPERS, Slowdown

MENU = ["code:read", "code:add:text", "code:add:photo", "code:watch", "code:close"]


@pytest.fixture
def code(house: House) -> str:
    house.officer()
    return house.tell("Chuyện")


def test_wrong_codes_become_slow_for_one_person_and_a_little_for_all(house: House, code: str) -> None:
    for _ in range(8):
        house.codes.hear(ANNA, "vi", make_code())
    assert house.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    house.codes.hear(BINH, "vi", make_code())
    assert house.slept[-1] == pytest.approx(0.4)
    assert payloads(house.codes.hear(ANNA, "vi", code).replies[-1]) == MENU  # slow, but never shut out
    house.clock.move(minutes=15)
    house.slept.clear()
    house.codes.hear(ANNA, "vi", code)
    assert house.slept == []


def test_slips_cost_nothing(house: House, code: str) -> None:
    for _ in range(5):
        house.codes.hear(ANNA, "vi", code[:-1])
    house.codes.hear(ANNA, "vi", code)
    assert house.slept == []


def test_the_wait_of_all_has_a_cap() -> None:
    slowdown = Slowdown(Clock())
    for number in range(1000):
        slowdown.failed(f"ref {number}")
    assert slowdown.seconds("another") == 2.0
    for _ in range(1000):
        slowdown.failed("me")
    assert slowdown.seconds("me") == 8.0


def test_sleepers_do_not_hold_all_threads() -> None:
    clock, nested = Clock(), 0

    def sleep(_seconds: float) -> None:
        nonlocal nested
        nested += 1
        slowdown.wait("me")  # as if another thread came while this one sleeps

    slowdown = Slowdown(clock, sleep)
    slowdown.failed("me")
    slowdown.wait("me")
    assert nested == SLEEPERS
    clock.move(seconds=FORGET_AFTER.total_seconds())
    assert slowdown.seconds("me") == 0
