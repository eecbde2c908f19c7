"""A tip that is being told, sealed in the citizens' store under a key outside it, for 24 hours after the last word.

When it ends is kept in whole ten minutes, rounded up. Of a tip that was sent only its code stays, for a quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import nacl.exceptions
from nacl.secret import Aead
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from db.citizen import TipDraft, TipDraftFile
from db.keys import KeyRing
from db.stores import Store
from tips.citizen.steps import QUESTIONS, Draft, Sending, Step
from tips.envelope import EnvelopeError, pad, unpad

__all__ = ["KEPT_FOR", "QUESTIONS", "SENT_FOR", "Draft", "Drafts", "Step", "ToldFile", "Weight"]

KEPT_FOR = timedelta(hours=24)
SENT_FOR = timedelta(minutes=15)
_COARSE = timedelta(minutes=10)  # times are not kept finer than needed
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNREADABLE = (nacl.exceptions.CryptoError, EnvelopeError, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class ToldFile:
    """An attachment (`Attachment.to_bytes`) and, if it is a file, the bytes as they came."""

    id: int
    content: bytes = field(repr=False)
    original: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Weight:
    """What is attached to a draft: files, cards (places and contacts, which have no original), bytes of the files."""

    files: int
    cards: int
    size: int

    @property
    def count(self) -> int:
        return self.files + self.cards


class Drafts:
    """The drafts of all people, by their pseudonym. Every save counts as a last word."""

    def __init__(self, store: Store, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._store = store
        self._box = Aead(keys.key("tip-draft"))
        self._now = now

    def start(self, ref: str) -> Draft:
        """A new draft in the place of any older one."""
        draft = Draft()
        with self._store.begin() as session:
            session.execute(delete(TipDraft).where(TipDraft.ref == ref))
            session.add(TipDraft(ref=ref, sealed=self._sealed(draft, ref), expires_at=self._end(KEPT_FOR)))
        return draft

    def load(self, ref: str) -> Draft | None:
        """The draft, or None if there is none, it is too old, or nobody can read it (the key has changed since).

        It may be one that was sent (`Draft.is_sent`).
        """
        with self._store.read() as session:
            row = session.get(TipDraft, ref)
        if row is None or row.expires_at <= self._now():
            return None
        try:
            draft = Draft.from_bytes(self._open(row.sealed, ref, "draft"))
            over = draft.is_sent and datetime.fromisoformat(draft.sent_until) <= self._now()
        except _UNREADABLE:
            return None
        return None if over else draft

    def save(self, ref: str, draft: Draft) -> None:
        """Keeps what a draft has become; nothing if it was dropped meanwhile."""
        with self._store.begin() as session:
            row = session.get(TipDraft, ref)
            if row is not None:
                row.sealed = self._sealed(draft, ref)
                row.expires_at = self._end(KEPT_FOR)

    def mark_sent(self, ref: str, sending: Sending) -> None:
        """Erases at once all that was told; the code stays, sealed, for 15 minutes."""
        draft = Draft.sent(sending, self._now() + SENT_FOR)
        with self._store.erase() as session:
            session.execute(delete(TipDraftFile).where(TipDraftFile.ref == ref))
            row = session.get(TipDraft, ref)
            if row is not None:
                row.sealed = self._sealed(draft, ref)
                row.expires_at = self._end(SENT_FOR)

    def add_file(self, ref: str, draft: Draft, content: bytes, original: bytes | None) -> None:
        """Keeps an attachment as in `ToldFile`, and what the draft has become; nothing if it was dropped meanwhile."""
        sealed = self._seal(content, ref, "file")
        as_it_came = None if original is None else self._seal(original, ref, "original")
        with self._store.begin() as session:
            row = session.get(TipDraft, ref)
            if row is not None:
                row.sealed = self._sealed(draft, ref)
                row.expires_at = self._end(KEPT_FOR)
                session.add(TipDraftFile(ref=ref, sealed=sealed, original=as_it_came))

    def files(self, ref: str) -> list[ToldFile]:
        """The attachments in the order in which they came."""
        with self._store.read() as session:
            rows = session.scalars(select(TipDraftFile).where(TipDraftFile.ref == ref).order_by(TipDraftFile.id)).all()
        return [
            ToldFile(
                row.id,
                self._open(row.sealed, ref, "file"),
                None if row.original is None else self._open(row.original, ref, "original"),
            )
            for row in rows
        ]

    def weigh(self, ref: str) -> Weight:
        """How much is attached, without reading it. A file weighs what the larger of its two copies does."""
        lengths = select(func.length(TipDraftFile.sealed), func.length(TipDraftFile.original))
        with self._store.read() as session:
            rows = session.execute(lengths.where(TipDraftFile.ref == ref)).tuples().all()
        sizes = [max(sealed, original) for sealed, original in rows if original is not None]
        return Weight(len(sizes), len(rows) - len(sizes), sum(sizes))

    def drop_files(self, ref: str) -> None:
        with self._store.erase() as session:
            session.execute(delete(TipDraftFile).where(TipDraftFile.ref == ref))

    def drop(self, ref: str) -> None:
        """Deletes a draft and its files."""
        with self._store.erase() as session:
            session.execute(delete(TipDraft).where(TipDraft.ref == ref))

    def purge(self, now: datetime) -> int:
        """Deletes the drafts whose time is over, with their files; gives their number. For the scheduler."""
        with self._store.erase() as session:
            old = delete(TipDraft).where(TipDraft.expires_at <= now).returning(TipDraft.ref)
            return len(session.scalars(old).all())

    def reseal(self, session: Session, old: str, new: str) -> None:
        """For rows that were renamed (bot/renewal.py): seals under the new name what opens under the old."""
        row = session.get(TipDraft, new, populate_existing=True)
        if row is not None:
            row.sealed = self._resealed(row.sealed, old, new, "draft")
        for file in session.scalars(select(TipDraftFile).where(TipDraftFile.ref == new)):
            file.sealed = self._resealed(file.sealed, old, new, "file")
            if file.original is not None:
                file.original = self._resealed(file.original, old, new, "original")

    def _resealed(self, sealed: bytes, old: str, new: str, kind: str) -> bytes:
        try:
            return self._seal(self._open(sealed, old, kind), new, kind)
        except _UNREADABLE:
            return sealed

    def _end(self, kept_for: timedelta) -> datetime:
        exact = self._now() + kept_for
        return exact + (_EPOCH - exact) % _COARSE

    def _sealed(self, draft: Draft, ref: str) -> bytes:
        return self._seal(draft.to_bytes(), ref, "draft")

    def _seal(self, content: bytes, ref: str, kind: str) -> bytes:
        return bytes(self._box.encrypt(pad(content), _bound(ref, kind)))

    def _open(self, sealed: bytes, ref: str, kind: str) -> bytes:
        return unpad(bytes(self._box.decrypt(sealed, _bound(ref, kind))))


def _bound(ref: str, kind: str) -> bytes:
    return f"lachan-tip-{kind}:{ref}".encode()
