"""A tip that is being told, sealed in the citizens' store under a key outside it, for 24 hours after the last word.

When it ends is kept in whole ten minutes, rounded up.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import nacl.exceptions
from nacl.secret import Aead
from sqlalchemy import delete, func, select

from db.citizen import TipDraft, TipDraftPhoto
from db.keys import KeyRing
from db.stores import Store
from tips.envelope import EnvelopeError, pad, unpad

KEPT_FOR = timedelta(hours=24)
_COARSE = timedelta(minutes=10)  # times are not kept finer than needed
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Step(StrEnum):
    """Where the talk stands, in its order."""

    WHAT = "what"
    WHERE = "where"
    WHEN = "when"
    WHO = "who"
    HOW = "how"
    PHOTOS = "photos"
    SUMMARY = "summary"


QUESTIONS = (Step.WHAT, Step.WHERE, Step.WHEN, Step.WHO, Step.HOW, Step.PHOTOS)


@dataclass(slots=True)
class Draft:
    """What was told so far. The answer to PHOTOS is a note about them; the pictures are rows of their own.

    `editing`: one step is told again, and then comes the summary. `leaving`: "delete all of it?" was asked last.
    """

    step: Step = Step.WHAT
    answers: dict[Step, str] = field(default_factory=dict, repr=False)
    danger: bool = False
    editing: bool = False
    leaving: bool = False

    def length(self) -> int:
        """Characters told so far."""
        return sum(map(len, self.answers.values()))

    def forward(self) -> None:
        """To the next step; from a step that is told again, to the summary."""
        if self.editing or self.step in (Step.PHOTOS, Step.SUMMARY):
            self.step, self.editing = Step.SUMMARY, False
        else:
            self.step = QUESTIONS[QUESTIONS.index(self.step) + 1]

    def backward(self) -> None:
        """To the step before; from a step that is told again, to the summary with nothing changed."""
        if self.editing:
            self.step, self.editing = Step.SUMMARY, False
        elif self.step is Step.SUMMARY:
            self.step = Step.PHOTOS
        elif self.step is not Step.WHAT:
            self.step = QUESTIONS[QUESTIONS.index(self.step) - 1]

    def to_bytes(self) -> bytes:
        """UTF-8 JSON, as `from_bytes` reads it."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Draft:
        values = json.loads(data)
        values["step"] = Step(values["step"])
        values["answers"] = {Step(step): text for step, text in values["answers"].items()}
        return cls(**values)


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
            session.add(TipDraft(ref=ref, sealed=self._sealed(draft, ref), expires_at=self._end()))
        return draft

    def load(self, ref: str) -> Draft | None:
        """The draft, or None if there is none, it is too old, or nobody can read it (the key has changed since)."""
        with self._store.read() as session:
            row = session.get(TipDraft, ref)
        if row is None or row.expires_at <= self._now():
            return None
        try:
            return Draft.from_bytes(self._open(row.sealed, ref, "draft"))
        except (nacl.exceptions.CryptoError, EnvelopeError, ValueError, KeyError, TypeError):
            return None

    def save(self, ref: str, draft: Draft) -> None:
        """Keeps what a draft has become; nothing if it was dropped meanwhile."""
        with self._store.begin() as session:
            row = session.get(TipDraft, ref)
            if row is not None:
                row.sealed = self._sealed(draft, ref)
                row.expires_at = self._end()

    def add_photo(self, ref: str, photo: bytes) -> None:
        """Keeps a clean picture. The draft must be there (IntegrityError)."""
        with self._store.begin() as session:
            session.add(TipDraftPhoto(ref=ref, sealed=self._seal(photo, ref, "photo")))

    def photos(self, ref: str) -> list[bytes]:
        """The pictures in the order in which they came."""
        with self._store.read() as session:
            rows = session.scalars(
                select(TipDraftPhoto.sealed).where(TipDraftPhoto.ref == ref).order_by(TipDraftPhoto.id)
            ).all()
        return [self._open(sealed, ref, "photo") for sealed in rows]

    def count_photos(self, ref: str) -> int:
        with self._store.read() as session:
            return session.scalar(select(func.count()).where(TipDraftPhoto.ref == ref)) or 0

    def drop_photos(self, ref: str) -> None:
        with self._store.erase() as session:
            session.execute(delete(TipDraftPhoto).where(TipDraftPhoto.ref == ref))

    def drop(self, ref: str) -> None:
        """Deletes a draft and its photos."""
        with self._store.erase() as session:
            session.execute(delete(TipDraft).where(TipDraft.ref == ref))

    def purge(self, now: datetime) -> int:
        """Deletes the drafts whose time is over, with their photos; gives their number. For the scheduler."""
        with self._store.erase() as session:
            old = delete(TipDraft).where(TipDraft.expires_at <= now).returning(TipDraft.ref)
            return len(session.scalars(old).all())

    def _end(self) -> datetime:
        exact = self._now() + KEPT_FOR
        return exact + (_EPOCH - exact) % _COARSE

    def _sealed(self, draft: Draft, ref: str) -> bytes:
        return self._seal(draft.to_bytes(), ref, "draft")

    def _seal(self, content: bytes, ref: str, kind: str) -> bytes:
        return bytes(self._box.encrypt(pad(content), _bound(ref, kind)))

    def _open(self, sealed: bytes, ref: str, kind: str) -> bytes:
        return unpad(bytes(self._box.decrypt(sealed, _bound(ref, kind))))


def _bound(ref: str, kind: str) -> bytes:
    return f"lachan-tip-{kind}:{ref}".encode()
