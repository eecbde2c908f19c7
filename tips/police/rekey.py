"""Who may open a tip: letting one more officer in, and taking the key away from one.

Whoever lost the grant may have kept the tip's private key, so the tip gets another pair, and everything that is sealed to
the old one is sealed anew. What the officer read while they could stays read: nothing can take that back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from db.police import Grant, Message, Officer, OldKey, OriginalKey, OriginalRequest, OriginalShare, Part, Unit
from db.stores import Store
from tips.envelope import EnvelopeError, KeyPair, Kind, seal_key, seal_tip_key, unseal_key
from tips.police.audit import Act, record
from tips.police.officers import OpenedOfficer
from tips.police.opening import HeldTip, catch_up, holding, old_keys


class AccessReason(StrEnum):
    """Why an officer gets a tip's key or loses it. A choice and no text, so that no word of a tip is in the audit log."""

    TOGETHER = "together"
    HANDOVER = "handover"
    EXPERTISE = "expertise"
    MOVED = "moved"
    NO_NEED = "no_need"
    INVOLVED = "involved"
    LEAKED = "leaked"

    @property
    def label(self) -> str:
        """What officers read."""
        return _LABELS[self]


TO_GRANT = (AccessReason.TOGETHER, AccessReason.HANDOVER, AccessReason.EXPERTISE)
TO_REVOKE = (AccessReason.NO_NEED, AccessReason.MOVED, AccessReason.INVOLVED, AccessReason.LEAKED)

_LABELS = {
    AccessReason.TOGETHER: "Cùng xử lý",
    AccessReason.HANDOVER: "Bàn giao",
    AccessReason.EXPERTISE: "Cần người có chuyên môn",
    AccessReason.MOVED: "Chuyển công tác, nghỉ việc",
    AccessReason.NO_NEED: "Không còn xử lý tin này",
    AccessReason.INVOLVED: "Có thể liên quan đến người trong tin",
    AccessReason.LEAKED: "Nghi lộ mật khẩu hoặc mất máy",
}


class AccessRefused(ValueError):
    """A change that cannot be: the officer has the key already or not at all, left, or is the last who opens the tip."""


class WrongReason(AccessRefused):
    """A reason that does not go with this change (`TO_GRANT`, `TO_REVOKE`)."""


class LastOfficer(AccessRefused):
    """Without this officer nobody could open the tip any more."""


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """An officer who may open the tip, or who may be let in."""

    officer_id: int
    name: str
    unit: str
    active: bool = True


class Access:
    """Grants and revokes. Both raise NoGrant if the acting officer cannot open the tip, and AccessRefused."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def grant(self, acting: OpenedOfficer, tip_id: str, officer_id: int, reason: AccessReason) -> None:
        """Lets an active officer open the tip. Originals that are there already need two of those who had them first."""
        if reason not in TO_GRANT:
            raise WrongReason("no reason to grant")
        with holding(self._store, self._now, acting, tip_id) as (session, held):
            officer = session.get(Officer, officer_id)
            if officer is None or not officer.active:
                raise AccessRefused("no active officer")
            if session.get(Grant, (tip_id, officer_id)) is not None:
                raise AccessRefused("has the key already")
            sealed = seal_tip_key(held.keys, officer.public_key, held.tip.reply_key)
            session.add(Grant(tip_id=tip_id, officer_id=officer_id, sealed_key=sealed))
            record(session, self._now(), Act.GRANT, acting.id, tip_id, officer=officer_id, reason=reason.value)

    def revoke(self, acting: OpenedOfficer, tip_id: str, officer_id: int, reason: AccessReason) -> None:
        """Takes the tip from an officer, who may be the acting one: the tip gets another key pair. Raises LastOfficer."""
        if reason not in TO_REVOKE:
            raise WrongReason("no reason to revoke")
        with holding(self._store, self._now, acting, tip_id, erase=True) as (session, held):
            if session.get(Grant, (tip_id, officer_id)) is None:
                raise AccessRefused("does not have the key")
            _drop(session, tip_id, officer_id)
            rest = session.execute(
                select(Officer.id, Officer.public_key, Officer.active)
                .join(Grant, Grant.officer_id == Officer.id)
                .where(Grant.tip_id == tip_id)
            ).all()
            if not any(active for _, _, active in rest):
                raise LastOfficer("nobody else opens the tip")
            renew(session, held, {officer: public_key for officer, public_key, _ in rest})
            record(
                session,
                self._now(),
                Act.REVOKE,
                acting.id,
                tip_id,
                officer=officer_id,
                reason=reason.value,
                key_version=held.tip.key_version,
            )


def renew(session: Session, held: HeldTip, readers: dict[int, bytes]) -> KeyPair:
    """Gives the tip another key pair and seals to it all that the old one opens; `readers`: officers' public keys by id.

    The old private half stays, sealed to the new pair, for parts that are on their way (`catch_up`).
    """
    catch_up(session, held)
    tip, old, new = held.tip, held.keys, KeyPair.new()
    earlier = [*old_keys(session, held), old]
    mine: ColumnElement[bool] = Part.tip_id == tip.id
    sealed_keys = session.execute(select(Part.id, Part.sealed_key).where(mine, Part.kind != Kind.ORIGINAL))
    for part_id, sealed in sealed_keys.tuples().all():
        session.execute(update(Part).where(Part.id == part_id).values(sealed_key=_anew(sealed, old, new)))
    for message in session.scalars(select(Message).where(Message.tip_id == tip.id)):
        message.key_for_tip = _anew(message.key_for_tip, old, new)
    for request in session.scalars(select(OriginalRequest).where(OriginalRequest.tip_id == tip.id)):
        request.sealed_key = _anew(request.sealed_key, old, new)
    for grant in session.scalars(select(Grant).where(Grant.tip_id == tip.id)):
        grant.sealed_key = seal_tip_key(new, readers[grant.officer_id], tip.reply_key)
    session.add(OldKey(tip_id=tip.id, version=tip.key_version, public_key=old.public, sealed_key=b""))
    session.flush()
    by_public = {pair.public: pair for pair in earlier}
    for row in session.scalars(select(OldKey).where(OldKey.tip_id == tip.id)):
        if row.public_key in by_public:
            row.sealed_key = seal_tip_key(by_public[row.public_key], new.public)
        else:  # broken: it opens nothing any more
            session.delete(row)
    tip.tip_key = new.public
    tip.key_version += 1
    return new


def who_opens(session: Session, tip_id: str) -> tuple[OfficerLine, ...]:
    """The officers with a grant, by name."""
    return _lines(session, exists().where(Grant.tip_id == tip_id, Grant.officer_id == Officer.id))


def who_could(session: Session, tip_id: str) -> tuple[OfficerLine, ...]:
    """The active officers without a grant, by name."""
    return _lines(
        session, Officer.active.is_(True), ~exists().where(Grant.tip_id == tip_id, Grant.officer_id == Officer.id)
    )


def _lines(session: Session, *conditions: ColumnElement[bool]) -> tuple[OfficerLine, ...]:
    rows: Iterable[tuple[int, str, str, bool]] = session.execute(
        select(Officer.id, Officer.name, Unit.name, Officer.active)
        .join(Unit, Unit.id == Officer.unit_id)
        .where(*conditions)
        .order_by(Officer.name, Officer.id)
    ).tuples()
    return tuple(OfficerLine(*row) for row in rows)


def _drop(session: Session, tip_id: str, officer_id: int) -> None:
    """The grant, and the officer's part in opening originals; requests of theirs that nobody agreed to yet go as well."""
    parts = select(Part.id).where(Part.tip_id == tip_id)
    requests = select(OriginalRequest.id).where(OriginalRequest.tip_id == tip_id)
    session.execute(delete(Grant).where(Grant.tip_id == tip_id, Grant.officer_id == officer_id))
    session.execute(
        delete(OriginalShare).where(
            OriginalShare.part_id.in_(parts),
            or_(OriginalShare.first_id == officer_id, OriginalShare.second_id == officer_id),
        )
    )
    session.execute(
        delete(OriginalKey).where(OriginalKey.request_id.in_(requests), OriginalKey.officer_id == officer_id)
    )
    session.execute(
        delete(OriginalRequest).where(
            OriginalRequest.tip_id == tip_id,
            OriginalRequest.first_id == officer_id,
            OriginalRequest.second_id.is_(None),
        )
    )


def _anew(sealed_key: bytes, old: KeyPair, new: KeyPair) -> bytes:
    """A content key, sealed to the new pair. One that does not open is broken, and stays as it is."""
    try:
        return seal_key(unseal_key(sealed_key, old), new.public)
    except EnvelopeError:
        return sealed_key
