"""The port, kept by both its sides: the police's store and the twin in memory."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import delete, select, update

from db.police import Audit, DutyAddress, DutyCall, Grant, Officer, OriginalShare, Part, Tip
from tests.tips.kit import CHEAP, PEPPER, House
from tips.citizen.sealing import seal_for, seal_original_for, seal_tip
from tips.code import make_code
from tips.dropbox import (
    Dropbox,
    DropboxError,
    MemoryDropbox,
    NobodyOnDuty,
    PositionTaken,
    Recipient,
    SealedPart,
    SealedTip,
    TipAddress,
    UnknownTip,
)
from tips.envelope import Kind, Label, derive, new_id, seal_original
from tips.police.rekey import AccessReason
from tips.report import Report


@pytest.fixture(params=["sql", "memory"])
def dropbox(request: pytest.FixtureRequest, house: House) -> Dropbox:
    house.officer()
    return house.dropbox if request.param == "sql" else MemoryDropbox(on_duty=house.dropbox.recipients())


def a_tip(dropbox: Dropbox, danger: bool = False) -> SealedTip:
    report = Report(what="Chuyện", danger=danger)
    return seal_tip(report, [(b"a file", None)], dropbox.recipients(), derive(make_code(), PEPPER, CHEAP))


def address_of(tip: SealedTip, *officers: Recipient) -> TipAddress:
    return TipAddress(tip.id, tip.tip_key, next_position=len(tip.parts), officers=officers)


def test_a_deposited_tip_is_found_by_its_lookup_only(dropbox: Dropbox) -> None:
    tip = a_tip(dropbox)
    assert dropbox.find(tip.lookup) is None
    dropbox.deposit(tip)
    assert dropbox.find(tip.lookup) == address_of(tip, *dropbox.recipients())
    assert dropbox.find(b"x" * 32) is None
    assert dropbox.answers(tip.lookup) == dropbox.answers(b"x" * 32) == []


def test_the_same_tip_twice_is_one_tip(dropbox: Dropbox) -> None:
    tip = a_tip(dropbox)
    dropbox.deposit(tip)
    dropbox.deposit(replace(tip, tip_key=b"k" * 32))
    assert dropbox.find(tip.lookup) == address_of(tip, *dropbox.recipients())


def test_parts_are_added_once_and_only_to_a_tip(dropbox: Dropbox) -> None:
    tip = a_tip(dropbox)
    part = seal_for(address_of(tip), Kind.ADDITION, b"more", 2)
    with pytest.raises(UnknownTip):
        dropbox.add(part)
    dropbox.deposit(tip)
    dropbox.add(part)
    dropbox.add(part)
    if isinstance(dropbox, MemoryDropbox):
        assert [p.kind for p in dropbox.parts.values()] == [Kind.REPORT, Kind.FILE, Kind.ADDITION]


def test_a_position_is_taken_once(dropbox: Dropbox) -> None:
    tip = a_tip(dropbox)
    dropbox.deposit(tip)
    first, second = (seal_for(address_of(tip), Kind.ADDITION, text, 2) for text in (b"one", b"two"))
    dropbox.add(first)
    with pytest.raises(PositionTaken):
        dropbox.add(second)
    dropbox.add(first)  # the same again is no other part
    found = dropbox.find(tip.lookup)
    assert found and found.next_position == 3
    dropbox.add(seal_for(found, Kind.ADDITION, b"two", found.next_position))


def with_original(house: House) -> SealedTip:
    keys = derive(make_code(), PEPPER, CHEAP)
    return seal_tip(Report(what="Chuyện"), [(b"clean", b"as it came")], house.dropbox.recipients(), keys, lane="many")


def test_originals_and_their_shares_are_kept_once(house: House) -> None:
    officers = [house.officer(login) for login in ("lan", "minh", "thu")]
    tip = with_original(house)
    for _ in range(2):
        house.dropbox.deposit(tip)
    with house.police_store.read() as session:
        shares = session.scalars(select(OriginalShare)).all()
        original = session.scalars(select(Part).where(Part.kind == "original")).one()
        clean = session.scalars(select(Part).where(Part.kind == "file")).one()
        assert session.scalars(select(Tip.lane)).one() == "many"
    assert sorted((share.first_id, share.second_id) for share in shares) == list(
        permutations(sorted(officer.id for officer in officers), 2)
    )
    assert {share.part_id for share in shares} == {original.id}
    assert (original.sealed_key, original.clean_id, clean.clean_id) == (b"", clean.id, None)


@pytest.mark.parametrize("wrong", ["original with a key", "part without a key", "share of no original"])
def test_what_would_open_for_one_or_for_nobody_is_not_kept(house: House, wrong: str) -> None:
    for login in ("lan", "minh"):
        house.officer(login)
    tip = with_original(house)
    report, clean, original = tip.parts
    match wrong:
        case "original with a key":
            broken = replace(tip, parts=(report, clean, replace(original, sealed_key=clean.sealed_key)))
        case "part without a key":
            broken = replace(tip, parts=(report, replace(clean, sealed_key=b""), original))
        case _:
            broken = replace(tip, shares=(replace(tip.shares[0], part_id=clean.id),))
    with pytest.raises(DropboxError):
        house.dropbox.deposit(broken)
    assert house.dropbox.find(tip.lookup) is None
    house.dropbox.deposit(tip)
    added = replace(seal_for(address_of(tip), Kind.ORIGINAL, b"x", 3), clean_id=clean.id)
    for refused in (
        added,
        replace(added, sealed_key=b""),
        seal_for(address_of(tip), Kind.MESSAGE, b"x", 3),
        seal_for(address_of(tip), Kind.REASON, b"x", 3),
        replace(seal_for(address_of(tip), Kind.ADDITION, b"x", 3), shares=tip.shares[:1]),
    ):
        with pytest.raises(DropboxError):
            house.dropbox.add(refused)


def test_an_original_that_is_added_keeps_its_shares(house: House) -> None:
    lan, minh = (house.officer(login) for login in ("lan", "minh"))
    tip = a_tip(house.dropbox)
    house.dropbox.deposit(tip)
    clean = seal_for(address_of(tip), Kind.FILE, b"clean", 2)
    label = Label(tip.id, new_id(), Kind.ORIGINAL, 3)
    body, shares = seal_original(b"as it came", label, house.dropbox.recipients())
    original = SealedPart(label.piece_id, tip.id, label.kind, 3, b"", body, clean_id=clean.id, shares=shares)
    for part in (clean, original, original):
        house.dropbox.add(part)
    request_id = house.inbox.originals.ask(lan, tip.id, original.id, "để tìm nơi chụp ảnh")
    house.inbox.originals.agree(minh, tip.id, request_id)
    assert house.inbox.originals.fetch(lan, tip.id, original.id) == b"as it came"


def test_an_address_names_the_active_officers_who_can_open_the_tip(house: House) -> None:
    lan, _minh, thu = (house.officer(login) for login in ("lan", "minh", "thu"))
    tip = a_tip(house.dropbox)
    house.dropbox.deposit(tip)
    late = house.officer("late")
    house.inbox.access.grant(lan, tip.id, late.id, AccessReason.TOGETHER)
    house.inbox.access.revoke(lan, tip.id, thu.id, AccessReason.MOVED)
    house.officers.deactivate("minh")
    found = house.dropbox.find(tip.lookup)
    assert found and found.officers == tuple(Recipient(one.id, one.keys.public) for one in (lan, late))


def test_an_original_that_is_added_is_for_those_who_can_open_the_tip(house: House) -> None:
    lan, minh, thu = (house.officer(login) for login in ("lan", "minh", "thu"))
    tip = a_tip(house.dropbox)
    house.dropbox.deposit(tip)
    stranger = house.officer("stranger")
    clean = seal_for(address_of(tip), Kind.FILE, b"clean", 2)
    house.dropbox.add(clean)
    to_all = seal_original_for(clean, b"as it came", house.dropbox.recipients(), 3)
    only_strangers = [Recipient(one.id, one.keys.public) for one in (minh, stranger)]
    house.inbox.access.revoke(lan, tip.id, thu.id, AccessReason.MOVED)
    with pytest.raises(DropboxError):
        house.dropbox.add(seal_original_for(clean, b"as it came", only_strangers, 3))
    house.dropbox.add(to_all)
    with house.police_store.read() as session:
        shares = session.scalars(select(OriginalShare)).all()
        assert sorted((s.first_id, s.second_id) for s in shares) == list(permutations((lan.id, minh.id)))
        assert sorted(session.scalars(select(Part.kind))) == ["file", "file", "original", "report"]


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
    for position, text in enumerate((b"one", b"two"), 2):
        house.dropbox.add(seal_for(address_of(tip), Kind.ADDITION, text, position))
    with house.police_store.read() as session:
        row = session.scalars(select(Tip)).one()
        parts = session.scalars(select(Part).order_by(Part.position)).all()
        assert row.danger and row.status == "new"
        assert [(p.position, p.kind, p.received_hour.hour) for p in parts] == [
            (0, "report", 7),
            (1, "file", 7),
            (2, "addition", 9),
            (3, "addition", 9),
        ]
        assert sorted(g.officer_id for g in session.scalars(select(Grant))) == [o.id for o in officers]


def test_an_addition_in_danger_marks_the_tip_and_reopens_it(house: House) -> None:
    house.officer()
    tip = a_tip(house.dropbox)
    house.dropbox.deposit(tip)
    with house.police_store.begin() as session:
        session.execute(update(Tip).values(status="closed", closed_on=house.clock()))
    house.dropbox.add(seal_for(address_of(tip), Kind.ADDITION, b"help", 2), danger=True)
    with house.police_store.read() as session:
        row = session.scalars(select(Tip)).one()
        assert row.danger and row.status == "new" and row.closed_on is None
        audit = session.scalars(select(Audit).where(Audit.act == "reopened")).one()
        assert audit.at.minute == audit.at.second == 0  # a citizen's time


def test_danger_calls_the_unit_on_duty_in_the_same_transaction(house: House) -> None:
    house.officer()
    with house.police_store.begin() as session:
        unit = session.scalars(select(Officer.unit_id)).one()
        session.add(DutyAddress(unit_id=unit, url="https://example.org/ring"))

    def calls() -> int:
        with house.police_store.begin() as session:
            waiting = len(session.scalars(select(DutyCall)).all())
            session.execute(delete(DutyCall))
            return waiting

    calm, danger = a_tip(house.dropbox), a_tip(house.dropbox, danger=True)
    house.dropbox.deposit(calm)
    assert calls() == 0
    with pytest.raises(DropboxError):
        house.dropbox.deposit(replace(danger, grants=(replace(danger.grants[0], officer_id=999),)))
    assert calls() == 0
    for _ in range(2):
        house.dropbox.deposit(danger)
    assert calls() == 1
    house.dropbox.add(seal_for(address_of(calm), Kind.ADDITION, b"more", 2))
    assert calls() == 0
    house.dropbox.add(seal_for(address_of(calm), Kind.ADDITION, b"help", 3), danger=True)
    assert calls() == 1


def test_a_failing_store_says_so_without_values(house: House) -> None:
    house.officer()
    tip = a_tip(house.dropbox)
    twice = replace(tip.parts[1], id=tip.parts[0].id)  # two parts of one id
    with pytest.raises(DropboxError) as caught:
        house.dropbox.deposit(replace(tip, parts=(tip.parts[0], twice)))
    assert str(caught.value) == "the police's store failed: IntegrityError"
    assert house.dropbox.find(tip.lookup) is None  # nothing half done
    with pytest.raises(DropboxError):
        MemoryDropbox(failing=True).recipients()


def test_officers_whom_the_store_does_not_know_are_left_out(house: House) -> None:
    """As after a restore from an older backup; a tip that nobody could open is not taken."""
    house.officer()
    tip = a_tip(house.dropbox)
    stranger = replace(tip.grants[0], officer_id=999)
    with pytest.raises(NobodyOnDuty):
        house.dropbox.deposit(replace(tip, grants=(stranger,)))
    assert house.dropbox.find(tip.lookup) is None
    house.dropbox.deposit(replace(tip, grants=(*tip.grants, stranger)))
    assert house.dropbox.find(tip.lookup) == address_of(tip, *house.dropbox.recipients())
