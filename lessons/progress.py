"""How far somebody came in lessons. Synchronous; one transaction a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from db.citizen import LessonProgress
from db.stores import Store

KEPT = timedelta(days=365)  # untouched for so long, it is forgotten


@dataclass(frozen=True, slots=True)
class Reached:
    """`card`: the last card that was read, from 1; `best`: most right answers in a closing test, None before the first."""

    card: int
    done: bool
    best: int | None = None


class Progress:
    """`participant` is a pseudonym (db/pseudonyms.py, purpose "quiz"), `lesson` the id of a lesson or of a course."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    def of(self, participant: str) -> dict[str, Reached]:
        """What this person began, by lesson."""
        with self._store.read() as session:
            rows = session.scalars(select(LessonProgress).where(LessonProgress.participant == participant))
            return {row.lesson: Reached(row.card, row.done, row.best) for row in rows}

    def reach(self, participant: str, lesson: str, card: int, done: bool = False, right: int | None = None) -> None:
        """Notes a card, the end, or a test's result. What was done stays done, and the best result stays the best."""
        today = self._now().date()
        with self._store.begin() as session:
            row = session.get(LessonProgress, (participant, lesson))
            if row is None:
                row = LessonProgress(participant=participant, lesson=lesson, card=card, done=False, seen_on=today)
                session.add(row)
            row.card, row.done, row.seen_on = card, row.done or done, today
            if right is not None:
                row.best = max(right, row.best or 0)

    def forget(self, participant: str) -> None:
        """Everything of one person."""
        with self._store.erase() as session:
            session.execute(delete(LessonProgress).where(LessonProgress.participant == participant))

    def purge(self) -> int:
        """Forgets what nobody touched for a year. Returns how many lessons."""
        before = (self._now() - KEPT).date()
        with self._store.erase() as session:
            return session.execute(delete(LessonProgress).where(LessonProgress.seen_on < before)).rowcount  # type: ignore[attr-defined, no-any-return]
