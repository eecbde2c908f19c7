"""The inbox: order, pages, acts with their audit rows, and nothing without a grant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, text, update

from db.police import Audit, Grant, Message, Officer, Part, PoliceBase, Tip
from tests.tips.kit import ANNA, CHEAP, PEPPER, House, picture
from tips.citizen.sealing import seal_tip
from tips.code import make_code
from tips.envelope import EnvelopeError, derive
from tips.police.inbox import MAX_ANSWER, AnswerRefused, MoveNotAllowed
from tips.police.listing import Cursor, Page
from tips.police.officers import OpenedOfficer
from tips.police.opening import NoGrant
from tips.police.status import TipStatus
from tips.report import Report


@pytest.fixture
def tip_id(house: House, officer: OpenedOfficer) -> str:
    house.tell("Chuyện ở chợ", "Lào Cai", photos=(picture(),))
    return house.inbox.list(officer).lines[0].tip_id


def deposit(house: House, what: str, danger: bool = False) -> str:
    keys = derive(make_code(), PEPPER, CHEAP)
    tip = seal_tip(Report(what=what, danger=danger), [], house.dropbox.recipients(), keys)
    house.dropbox.deposit(tip)
    return tip.id


def acts(house: House, tip_id: str) -> list[tuple[str, int | None, dict[str, object]]]:
    with house.police_store.read() as session:
        rows = session.scalars(select(Audit).where(Audit.tip_id == tip_id).order_by(Audit.id))
        return [(row.act, row.officer_id, row.detail) for row in rows]


def first_lines(page: Page) -> list[str]:
    return [line.first_line for line in page.lines]


def test_newest_first_and_danger_on_top_until_it_is_dealt_with(house: House, officer: OpenedOfficer) -> None:
    ids = {}
    for name, danger in (("old", False), ("old danger", True), ("new danger", True), ("new", False)):
        ids[name] = deposit(house, name, danger)
        house.clock.move(hours=1)
    assert first_lines(house.inbox.list(officer)) == ["new danger", "old danger", "new", "old"]
    house.inbox.change_status(officer, ids["old danger"], TipStatus.PASSED_ON)
    assert first_lines(house.inbox.list(officer)) == ["new danger", "new", "old danger", "old"]
    passed_on = house.inbox.list(officer, statuses=[TipStatus.PASSED_ON])
    assert first_lines(passed_on) == ["old danger"]


@pytest.mark.parametrize("limit", [1, 3, 7, 50])
def test_pages_show_every_tip_once_and_in_order(house: House, officer: OpenedOfficer, limit: int) -> None:
    for number in range(14):
        deposit(house, str(number), danger=number % 5 == 0)
        house.clock.move(minutes=20)
    whole = [line.tip_id for line in house.inbox.list(officer).lines]
    paged, after = list[str](), None
    while True:
        page = house.inbox.list(officer, after, limit)
        assert len(page.lines) <= limit
        paged += [line.tip_id for line in page.lines]
        if page.next is None:
            break
        after = Cursor.parse(str(page.next))
        assert after == page.next
    assert paged == whole and len(whole) == 14


@pytest.mark.parametrize("address", ["", "1", "2-5-" + "a" * 32, "1-5-" + "A" * 32, "1--" + "a" * 32, "1-5-a' or 1"])
def test_other_cursors_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no cursor"):
        Cursor.parse(address)


def test_reading_a_tip_and_its_photo(house: House, officer: OpenedOfficer, tip_id: str) -> None:
    opened = house.inbox.open(officer, tip_id)
    assert opened.report and (opened.report.what, opened.report.where) == ("Chuyện ở chợ", "Lào Cai")
    assert opened.received_hour.minute == 0 and opened.status is TipStatus.NEW
    (photo,) = opened.photos
    assert house.inbox.file(officer, tip_id, photo.part_id).content.startswith(b"\xff\xd8")
    assert acts(house, tip_id) == [("open", officer.id, {}), ("file", officer.id, {"part": photo.part_id})]
    assert "chợ" not in repr(opened)


def test_a_photo_of_another_tip_is_not_shown(house: House, officer: OpenedOfficer, tip_id: str) -> None:
    (photo,) = house.inbox.open(officer, tip_id).photos
    other = deposit(house, "other")
    for part_id in (photo.part_id, "f" * 32):
        with pytest.raises(LookupError):
            house.inbox.file(officer, other, part_id)
    assert acts(house, other) == []


def test_statuses_move_as_allowed(house: House, officer: OpenedOfficer, tip_id: str) -> None:
    house.inbox.change_status(officer, tip_id, TipStatus.WORKING)
    with pytest.raises(MoveNotAllowed):
        house.inbox.change_status(officer, tip_id, TipStatus.NEW)
    house.inbox.change_status(officer, tip_id, TipStatus.CLOSED)
    assert house.inbox.open(officer, tip_id).status is TipStatus.CLOSED
    with house.police_store.read() as session:  # the day, as retention counts it: in Vietnam
        assert session.scalars(select(Tip.closed_on)).one() == datetime(2026, 11, 23, 17, tzinfo=UTC)
    house.inbox.change_status(officer, tip_id, TipStatus.WORKING)
    with house.police_store.read() as session:
        assert session.scalars(select(Tip.closed_on)).one() is None
    assert acts(house, tip_id)[:2] == [
        ("status", officer.id, {"was": "new", "to": "working"}),
        ("status", officer.id, {"was": "working", "to": "closed"}),
    ]
    for status in TipStatus:
        assert status.label and status.moves and status not in status.moves


def test_answers(house: House, officer: OpenedOfficer, tip_id: str) -> None:
    for words in ("một", "hai", "ba"):
        house.inbox.answer(officer, tip_id, f" {words}\u202e ")
        house.clock.move(seconds=1)
    lines = house.inbox.open(officer, tip_id).answers
    assert [line.answer.text for line in lines if line.answer] == ["một", "hai", "ba"]
    assert {line.officer for line in lines} == {"Cán bộ lan"}
    assert [act for act, _, _ in acts(house, tip_id)] == ["answer"] * 3 + ["open"]
    for words in ("", " \u202e", "x" * (MAX_ANSWER + 1)):
        with pytest.raises(AnswerRefused):
            house.inbox.answer(officer, tip_id, words)
    assert house.inbox.list(officer).lines[0].answers == 3


ACTS: list[Callable[[House, OpenedOfficer, str], object]] = [
    lambda house, officer, tip_id: house.inbox.open(officer, tip_id),
    lambda house, officer, tip_id: house.inbox.file(officer, tip_id, "f" * 32),
    lambda house, officer, tip_id: house.inbox.change_status(officer, tip_id, TipStatus.CLOSED),
    lambda house, officer, tip_id: house.inbox.answer(officer, tip_id, "chào"),
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("case", ["no grant", "another's grant", "left the service", "no such tip"])
def test_nobody_does_anything_without_a_grant(
    house: House, officer: OpenedOfficer, tip_id: str, case: str, act: Callable[[House, OpenedOfficer, str], object]
) -> None:
    late = house.officer("late")  # enrolled after the tip
    who, which = late, tip_id
    with house.police_store.begin() as session:
        if case == "another's grant":  # with the database in hand: another officer's grant under one's own id
            stolen = session.scalars(select(Grant.sealed_key)).one()
            session.add(Grant(tip_id=tip_id, officer_id=late.id, sealed_key=stolen))
        elif case == "left the service":
            who = officer
            session.execute(update(Officer).where(Officer.id == officer.id).values(active=False))
        elif case == "no such tip":
            who, which = officer, "f" * 32
    with pytest.raises(NoGrant):
        act(house, who, which)
    assert acts(house, which) == [("refused", who.id, {})]
    if case != "no such tip":
        line = house.inbox.list(who).lines[0]
        assert not line.readable and not line.first_line


def test_an_act_and_its_audit_row_come_together_or_not_at_all(
    house: House, officer: OpenedOfficer, tip_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("tips.police.inbox.record", fail)
    for act in (ACTS[2], ACTS[3]):
        with pytest.raises(RuntimeError):
            act(house, officer, tip_id)
    monkeypatch.undo()
    opened = house.inbox.open(officer, tip_id)
    assert opened.status is TipStatus.NEW and opened.answers == ()


def test_rows_that_were_swapped_do_not_open(house: House, officer: OpenedOfficer, tip_id: str) -> None:
    other = deposit(house, "other")
    with house.police_store.begin() as session:
        mine = session.scalars(select(Part).where(Part.tip_id == tip_id, Part.position == 0)).one()
        theirs = session.scalars(select(Part).where(Part.tip_id == other)).one()
        mine.body, theirs.body = theirs.body, mine.body
        photo = session.scalars(select(Part).where(Part.kind == "file")).one()
        photo.body = photo.body[:-1] + bytes([photo.body[-1] ^ 1])
        photo_id = photo.id
    for tip in (tip_id, other):
        assert house.inbox.open(officer, tip).report is None
    assert not any(line.readable for line in house.inbox.list(officer).lines)
    with pytest.raises(EnvelopeError):
        house.inbox.file(officer, tip_id, photo_id)


def test_broken_answers_and_additions_are_shown_as_such(house: House, officer: OpenedOfficer, tip_id: str) -> None:
    code = house.tell("Chuyện", ref=ANNA)
    house.codes.hear(ANNA, "vi", code)
    house.codes.press(ANNA, "vi", "code:add:text")
    house.codes.hear(ANNA, "vi", "thêm")
    (added,) = [line.tip_id for line in house.inbox.list(officer).lines if line.additions]
    house.inbox.answer(officer, added, "chào")
    with house.police_store.begin() as session:
        session.execute(update(Part).where(Part.kind == "addition").values(body=b"\x01broken"))
        session.execute(update(Message).values(body=b""))
    opened = house.inbox.open(officer, added)
    assert opened.report and opened.additions[0].text is None and opened.answers[0].answer is None


def test_a_tip_without_its_report_is_still_listed(house: House, officer: OpenedOfficer, tip_id: str) -> None:
    with house.police_store.begin() as session:
        session.execute(delete(Part).where(Part.position == 0))
    assert not house.inbox.list(officer).lines[0].readable
    assert house.inbox.open(officer, tip_id).report is None


def test_citizens_times_are_whole_hours(house: House, officer: OpenedOfficer, tip_id: str) -> None:
    house.inbox.answer(officer, tip_id, "chào")
    hours = [(table.name, column.name) for table in PoliceBase.metadata.tables.values() for column in table.columns]
    with house.police_store.read() as session:
        for table, column in hours:
            if column.endswith("_hour"):
                for value in session.scalars(text(f'SELECT {column} FROM "{table}"')):
                    assert re.fullmatch(r"2026-11-24 \d\d:00:00.000000", value)
        assert session.scalars(select(Tip.received_hour)).one().hour == 7
