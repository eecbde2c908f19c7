"""The inbox's list: life in danger on top while somebody has to act, then newest first; paged by key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from db.police import Grant, Message, Officer, Part, Tip
from tips.envelope import EnvelopeError, KeyPair, Kind, open_tip_key
from tips.police.officers import OpenedOfficer
from tips.police.opening import read_report
from tips.police.status import OPEN, TipStatus

_CURSOR = re.compile(r"([01])-(\d{1,15})")
_urgent = case((and_(Tip.danger, Tip.status.in_([status.value for status in OPEN])), 1), else_=0)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last line of a page; `str` and `parse` carry it in an address."""

    urgent: bool
    number: int

    def __str__(self) -> str:
        return f"{self.urgent:d}-{self.number}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises ValueError."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise ValueError("no cursor")
        return cls(match[1] == "1", int(match[2]))


@dataclass(frozen=True, slots=True)
class TipLine:
    """One tip in the list. If it is not `readable` (no grant, or it does not open), its words are empty."""

    tip_id: str
    received_hour: datetime
    danger: bool
    status: TipStatus
    readable: bool
    first_line: str = field(repr=False)
    provinces: tuple[str, ...] = field(repr=False)
    photos: int
    additions: int
    answers: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and where the next page begins; None at the end."""

    lines: tuple[TipLine, ...]
    next: Cursor | None


def page_of(
    session: Session, officer: OpenedOfficer, after: Cursor | None, limit: int, statuses: Sequence[TipStatus]
) -> Page:
    """At most `limit` lines behind `after`; only tips in `statuses`, or all if there are none."""
    query = select(Tip, _urgent).order_by(_urgent.desc(), Tip.number.desc()).limit(limit + 1)
    if statuses:
        query = query.where(Tip.status.in_([status.value for status in statuses]))
    if after:
        query = query.where(_behind(after))
    rows = session.execute(query).all()
    tips = [tip for tip, _ in rows[:limit]]
    following = None
    if len(rows) > limit:
        last, urgent = rows[limit - 1]
        following = Cursor(bool(urgent), last.number)
    return Page(_lines(session, officer, tips), following)


def _behind(cursor: Cursor) -> ColumnElement[bool]:
    return or_(_urgent < int(cursor.urgent), and_(_urgent == int(cursor.urgent), Tip.number < cursor.number))


def _lines(session: Session, officer: OpenedOfficer, tips: list[Tip]) -> tuple[TipLine, ...]:
    ids = [tip.id for tip in tips]
    grants = session.execute(
        select(Grant.tip_id, Grant.sealed_key)
        .join(Officer, Officer.id == Grant.officer_id)
        .where(Grant.tip_id.in_(ids), Officer.id == officer.id, Officer.active)
    )
    sealed = dict(grants.tuples().all())
    first_parts = session.scalars(select(Part).where(Part.tip_id.in_(ids), Part.position == 0))
    reports = {part.tip_id: part for part in first_parts}
    counted = session.execute(
        select(Part.tip_id, Part.kind, func.count()).where(Part.tip_id.in_(ids)).group_by(Part.tip_id, Part.kind)
    )
    parts = {(tip_id, kind): count for tip_id, kind, count in counted}
    answered = session.execute(
        select(Message.tip_id, func.count()).where(Message.tip_id.in_(ids)).group_by(Message.tip_id)
    )
    answers = dict(answered.tuples().all())
    lines = []
    for tip in tips:
        keys = _key(sealed.get(tip.id), officer, tip)
        report = read_report(reports[tip.id], keys) if keys and tip.id in reports else None
        lines.append(
            TipLine(
                tip_id=tip.id,
                received_hour=tip.received_hour,
                danger=tip.danger,
                status=TipStatus(tip.status),
                readable=report is not None,
                first_line=report.first_line() if report else "",
                provinces=report.provinces if report else (),
                photos=parts.get((tip.id, Kind.PHOTO), 0),
                additions=parts.get((tip.id, Kind.ADDITION), 0),
                answers=answers.get(tip.id, 0),
            )
        )
    return tuple(lines)


def _key(sealed_key: bytes | None, officer: OpenedOfficer, tip: Tip) -> KeyPair | None:
    if sealed_key is None:
        return None
    try:
        return open_tip_key(sealed_key, officer.keys, tip.tip_key)
    except EnvelopeError:
        return None
