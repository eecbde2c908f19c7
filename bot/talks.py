"""What is kept of a talk between two messages: a pseudonym, who has the floor, the last menu."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from db.citizen import Talk
from db.keys import KeyRing
from db.stores import Store

SESSION = timedelta(hours=1)  # after this the dialogue begins anew, under a new id in the engine
KEPT = timedelta(days=30)  # an idle talk is forgotten altogether
_COARSE = timedelta(minutes=10)  # times are not kept finer than needed
_MENU = "talk-menu"
_COLUMNS = (Talk.engine_id, Talk.language, Talk.floor, Talk.menu, Talk.misses, Talk.seen_at)


@dataclass(frozen=True, slots=True)
class State:
    """A talk as it is now.

    `new`: nothing was kept of this person. `left_engine_id`: what the engine called the session that is over, or "".
    """

    ref: str = field(repr=False)
    engine_id: str
    language: str | None = None
    floor: str = ""
    menu: tuple[str, ...] = ()
    misses: int = 0
    new: bool = False
    left_engine_id: str = ""


class Talks:
    """Synchronous; one transaction a call."""

    def __init__(self, store: Store, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._store, self._keys, self._now = store, keys, now

    def load(self, ref: str) -> State:
        with self._store.read() as session:
            row = session.execute(select(*_COLUMNS).where(Talk.ref == ref)).one_or_none()
        if row is None:
            return State(ref, _engine_id(), new=True)
        state = State(ref, row.engine_id, row.language, row.floor, self._menu(ref, row.menu), row.misses)
        if row.seen_at < self._now() - SESSION:
            return replace(state, engine_id=_engine_id(), menu=(), misses=0, left_engine_id=row.engine_id)
        return state

    def save(self, state: State) -> None:
        now = self._now()
        seen = now - timedelta(seconds=now.timestamp() % _COARSE.total_seconds())
        values = {
            "engine_id": state.engine_id,
            "language": state.language or "vi",
            "floor": state.floor,
            "menu": self._keys.seal(_MENU, json.dumps(state.menu).encode(), state.ref),
            "misses": state.misses,
            "seen_at": seen,
        }
        # The floor of a tip or a quiz must outlast everything; the last menu need not.
        with self._store.begin(lasting=bool(state.floor)) as session:
            known = session.execute(update(Talk).where(Talk.ref == state.ref).values(values))
            if not known.rowcount:  # type: ignore[attr-defined]
                session.execute(insert(Talk).values(ref=state.ref, **values))

    def erase(self, ref: str) -> None:
        with self._store.erase() as session:
            session.execute(delete(Talk).where(Talk.ref == ref))

    def purge(self) -> int:
        """Forgets talks that were idle too long; the number of them."""
        with self._store.erase() as session:
            return session.execute(delete(Talk).where(Talk.seen_at < self._now() - KEPT)).rowcount  # type: ignore[attr-defined, no-any-return]

    def _menu(self, ref: str, sealed: bytes) -> tuple[str, ...]:
        try:
            return tuple(json.loads(self._keys.open(_MENU, sealed, ref)))
        except ValueError:  # sealed with a key that is gone: then there is no menu, and nothing else is lost
            return ()


def _engine_id() -> str:
    return secrets.token_hex(16)
