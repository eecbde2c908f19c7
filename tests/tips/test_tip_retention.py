"""Retention: what is due goes, keys first and without a trace; holds and postponements stop it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from db.police import (
    Audit,
    Grant,
    Message,
    Officer,
    OldKey,
    OriginalKey,
    OriginalRequest,
    OriginalShare,
    Part,
    PoliceBase,
    Tip,
)
from db.police import PurgeReport as PurgeRow
from tests.tips.depositing import Deposited, add, deposit, traces
from tests.tips.kit import CHEAP, House
from tips.citizen import drafts
from tips.envelope import EnvelopeError, open_tip_key
from tips.police import retention
from tips.police.audit import Act, record
from tips.police.coarsen import day
from tips.police.officers import OpenedOfficer
from tips.police.passwords import Passwords
from tips.police.retention import NotKept, Retention, Rules, UnknownTip, read_rules
from tips.police.status import TipStatus
from web.times import VIETNAM


@pytest.fixture
def keeping(house: House) -> Retention:
    return Retention(house.police_store, house.clock)


def close(house: House, tip: Deposited) -> None:
    _change(house, tip, status="closed", closed_on=day(house.clock()))


def _change(house: House, tip: Deposited, **values: object) -> None:
    with house.police_store.begin() as session:
        session.execute(update(Tip).where(Tip.id == tip.id).values(**values))


def there(house: House) -> list[str]:
    with house.police_store.read() as session:
        return list(session.scalars(select(Tip.id).order_by(Tip.number)))


def today(house: House) -> date:
    return house.clock().astimezone(VIETNAM).date()


def test_the_file_says_what_was_promised(house: House) -> None:
    rules = read_rules()
    assert {rule.name: rule.days for rule in rules.rules} == {"closed": 90, "open": 365}
    assert timedelta(hours=rules.drafts.hours) == drafts.KEPT_FOR
    assert rules.drafts.purged_by == f"{drafts.__name__}.Drafts.purge" and drafts.Drafts.purge
    assert rules.warn_days == (14, 3)
    for status in TipStatus:
        assert len([rule for rule in rules.rules if status in rule.statuses]) == 1


def test_a_closed_tip_goes_on_the_ninetieth_day_after(house: House, keeping: Retention, officer: OpenedOfficer) -> None:
    gone, stays = deposit(house), deposit(house)
    house.clock.move(days=30)
    close(house, gone)
    house.clock.at = day(house.clock()) + timedelta(days=90, seconds=-1)
    assert keeping.purge(house.clock()).tips == 0
    house.clock.move(seconds=1)
    assert keeping.preview(house.clock()).by_rule == {"closed": 1}
    assert there(house) == [gone.id, stays.id]
    assert keeping.purge(house.clock()).by_rule == {"closed": 1}
    assert there(house) == [stays.id]
    assert keeping.purge(house.clock()).tips == 0


@pytest.mark.parametrize("status", [s.value for s in TipStatus if s is not TipStatus.CLOSED])
def test_an_open_tip_goes_a_year_after_the_last_word(
    house: House, keeping: Retention, officer: OpenedOfficer, status: str
) -> None:
    silent, added = deposit(house), deposit(house)
    for tip in (silent, added):
        _change(house, tip, status=status)
    house.clock.move(days=200)
    add(house, added, "còn nữa")
    house.clock.at = day(house.clock()) + timedelta(days=165, seconds=-1)
    assert keeping.purge(house.clock()).tips == 0
    house.clock.move(seconds=1)
    assert keeping.purge(house.clock()).by_rule == {"open": 1}
    assert there(house) == [added.id]
    house.clock.move(days=200)
    assert keeping.purge(house.clock()).by_rule == {"open": 1}


def test_a_closed_tip_without_a_closing_day_is_named_and_stays(
    house: House, keeping: Retention, officer: OpenedOfficer
) -> None:
    tip = deposit(house)
    _change(house, tip, status="closed")
    assert keeping.closed_without_a_day() == 1
    house.clock.move(days=2000)
    assert keeping.purge(house.clock()).tips == 0
    close(house, tip)
    assert keeping.closed_without_a_day() == 0


def test_legal_hold_and_postponement(house: House, keeping: Retention, officer: OpenedOfficer) -> None:
    held, kept, both, free = (deposit(house) for _ in range(4))
    for tip in (held, kept, both, free):
        close(house, tip)
    keeping.hold(held.id, "Toà án yêu cầu giữ")
    keeping.hold(" 3 ", "vụ án khác")
    keeping.keep("2", today(house) + timedelta(days=120), "đang xác minh")
    keeping.keep(both.id, today(house) + timedelta(days=120), "đang xác minh")
    house.clock.move(days=100)
    report = keeping.purge(house.clock())
    assert (report.by_rule, report.on_hold, report.postponed) == ({"closed": 1}, 2, 1)
    assert there(house) == [held.id, kept.id, both.id]
    house.clock.move(days=20)
    assert keeping.purge(house.clock()).counts() == {"closed": 1, "parts": 1, "on_hold": 2, "postponed": 0}
    assert there(house) == [held.id, both.id]
    keeping.release("1", "xong")
    assert keeping.purge(house.clock()).by_rule == {"closed": 1}
    assert there(house) == [both.id]


def test_who_holds_has_to_say_which_and_why(house: House, keeping: Retention, officer: OpenedOfficer) -> None:
    tip = deposit(house)
    for which in ("2", "", "9" * 99, "f" * 32, "²", "-1"):
        with pytest.raises(UnknownTip):
            keeping.hold(which, "vì thế")
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(NotKept, match="say why"):
            keeping.hold(tip.id, reason)
        with pytest.raises(NotKept, match="say why"):
            keeping.keep(tip.id, today(house) + timedelta(days=1), reason)
    for days in (-1, 0, 731):
        with pytest.raises(NotKept, match="the day"):
            keeping.keep(tip.id, today(house) + timedelta(days=days), "vì thế")
    with house.police_store.read() as session:
        row = session.scalars(select(Tip)).one()
        assert (row.legal_hold, row.keep_until) == (False, None)
        assert not session.scalars(select(Audit).where(Audit.act.in_(["hold", "keep", "release"]))).all()
    keeping.keep(tip.id, today(house) + timedelta(days=730), "vì thế")
    keeping.hold(tip.id, "vì thế")
    with house.police_store.read() as session:
        rows = session.scalars(select(Audit).where(Audit.act.in_(["hold", "keep"])).order_by(Audit.id)).all()
    assert [(row.act, row.tip_id, row.detail["reason"]) for row in rows] == [
        ("keep", tip.id, "vì thế"),
        ("hold", tip.id, "vì thế"),
    ]


def test_what_falls_due_is_known_before(house: House, keeping: Retention, officer: OpenedOfficer) -> None:
    soon, later, held, kept = (deposit(house) for _ in range(4))
    for tip in (soon, held, kept):
        close(house, tip)
    keeping.hold(held.id, "vì thế")
    keeping.keep(kept.id, today(house) + timedelta(days=200), "vì thế")
    end = today(house) + timedelta(days=90)
    house.clock.move(days=76)
    assert keeping.upcoming(house.clock(), 13) == []
    assert [(due.number, due.rule, due.on) for due in keeping.upcoming(house.clock(), 14)] == [(1, "closed", end)]
    house.clock.move(days=11)
    assert [due.number for due in keeping.upcoming(house.clock(), 3)] == [1]
    house.clock.move(days=60)  # nobody purged: it is due today, not on a day that is past
    assert [(due.number, due.on) for due in keeping.upcoming(house.clock(), 3)] == [(1, today(house))]
    assert [due.number for due in keeping.upcoming(house.clock(), 300)] == [1, 4, 2]
    assert [due.on for due in keeping.upcoming(house.clock(), 300)][2] == today(house) + timedelta(days=365 - 147)
    assert later.id in there(house)


def full_tip(house: House, officers: list[OpenedOfficer]) -> Deposited:
    """A tip with a row in every table that can hang on one."""
    tip = deposit(house, "Có người bị giữ giấy tờ", original=b"\xff\xd8 original picture " * 40)
    add(house, tip, "Thêm một điều", 3)
    house.inbox.open(officers[0], tip.id)
    house.inbox.answer(officers[0], tip.id, "Chúng tôi đã nhận")
    with house.police_store.begin() as session:
        original = tip.sealed.parts[2].id
        session.add(
            OldKey(tip_id=tip.id, version=1, public_key=tip.id.encode(), sealed_key=b"old key of " + tip.id.encode())
        )
        request = OriginalRequest(
            id=tip.id[::-1],
            tip_id=tip.id,
            part_id=original,
            first_id=officers[0].id,
            second_id=None,
            asked_at=house.clock(),
            sealed_key=b"request of " + tip.id.encode(),
            body=b"reason of " + tip.id.encode(),
        )
        session.add(request)
        session.flush()
        session.add(
            OriginalKey(request_id=request.id, officer_id=officers[1].id, sealed_key=b"inner of " + tip.id.encode())
        )
        record(session, house.clock(), Act.OPEN, officers[0].id, tip.id, part=original, reason="lý do của tôi")
    return tip


def secrets_of(house: House, tip: Deposited) -> dict[str, bytes]:
    """Everything in the store that belongs to this tip and to no other."""
    found = {"id": tip.id.encode(), "lookup": tip.sealed.lookup}
    requests = select(OriginalRequest.id).where(OriginalRequest.tip_id == tip.id)
    parts = select(Part.id).where(Part.tip_id == tip.id)
    with house.police_store.read() as session:
        for kind, which in (
            (Grant, Grant.tip_id == tip.id),
            (OldKey, OldKey.tip_id == tip.id),
            (OriginalShare, OriginalShare.part_id.in_(parts)),
            (OriginalKey, OriginalKey.request_id.in_(requests)),
            (OriginalRequest, OriginalRequest.tip_id == tip.id),
            (Message, Message.tip_id == tip.id),
            (Part, Part.tip_id == tip.id),
            (Tip, Tip.id == tip.id),
        ):
            rows = session.scalars(select(kind).where(which)).all()
            assert rows, kind
            for n, row in enumerate(rows):
                for column in kind.__table__.columns:
                    value = getattr(row, column.key)
                    value = value.encode() if isinstance(value, str) else value
                    if isinstance(value, bytes) and len(value) >= 30 and column.key not in ("first_id", "second_id"):
                        found[f"{kind.__name__} {n} {column.key}"] = value[:200]
    return found


def test_nothing_of_a_purged_tip_is_in_any_file(house: House, keeping: Retention) -> None:
    officers = [house.officer("lan"), house.officer("minh")]
    gone, stays = full_tip(house, officers), full_tip(house, officers)
    close(house, gone)
    keeping.keep(gone.id, today(house) + timedelta(days=1), "reason to keep")
    of_gone, of_stays = secrets_of(house, gone), secrets_of(house, stays)
    house.clock.move(days=90)
    files = traces(house)
    assert [name for name, value in of_gone.items() if value not in files] == []
    assert b"reason to keep" in files
    assert keeping.purge(house.clock()).counts() == {"closed": 1, "parts": 4, "on_hold": 0, "postponed": 0}
    files = traces(house)
    assert [name for name, value in of_gone.items() if value in files] == []
    assert [name for name, value in of_stays.items() if value not in files] == []
    assert b"reason to keep" not in files
    assert house.inbox.open(officers[0], stays.id).report


def test_no_copy_stays_where_sqlite_moved_rows(house: House, keeping: Retention) -> None:
    """Without writing the file anew, ids stay in unused space of pages now and then."""
    chance = random.Random(2)
    house.officer("lan")
    tips = [deposit(house, "x" * chance.randint(10, 3000)) for _ in range(300)]
    for tip in chance.sample(tips, 100):
        add(house, tip, "y" * chance.randint(1, 2000))
    for _ in range(2):
        going = chance.sample(tips, 60)
        tips = [tip for tip in tips if tip not in going]
        for tip in going:
            close(house, tip)
        house.clock.move(days=91)
        assert keeping.purge(house.clock()).tips == 60
        files = traces(house)
        assert not [tip.id for tip in going if tip.id.encode() in files]
        assert all(tip.id.encode() in files for tip in tips)


def test_an_officers_keys_open_nothing_afterwards(house: House, keeping: Retention, officer: OpenedOfficer) -> None:
    tip = deposit(house)
    other = deposit(house)
    close(house, tip)
    house.clock.move(days=90)
    keeping.purge(house.clock())
    with house.police_store.read() as session:
        row = session.scalars(select(Officer)).one()
        keys = Passwords(CHEAP).unwrap(row, "một mật khẩu dài")
        sealed = session.scalars(select(Grant.sealed_key)).all()
    assert keys and keys == officer.keys
    opened = []
    for one in sealed:
        for tip_key in (tip.keys.public, other.keys.public):
            try:
                opened.append(open_tip_key(one, keys, tip_key).public)
            except EnvelopeError:
                continue
    assert opened == [other.keys.public]
    assert house.dropbox.find(tip.sealed.lookup) is None


def test_the_report_and_the_log_have_counts_only(house: House, keeping: Retention, officer: OpenedOfficer) -> None:
    tip = deposit(house)
    house.inbox.open(officer, tip.id)
    house.inbox.change_status(officer, tip.id, TipStatus.READING)
    close(house, tip)
    house.clock.move(days=90)
    keeping.purge(house.clock())
    counts = {"closed": 1, "parts": 1, "on_hold": 0, "postponed": 0}
    with house.police_store.read() as session:
        report = session.scalars(select(PurgeRow)).one()
        rows = session.scalars(select(Audit).order_by(Audit.id)).all()
    assert (report.at, report.counts) == (house.clock(), counts)
    assert [(row.act, row.officer_id, row.tip_id, row.detail) for row in rows[3:]] == [
        ("open", officer.id, None, {}),
        ("status", officer.id, None, {"was": "new", "to": "reading"}),
        ("purge", None, None, counts),
    ]


def test_a_purge_that_fails_leaves_everything(
    house: House, keeping: Retention, officer: OpenedOfficer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = deposit(house)
    close(house, tip)
    house.clock.move(days=90)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(retention, "record", fail)
    with pytest.raises(RuntimeError):
        keeping.purge(house.clock())
    assert there(house) == [tip.id]
    assert house.inbox.open(officer, tip.id).report


def test_every_table_that_hangs_on_a_tip_is_purged() -> None:
    """A table that is added later has to be added to the purge as well."""
    hanging = {"tip"}
    for table in PoliceBase.metadata.sorted_tables:
        if any(key.column.table.name in hanging for key in table.foreign_keys) or "tip_id" in table.columns:
            hanging.add(table.name)
    purged = {"grant", "old_key", "original_share", "original_key", "original_request", "message", "part", "tip"}
    assert hanging == purged | {"audit"}


def test_days_are_vietnams(house: House, officer: OpenedOfficer) -> None:
    house.clock.at = datetime(2026, 11, 24, 16, 59, tzinfo=UTC)  # 23:59 there
    first = deposit(house)
    house.clock.move(minutes=1)
    second = deposit(house)
    rules = read_rules()
    short = Retention(
        house.police_store, house.clock, Rules(**{**rules.model_dump(), "rules": [_rule(days=1, statuses=["new"])]})
    )
    assert short.purge(datetime(2026, 11, 25, 16, 59, tzinfo=UTC)).tips == 1
    assert there(house) == [second.id] != [first.id]


def _rule(**values: object) -> dict[str, object]:
    return {"name": "short", "since": "last_word", **values}
