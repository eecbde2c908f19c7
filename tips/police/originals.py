"""Files as they came. Two officers open one together: the first asks and says why, the second agrees.

By asking, the first takes the outer boxes off the shares that name them first; what is left opens for the second alone.
So neither can do it without the other, not even with the whole database in hand (docs/sealing.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from db.police import Grant, Officer, OriginalKey, OriginalRequest, OriginalShare, Part
from db.stores import Store
from tips.envelope import (
    EnvelopeError,
    KeyPair,
    Kind,
    Label,
    new_id,
    open_inner,
    open_original,
    open_piece,
    peel,
    seal_key,
    seal_part,
    unseal_key,
)
from tips.police.audit import Act, record
from tips.police.officers import OpenedOfficer
from tips.police.opening import HeldTip, holding
from tips.text import clean

SHORTEST_REASON, LONGEST_REASON = 10, 500  # characters


class ReasonRefused(ValueError):
    """A reason with fewer than 10 or more than 500 characters."""


class NoSecond(Exception):
    """Nobody else has a share of this original and the tip's key, so nobody could agree."""


class AskedAlready(Exception):
    """A request for this original waits for an answer, or the officer has the key of it."""


class NotYours(Exception):
    """A request that this officer cannot agree to: it is their own, or no box of it is for them."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request that nobody agreed to yet. `reason` is None if it does not open."""

    request_id: str
    officer: str
    asked_at: datetime
    mine: bool
    for_me: bool  # this officer may agree
    reason: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class OriginalLine:
    """An original and how far its opening is. `size`: of the sealed body, in bytes."""

    part_id: str
    clean_id: str
    received_hour: datetime
    size: int
    opened: bool  # this officer may fetch it
    seconds: tuple[str, ...]  # names of those who could agree if this officer asked
    request: RequestLine | None


class Originals:
    """All that the pages call. Every method raises NoGrant if the officer cannot open the tip."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def ask(self, officer: OpenedOfficer, tip_id: str, part_id: str, reason: str) -> str:
        """Asks for an original and gives the request's id.

        Raises ReasonRefused, LookupError (no such original), AskedAlready, NoSecond.
        """
        why = clean(reason).text
        if not SHORTEST_REASON <= len(why) <= LONGEST_REASON:
            raise ReasonRefused(f"a reason has {SHORTEST_REASON} to {LONGEST_REASON} characters")
        with self._holding(officer, tip_id) as (session, held):
            _original(session, tip_id, part_id)
            if _waiting(session, part_id) is not None or _key(session, officer.id, part_id) is not None:
                raise AskedAlready
            shares = _shares(session, officer.id, tip_id, part_id)
            inner = {second: box for second, sealed in shares if (box := _peeled(sealed, officer.keys))}
            if not inner:
                raise NoSecond
            request = OriginalRequest(
                id=new_id(), tip_id=tip_id, part_id=part_id, first_id=officer.id, asked_at=self._now()
            )
            request.sealed_key, request.body = seal_part(why.encode(), _reason_label(request), held.keys.public)
            session.add(request)
            session.flush()  # the boxes refer to the request
            session.add_all(
                OriginalKey(request_id=request.id, officer_id=second, opened=False, sealed_key=box)
                for second, box in inner.items()
            )
            record(session, self._now(), Act.ASK_ORIGINAL, officer.id, tip_id, part=part_id, request=request.id)
            return request.id

    def agree(self, officer: OpenedOfficer, tip_id: str, request_id: str) -> None:
        """Opens an original for the one who asked and for this officer.

        Raises LookupError (no such request), NotYours (also if the one who asked has left), EnvelopeError if the
        original does not open.
        """
        with self._holding(officer, tip_id, erase=True) as (session, _):
            request = _request(session, tip_id, request_id)
            box = session.get(OriginalKey, (request_id, officer.id))
            if request.first_id == officer.id or box is None:
                raise NotYours
            first = session.get_one(Officer, request.first_id)
            if not first.active:
                raise NotYours
            part = _original(session, tip_id, request.part_id)
            content_key = open_inner(box.sealed_key, officer.keys)
            open_original(part.body, _label(part), content_key)  # a key that opens nothing is handed to nobody
            others = OriginalKey.request_id == request_id, OriginalKey.officer_id != officer.id
            session.execute(delete(OriginalKey).where(*others))  # nobody else needs to open it now
            box.opened, box.sealed_key = True, seal_key(content_key, officer.keys.public)
            for_first = seal_key(content_key, first.public_key)
            session.add(OriginalKey(request_id=request_id, officer_id=first.id, opened=True, sealed_key=for_first))
            request.second_id = officer.id
            record(
                session,
                self._now(),
                Act.AGREE_ORIGINAL,
                officer.id,
                tip_id,
                part=part.id,
                request=request_id,
                first=first.id,
            )

    def decline(self, officer: OpenedOfficer, tip_id: str, request_id: str) -> None:
        """Drops a request with its boxes: another officer says no, or the one who asked takes it back.

        Raises LookupError if no such request waits.
        """
        with self._holding(officer, tip_id, erase=True) as (session, _):
            request = _request(session, tip_id, request_id)
            record(
                session,
                self._now(),
                Act.DECLINE_ORIGINAL,
                officer.id,
                tip_id,
                part=request.part_id,
                request=request_id,
                first=request.first_id,
            )
            session.delete(request)

    def fetch(self, officer: OpenedOfficer, tip_id: str, part_id: str) -> bytes:
        """A file as it came, for one of the two who opened it. Raises LookupError, EnvelopeError."""
        with self._holding(officer, tip_id) as (session, _):
            part = _original(session, tip_id, part_id)
            sealed_key = _key(session, officer.id, part_id)
            if sealed_key is None:
                raise LookupError("not opened for this officer")
            content = open_original(part.body, _label(part), unseal_key(sealed_key, officer.keys))
            record(session, self._now(), Act.ORIGINAL, officer.id, tip_id, part=part_id)
            return content

    def _holding(
        self, officer: OpenedOfficer, tip_id: str, *, erase: bool = False
    ) -> AbstractContextManager[tuple[Session, HeldTip]]:
        return holding(self._store, self._now, officer, tip_id, erase=erase)


def originals_of(session: Session, officer: OpenedOfficer, held: HeldTip) -> tuple[OriginalLine, ...]:
    """The originals of a tip as this officer sees them, in their order."""
    tip_id = held.tip.id
    names = dict(session.execute(select(Officer.id, Officer.name)).tuples().all())
    rows = session.execute(
        select(Part.id, Part.clean_id, Part.received_hour, func.length(Part.body))
        .where(Part.tip_id == tip_id, Part.kind == Kind.ORIGINAL)
        .order_by(Part.position)
    )
    lines = []
    for part_id, clean_id, received_hour, size in rows.tuples().all():
        waiting = _waiting(session, part_id)
        lines.append(
            OriginalLine(
                part_id=part_id,
                clean_id=clean_id or "",
                received_hour=received_hour,
                size=size,
                opened=_key(session, officer.id, part_id) is not None,
                seconds=tuple(names[second] for second, _ in _shares(session, officer.id, tip_id, part_id)),
                request=_line(session, officer, held.keys, waiting, names) if waiting else None,
            )
        )
    return tuple(lines)


def _line(
    session: Session, officer: OpenedOfficer, keys: KeyPair, request: OriginalRequest, names: dict[int, str]
) -> RequestLine:
    try:
        reason = open_piece(request.sealed_key, request.body, _reason_label(request), keys).decode()
    except (EnvelopeError, UnicodeDecodeError):
        reason = None
    mine = request.first_id == officer.id
    boxed = session.get(OriginalKey, (request.id, officer.id)) is not None
    return RequestLine(request.id, names[request.first_id], request.asked_at, mine, boxed and not mine, reason)


def _label(part: Part) -> Label:
    return Label(part.tip_id, part.id, Kind.ORIGINAL, part.position)


def _reason_label(request: OriginalRequest) -> Label:
    """Binds who asked for what as well: a reason cannot be put under another officer's request."""
    return Label(request.tip_id, f"{request.id} {request.part_id} {request.first_id}", Kind.REASON)


def _original(session: Session, tip_id: str, part_id: str) -> Part:
    part = session.get(Part, part_id)
    if part is None or part.tip_id != tip_id or part.kind != Kind.ORIGINAL:
        raise LookupError("no such original in this tip")
    return part


def _request(session: Session, tip_id: str, request_id: str) -> OriginalRequest:
    request = session.get(OriginalRequest, request_id)
    if request is None or request.tip_id != tip_id or request.second_id is not None:
        raise LookupError("no such request waits in this tip")
    return request


def _waiting(session: Session, part_id: str) -> OriginalRequest | None:
    return session.scalars(
        select(OriginalRequest).where(OriginalRequest.part_id == part_id, OriginalRequest.second_id.is_(None))
    ).first()


def _key(session: Session, officer_id: int, part_id: str) -> bytes | None:
    """The content key of an original that was opened for this officer, sealed to them."""
    return session.scalars(
        select(OriginalKey.sealed_key)
        .join(OriginalRequest, OriginalRequest.id == OriginalKey.request_id)
        .where(
            OriginalRequest.part_id == part_id,
            OriginalRequest.second_id.is_not(None),
            OriginalKey.officer_id == officer_id,
            OriginalKey.opened,
        )
    ).first()


def _shares(session: Session, first_id: int, tip_id: str, part_id: str) -> Sequence[tuple[int, bytes]]:
    """The shares in which this officer is first: (second, nested boxes), of seconds who are active and open the tip."""
    rows = session.execute(
        select(OriginalShare.second_id, OriginalShare.sealed)
        .join(Officer, Officer.id == OriginalShare.second_id)
        .where(
            OriginalShare.part_id == part_id,
            OriginalShare.first_id == first_id,
            OriginalShare.second_id != first_id,
            Officer.active,
            exists().where(Grant.tip_id == tip_id, Grant.officer_id == OriginalShare.second_id),
        )
        .order_by(Officer.name, Officer.id)
    )
    return rows.tuples().all()


def _peeled(sealed: bytes, keys: KeyPair) -> bytes | None:
    """The inner box, or None of a share that is broken: the others may do."""
    try:
        return peel(sealed, keys)
    except EnvelopeError:
        return None
