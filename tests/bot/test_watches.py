"""Being told that an answer came: chosen, contentless, late on purpose, never lost, and forgotten at once when wanted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.watches import KEPT, LATEST, Watch, Watches
from db.citizen import AnswerWatch, CitizenBase
from db.keys import KeyRing
from db.stores import Store
from tests.tips.kit import Clock

LOOKUP, OTHER = b"l" * 32, b"o" * 32


class Answers:
    """The police's side: how many answers each tip has."""

    def __init__(self) -> None:
        self.of: dict[bytes, int] = {}

    def count_answers(self, lookups: Sequence[bytes]) -> list[int]:
        return [self.of.get(lookup, 0) for lookup in lookups]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(f"sqlite:///{tmp_path / 'citizen.sqlite'}")
    CitizenBase.metadata.create_all(store.engine)
    return store


@pytest.fixture
def watches(store: Store, answers: Answers, clock: Clock) -> Watches:
    return Watches(store, KeyRing(b"k" * 32), answers, clock)


def _chats(watches: Watches) -> list[str]:
    return [watch.chat for watch in watches.due()]


def test_only_what_is_new_is_told_and_within_a_quarter_of_an_hour(
    watches: Watches, answers: Answers, clock: Clock
) -> None:
    answers.of[LOOKUP] = 1  # read already
    watches.begin("telegram", "77", LOOKUP)
    assert watches.look() == 0
    answers.of[LOOKUP] = 2
    assert watches.look() == 1
    clock.at += LATEST
    assert _chats(watches) == ["77"]
    watches.told(watches.due()[0])
    assert _chats(watches) == [] and watches.look() == 0
    answers.of[LOOKUP] = 3
    assert watches.look() == 1


def test_words_about_many_answers_of_one_moment_come_at_different_times(
    watches: Watches, answers: Answers, clock: Clock
) -> None:
    for number in range(200):
        lookup = number.to_bytes(32)
        watches.begin("telegram", str(number), lookup)
        answers.of[lookup] = 1
    watches.look()
    told = []
    for _ in range(15):
        clock.move(minutes=1)
        told.append(len(watches.due(most=1000)))
    assert told[-1] == 200
    assert all(later > earlier for earlier, later in pairwise(told))


def test_whoever_ends_it_is_forgotten_at_once(watches: Watches, answers: Answers, store: Store, clock: Clock) -> None:
    watches.begin("telegram", "77", LOOKUP)
    watches.begin("telegram", "77", OTHER)
    watches.begin("zalo", "77", LOOKUP)
    answers.of = {LOOKUP: 1, OTHER: 1}
    watches.look()
    watches.end("telegram", "77")
    clock.at += LATEST
    assert [watch.channel for watch in watches.due()] == ["zalo"]


def test_neither_chat_nor_tip_can_be_read_in_the_store(watches: Watches, store: Store, tmp_path: Path) -> None:
    watches.begin("telegram", "7319402551", LOOKUP)
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert b"7319402551" not in content and LOOKUP not in content and LOOKUP.hex().encode() not in content


def test_it_ends_after_thirty_days(watches: Watches, answers: Answers, clock: Clock) -> None:
    watches.begin("telegram", "77", LOOKUP)
    clock.at += KEPT + timedelta(days=1)
    answers.of[LOOKUP] = 1
    assert watches.look() == 0
    assert watches.purge() == 1


def test_a_chat_that_cannot_be_reached_is_tried_again_and_one_that_is_gone_is_not(
    watches: Watches, answers: Answers, clock: Clock
) -> None:
    watches.begin("telegram", "77", LOOKUP)
    answers.of[LOOKUP] = 1
    watches.look()
    clock.at += LATEST
    watches.failed(watches.due()[0], for_good=False)
    assert _chats(watches) == []
    clock.move(minutes=5)
    assert _chats(watches) == ["77"]
    watches.failed(watches.due()[0], for_good=True)
    clock.move(minutes=60)
    assert watches.look() == 0 and _chats(watches) == []


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_many_words_and_none_lost_though_the_sender_dies_again_and_again(
    watches: Watches, answers: Answers, store: Store, clock: Clock, count: int
) -> None:
    """Each time it dies between saying it and noting it, one chat hears it twice; none never."""
    deaths, heard = 0, dict[str, int]()
    _begin_many(watches, store, count)
    answers.of = {number.to_bytes(32): 1 for number in range(count)}
    assert watches.look() == count
    clock.at += LATEST
    chance = random.Random(4)
    while due := watches.due(most=count // 10):
        for watch in due:
            heard[watch.chat] = heard.get(watch.chat, 0) + 1
            if chance.random() < 20 / count:
                deaths += 1
                break  # killed here: nothing of it was noted
            watches.told(watch)
    assert len(heard) == count
    assert deaths > 5 and sum(heard.values()) == count + deaths


def _begin_many(watches: Watches, store: Store, count: int) -> None:
    """As `begin` writes them, in one transaction."""
    with store.begin() as session:
        for number in range(count):
            watch = Watch(f"{number:032x}", "telegram", str(number), number.to_bytes(32))
            session.add(
                AnswerWatch(
                    id=watch.id,
                    sealed=watches._sealed(watch),
                    due_at=None,
                    expires_at=watches._now() + KEPT,
                )
            )
