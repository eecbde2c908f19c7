"""How long tips are kept (retention.yml), and how they are destroyed: first the keys, then the rest, then every trace."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from db.police import (
    Audit,
    Grant,
    Message,
    OldKey,
    OriginalKey,
    OriginalRequest,
    OriginalShare,
    Part,
    Tip,
)
from db.police import PurgeReport as PurgeRow
from db.stores import Store
from tips.police.audit import Act, record
from tips.police.coarsen import day
from tips.police.status import TipStatus
from web.times import VIETNAM

FILE = Path(__file__).with_name("retention.yml")
MAX_REASON = 300
# What may stay in the audit log of a tip that is gone; a list of what may, so that nothing new stays by mistake.
_KEPT_DETAIL = ("was", "to", "officer")
_TIP_ID = re.compile(r"[0-9a-f]{32}")


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Data):
    """Tips in these statuses are kept so many days after the day that `since` names."""

    name: str
    days: int = Field(gt=0)
    since: Literal["closed_on", "last_word"]
    statuses: tuple[TipStatus, ...]


class DraftRule(_Data):
    """What is true of drafts, in the other half: it is said here, and done there."""

    hours: int
    purged_by: str


class Rules(_Data):
    """The file, checked."""

    rules: tuple[Rule, ...]
    warn_days: tuple[int, ...]
    longest_keep_days: int = Field(gt=0)
    drafts: DraftRule

    def for_status(self, status: TipStatus) -> Rule | None:
        """The rule for a tip in that status."""
        return next((rule for rule in self.rules if status in rule.statuses), None)


@cache
def read_rules(file: Path = FILE) -> Rules:
    """Raises pydantic's ValidationError if the file has another shape."""
    return Rules.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


class UnknownTip(LookupError):
    """No tip has that number or id."""


class NotKept(ValueError):
    """A hold or a postponement that cannot be; the message says why."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a tip goes if nobody does anything. `number` is the order in which tips came, and says nothing else."""

    number: int
    rule: str
    on: date


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What was purged, or would be: counts of tips by rule; never a tip's id or number."""

    by_rule: dict[str, int]
    parts: int
    on_hold: int  # whose time is over, but they are under legal hold
    postponed: int

    @property
    def tips(self) -> int:
        return sum(self.by_rule.values())

    def counts(self) -> dict[str, int]:
        """As in the column `purge_report.counts`."""
        return {**self.by_rule, "parts": self.parts, "on_hold": self.on_hold, "postponed": self.postponed}


class Retention:
    """Purges what is due, and holds or postpones. Days are Vietnam's; `now` is aware."""

    def __init__(self, store: Store, now: Callable[[], datetime], rules: Rules | None = None) -> None:
        self._store = store
        self._now = now
        self._rules = rules or read_rules()

    def purge(self, now: datetime) -> PurgeReport:
        """Destroys every tip whose time is over, in one transaction with the report and the audit row.

        Afterwards neither a key, an id nor a body of theirs is in any file of the store (backups are the operator's).
        """
        with self._store.erase() as session:
            fates = _ending(session, self._rules, now.astimezone(VIETNAM).date(), lock=True)
            report = _report(session, fates)
            _destroy(session, [fate.id for fate in fates if fate.goes])
            session.add(PurgeRow(at=now, counts=report.counts()))
            record(session, now, Act.PURGE, None, None, **report.counts())
        if report.tips:
            _wipe(self._store)
        return report

    def preview(self, now: datetime) -> PurgeReport:
        """What `purge` would do now; nothing is changed."""
        with self._store.read() as session:
            return _report(session, _ending(session, self._rules, now.astimezone(VIETNAM).date()))

    def upcoming(self, now: datetime, days: int) -> list[Due]:
        """What goes within so many days if nobody closes, holds or postpones it, the soonest first."""
        today = now.astimezone(VIETNAM).date()
        until = today + timedelta(days)
        with self._store.read() as session:
            fates = [fate for fate in _ending(session, self._rules, until) if not fate.on_hold]
        dues = [Due(fate.number, fate.rule, max(fate.on, today)) for fate in fates]
        return sorted((due for due in dues if due.on <= until), key=lambda due: (due.on, due.number))

    def closed_without_a_day(self) -> int:
        """Tips that were closed before closing days were kept: no rule finds them until they are opened and closed."""
        with self._store.read() as session:
            query = select(func.count()).where(Tip.status == TipStatus.CLOSED.value, Tip.closed_on.is_(None))
            return session.scalar(query) or 0

    def hold(self, tip: str, reason: str) -> None:
        """Legal hold: the tip is not purged until it is released. `tip` is its number or id.

        This, `release` and `keep` raise UnknownTip, and NotKept without a reason of 1 to 300 characters.
        """
        self._set_hold(tip, reason, Act.HOLD)

    def release(self, tip: str, reason: str) -> None:
        """Ends a legal hold; what is due by then goes with the next purge."""
        self._set_hold(tip, reason, Act.RELEASE)

    def keep(self, tip: str, until: date, reason: str) -> None:
        """Postpones: the tip is not purged before that day. Raises NotKept also for a day that is past or too far."""
        today = self._now().astimezone(VIETNAM).date()
        if not today < until <= today + timedelta(self._rules.longest_keep_days):
            raise NotKept(
                f"the day has to come, and within {self._rules.longest_keep_days} days; what must be kept longer is held"
            )
        with self._store.begin() as session:
            row = _tip(session, tip)
            row.keep_until = datetime(until.year, until.month, until.day, tzinfo=VIETNAM)
            record(session, self._now(), Act.KEEP, tip_id=row.id, until=until.isoformat(), reason=_reason(reason))

    def _set_hold(self, tip: str, reason: str, act: Act) -> None:
        with self._store.begin() as session:
            row = _tip(session, tip)
            row.legal_hold = act is Act.HOLD
            record(session, self._now(), act, tip_id=row.id, reason=_reason(reason))


@dataclass(frozen=True, slots=True)
class _Fate:
    """A tip whose rule ends; `on`: the day on which it goes."""

    id: str
    number: int
    rule: str
    on: date
    on_hold: bool
    postponed: bool

    @property
    def goes(self) -> bool:
        return not self.on_hold and not self.postponed


def _ending(session: Session, rules: Rules, by: date, lock: bool = False) -> list[_Fate]:
    """The tips whose rule has ended by the end of that day."""
    words = select(func.max(Part.received_hour)).where(Part.tip_id == Tip.id).scalar_subquery()
    last_word = func.coalesce(words, Tip.received_hour, type_=Tip.received_hour.type)
    fates = []
    for rule in rules.rules:
        since = Tip.closed_on if rule.since == "closed_on" else last_word
        before = by - timedelta(rule.days - 1)
        query = select(Tip.id, Tip.number, Tip.keep_until, Tip.legal_hold, since).where(
            Tip.status.in_([status.value for status in rule.statuses]),
            since < datetime(before.year, before.month, before.day, tzinfo=VIETNAM),
        )
        for tip_id, number, keep, held, began in session.execute(query.with_for_update(of=Tip) if lock else query):
            assert began  # where there is no day, the query finds nothing
            end = day(began).date() + timedelta(rule.days)
            kept = day(keep).date() if keep else end
            fates.append(_Fate(tip_id, number, rule.name, max(end, kept), held, kept > by))
    return fates


def _report(session: Session, fates: Sequence[_Fate]) -> PurgeReport:
    going = [fate for fate in fates if fate.goes]
    parts = 0
    for ids in _some([fate.id for fate in going]):
        parts += session.scalar(select(func.count()).where(Part.tip_id.in_(ids))) or 0
    return PurgeReport(
        by_rule=dict(Counter(fate.rule for fate in going)),
        parts=parts,
        on_hold=sum(fate.on_hold for fate in fates),
        postponed=sum(fate.postponed and not fate.on_hold for fate in fates),
    )


def _destroy(session: Session, tips: Sequence[str]) -> None:
    """The keys first: if anything stops this halfway and half of it stays, it is the half that nobody can open."""
    for ids in _some(tips):
        parts = select(Part.id).where(Part.tip_id.in_(ids))
        requests = select(OriginalRequest.id).where(OriginalRequest.tip_id.in_(ids))
        for keys in (
            delete(Grant).where(Grant.tip_id.in_(ids)),
            delete(OldKey).where(OldKey.tip_id.in_(ids)),
            delete(OriginalShare).where(OriginalShare.part_id.in_(parts)),
            delete(OriginalKey).where(OriginalKey.request_id.in_(requests)),
        ):
            session.execute(keys)
        for rows in (
            delete(OriginalRequest).where(OriginalRequest.tip_id.in_(ids)),
            delete(Message).where(Message.tip_id.in_(ids)),
            delete(Part).where(Part.tip_id.in_(ids)),
            delete(Tip).where(Tip.id.in_(ids)),
        ):
            session.execute(rows)
        for row in session.scalars(select(Audit).where(Audit.tip_id.in_(ids))):
            row.tip_id = None
            row.detail = {name: row.detail[name] for name in _KEPT_DETAIL if name in row.detail}


def _some(ids: Sequence[str], at_once: int = 500) -> list[Sequence[str]]:
    """Databases take only so many values in one statement."""
    return [ids[start : start + at_once] for start in range(0, len(ids), at_once)]


def _tip(session: Session, which: str) -> Tip:
    which = which.strip().lower()
    found = None
    if _TIP_ID.fullmatch(which):
        found = session.scalar(select(Tip).where(Tip.id == which).with_for_update())
    elif which.isascii() and which.isdigit() and len(which) < 16:
        found = session.scalar(select(Tip).where(Tip.number == int(which)).with_for_update())
    if found is None:
        raise UnknownTip("no tip has that number or id")
    return found


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= MAX_REASON:
        raise NotKept(f"say why, in 1 to {MAX_REASON} characters")
    return reason


def _wipe(store: Store) -> None:
    """Writes SQLite's file anew: rows that it moved between pages leave copies in unused space, which no deletion reaches.

    Takes as long as copying the file; writers wait meanwhile, readers do not.
    """
    if store.engine.dialect.name == "sqlite":
        raw = store.engine.raw_connection()  # outside any transaction
        try:
            raw.cursor().execute("VACUUM")
        finally:
            raw.close()
        store.scrub()
