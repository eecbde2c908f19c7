"""The police's side of the dropbox, on the police's store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from db.police import Grant, Message, Officer, OriginalShare, Part, Tip, Unit
from db.stores import Store
from tips.dropbox import (
    DropboxError,
    NobodyOnDuty,
    PositionTaken,
    Recipient,
    SealedMessage,
    SealedPart,
    SealedShare,
    SealedTip,
    TipAddress,
    UnknownTip,
)
from tips.envelope import Kind
from tips.lanes import is_slow
from tips.police.audit import Act, hour, record
from tips.police.duty import ring
from tips.police.status import TipStatus

_PARTS = (Kind.REPORT, Kind.FILE, Kind.ORIGINAL, Kind.ADDITION)


class SqlDropbox:
    """Implements `tips.dropbox.Dropbox`. Of a citizen's time it keeps the hour only."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def recipients(self) -> list[Recipient]:
        """As the port says."""
        with _answering(), self._store.read() as session:
            rows = session.execute(
                select(Officer.id, Officer.public_key)
                .join(Unit, Unit.id == Officer.unit_id)
                .where(Unit.on_duty, Officer.active)
                .order_by(Officer.id)
            ).all()
        if not rows:
            raise NobodyOnDuty
        return [Recipient(officer_id, public_key) for officer_id, public_key in rows]

    def deposit(self, tip: SealedTip) -> None:
        """As the port says.

        Grants and shares of officers whom this store does not know are left out: one that was restored from an older backup
        must not refuse a tip for ever. Raises NobodyOnDuty if no grant would remain.
        """
        _check_shares(tip.shares, {part.id for part in tip.parts if part.kind is Kind.ORIGINAL})
        with _answering(), self._store.begin() as session:
            if session.scalar(select(Tip.number).where(Tip.id == tip.id)) is not None:
                return
            known = set(session.scalars(select(Officer.id)))
            grants = [grant for grant in tip.grants if grant.officer_id in known]
            if not grants:
                raise NobodyOnDuty
            session.add(
                Tip(
                    id=tip.id,
                    received_hour=hour(self._now()),
                    danger=tip.danger,
                    lookup=tip.lookup,
                    reply_key=tip.reply_key,
                    tip_key=tip.tip_key,
                    lane=tip.lane,
                )
            )
            session.flush()  # grants and parts refer to the tip
            session.add_all(
                Grant(tip_id=tip.id, officer_id=grant.officer_id, sealed_key=grant.sealed_key) for grant in grants
            )
            for part in tip.parts:
                self._add(session, part)
            _share(session, [share for share in tip.shares if {share.first_id, share.second_id} <= known])
            if tip.danger and not is_slow(tip.lane):
                ring(session, self._now())

    def find(self, lookup: bytes) -> TipAddress | None:
        """As the port says."""
        with _answering(), self._store.read() as session:
            row = session.execute(
                select(Tip.id, Tip.tip_key, func.max(Part.position))
                .outerjoin(Part, Part.tip_id == Tip.id)
                .where(Tip.lookup == lookup)
                .group_by(Tip.id, Tip.tip_key)
            ).one_or_none()
            if row is None:
                return None
            tip_id, tip_key, last = row
            officers = session.execute(
                select(Officer.id, Officer.public_key)
                .join(Grant, Grant.officer_id == Officer.id)
                .where(Grant.tip_id == tip_id, Officer.active)
                .order_by(Officer.id)
            )
            found = tuple(Recipient(officer_id, public_key) for officer_id, public_key in officers)
        return TipAddress(tip_id, tip_key, 0 if last is None else last + 1, found)

    def add(self, part: SealedPart, danger: bool = False) -> None:
        """As the port says. A closed tip is new again, so that somebody sees the addition.

        Shares of officers who cannot open the tip (any more) are left out; if none is left, an original is refused.
        """
        _check_shares(part.shares, {part.id} if part.kind is Kind.ORIGINAL else set())
        with _answering(), self._store.begin() as session:
            tip = session.scalar(select(Tip).where(Tip.id == part.tip_id).with_for_update())
            if tip is None:
                raise UnknownTip
            if session.get(Part, part.id) is not None:
                return
            taken = select(Part.id).where(Part.tip_id == tip.id, Part.position == part.position)
            if session.scalar(taken) is not None:
                raise PositionTaken
            granted = set(session.scalars(select(Grant.officer_id).where(Grant.tip_id == tip.id)))
            shares = [share for share in part.shares if {share.first_id, share.second_id} <= granted]
            if part.kind is Kind.ORIGINAL and not shares:
                raise DropboxError("an original that nobody could open")
            self._add(session, part)
            _share(session, shares)
            tip.danger |= danger
            if danger:
                ring(session, self._now())
            if tip.status == TipStatus.CLOSED.value:
                tip.status, tip.closed_on = TipStatus.NEW.value, None
                record(session, hour(self._now()), Act.REOPENED, tip_id=tip.id)

    def answers(self, lookup: bytes) -> list[SealedMessage]:
        """As the port says; within one hour in no particular order."""
        with _answering(), self._store.read() as session:
            rows = session.scalars(
                select(Message)
                .join(Tip, Tip.id == Message.tip_id)
                .where(Tip.lookup == lookup)
                .order_by(Message.sent_hour)
            ).all()
        return [SealedMessage(m.id, m.tip_id, m.sent_hour, m.key_for_citizen, m.body) for m in rows]

    def count_answers(self, lookups: Sequence[bytes]) -> list[int]:
        """As the port says."""
        with _answering(), self._store.read() as session:
            rows = session.execute(
                select(Tip.lookup, func.count(Message.id))
                .join(Message, Message.tip_id == Tip.id)
                .where(Tip.lookup.in_(lookups))
                .group_by(Tip.lookup)
            )
            counts = dict(rows.tuples().all())
        return [counts.get(lookup, 0) for lookup in lookups]

    def _add(self, session: Session, part: SealedPart) -> None:
        if part.kind not in _PARTS:
            raise DropboxError("no kind of part")
        # With a key sealed to the tip one officer would open an original alone.
        if (part.kind is Kind.ORIGINAL) == bool(part.sealed_key):
            raise DropboxError("an original has no sealed key, any other part has one")
        session.add(
            Part(
                id=part.id,
                tip_id=part.tip_id,
                position=part.position,
                kind=part.kind.value,
                clean_id=part.clean_id or None,
                received_hour=hour(self._now()),
                sealed_key=part.sealed_key,
                body=part.body,
            )
        )


def _check_shares(shares: Sequence[SealedShare], originals: set[str]) -> None:
    if not originals.issuperset(share.part_id for share in shares):
        raise DropboxError("a share of no original")


def _share(session: Session, shares: Sequence[SealedShare]) -> None:
    session.flush()  # shares refer to originals
    session.add_all(
        OriginalShare(part_id=share.part_id, first_id=share.first_id, second_id=share.second_id, sealed=share.sealed)
        for share in shares
    )


@contextmanager
def _answering() -> Iterator[None]:
    """Turns the store's failures into the port's, without the SQL and its parameters in the message."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DropboxError(f"the police's store failed: {type(error).__name__}") from None
