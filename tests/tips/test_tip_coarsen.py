"""Citizens' hours become days once they are a week old; the pages stay as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from db.police import Audit, Message, Part, Tip
from tests.tips.depositing import Deposited, add, deposit
from tests.tips.kit import House
from tips.police.audit import Act, record
from tips.police.coarsen import coarsen, coarsen_store, day
from tips.police.officers import OpenedOfficer
from web.times import VIETNAM

# Vietnam's midnight is 17:00 in UTC: anything else in these columns is finer than a day.
FINER = """
    select 'tip', received_hour from tip where received_hour < :before and time(received_hour) != '17:00:00'
    union all
    select 'part', received_hour from part where received_hour < :before and time(received_hour) != '17:00:00'
    union all
    select 'message', sent_hour from message where sent_hour < :before and time(sent_hour) != '17:00:00'
    union all
    select 'audit', at from audit where act = 'reopened' and at < :before and time(at) != '17:00:00'
"""


def finer(house: House) -> list[str]:
    before = (house.clock() - timedelta(days=7)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with house.police_store.read() as session:
        return [row[0] for row in session.execute(text(FINER), {"before": before})]


def fill(house: House, officer: OpenedOfficer, hours: int = 30) -> list[Deposited]:
    """One tip an hour, each with an answer and an addition to the closed tip."""
    tips = []
    for _ in range(hours):
        tip = deposit(house)
        house.inbox.answer(officer, tip.id, "Chúng tôi đã nhận")
        add(house, tip, "còn nữa")
        with house.police_store.begin() as session:
            record(session, house.clock().replace(minute=0, second=0), Act.REOPENED, tip_id=tip.id)
        tips.append(tip)
        house.clock.move(hours=1)
    return tips


def test_a_day_begins_in_vietnam() -> None:
    assert day(datetime(2026, 11, 24, 16, 59, tzinfo=UTC)) == datetime(2026, 11, 24, tzinfo=VIETNAM)
    assert day(datetime(2026, 11, 24, 17, 0, tzinfo=UTC)) == datetime(2026, 11, 25, tzinfo=VIETNAM)
    assert day(day(datetime(2026, 11, 24, 5, 0, tzinfo=UTC))) == day(datetime(2026, 11, 24, 5, 0, tzinfo=UTC))


def test_no_finer_value_is_left_after_seven_days(house: House, officer: OpenedOfficer) -> None:
    fill(house, officer)
    house.clock.move(days=7)
    assert sorted(set(finer(house))) == ["audit", "message", "part", "tip"]
    changed = coarsen_store(house.police_store, house.clock())
    assert changed > 100
    assert finer(house) == []
    assert coarsen_store(house.police_store, house.clock()) == 0


def test_a_day_is_its_own_start_and_officers_moments_stay(house: House, officer: OpenedOfficer) -> None:
    fill(house, officer)
    with house.police_store.read() as session:
        before = {row.number: row.received_hour for row in session.scalars(select(Tip))}
        audits = {row.id: row.at for row in session.scalars(select(Audit)) if row.act != Act.REOPENED}
    house.clock.move(days=8)
    with house.police_store.begin() as session:
        coarsen(session, house.clock())
    with house.police_store.read() as session:
        after = {row.number: row.received_hour for row in session.scalars(select(Tip))}
        assert audits == {row.id: row.at for row in session.scalars(select(Audit)) if row.act != Act.REOPENED}
        assert {row.at for row in session.scalars(select(Audit)) if row.act == Act.REOPENED} == set(after.values())
        for table in (Part, Message):
            assert {getattr(row, "received_hour", None) or row.sent_hour for row in session.scalars(select(table))} == {
                day(moment) for moment in before.values()
            }
    assert after == {number: day(moment) for number, moment in before.items()}
    assert len(set(after.values())) in (2, 3)


@pytest.mark.parametrize(("age", "coarse"), [({"days": 6, "hours": 23}, False), ({"days": 7, "hours": 1}, True)])
def test_what_is_younger_keeps_its_hour(
    house: House, officer: OpenedOfficer, age: dict[str, float], coarse: bool
) -> None:
    deposit(house)
    with house.police_store.read() as session:
        hour = session.scalars(select(Tip.received_hour)).one()
    house.clock.move(**age)
    coarsen_store(house.police_store, house.clock())
    with house.police_store.read() as session:
        assert session.scalars(select(Tip.received_hour)).one() == (day(hour) if coarse else hour)


def test_the_pages_stay_right(house: House, officer: OpenedOfficer) -> None:
    tips = fill(house, officer, 5)
    for n in range(3):
        house.inbox.answer(officer, tips[0].id, f"Câu trả lời {n}")
        house.clock.move(minutes=7)

    def answers() -> list[str]:
        return [a.answer.text for a in house.inbox.open(officer, tips[0].id).answers if a.answer]

    listed, said = [line.tip_id for line in house.inbox.list(officer).lines], answers()
    assert said == ["Chúng tôi đã nhận", *(f"Câu trả lời {n}" for n in range(3))]
    house.clock.move(days=8)
    coarsen_store(house.police_store, house.clock())
    assert [line.tip_id for line in house.inbox.list(officer).lines] == listed
    assert answers() == said
    opened = house.inbox.open(officer, tips[0].id)
    assert opened.report and opened.additions[0].text == "còn nữa"
