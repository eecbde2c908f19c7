"""The editors' list: what was not understood, without anything by which somebody could be found.

Only what is said to the dialogue comes here; a tip, a code and a quiz have the floor elsewhere. A text is kept without the talk it
came from, without a time, and once however often it is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from db.citizen import Miss
from db.stores import Store
from nlu.anonymise import anonymise

KEPT = timedelta(days=90)
MOST = 5000  # texts; those that were not said for the longest time go first


@dataclass(frozen=True, slots=True)
class Missed:
    """One text of the list; `readings` are the likeliest intents, best first."""

    number: int
    text: str
    language: str
    readings: tuple[str, ...]
    times: int
    last_day: str


class Misses:
    """Synchronous; one transaction a call. `known` says whether the training sentences have a word (without marks)."""

    def __init__(self, store: Store, known: Callable[[str], bool], now: Callable[[], datetime]) -> None:
        self._store, self._known, self._now = store, known, now

    def keep(self, text: str, language: str, readings: Sequence[str]) -> bool:
        """False if nothing of the text may be kept."""
        safe = anonymise(text, self._known)
        if safe is None:
            return False
        today = self._now().date()
        with self._store.begin() as session:
            row = session.scalar(select(Miss).where(Miss.text == safe))
            if row is None:
                session.add(Miss(text=safe, language=language, readings=list(readings), times=1, last_day=today))
            else:
                row.times, row.last_day, row.readings = row.times + 1, today, list(readings)
        return True

    def listed(self, limit: int = 50) -> list[Missed]:
        """The most frequent first."""
        order = (Miss.times.desc(), Miss.last_day.desc(), Miss.id)
        with self._store.read() as session:
            rows = session.scalars(select(Miss).order_by(*order).limit(limit)).all()
        return [_missed(row) for row in rows]

    def get(self, numbers: Iterable[int]) -> list[Missed]:
        """Those of the list, in its order. A number that is not there is left out."""
        with self._store.read() as session:
            rows = session.scalars(select(Miss).where(Miss.id.in_(list(numbers))).order_by(Miss.id)).all()
        return [_missed(row) for row in rows]

    def drop(self, numbers: Iterable[int]) -> int:
        """How many there were."""
        with self._store.erase() as session:
            return session.execute(delete(Miss).where(Miss.id.in_(list(numbers)))).rowcount  # type: ignore[attr-defined, no-any-return]

    def purge(self) -> int:
        """Forgets what is old, and what is too much; how many that were."""
        with self._store.erase() as session:
            old = session.execute(delete(Miss).where(Miss.last_day < (self._now() - KEPT).date()))
            count = session.scalar(select(func.count()).select_from(Miss)) or 0
            oldest = select(Miss.id).order_by(Miss.last_day, Miss.id).limit(max(0, count - MOST))
            many = session.execute(delete(Miss).where(Miss.id.in_(oldest.scalar_subquery())))
            return int(old.rowcount + many.rowcount)  # type: ignore[attr-defined]


def _missed(row: Miss) -> Missed:
    return Missed(row.id, row.text, row.language, tuple(row.readings), row.times, row.last_day.isoformat())
