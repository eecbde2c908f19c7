"""A stolen police store and a million guesses at codes.

The arithmetic. A code has 16 random digits: 10^16 of them (53 bits). A try costs one Argon2id call with 64 MiB and 3 passes, about
0.1 s of a core. Whoever has the store and the pepper (the citizens' key file) needs on average 10^16 / 2 tries for one given tip:
5·10^14 core-seconds, 16 million core-years; with 1,000 tips in the store 16,000 core-years for any one of them. Whoever has the
store alone cannot try at all: the pepper has 256 bits. A million guesses meet one of 1,000 tips with a chance of
10^6 · 10^3 / 10^16 = 1 in 10 million.
"""

from __future__ import annotations

from itertools import islice

import pytest
from sqlalchemy import select

from db.police import Tip
from tests.tips.kit import CHEAP, PEPPER, STORY, House
from tips.code import make_code, parse_code
from tips.envelope import Cost, derive
from tips.police.officers import OpenedOfficer

TIPS = 20


def _codes(house: House, officer: OpenedOfficer) -> list[str]:
    return [parse_code(house.tell(STORY, ref=f"{number:032x}")) for number in range(TIPS)]


def _guesses(house: House, pepper: bytes, count: int) -> int:
    """How many of so many random codes lead to a tip of the store."""
    lookups = {tip.lookup for tip in _tips(house)}
    assert len(lookups) == TIPS
    codes = (make_code() for _ in iter(int, 1))
    return sum(derive(code, pepper, CHEAP).lookup in lookups for code in islice(codes, count))


def _tips(house: House) -> list[Tip]:
    with house.police_store.read() as session:
        return list(session.scalars(select(Tip)).all())


def test_guesses_open_nothing_even_with_the_pepper(house: House, officer: OpenedOfficer) -> None:
    _codes(house, officer)
    assert _guesses(house, PEPPER, 5_000) == 0


@pytest.mark.slow
def test_a_million_guesses_open_nothing(house: House, officer: OpenedOfficer) -> None:
    _codes(house, officer)
    assert _guesses(house, PEPPER, 1_000_000) == 0


def test_without_the_pepper_even_the_right_codes_open_nothing(house: House, officer: OpenedOfficer) -> None:
    codes = _codes(house, officer)
    lookups = {tip.lookup for tip in _tips(house)}
    assert all(derive(code, PEPPER, CHEAP).lookup in lookups for code in codes), "the check itself"
    assert not any(derive(code, b"?" * 32, CHEAP).lookup in lookups for code in codes)
    assert not any(derive(code, PEPPER[:-1] + b"?", CHEAP).lookup in lookups for code in codes)


def test_a_try_costs_what_the_arithmetic_says() -> None:
    """The product's cost is the one written above; a cheaper one leads elsewhere, so nobody can try more cheaply."""
    assert Cost() == Cost(memory_bytes=64 * 1024 * 1024, passes=3)
    code = make_code()
    assert derive(code, PEPPER, Cost(memory_bytes=1024 * 1024, passes=3)).lookup != derive(code, PEPPER, CHEAP).lookup
