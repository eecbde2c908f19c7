"""Opens what the store holds for one officer: the tip's key out of a grant, then reports, additions and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.police import Grant, Message, Officer, OldKey, Part, Tip
from db.stores import Store
from tips.envelope import EnvelopeError, KeyPair, Kind, Label, open_piece, open_tip_key, seal_key, unseal_key
from tips.police.audit import Act, record
from tips.police.officers import OpenedOfficer
from tips.report import Answer, Report, ReportError

_LATER = "Dấu hiệu nằm ở phần người báo gửi thêm sau này."


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
        return HeldTip(tip, open_tip_key(sealed_key, officer.keys, tip.tip_key, tip.reply_key))
    except EnvelopeError:
        raise NoGrant from None


@contextmanager
def holding(
    store: Store, now: Callable[[], datetime], officer: OpenedOfficer, tip_id: str, *, erase: bool = False
) -> Iterator[tuple[Session, HeldTip]]:
    """A transaction with an opened tip. That somebody was refused is itself written down. Raises NoGrant.

    `erase`: what is overwritten or deleted must be gone from the store's log as well (`Store.erase`).
    """
    try:
        with store.erase() if erase else store.begin() as session:
            yield session, hold(session, officer, tip_id)
    except NoGrant:
        with store.begin() as session:
            record(session, now(), Act.REFUSED, officer.id, tip_id[:32])
        raise


def catch_up(session: Session, held: HeldTip) -> None:
    """Seals to the tip's present key what came late, sealed to one that it had before (`rekey`)."""
    if held.tip.key_version == 1:
        return
    old = old_keys(session, held)
    rows = session.execute(
        select(Part.id, Part.sealed_key).where(Part.tip_id == held.tip.id, Part.kind != Kind.ORIGINAL)
    )
    for part_id, sealed_key in rows.tuples().all():
        if not _opens(sealed_key, held.keys):
            for keys in filter(lambda keys: _opens(sealed_key, keys), old):
                fresh = seal_key(unseal_key(sealed_key, keys), held.keys.public)
                session.execute(update(Part).where(Part.id == part_id).values(sealed_key=fresh))


def old_keys(session: Session, held: HeldTip) -> list[KeyPair]:
    """The key pairs that the tip had before, latest first; without those that do not open."""
    rows = session.scalars(select(OldKey).where(OldKey.tip_id == held.tip.id).order_by(OldKey.version.desc()))
    pairs = []
    for row in rows:
        try:
            pairs.append(open_tip_key(row.sealed_key, held.keys, row.public_key))
        except EnvelopeError:
            continue
    return pairs


def open_part(part: Part, keys: KeyPair) -> bytes:
    """The content of a part. Raises EnvelopeError."""
    if part.kind not in Kind:
        raise EnvelopeError("no kind of part")
    return open_piece(part.sealed_key, part.body, Label(part.tip_id, part.id, Kind(part.kind), part.position), keys)


def read_report(part: Part, keys: KeyPair) -> Report | None:
    """The report, or None if it does not open or is none."""
    try:
        return Report.from_bytes(open_part(part, keys))
    except (EnvelopeError, ReportError):
        return None


def why_danger(danger: bool, report: Report | None) -> tuple[str, ...]:
    """Why a tip with this mark and report has it, in sentences for officers; none if nobody can tell.

    With an addition comes the mark alone, so what is known of it is that the report has none.
    """
    if not danger or report is None:
        return ()
    return (*report.danger_why, *(() if report.danger else (_LATER,)))


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


def _opens(sealed_key: bytes, keys: KeyPair) -> bool:
    try:
        unseal_key(sealed_key, keys)
    except EnvelopeError:
        return False
    return True
