"""The port, kept by both its sides: the police's store and the twin in memory."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from db.police import Audit, Grant, Officer, Part, Tip
from tests.tips.kit import CHEAP, PEPPER, House
from tips.citizen.sealing import seal_for, seal_tip
from tips.code import make_code
from tips.dropbox import Dropbox, DropboxError, MemoryDropbox, NobodyOnDuty, SealedTip, TipAddress, UnknownTip
from tips.envelope import Kind, derive
from tips.report import Report


@pytest.fixture(params=["sql", "memory"])
def dropbox(request: pytest.FixtureRequest, house: House) -> Dropbox:
    house.officer()
    return house.dropbox if request.param == "sql" else MemoryDropbox(on_duty=house.dropbox.recipients())


def a_tip(dropbox: Dropbox, danger: bool = False) -> SealedTip:
    report = Report(what="Chuyện", danger=danger)
    return seal_tip(report, [b"photo"], dropbox.recipients(), derive(make_code(), PEPPER, CHEAP))


def test_a_deposited_tip_is_found_by_its_lookup_only(dropbox: Dropbox) -> None:
    tip = a_tip(dropbox)
    assert dropbox.find(tip.lookup) is None
    dropbox.deposit(tip)
    assert dropbox.find(tip.lookup) == TipAddress(tip.id, tip.tip_key)
    assert dropbox.find(b"x" * 32) is None
    assert dropbox.answers(tip.lookup) == dropbox.answers(b"x" * 32) == []


def test_the_same_tip_twice_is_one_tip(dropbox: Dropbox) -> None:
    tip = a_tip(dropbox)
    dropbox.deposit(tip)
    dropbox.deposit(replace(tip, tip_key=b"k" * 32))
    assert dropbox.find(tip.lookup) == TipAddress(tip.id, tip.tip_key)


def test_parts_are_added_once_and_only_to_a_tip(dropbox: Dropbox) -> None:
    tip = a_tip(dropbox)
    part = seal_for(TipAddress(tip.id, tip.tip_key), Kind.ADDITION, b"more")
    with pytest.raises(UnknownTip):
        dropbox.add(part)
    dropbox.deposit(tip)
    dropbox.add(part)
    dropbox.add(part)
    if isinstance(dropbox, MemoryDropbox):
        assert [p.kind for p in dropbox.parts.values()] == [Kind.REPORT, Kind.PHOTO, Kind.ADDITION]


def test_nobody_on_duty(house: House) -> None:
    for empty in (house.dropbox, MemoryDropbox()):
        with pytest.raises(NobodyOnDuty):
            empty.recipients()


def test_only_active_officers_on_duty_are_recipients(house: House) -> None:
    on_duty, _off_duty = house.officer("lan"), house.officer("off", on_duty=False)
    gone = house.officer("gone")
    with house.police_store.begin() as session:
        session.execute(update(Officer).where(Officer.id == gone.id).values(active=False))
    assert [(r.officer_id, r.public_key) for r in house.dropbox.recipients()] == [(on_duty.id, on_duty.keys.public)]


def test_rows_of_a_deposit(house: House) -> None:
    officers = [house.officer("lan"), house.officer("minh")]
    tip = a_tip(house.dropbox, danger=True)
    house.dropbox.deposit(tip)
    house.dropbox.deposit(tip)
    house.clock.move(hours=2)
    for text in (b"one", b"two"):
        house.dropbox.add(seal_for(TipAddress(tip.id, tip.tip_key), Kind.ADDITION, text))
    with house.police_store.read() as session:
        row = session.scalars(select(Tip)).one()
        parts = session.scalars(select(Part).order_by(Part.position)).all()
        assert row.danger and row.status == "new"
        assert [(p.position, p.kind, p.received_hour.hour) for p in parts] == [
            (0, "report", 7),
            (1, "photo", 7),
            (2, "addition", 9),
            (3, "addition", 9),
        ]
        assert sorted(g.officer_id for g in session.scalars(select(Grant))) == [o.id for o in officers]


def test_an_addition_in_danger_marks_the_tip_and_reopens_it(house: House) -> None:
    house.officer()
    tip = a_tip(house.dropbox)
    house.dropbox.deposit(tip)
    with house.police_store.begin() as session:
        session.execute(update(Tip).values(status="closed"))
    house.dropbox.add(seal_for(TipAddress(tip.id, tip.tip_key), Kind.ADDITION, b"help"), danger=True)
    with house.police_store.read() as session:
        row = session.scalars(select(Tip)).one()
        assert row.danger and row.status == "new"
        audit = session.scalars(select(Audit).where(Audit.act == "reopened")).one()
        assert audit.at.minute == audit.at.second == 0  # a citizen's time


def test_a_failing_store_says_so_without_values(house: House) -> None:
    house.officer()
    tip = a_tip(house.dropbox)
    stranger = replace(tip.grants[0], officer_id=999)
    with pytest.raises(DropboxError) as caught:
        house.dropbox.deposit(replace(tip, grants=(stranger,)))
    assert str(caught.value) == "the police's store failed: IntegrityError"
    assert house.dropbox.find(tip.lookup) is None  # nothing half done
    with pytest.raises(DropboxError):
        MemoryDropbox(failing=True).recipients()
