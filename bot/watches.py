"""Who wants to be told in a chat that an answer came. The word about it has no content, and comes some minutes late on purpose.

Off by default. What ties the chat to the tip is sealed under a key outside the store, for 30 days, and goes when the person wants.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, select

from db.citizen import AnswerWatch
from db.keys import KeyRing
from db.stores import Store

KEPT = timedelta(days=30)
CAN_BE_TOLD = frozenset(("telegram", "zalo"))  # channels where the bot may write first
LATEST = timedelta(minutes=15)  # an answer and the word about it must not be matched by their times
AGAIN = timedelta(minutes=5)  # after a failure
_PURPOSE = "answer-watch"
_AT_ONCE = 500
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CountsAnswers(Protocol):
    """The part of the dropbox that is needed here. May raise DropboxError."""

    def count_answers(self, lookups: Sequence[bytes]) -> list[int]:
        """How many answers each of these tips has."""
        ...


@dataclass(frozen=True, slots=True)
class Watch:
    """A chat that waits for answers to one tip; `told` of them it knows of."""

    id: str
    channel: str
    chat: str = field(repr=False)
    lookup: bytes = field(repr=False)
    told: int = 0
    language: str = "vi"

    def to_bytes(self) -> bytes:
        """JSON, as `from_bytes` reads it; all of one length but for the chat's id."""
        return json.dumps({**asdict(self), "lookup": self.lookup.hex()}).encode()

    @classmethod
    def from_bytes(cls, watch_id: str, data: bytes) -> Watch:
        values = json.loads(data)
        return cls(**{**values, "id": watch_id, "lookup": bytes.fromhex(values["lookup"])})


class Watches:
    """Synchronous; one transaction a call, but for `look`."""

    def __init__(self, store: Store, keys: KeyRing, dropbox: CountsAnswers, now: Callable[[], datetime]) -> None:
        self._store, self._keys, self._dropbox, self._now = store, keys, dropbox, now

    def begin(self, channel: str, chat: str, lookup: bytes, language: str = "vi") -> None:
        """From now on, for 30 days, answers to that tip are told in this chat. Raises DropboxError."""
        (told,) = self._dropbox.count_answers([lookup])
        watch = Watch(
            self._keys.pseudonym(_PURPOSE, channel, chat, lookup.hex()), channel, chat, lookup, told, language
        )
        end = self._now() + KEPT
        with self._store.begin() as session:
            session.execute(delete(AnswerWatch).where(AnswerWatch.id == watch.id))
            session.add(
                AnswerWatch(
                    id=watch.id, sealed=self._sealed(watch), due_at=None, expires_at=end + (_EPOCH - end) % _DAY
                )
            )

    def end(self, channel: str, chat: str) -> None:
        """Nothing is told in this chat any more, and nothing leads from it to a tip."""
        with self._store.read() as session:
            rows = session.scalars(select(AnswerWatch)).all()
        mine = [watch.id for watch in self._opened(rows) if (watch.channel, watch.chat) == (channel, chat)]
        if mine:
            with self._store.erase() as session:
                session.execute(delete(AnswerWatch).where(AnswerWatch.id.in_(mine)))

    def look(self) -> int:
        """Finds out for which tips there is something new, and when to say so. Returns how many. Raises DropboxError."""
        with self._store.read() as session:
            waiting = select(AnswerWatch).where(AnswerWatch.due_at.is_(None), AnswerWatch.expires_at > self._now())
            watches = list(self._opened(session.scalars(waiting).all()))
        found = 0
        for start in range(0, len(watches), _AT_ONCE):
            some = watches[start : start + _AT_ONCE]
            counts = self._dropbox.count_answers([watch.lookup for watch in some])
            news = [watch.id for watch, count in zip(some, counts, strict=True) if count > watch.told]
            found += len(news)
            with self._store.begin() as session:
                for row in session.scalars(select(AnswerWatch).where(AnswerWatch.id.in_(news))):
                    row.due_at = self._now() + timedelta(seconds=secrets.randbelow(int(LATEST.total_seconds()) + 1))
        return found

    def due(self, most: int = 100) -> list[Watch]:
        """The chats that are to be told now."""
        with self._store.read() as session:
            due = select(AnswerWatch).where(AnswerWatch.due_at <= self._now()).order_by(AnswerWatch.due_at).limit(most)
            return list(self._opened(session.scalars(due).all()))

    def told(self, watch: Watch) -> None:
        """The chat knows: the next word comes with the next answer. Raises DropboxError, then it is told once more."""
        (count,) = self._dropbox.count_answers([watch.lookup])
        self._change(watch, due_at=None, sealed=self._sealed(replace(watch, told=count)))

    def failed(self, watch: Watch, for_good: bool) -> None:
        """It could not be told: once more in five minutes, or never (the person has blocked the bot)."""
        if for_good:
            with self._store.erase() as session:
                session.execute(delete(AnswerWatch).where(AnswerWatch.id == watch.id))
        else:
            self._change(watch, due_at=self._now() + AGAIN)

    def purge(self) -> int:
        """Forgets those whose 30 days are over. Returns how many."""
        with self._store.erase() as session:
            old = delete(AnswerWatch).where(AnswerWatch.expires_at <= self._now()).returning(AnswerWatch.id)
            return len(session.scalars(old).all())

    def _change(self, watch: Watch, *, due_at: datetime | None, sealed: bytes | None = None) -> None:
        with self._store.begin() as session:
            row = session.get(AnswerWatch, watch.id)
            if row is not None:  # else the person ended it meanwhile
                row.due_at = due_at
                row.sealed = sealed or row.sealed

    def _sealed(self, watch: Watch) -> bytes:
        return self._keys.seal(_PURPOSE, watch.to_bytes(), watch.id)

    def _opened(self, rows: Sequence[AnswerWatch]) -> Iterator[Watch]:
        for row in rows:
            try:
                yield Watch.from_bytes(row.id, self._keys.open(_PURPOSE, row.sealed, row.id))
            except (ValueError, KeyError, TypeError):  # sealed with a key that is gone: it ends with its 30 days
                continue
