"""Opens what the store holds for one officer: the tip's key out of a grant, then reports, additions and answers."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.police import Grant, Message, Officer, Part, Tip
from tips.envelope import EnvelopeError, KeyPair, Kind, Label, open_piece, open_tip_key
from tips.police.officers import OpenedOfficer
from tips.report import Answer, Report, ReportError


class NoGrant(Exception):
    """This officer may not open this tip: no grant or a broken one, no longer active, or no such tip."""


class HeldTip(NamedTuple):
    """A tip and its key pair, for an officer with a grant."""

    tip: Tip
    keys: KeyPair


def hold(session: Session, officer: OpenedOfficer, tip_id: str) -> HeldTip:
    """The tip with its key, locked until the transaction ends. Raises NoGrant."""
    query = (
        select(Tip, Grant.sealed_key)
        .join(Grant, Grant.tip_id == Tip.id)
        .join(Officer, Officer.id == Grant.officer_id)
        .where(Tip.id == tip_id, Officer.id == officer.id, Officer.active)
        .with_for_update(of=Tip)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NoGrant
    tip, sealed_key = row
    try:
        return HeldTip(tip, open_tip_key(sealed_key, officer.keys, tip.tip_key))
    except EnvelopeError:
        raise NoGrant from None


def open_part(part: Part, keys: KeyPair) -> bytes:
    """The content of a part. Raises EnvelopeError."""
    return open_piece(part.sealed_key, part.body, Label(part.tip_id, part.id, Kind(part.kind), part.position), keys)


def read_report(part: Part, keys: KeyPair) -> Report | None:
    """The report, or None if it does not open or is none."""
    try:
        return Report.from_bytes(open_part(part, keys))
    except (EnvelopeError, ReportError):
        return None


def read_addition(part: Part, keys: KeyPair) -> str | None:
    """The text of an addition, or None if it does not open."""
    try:
        return open_part(part, keys).decode()
    except (EnvelopeError, UnicodeDecodeError):
        return None


def read_answer(message: Message, keys: KeyPair) -> Answer | None:
    """An officer's answer, or None if it does not open."""
    label = Label(message.tip_id, message.id, Kind.MESSAGE)
    try:
        return Answer.from_bytes(open_piece(message.key_for_tip, message.body, label, keys))
    except (EnvelopeError, ReportError):
        return None
