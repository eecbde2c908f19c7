"""What is kept of a talk between two messages: a pseudonym, who has the floor, and sealed the last menu and the topic at hand."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from db.citizen import Talk
from db.keys import KeyRing
from db.stores import Store

SESSION = timedelta(hours=1)  # after this the dialogue begins anew, under a new id in the engine
KEPT = timedelta(days=30)  # an idle talk is forgotten altogether
_COARSE = timedelta(minutes=10)  # times are not kept finer than needed
_MENU = "talk-menu"
_COLUMNS = (Talk.engine_id, Talk.language, Talk.floor, Talk.menu, Talk.misses, Talk.seen_at)
_LOAD = select(*_COLUMNS).where(Talk.ref == bindparam("ref"))
_INSERT = insert(Talk.__table__)  # type: ignore[arg-type]
_UPDATE = update(Talk.__table__).where(Talk.ref == bindparam("of"))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Guiding:
    """A guided talk that waits for an answer: its name, what it remembers, and the bubble that asked (as JSON values)."""

    name: str
    kept: dict[str, Any] = field(repr=False)
    asked: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class State:
    """A talk as it is now.

    `topic`: the intent of the last trick or question that was answered, or ""; `told_more`: its second bubble was said as well.
    `cried`: there was a cry for help in this session. `guide`: the guided talk that has the floor.
    `new`: nothing was kept of this person. `left_engine_id`: what the engine called the session that is over, or "".
    """

    ref: str = field(repr=False)
    engine_id: str
    language: str | None = None
    floor: str = ""
    menu: tuple[str, ...] = ()
    misses: int = 0
    topic: str = ""
    told_more: bool = False
    cried: bool = False
    guide: Guiding | None = field(default=None, repr=False)
    new: bool = False
    left_engine_id: str = ""
    kept_floor: str = ""  # the floor as it was kept


class Talks:
    """Synchronous; one transaction a call."""

    def __init__(self, store: Store, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._store, self._keys, self._now = store, keys, now

    def load(self, ref: str) -> State:
        with self._store.glance() as connection:
            row = connection.execute(_LOAD, {"ref": ref}).one_or_none()
        if row is None:
            return State(ref, _engine_id(), new=True)
        state = State(ref, row.engine_id, row.language, row.floor, misses=row.misses, kept_floor=row.floor)
        if row.seen_at < self._now() - SESSION:
            return replace(state, engine_id=_engine_id(), misses=0, left_engine_id=row.engine_id)
        return self._unseal(state, row.menu)

    def save(self, state: State) -> None:
        now = self._now()
        seen = now - timedelta(seconds=now.timestamp() % _COARSE.total_seconds())
        values = {
            "engine_id": state.engine_id,
            "language": state.language or "vi",
            "floor": state.floor,
            "menu": self._keys.seal(_MENU, _sealed(state), state.ref),
            "misses": state.misses,
            "seen_at": seen,
        }
        # A change of the floor (a tip begins, a quiz ends) must outlast everything; the last menu need not.
        with self._store.jot(lasting=state.floor != state.kept_floor) as connection:
            if not connection.execute(_UPDATE, {"of": state.ref, **values}).rowcount:
                connection.execute(_INSERT, {"ref": state.ref, **values})

    def erase(self, ref: str) -> None:
        with self._store.erase() as session:
            session.execute(delete(Talk).where(Talk.ref == ref))

    def reseal(self, session: Session, old: str, new: str) -> None:
        """For `Renewal`: what was sealed to a talk's old name is sealed to the new; what does not open stays as it is."""
        sealed = session.scalar(select(Talk.menu).where(Talk.ref == new))
        with contextlib.suppress(ValueError):
            if sealed is not None:
                menu = self._keys.seal(_MENU, self._keys.open(_MENU, sealed, old), new)
                session.execute(update(Talk).where(Talk.ref == new).values(menu=menu))

    def wipe(self) -> int:
        """Takes away what is sealed of sessions that are over: nobody would read it again. How many those were."""
        over = update(Talk).where(Talk.seen_at < self._now() - SESSION, Talk.menu != b"").values(menu=b"")
        with self._store.erase() as session:
            return session.execute(over).rowcount  # type: ignore[attr-defined, no-any-return]

    def purge(self) -> int:
        """Forgets talks that were idle too long; the number of them."""
        with self._store.erase() as session:
            return session.execute(delete(Talk).where(Talk.seen_at < self._now() - KEPT)).rowcount  # type: ignore[attr-defined, no-any-return]

    def _unseal(self, state: State, sealed: bytes) -> State:
        """The talk with its last menu and its topic."""
        try:
            kept = json.loads(self._keys.open(_MENU, sealed, state.ref))
        except ValueError:  # sealed with a key that is gone: then there is no menu, and nothing else is lost
            return state
        if isinstance(kept, list):  # kept before there were topics
            return replace(state, menu=tuple(kept))
        cried, guide = kept.get("cried", False), kept.get("guide")
        return replace(
            state,
            menu=tuple(kept["menu"]),
            topic=kept["topic"],
            told_more=kept["told_more"],
            cried=cried,
            guide=Guiding(**guide) if guide else None,
        )


def _sealed(state: State) -> bytes:
    """What of a talk may tell about the person, as the bytes that are sealed."""
    kept = {"menu": state.menu, "topic": state.topic, "told_more": state.told_more, "cried": state.cried}
    if state.guide:
        kept["guide"] = asdict(state.guide)
    return json.dumps(kept, ensure_ascii=False).encode()


def _engine_id() -> str:
    return secrets.token_hex(16)
