"""Which updates of a platform were taken in: each is worked off once, also when it arrives twice at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import Delete

from db.citizen import SeenUpdate
from db.keys import KeyRing
from db.stores import Store

KEPT = timedelta(days=2)  # Telegram sends an update again for at most 24 hours


class Updates:
    """Admission of updates. Synchronous: adapters call it with `anyio.to_thread.run_sync`.

    An update is admitted, then finished (answered) or abandoned (it may come again). Its id is kept as a keyed hash.
    """

    def __init__(self, store: Store, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._store, self._keys, self._now = store, keys, now

    def admit(self, channel: str, update_id: str) -> bool:
        """True for exactly one caller; False if the update was admitted before, whether or not it is finished yet."""
        row = SeenUpdate(key=self._key(channel, update_id), done=False, seen_at=self._now())
        try:
            with self._store.begin() as session:
                session.add(row)
        except IntegrityError:  # the primary key decides, so that two processes cannot both win
            return False
        return True

    def finish(self, channel: str, update_id: str) -> None:
        """The update was answered: it is never admitted again while it is remembered."""
        with self._store.begin() as session:
            session.execute(update(SeenUpdate).where(SeenUpdate.key == self._key(channel, update_id)).values(done=True))

    def abandon(self, channel: str, update_id: str) -> None:
        """The update could not be worked off: the next time it is admitted again. A finished one stays finished."""
        self._delete(
            delete(SeenUpdate).where(SeenUpdate.key == self._key(channel, update_id), SeenUpdate.done.is_(False))
        )

    def forget_unfinished(self) -> int:
        """At the start: a crash fell between admission and answer, so the platform sends these again. Returns how many.

        One bot process uses the store at a time; a second one would forget what the first is working on.
        """
        return self._delete(delete(SeenUpdate).where(SeenUpdate.done.is_(False)))

    def purge(self, older_than: timedelta = KEPT) -> int:
        """Forgets updates taken in longer ago than that. Returns how many."""
        return self._delete(delete(SeenUpdate).where(SeenUpdate.seen_at < self._now() - older_than))

    def _delete(self, statement: Delete) -> int:
        with self._store.begin() as session:
            result = session.execute(statement)
            assert isinstance(result, CursorResult)
            return result.rowcount

    def _key(self, channel: str, update_id: str) -> str:
        return self._keys.pseudonym("update", channel, update_id)
