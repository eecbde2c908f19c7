"""Sealed tips on their way to the police's own machine: kept until that machine has them, then erased.

A tip is committed here before the citizen sees the code. Here it is sealed once more, under a key outside the store;
the columns are keyed hashes, tries and times. A new tip's time is its hour, and within an hour there is no order: with
both stores, times of citizens meet as hours only.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from db.citizen import OutboxTip
from db.keys import KeyRing
from db.stores import Store
from tips import wire
from tips.dropbox import DropboxError, SealedTip

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
_DOUBLINGS = 10
_PURPOSE = "outbox"


def pause(tries: int, longest: timedelta = LONGEST_PAUSE) -> timedelta:
    """How long to wait after so many failed tries (at least one): doubling, and a quarter less or more at random."""
    steady = min(FIRST_PAUSE * (1 << min(tries - 1, _DOUBLINGS)), longest)
    return steady * (0.75 + secrets.randbelow(5001) / 10000)


class Outbox:
    """Synchronous; several processes may use one store. Every method may raise DropboxError if the store fails."""

    def __init__(self, store: Store, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._store = store
        self._keys = keys
        self._now = now

    def put(self, tip: SealedTip) -> None:
        """Keeps a tip to be sent. When it returns, the tip is safe; the same tip again changes nothing.

        Raises DropboxError also if no message can carry the tip (wire.TIP_LIMIT).
        """
        row_id = self._keys.pseudonym("outbox-tip", tip.id)
        try:
            sealed = self._keys.seal(_PURPOSE, wire.TIP.pack(tip), row_id)
        except wire.WireError:
            raise DropboxError("no message can carry this tip") from None
        with _keeping(), self._store.begin() as session:
            if session.scalar(select(OutboxTip.id).where(OutboxTip.id == row_id)) is None:
                session.add(
                    OutboxTip(id=row_id, lookup=self._hidden(tip.lookup), sealed=sealed, next_at=_hour(self._now()))
                )

    def due(self, most: int, big: bool = False) -> list[str]:
        """The rows whose time has come, those of earlier hours first: the big ones (over wire.BIG), or all others."""
        size = func.length(OutboxTip.sealed)
        with _keeping(), self._store.read() as session:
            rows = session.scalars(
                select(OutboxTip.id)
                .where(OutboxTip.next_at <= self._now(), size > wire.BIG if big else size <= wire.BIG)
                .order_by(OutboxTip.next_at, OutboxTip.id)
                .limit(most)
            )
            return list(rows)

    def packed(self, row_id: str) -> bytes | None:
        """A row's tip as it goes over the wire; None if another process has delivered it.

        Raises ValueError if it does not open: the row was changed, or the key is another one.
        """
        with _keeping(), self._store.read() as session:
            sealed = session.scalar(select(OutboxTip.sealed).where(OutboxTip.id == row_id))
        return None if sealed is None else self._keys.open(_PURPOSE, sealed, row_id)

    def delivered(self, row_ids: Collection[str]) -> None:
        """The police's machine has them: they are gone from here, from the write-ahead log too."""
        with _keeping(), self._store.erase() as session:
            session.execute(delete(OutboxTip).where(OutboxTip.id.in_(row_ids)))

    def failed(self, row_id: str) -> None:
        """It was not taken: the next try is 5 seconds later, then twice as long each time, up to 10 minutes."""
        with _keeping(), self._store.begin() as session:
            row = session.get(OutboxTip, row_id, with_for_update=True)
            if row is not None:
                row.tries += 1
                row.next_at = self._now() + pause(row.tries)

    def holds(self, lookup: bytes) -> bool:
        """Whether the tip with this lookup is still on its way."""
        with _keeping(), self._store.read() as session:
            found = session.scalar(select(OutboxTip.id).where(OutboxTip.lookup == self._hidden(lookup)))
        return found is not None

    def count(self) -> int:
        """How many tips are on their way."""
        with _keeping(), self._store.read() as session:
            return session.scalar(select(func.count()).select_from(OutboxTip)) or 0

    def _hidden(self, lookup: bytes) -> str:
        return self._keys.pseudonym("outbox-lookup", lookup.hex())


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


@contextmanager
def _keeping() -> Iterator[None]:
    """Turns the store's failures into the port's, without the SQL and its parameters in the message."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DropboxError(f"the citizens' store failed: {type(error).__name__}") from None
