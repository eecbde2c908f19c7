"""The inbox's list, paged by key. On top life in danger, while somebody has to act; then all others, the newest first; then
the slow lane (tips/lanes.py), what may be danger first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select
from sqlalchemy.orm import Session

from db.police import Grant, Message, Officer, Part, Tip
from tips.envelope import EnvelopeError, KeyPair, Kind, open_tip_key
from tips.lanes import SLOW, told
from tips.police.officers import OpenedOfficer
from tips.police.opening import read_report, why_danger
from tips.police.status import OPEN, TipStatus

_CURSOR = re.compile(r"([0-3])-(\d{1,15})")
_slow = Tip.lane.in_([lane.value for lane in SLOW])
_open = Tip.status.in_([status.value for status in OPEN])
_rank = case((and_(Tip.danger, _open, not_(_slow)), 3), (not_(_slow), 2), (and_(Tip.danger, _open), 1), else_=0)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last line of a page; `str` and `parse` carry it in an address."""

    rank: int  # 3: danger, 2: front, 1: slow and perhaps danger, 0: slow
    number: int

    def __str__(self) -> str:
        return f"{self.rank}-{self.number}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises ValueError."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise ValueError("no cursor")
        return cls(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class TipLine:
    """One tip in the list. If it is not `readable` (no grant, or it does not open), its words are empty."""

    tip_id: str
    received_hour: datetime
    danger: bool
    lane: str  # tips/lanes.py
    status: TipStatus
    readable: bool
    first_line: str = field(repr=False)
    provinces: tuple[str, ...] = field(repr=False)
    danger_why: tuple[str, ...] = field(repr=False)  # sentences for officers
    files: int  # cleaned copies; originals are not counted
    additions: int
    answers: int

    @property
    def slow(self) -> str:
        """Why the tip is in the slow lane, for officers; "" if it is not."""
        return told(self.lane)


@dataclass(frozen=True, slots=True)
class Slow:
    """How many tips in the slow lane still ask for somebody to act, and how many of them look like danger."""

    tips: int
    danger: int


@dataclass(frozen=True, slots=True)
class Urgent:
    """How many tips in danger, not slow, one officer may read and somebody has to act on; `newest` is a number, or 0."""

    tips: int
    newest: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and where the next page begins; None at the end. `slow_only`: the slow lane was asked for."""

    lines: tuple[TipLine, ...]
    next: Cursor | None
    slow: Slow
    urgent: Urgent
    slow_only: bool = False


def page_of(
    session: Session,
    officer: OpenedOfficer,
    after: Cursor | None,
    limit: int,
    statuses: Sequence[TipStatus],
    slow_only: bool = False,
) -> Page:
    """At most `limit` lines behind `after`; only tips in `statuses`, or all if there are none."""
    query = select(Tip, _rank).order_by(_rank.desc(), Tip.number.desc()).limit(limit + 1)
    if statuses:
        query = query.where(Tip.status.in_([status.value for status in statuses]))
    if slow_only:
        query = query.where(_slow)
    if after:
        query = query.where(_behind(after))
    rows = session.execute(query).all()
    tips = [tip for tip, _ in rows[:limit]]
    following = None
    if len(rows) > limit:
        last, rank = rows[limit - 1]
        following = Cursor(rank, last.number)
    lines = _lines(session, officer, tips)
    return Page(lines, following, slow_of(session), urgent_of(session, officer.id), slow_only)


def slow_of(session: Session) -> Slow:
    """What waits in the slow lane."""
    tips, danger = session.execute(
        select(func.count(), func.count().filter(Tip.danger)).select_from(Tip).where(_slow, _open)
    ).one()
    return Slow(tips, danger)


def urgent_of(session: Session, officer_id: int) -> Urgent:
    """What an officer's page rings for. Of an officer who is no longer active, nothing."""
    query = (
        select(func.count(), func.max(Tip.number))
        .select_from(Tip)
        .join(Grant, Grant.tip_id == Tip.id)
        .join(Officer, Officer.id == Grant.officer_id)
        .where(Tip.danger, _open, not_(_slow), Officer.id == officer_id, Officer.active)
    )
    tips, newest = session.execute(query).one()
    return Urgent(tips, newest or 0)


def _behind(cursor: Cursor) -> ColumnElement[bool]:
    return or_(_rank < cursor.rank, and_(_rank == cursor.rank, Tip.number < cursor.number))


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
                lane=tip.lane,
                status=TipStatus(tip.status),
                readable=report is not None,
                first_line=report.first_line() if report else "",
                provinces=report.provinces if report else (),
                danger_why=why_danger(tip.danger, report),
                files=parts.get((tip.id, Kind.FILE), 0),
                additions=parts.get((tip.id, Kind.ADDITION), 0),
                answers=answers.get(tip.id, 0),
            )
        )
    return tuple(lines)


def _key(sealed_key: bytes | None, officer: OpenedOfficer, tip: Tip) -> KeyPair | None:
    if sealed_key is None:
        return None
    try:
        return open_tip_key(sealed_key, officer.keys, tip.tip_key, tip.reply_key)
    except EnvelopeError:
        return None
