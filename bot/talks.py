"""What is kept of a talk between two messages: a pseudonym, who has the floor, the last menu."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import delete

from db.citizen import Talk
from db.stores import Store

SESSION = timedelta(hours=1)  # after this the dialogue begins anew, under a new id in the engine
KEPT = timedelta(days=30)  # an idle talk is forgotten altogether
_COARSE = timedelta(minutes=10)  # times are not kept finer than needed


@dataclass(frozen=True, slots=True)
class State:
    """A talk as it is now. `new`: nothing was kept of this person."""

    ref: str = field(repr=False)
    engine_id: str
    language: str | None = None
    floor: str = ""
    menu: tuple[str, ...] = ()
    misses: int = 0
    new: bool = False


class Talks:
    """Synchronous; one transaction a call."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    def load(self, ref: str) -> State:
        with self._store.read() as session:
            row = session.get(Talk, ref)
        if row is None:
            return State(ref, _engine_id(), new=True)
        state = State(ref, row.engine_id, row.language, row.floor, tuple(row.menu), row.misses)
        if row.seen_at < self._now() - SESSION:
            return replace(state, engine_id=_engine_id(), menu=(), misses=0)
        return state

    def save(self, state: State) -> None:
        now = self._now()
        seen = now - timedelta(seconds=now.timestamp() % _COARSE.total_seconds())
        with self._store.begin() as session:
            session.merge(
                Talk(
                    ref=state.ref,
                    engine_id=state.engine_id,
                    language=state.language or "vi",
                    floor=state.floor,
                    menu=list(state.menu),
                    misses=state.misses,
                    seen_at=seen,
                )
            )

    def erase(self, ref: str) -> None:
        with self._store.begin() as session:
            session.execute(delete(Talk).where(Talk.ref == ref))

    def purge(self) -> int:
        """Forgets talks that were idle too long; the number of them."""
        with self._store.begin() as session:
            return session.execute(delete(Talk).where(Talk.seen_at < self._now() - KEPT)).rowcount  # type: ignore[attr-defined, no-any-return]


def _engine_id() -> str:
    return secrets.token_hex(16)
