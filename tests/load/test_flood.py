"""A small flood at the real talk and stores: nobody is refused, nothing is lost, and the true tips are found at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.stores import Store
from tests.load.flood import Outcome, run
from tests.load.tales import DIFFERENT, JUNK, TRUE
from tests.tips.kit import CHEAP
from tips.police.inbox import PAGE

IN_MEMORY = Path("/dev/shm")


@pytest.fixture
def stores() -> Iterator[tuple[Store, Store]]:
    """Two SQLite files; in memory where that is there, as thousands of commits need not wait for a disk here."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        made = tuple(Store(f"sqlite:///{Path(folder) / name}.sqlite") for name in ("citizen", "police"))
        yield made[0], made[1]
        for store in made:
            store.close()


def test_true_tips_stand_within_the_first_page(stores: tuple[Store, Store]) -> None:
    outcome = run(*stores, JUNK, junk=600, senders=50, cost=CHEAP)
    _all_is_there(outcome, 610)
    assert max(outcome.places.values()) <= PAGE
    assert all(not lane for sort, lane in outcome.lanes if sort == "true"), "also of one who had sent junk before"
    assert outcome.front < 610 / 8
    assert {lane for _, lane in outcome.lanes} == {"", "many", "alike", "unreadable", "empty"}


def test_junk_that_nobody_can_tell_apart_is_not_refused_either(stores: tuple[Store, Store]) -> None:
    outcome = run(*stores, DIFFERENT, junk=150, senders=50, cost=CHEAP)
    _all_is_there(outcome, 160)
    assert all(not lane for sort, lane in outcome.lanes if sort == "true")


def _all_is_there(outcome: Outcome, told: int) -> None:
    assert (outcome.told, outcome.stored, outcome.refused, outcome.lost) == (told, told, 0, 0)
    assert len(outcome.places) == len(TRUE)
