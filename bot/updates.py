"""The journal of the messengers: every update is written down before its platform hears that it came.

From there it is worked off once, in the order in which it came; a crash leaves it where it was. What was said lies sealed under
a key outside the store, and goes as soon as it was answered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, insert, or_, select, update

from content.reply import Reply
from db.citizen import InboundUpdate
from db.keys import KeyRing
from db.stores import Store

KEPT = timedelta(days=2)  # Telegram sends an update again for at most 24 hours
LEFT = timedelta(days=30)  # never worked off: its channel was taken out of service
WAITING, ANSWERED, DONE = "waiting", "answered", "done"
_UPDATE, _ANSWER = "update", "update-answer"  # purposes of keys
_COARSE = timedelta(minutes=10)  # times are not kept finer than needed
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """An update that is not done. `tries`: how often it could not be heard; `answer`: what is to be sent, once it was."""

    number: int
    key: str = field(repr=False)  # stands for the update, the same in every try
    content: dict[str, Any] = field(repr=False)
    tries: int
    came_at: datetime
    answer: tuple[Reply, ...] | None = field(default=None, repr=False)


class Updates:
    """waiting → answered → done. Synchronous: adapters call it with `anyio.to_thread.run_sync`.

    Every method raises SQLAlchemyError if the store fails. Ids are kept as keyed hashes.
    """

    def __init__(self, store: Store, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._store, self._keys, self._now = store, keys, now
        self._to_scrub = False

    def write(self, channel: str, arrived: Sequence[tuple[str, dict[str, Any]]]) -> list[int | None]:
        """Writes updates (id, content as JSON values) down, all or none; on the disk when this returns.

        Gives each one's number, or None for a copy of what was written before. Numbers grow in the order given.
        """
        keys = [self._key(channel, update_id) for update_id, _ in arrived]
        sealed = [self._seal(_UPDATE, content, key) for key, (_, content) in zip(keys, arrived, strict=True)]
        numbers: list[int | None] = []
        with self._store.jot(lasting=True) as connection:
            known = set(connection.scalars(select(InboundUpdate.key).where(InboundUpdate.key.in_(keys))))
            row = {"channel": channel, "state": WAITING, "answer": b"", "tries": 0, "seen_at": self._coarse_now()}
            for key, content in zip(keys, sealed, strict=True):
                if key in known:
                    numbers.append(None)
                    continue
                known.add(key)
                made = connection.execute(insert(InboundUpdate).values(key=key, sealed=content, **row))
                assert made.inserted_primary_key is not None
                numbers.append(made.inserted_primary_key[0])
        return numbers

    def unfinished(self, channel: str) -> list[Kept]:
        """What an earlier process left, in the order in which it came."""
        with self._store.glance() as connection:
            rows = connection.execute(
                _SELECT.where(InboundUpdate.channel == channel, InboundUpdate.state != DONE).order_by(
                    InboundUpdate.number
                )
            ).all()
        return [kept for row in rows if (kept := self._opened(row)) is not None]

    def load(self, number: int) -> Kept | None:
        """An update as it stands; None if it is done, or cannot be opened with the present key."""
        with self._store.glance() as connection:
            row = connection.execute(
                _SELECT.where(InboundUpdate.number == number, InboundUpdate.state != DONE)
            ).one_or_none()
        return self._opened(row) if row is not None else None

    def tried(self, *numbers: int) -> None:
        """These could not be heard, or nobody knows whether they were: one try more."""
        with self._store.jot(lasting=True) as connection:
            some = update(InboundUpdate).where(InboundUpdate.number.in_(numbers))
            connection.execute(some.values(tries=InboundUpdate.tries + 1))

    def answered(self, number: int, replies: Sequence[Reply]) -> None:
        """It was heard, and is never heard again: from now on only this answer is sent."""
        with self._store.jot(lasting=True) as connection:
            key = connection.scalar(select(InboundUpdate.key).where(InboundUpdate.number == number))
            if key is not None:
                answer = self._seal(_ANSWER, [reply.to_dict() for reply in replies], key)
                self._set(connection, number, state=ANSWERED, answer=answer)

    def done(self, number: int) -> None:
        """It was answered: what was said and answered goes; until `scrub`, a sealed copy is in the store's log.

        A power cut may undo this, so that the answer is sent once more.
        """
        with self._store.jot(lasting=False) as connection:
            self._set(connection, number, state=DONE, sealed=b"", answer=b"")
        self._to_scrub = True

    def scrub(self) -> None:
        """Takes what is done out of the store's log as well. Costs nothing if nothing was done since the last time."""
        if not self._to_scrub:
            return
        self._to_scrub = False  # first: what is done meanwhile counts for the next time
        try:
            self._store.scrub()
        except Exception:
            self._to_scrub = True
            raise

    def age(self, kept: Kept) -> timedelta:
        """How long ago it came, to ten minutes."""
        return self._now() - kept.came_at

    def purge(self) -> int:
        """Forgets what was done two days ago, and what nobody worked off in thirty. Returns how many."""
        now = self._now()
        old = delete(InboundUpdate).where(
            or_(
                (InboundUpdate.state == DONE) & (InboundUpdate.seen_at < now - KEPT),
                InboundUpdate.seen_at < now - LEFT,
            )
        )
        with self._store.erase() as session:
            result = session.execute(old)
            assert isinstance(result, CursorResult)
            return result.rowcount

    def _set(self, connection: Any, number: int, **values: Any) -> None:
        connection.execute(update(InboundUpdate).where(InboundUpdate.number == number).values(**values))

    def _key(self, channel: str, update_id: str) -> str:
        return self._keys.pseudonym("update", channel, update_id)

    def _seal(self, purpose: str, values: Any, key: str) -> bytes:
        return self._keys.seal(purpose, json.dumps(values, ensure_ascii=False).encode(), key)

    def _opened(self, row: Any) -> Kept | None:
        try:
            content = json.loads(self._keys.open(_UPDATE, row.sealed, row.key))
            answer = None
            if row.state == ANSWERED:
                replies = json.loads(self._keys.open(_ANSWER, row.answer, row.key))
                answer = tuple(Reply.from_dict(reply) for reply in replies)
        except ValueError:  # sealed with a key that is gone
            return None
        return Kept(row.number, row.key, content, row.tries, row.seen_at, answer)

    def _coarse_now(self) -> datetime:
        now = self._now()
        return now - (now - _EPOCH) % _COARSE


_SELECT = select(
    InboundUpdate.number,
    InboundUpdate.key,
    InboundUpdate.state,
    InboundUpdate.sealed,
    InboundUpdate.answer,
    InboundUpdate.tries,
    InboundUpdate.seen_at,
)
