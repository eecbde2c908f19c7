"""The night's work: once a night, not with a wrong clock, and not at once after a jump of the clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from db.police import PurgeReport, Tip
from db.stores import Store
from lachan import upkeep
from lachan.house import House
from lachan.settings import Part, Settings
from lachan.upkeep import Upkeep
from tips.dropbox import SealedGrant, SealedTip
from tips.envelope import KeyPair, new_id

NIGHT = datetime(2026, 12, 24, 20, 5, tzinfo=UTC)  # 03:05 in Vietnam


class Clock:
    def __init__(self) -> None:
        self.at = NIGHT

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    house = House(Settings(data=tmp_path / "data"), clock)
    house.migrate([Part.INBOX])
    house.officers.enrol("lan", "Lan", house.officers.make_unit("unit"), "một mật khẩu dài")
    yield house
    house.close()


def deposit(house: House) -> str:
    key = KeyPair.new().public
    (officer,) = house.dropbox.recipients()
    tip = SealedTip(new_id(), False, new_id().encode(), key, key, (SealedGrant(officer.officer_id, b"g" * 80),), ())
    house.dropbox.deposit(tip)
    return tip.id


def tips(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Tip.id).order_by(Tip.number)))


def reports(store: Store) -> list[dict[str, int]]:
    with store.read() as session:
        return list(session.scalars(select(PurgeReport.counts).order_by(PurgeReport.id)))


def test_once_a_night(house: House, clock: Clock) -> None:
    keeping = Upkeep(house)
    assert [keeping.look(), keeping.look()] == [True, False]
    for hours in range(1, 80):
        clock.move(hours=1)
        assert keeping.look() == (hours % 24 == 0)
    assert reports(house.police)[0] == {"waited": 1}
    assert len(reports(house.police)) == 4


def test_a_missed_night_is_made_up_for(house: House, clock: Clock) -> None:
    keeping = Upkeep(house)
    keeping.look()
    clock.move(hours=31)
    assert keeping.look()
    assert reports(house.police)[-1] == {"parts": 0, "on_hold": 0, "postponed": 0}


def test_what_is_due_goes_and_hours_become_days(house: House, clock: Clock) -> None:
    old = deposit(house)
    clock.move(days=366)
    new = deposit(house)
    keeping = Upkeep(house)
    keeping.look()
    clock.move(days=1)
    keeping.look()
    assert tips(house.police) == [new] != [old]
    for _ in range(8):
        clock.move(days=1)
        keeping.look()
    with house.police.read() as session:
        assert session.scalars(select(Tip.received_hour)).one().hour == 17  # midnight in Vietnam


def test_a_clock_that_jumped_ahead_destroys_nothing_at_once(
    house: House, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    keeping = Upkeep(house)
    tip = deposit(house)
    for _ in range(3):
        keeping.look()
        clock.move(days=1)
    clock.move(days=4000)
    assert keeping.look()
    assert tips(house.police) == [tip]
    assert "1 tips are due and go tomorrow" in caplog.text and tip not in caplog.text
    clock.move(days=-4000)  # somebody sets it right; what was written meanwhile does not stop the next nights
    for _ in range(3):
        keeping.look()
        clock.move(days=1)
    assert tips(house.police) == [tip]
    assert {"parts": 0, "on_hold": 0, "postponed": 0} in reports(house.police)


def test_nothing_goes_with_a_clock_that_is_behind(house: House, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    keeping = Upkeep(house)
    keeping.look()
    before = reports(house.police)
    house.officers.make_unit("other")  # a row of now
    clock.move(hours=-1)
    with house.police.begin() as session:
        session.execute(update(PurgeReport).values(at=clock() - timedelta(hours=40)))
    assert not keeping.look()
    assert reports(house.police) == before
    assert "clock is off" in caplog.text


async def test_it_goes_on_after_a_failure(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keeping, looks = Upkeep(house), asyncio.Event()
    real, calls = keeping.look, []

    def look() -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("một câu của ai đó")
        looks.set()
        return real()

    monkeypatch.setattr(keeping, "look", look)
    monkeypatch.setattr(upkeep, "LOOK_EVERY", 0.01)
    with caplog.at_level(logging.INFO):
        task = asyncio.create_task(keeping.run())
        await asyncio.wait_for(looks.wait(), 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert "the nightly purge failed: RuntimeError" in caplog.text and "câu" not in caplog.text
