"""Which messages on a person's screen can be taken back: kept sealed, for the two days in which it can be done."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete

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
        with self._store.begin() as session:
            row = session.get(Screen, ref)
            known = self._open(row) if row else []
            sealed = self._keys.seal(_PURPOSE, json.dumps([*known, *message_ids][-MOST:]).encode(), ref)
            now = self._now()
            seen = now - timedelta(seconds=now.timestamp() % _COARSE.total_seconds())
            if row is None:
                session.add(Screen(ref=ref, sealed=sealed, seen_at=seen))
            else:
                row.sealed, row.seen_at = sealed, seen

    def take(self, channel: str, chat: str) -> list[int]:
        """The noted messages, oldest first; from now on they are not known any more."""
        refs = (self._names.before(_PURPOSE, channel, chat), self._names.of(_PURPOSE, channel, chat))
        with self._store.erase() as session:
            rows = [row for ref in refs if (row := session.get(Screen, ref)) is not None]
            for row in rows:
                session.delete(row)
            return [each for row in rows for each in self._open(row)]

    def purge(self) -> int:
        """Forgets screens on which nothing can be taken back any more. Returns how many."""
        with self._store.erase() as session:
            old = delete(Screen).where(Screen.seen_at < self._now() - KEPT).returning(Screen.ref)
            return len(session.scalars(old).all())

    def _open(self, row: Screen) -> list[int]:
        try:
            return [int(each) for each in json.loads(self._keys.open(_PURPOSE, row.sealed, row.ref))]
        except ValueError:  # sealed with a key that is gone
            return []
