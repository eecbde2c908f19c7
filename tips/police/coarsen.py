"""After seven days a citizen's hour becomes a day: when people wrote is then known to nobody more exactly than that.

The day is Vietnam's. The order of tips, parts and answers is in numbers, positions and, sealed, in the answers.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.police import Audit, Message, Part, Tip
from db.stores import Store
from tips.police.audit import Act
from web.times import VIETNAM

HOURS_KEPT_FOR = timedelta(days=7)
CITIZENS_ACTS = (Act.REOPENED,)

_HOURS: tuple[tuple[InstrumentedAttribute[datetime], ColumnElement[bool]], ...] = (
    (Tip.received_hour, true()),
    (Part.received_hour, true()),
    (Message.sent_hour, true()),
    (Audit.at, Audit.act.in_([act.value for act in CITIZENS_ACTS])),
)


def day(moment: datetime) -> datetime:
    """The start of a moment's day in Vietnam. `moment` is aware, and so is the result."""
    return moment.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def coarsen(session: Session, now: datetime) -> int:
    """Turns hours older than seven days into the start of their day; gives how many rows it changed."""
    return sum(_coarsen(session, column, which, now - HOURS_KEPT_FOR) for column, which in _HOURS)


def coarsen_store(store: Store, now: datetime) -> int:
    """`coarsen` in a transaction of its own; the hours are then in none of the store's files. For the scheduler."""
    with store.erase() as session:
        return coarsen(session, now)


def _coarsen(
    session: Session, column: InstrumentedAttribute[datetime], which: ColumnElement[bool], before: datetime
) -> int:
    mapper = column.class_.__mapper__
    (key,) = mapper.primary_key
    # One look at all old rows, and then each by its key: most of these columns have no index of their own.
    old = session.execute(select(key, column).where(which, column < before)).all()
    finer = [{"row": row, "day": day(moment)} for row, moment in old if moment != day(moment)]
    if finer:
        change = update(mapper.local_table).where(key == bindparam("row")).values({column.key: bindparam("day")})
        session.execute(change, finer)
    session.expire_all()
    return len(finer)
