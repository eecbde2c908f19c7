"""Each update of a platform is worked off once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.updates import Updates
from db.citizen import CitizenBase
from db.keys import KeyRing
from db.stores import Store


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/citizen.db")
    CitizenBase.metadata.create_all(store.engine)
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def updates(store: Store, clock: Clock) -> Updates:
    return Updates(store, KeyRing(b"k" * 32), clock)


def test_an_update_is_admitted_once(updates: Updates) -> None:
    assert updates.admit("telegram", "700")
    assert not updates.admit("telegram", "700")
    updates.finish("telegram", "700")
    assert not updates.admit("telegram", "700")


def test_channels_and_ids_do_not_meet(updates: Updates) -> None:
    assert updates.admit("telegram", "700")
    assert updates.admit("zalo", "700")
    assert updates.admit("telegram", "701")


def test_an_abandoned_update_may_come_again(updates: Updates) -> None:
    updates.admit("telegram", "700")
    updates.abandon("telegram", "700")
    assert updates.admit("telegram", "700")


def test_a_finished_update_cannot_be_abandoned(updates: Updates) -> None:
    updates.admit("telegram", "700")
    updates.finish("telegram", "700")
    updates.abandon("telegram", "700")
    assert not updates.admit("telegram", "700")


def test_after_a_crash_the_unfinished_come_again_and_the_finished_do_not(updates: Updates) -> None:
    updates.admit("telegram", "700")
    updates.finish("telegram", "700")
    updates.admit("telegram", "701")
    assert updates.forget_unfinished() == 1
    assert not updates.admit("telegram", "700")
    assert updates.admit("telegram", "701")


def test_updates_are_forgotten_after_two_days(updates: Updates, clock: Clock) -> None:
    updates.admit("telegram", "700")
    updates.finish("telegram", "700")
    clock.at += timedelta(days=1)
    updates.admit("telegram", "701")
    assert updates.purge() == 0
    clock.at += timedelta(days=1, seconds=1)
    assert updates.purge() == 1
    assert updates.admit("telegram", "700")
    assert not updates.admit("telegram", "701")


def test_of_many_at_once_one_wins(updates: Updates) -> None:
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda n: updates.admit("telegram", str(n % 5)), range(40)))
    assert sum(won) == 5


def test_the_store_has_no_id(updates: Updates, store: Store, tmp_path: Path) -> None:
    updates.admit("zalo", "2d758cb5e222177a4e35")
    with store.read() as session:
        keys = [row[0] for row in session.execute(text("SELECT key FROM seen_update"))]
    assert len(keys) == 1
    assert len(keys[0]) == 32
    store.close()
    for file in tmp_path.iterdir():
        assert b"2d758cb5e222177a4e35" not in file.read_bytes()
