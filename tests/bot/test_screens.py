"""Which messages can be taken off a person's screen: noted in turn, the newest kept, taken once, forgotten in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.screens import KEPT, MOST, Screens
from db.citizen import Screen
from db.keys import KEY_BYTES, KeyRing
from db.migrate import Kind, upgrade
from db.pseudonyms import PERIOD, Pseudonyms
from db.stores import Store


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 9, 47, 31, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'citizen.db'}")
    upgrade(store, Kind.CITIZEN)
    yield store
    store.close()


@pytest.fixture
def names(tmp_path: Path, clock: Clock) -> Pseudonyms:
    return Pseudonyms(tmp_path / "pseudonym.key", clock)


@pytest.fixture
def screens(store: Store, names: Pseudonyms, clock: Clock) -> Screens:
    return Screens(store, KeyRing(b"k" * KEY_BYTES), names, clock)


def rows(store: Store) -> list[Screen]:
    with store.read() as session:
        return list(session.scalars(select(Screen)))


def test_messages_are_noted_in_turn_and_taken_once(screens: Screens) -> None:
    screens.note("telegram", "7", [1, 2])
    screens.note("telegram", "7", [3])
    screens.note("telegram", "8", [9])
    assert screens.take("telegram", "7") == [1, 2, 3]
    assert screens.take("telegram", "7") == []
    assert screens.take("telegram", "8") == [9]


def test_of_many_the_newest_are_kept(screens: Screens) -> None:
    screens.note("telegram", "7", range(MOST))
    screens.note("telegram", "7", [MOST, MOST + 1])
    assert screens.take("telegram", "7") == list(range(2, MOST + 2))


def test_the_store_has_no_id_and_no_minute(screens: Screens, store: Store, clock: Clock) -> None:
    screens.note("telegram", "7", [123456789])
    clock.at += timedelta(minutes=5)
    screens.note("telegram", "7", [987654321])
    (row,) = rows(store)
    assert row.seen_at == datetime(2026, 11, 24, 9, 50, tzinfo=UTC)
    assert b"123456789" not in row.sealed and b"987654321" not in row.sealed and len(row.ref) == 32


def test_what_was_noted_under_the_last_name_is_taken_too(screens: Screens, clock: Clock, store: Store) -> None:
    screens.note("telegram", "7", [1])
    clock.at += PERIOD
    screens.note("telegram", "7", [2])
    assert len(rows(store)) == 2 and screens.take("telegram", "7") == [1, 2] and rows(store) == []


def test_a_screen_that_does_not_open_is_begun_anew(
    screens: Screens, store: Store, names: Pseudonyms, clock: Clock
) -> None:
    Screens(store, KeyRing(b"o" * KEY_BYTES), names, clock).note("telegram", "7", [1])
    screens.note("telegram", "7", [2])
    assert screens.take("telegram", "7") == [2]


def test_old_screens_are_forgotten(screens: Screens, clock: Clock) -> None:
    screens.note("telegram", "7", [1])
    clock.at += KEPT
    screens.note("telegram", "8", [2])
    clock.at += timedelta(minutes=10)
    assert screens.purge() == 1 and screens.take("telegram", "7") == [] and screens.take("telegram", "8") == [2]
