"""The editors' list: what was not understood, without anything by which somebody could be found.

Only what is said to the dialogue comes here; a tip, a code and a quiz have the floor elsewhere. A text is kept without the talk it
came from, without a time, and once however often it is said; one that cannot be made anonymous is only counted.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.citizen import Miss, UnkeptMiss
from db.stores import Store
from nlu.anonymise import anonymise

KEPT = timedelta(days=90)
MOST = 5000  # texts; those that were not said for the longest time go first
_READINGS = 3
_NUMBERS = range(
    100_000, 1_000_000
)  # short enough to be typed, and of so many that one that was dropped hardly comes again


@dataclass(frozen=True, slots=True)
class Missed:
    """One text of the list. `number` stays with it; `readings` are the likeliest intents, best first; days are ISO dates."""

    number: int
    text: str
    language: str
    readings: tuple[str, ...]
    times: int
    first_day: str
    last_day: str


class Misses:
    """Synchronous; one transaction a call.

    `known` says whether the training sentences have a word, or two words one after the other (`nlu.anonymise`).
    """

    def __init__(self, store: Store, known: Callable[[str], bool], now: Callable[[], datetime]) -> None:
        self._store, self._known, self._now = store, known, now

    def keep(self, text: str, language: str, readings: Sequence[str]) -> bool:
        """False if nothing of the text may be kept: then it is only counted."""
        safe = anonymise(text, self._known)
        for last in (False, True):
            try:
                with self._store.begin() as session:
                    if safe is None:
                        self._count_unkept(session)
                    else:
                        self._put(session, safe, language, list(readings)[:_READINGS])
                break
            except IntegrityError:  # another process was first with this text: it is there now
                if last:
                    raise
        return safe is not None

    def listed(self, limit: int = 50) -> list[Missed]:
        """The most frequent first."""
        order = (Miss.times.desc(), Miss.last_day.desc(), Miss.text)
        with self._store.read() as session:
            rows = session.scalars(select(Miss).order_by(*order).limit(limit)).all()
        return [_missed(row) for row in rows]

    def unkept(self) -> int:
        """How many texts of the last 90 days were only counted."""
        with self._store.read() as session:
            return session.scalar(select(func.sum(UnkeptMiss.times))) or 0

    def get(self, numbers: Iterable[int]) -> list[Missed]:
        """Those of the list, in the order of their numbers. A number that is not there is left out."""
        with self._store.read() as session:
            rows = session.scalars(select(Miss).where(Miss.id.in_(list(numbers))).order_by(Miss.id)).all()
        return [_missed(row) for row in rows]

    def drop(self, numbers: Iterable[int]) -> int:
        """How many there were."""
        with self._store.erase() as session:
            return session.execute(delete(Miss).where(Miss.id.in_(list(numbers)))).rowcount  # type: ignore[attr-defined, no-any-return]

    def purge(self) -> int:
        """Forgets what is old, and what is too much; how many texts that were."""
        oldest_day = (self._now() - KEPT).date()
        with self._store.erase() as session:
            old = session.execute(delete(Miss).where(Miss.last_day < oldest_day))
            session.execute(delete(UnkeptMiss).where(UnkeptMiss.day < oldest_day))
            return int(old.rowcount + _drop_oldest(session, MOST))  # type: ignore[attr-defined]

    def _put(self, session: Session, safe: str, language: str, readings: list[str]) -> None:
        today = self._today()
        row = session.scalar(select(Miss).where(Miss.text == safe))
        if row is not None:
            row.times, row.last_day, row.readings = row.times + 1, today, readings
            return
        _drop_oldest(session, MOST - 1)
        session.add(
            Miss(
                id=_free_number(session),
                text=safe,
                language=language,
                readings=readings,
                times=1,
                first_day=today,
                last_day=today,
            )
        )

    def _count_unkept(self, session: Session) -> None:
        row = session.get(UnkeptMiss, self._today())
        if row is None:
            session.add(UnkeptMiss(day=self._today(), times=1))
        else:
            row.times += 1

    def _today(self) -> date:
        return self._now().date()


def _free_number(session: Session) -> int:
    while True:
        number = secrets.choice(_NUMBERS)
        if session.get(Miss, number) is None:
            return number


def _drop_oldest(session: Session, most: int) -> int:
    """Leaves at most so many texts; how many had to go."""
    many = (session.scalar(select(func.count()).select_from(Miss)) or 0) - most
    if many <= 0:
        return 0
    oldest = session.scalars(select(Miss.id).order_by(Miss.last_day, Miss.first_day, Miss.id).limit(many)).all()
    session.execute(delete(Miss).where(Miss.id.in_(oldest)))
    return len(oldest)


def _missed(row: Miss) -> Missed:
    first, last = row.first_day.isoformat(), row.last_day.isoformat()
    return Missed(row.id, row.text, row.language, tuple(row.readings), row.times, first, last)
