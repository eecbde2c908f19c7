"""Which messages on a person's screen can be taken back: kept sealed, for the two days in which it can be done."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, insert, select, update

from db.citizen import Screen
from db.keys import KeyRing
from db.stores import Store

KEPT = timedelta(hours=48)  # Telegram: a bot deletes messages of the last 48 hours only
MOST = 500
_PURPOSE = "screen"
_COARSE = timedelta(minutes=10)


class Names(Protocol):
    """Gives a person's pseudonyms (db/pseudonyms.py)."""

    def of(self, purpose: str, *parts: str) -> str:
        """This period's."""
        ...

    def before(self, purpose: str, *parts: str) -> str:
        """The period's before."""
        ...


class Screens:
    """Synchronous. Message ids are the platform's and mean something in that one chat only."""

    def __init__(self, store: Store, keys: KeyRing, names: Names, now: Callable[[], datetime]) -> None:
        self._store, self._keys, self._names, self._now = store, keys, names, now

    def note(self, channel: str, chat: str, message_ids: Sequence[int]) -> None:
        """Adds messages that stand on the screen now; of more than 500 the newest are kept."""
        ref = self._names.of(_PURPOSE, channel, chat)
        now = self._now()
        seen = now - timedelta(seconds=now.timestamp() % _COARSE.total_seconds())
        # A power cut may take this back: the messages of the last turn then stand until the person deletes them.
        with self._store.jot(lasting=False) as connection:
            kept = connection.scalar(select(Screen.sealed).where(Screen.ref == ref))
            known = self._open(kept, ref) if kept is not None else []
            sealed = self._keys.seal(_PURPOSE, json.dumps([*known, *message_ids][-MOST:]).encode(), ref)
            values = {"sealed": sealed, "seen_at": seen}
            if kept is None:
                connection.execute(insert(Screen).values(ref=ref, **values))
            else:
                connection.execute(update(Screen).where(Screen.ref == ref).values(**values))

    def take(self, channel: str, chat: str) -> list[int]:
        """The noted messages, oldest first; from now on they are not known any more."""
        refs = (self._names.before(_PURPOSE, channel, chat), self._names.of(_PURPOSE, channel, chat))
        with self._store.erase() as session:
            rows = [row for ref in refs if (row := session.get(Screen, ref)) is not None]
            for row in rows:
                session.delete(row)
            return [each for row in rows for each in self._open(row.sealed, row.ref)]

    def purge(self) -> int:
        """Forgets screens on which nothing can be taken back any more. Returns how many."""
        with self._store.erase() as session:
            old = delete(Screen).where(Screen.seen_at < self._now() - KEPT).returning(Screen.ref)
            return len(session.scalars(old).all())

    def _open(self, sealed: bytes, ref: str) -> list[int]:
        try:
            return [int(each) for each in json.loads(self._keys.open(_PURPOSE, sealed, ref))]
        except ValueError:  # sealed with a key that is gone
            return []
