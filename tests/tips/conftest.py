"""A house for each test, an officer on duty in it, and a citizen who tells a tip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tips.kit import ANNA, House, make_house
from tips.citizen.outcome import Outcome
from tips.police.officers import OpenedOfficer


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = make_house(tmp_path)
    yield made
    made.citizen_store.close()
    made.police_store.close()


@pytest.fixture
def officer(house: House) -> OpenedOfficer:
    return house.officer()


@pytest.fixture
def hear(house: House) -> Callable[..., Outcome]:
    house.talk.open(ANNA, "vi")
    return lambda text, danger=False: house.talk.hear(ANNA, "vi", text, danger)


@pytest.fixture
def press(house: House) -> Callable[[str], Outcome]:
    return lambda action: house.talk.press(ANNA, "vi", action)
