"""Wishes to be contacted by the Women's Union: only what the person agreed to, sealed; for 60 days, or 30 after it was taken up."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum

from sqlalchemy import delete, func, select, update

from content.library import vietnams_day
from db.citizen import Handover, Organiser
from db.keys import KeyRing
from db.stores import Store
from tips.envelope import EnvelopeError, pad, unpad

WAITS = timedelta(days=60)  # that nobody takes up
KEPT = timedelta(days=30)  # after it was taken up
MOST = 5000  # wishes at a time: more than anybody could read
_PURPOSE = "handover"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person agreed to pass on; `agreed`: the words that they said yes to, all of them."""

    wants: str = field(repr=False)
    commune: str = field(repr=False)
    reach: str = field(repr=False)
    time: str = field(repr=False)
    agreed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A wish as everybody of the Union sees it in the list. `group`: who took it up; "" if nobody did."""

    id: str
    province: str
    asked_on: date
    expires_on: date
    taken_on: date | None
    group: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A wish for whoever took it up. `wish` None: it does not open, since the key has changed."""

    listed: Listed
    wish: Wish | None = field(repr=False)


class Withdrawn(Enum):
    """What became of taking a wish back."""

    GONE = "gone"  # there was none: withdrawn before, done, or too old
    UNREAD = "unread"  # nobody had opened it
    READ = "read"  # somebody of the Union had


class Wishes:
    """Synchronous; one transaction a call. Days are Vietnam's. `group` is an organiser's `group_name`."""

    def __init__(self, store: Store, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._store, self._keys, self._now = store, keys, now

    def has_readers(self) -> bool:
        """Whether anybody of the Union has an account: else a wish would lie unread."""
        with self._store.read() as session:
            return session.scalar(select(Organiser.id).limit(1)) is not None

    def add(self, province: str, wish: Wish, once: str = "") -> str:
        """Keeps a wish; gives its id, 32 hexadecimal digits that only the person gets; "" if there are too many.

        `once`: a secret of this wish, by which it is kept once though it comes again, as after a fall; "": as often as it comes.
        """
        wish_id, today = self._keys.pseudonym(_PURPOSE, "wish", once) if once else secrets.token_hex(16), self._today()
        sealed = self._keys.seal(_PURPOSE, pad(json.dumps(asdict(wish)).encode()), _bound(wish_id, province))
        row = Handover(
            id=wish_id, province=province, sealed=sealed, asked_on=today, taken_by=None, taken_on=None,
            expires_on=today + WAITS,
        )  # fmt: skip
        with self._store.begin() as session:
            if session.get(Handover, wish_id) is not None:
                return wish_id
            if (session.scalar(select(func.count()).select_from(Handover)) or 0) >= MOST:
                return ""
            session.add(row)
        return wish_id

    def withdraw(self, wish_id: str) -> Withdrawn:
        """Deletes a wish at once, whether or not somebody took it up."""
        with self._store.erase() as session:
            row = session.get(Handover, wish_id)
            if row is None:
                return Withdrawn.GONE
            session.delete(row)
            return Withdrawn.UNREAD if row.taken_by is None else Withdrawn.READ

    def listed(self, province: str = "") -> list[Listed]:
        """Wishes of a province, or of all: those that nobody took first, the oldest first."""
        found = select(Handover, Organiser.group_name).outerjoin(Organiser, Organiser.id == Handover.taken_by)
        found = found.where(Handover.expires_on > self._today())
        if province:
            found = found.where(Handover.province == province)
        order = (Handover.taken_on.is_not(None), Handover.asked_on, Handover.province, Handover.id)
        with self._store.read() as session:
            return [_listed(row, group) for row, group in session.execute(found.order_by(*order)).tuples()]

    def waiting(self) -> dict[str, int]:
        """How many wishes nobody took up yet, by province."""
        found = select(Handover.province, func.count()).where(
            Handover.taken_by.is_(None), Handover.expires_on > self._today()
        )
        with self._store.read() as session:
            return dict(session.execute(found.group_by(Handover.province)).tuples().all())

    def take(self, wish_id: str, organiser: int) -> bool:
        """Takes a wish up: from now on only the organiser's group opens it. False if another was first, or it is gone."""
        today = self._today()
        free = update(Handover).where(Handover.id == wish_id, Handover.taken_by.is_(None), Handover.expires_on > today)
        with self._store.begin() as session:
            changed = session.execute(free.values(taken_by=organiser, taken_on=today, expires_on=today + KEPT))
            return bool(changed.rowcount)  # type: ignore[attr-defined]

    def get(self, wish_id: str) -> Listed | None:
        """One wish as the list shows it."""
        with self._store.read() as session:
            row = session.get(Handover, wish_id)
            if row is None or row.expires_on <= self._today():
                return None
            taker = session.get(Organiser, row.taken_by) if row.taken_by is not None else None
        return _listed(row, taker.group_name if taker else None)

    def open(self, wish_id: str, group: str) -> Opened | None:
        """What a wish says, for the group that took it up; None for everybody else."""
        listed = self.get(wish_id)
        if listed is None or not listed.group or listed.group != group:
            return None
        with self._store.read() as session:
            row = session.get(Handover, wish_id)
        return Opened(listed, self._opened(row)) if row is not None else None

    def done(self, wish_id: str, group: str) -> bool:
        """Deletes a wish that this group took up and has seen to. False if it is not theirs."""
        theirs = select(Organiser.id).where(Organiser.group_name == group)
        with self._store.erase() as session:
            gone = session.execute(delete(Handover).where(Handover.id == wish_id, Handover.taken_by.in_(theirs)))
            return bool(gone.rowcount)  # type: ignore[attr-defined]

    def purge(self) -> int:
        """Deletes what has been kept long enough; how many that were. For the clock."""
        with self._store.erase() as session:
            old = session.execute(delete(Handover).where(Handover.expires_on <= self._today()))
            return int(old.rowcount)  # type: ignore[attr-defined]

    def _opened(self, row: Handover) -> Wish | None:
        try:
            content = unpad(self._keys.open(_PURPOSE, row.sealed, _bound(row.id, row.province)))
            return Wish(**json.loads(content))
        except (ValueError, TypeError, EnvelopeError):
            return None

    def _today(self) -> date:
        return vietnams_day(self._now())


def _listed(row: Handover, group: str | None) -> Listed:
    return Listed(row.id, row.province, row.asked_on, row.expires_on, row.taken_on, group or "")


def _bound(wish_id: str, province: str) -> str:
    return f"{wish_id}:{province}"
