"""Remembers to whom tips are sealed, for when the police's machine cannot be asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from db.citizen import Duty
from db.keys import KeyRing
from db.stores import Store
from tips import wire
from tips.dropbox import DropboxError, Recipient

KEPT_FOR = timedelta(days=7)
_PURPOSE = _BOUND = "duty"
_ROW = 1


class KeptRecipients:
    """One sealed row. Of the moment of asking, which is a moment when somebody sends a tip, only the hour is kept."""

    def __init__(self, store: Store, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._store = store
        self._keys = keys
        self._now = now
        self._last: tuple[datetime, list[Recipient]] | None = (
            None  # what this process wrote, so that it writes once an hour
        )

    def keep(self, recipients: list[Recipient]) -> None:
        """Writes down who is on duty now. Raises DropboxError if the store fails."""
        hour = self._now().replace(minute=0, second=0, microsecond=0)
        if self._last == (hour, recipients):
            return
        sealed = self._keys.seal(_PURPOSE, wire.RECIPIENTS.pack(recipients), _BOUND)
        try:
            with self._store.begin() as session:
                session.merge(Duty(id=_ROW, recipients=sealed, asked_at=hour))
        except SQLAlchemyError as error:
            raise DropboxError(f"the citizens' store failed: {type(error).__name__}") from None
        self._last = (hour, recipients)

    def load(self) -> list[Recipient]:
        """Who was on duty when it was last asked; nobody if that is more than 7 days ago, or if the row does not open.

        Raises DropboxError if the store fails.
        """
        try:
            with self._store.read() as session:
                row = session.get(Duty, _ROW)
        except SQLAlchemyError as error:
            raise DropboxError(f"the citizens' store failed: {type(error).__name__}") from None
        if row is None or self._now() - row.asked_at > KEPT_FOR:
            return []
        try:
            return wire.RECIPIENTS.unpack(self._keys.open(_PURPOSE, row.recipients, _BOUND))
        except ValueError:  # changed, sealed under another key, or of another version
            return []
