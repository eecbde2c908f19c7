"""The police's side of the dropbox, on the police's store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from db.police import Grant, Message, Officer, Part, Tip, Unit
from db.stores import Store
from tips.dropbox import (
    DropboxError,
    NobodyOnDuty,
    Recipient,
    SealedMessage,
    SealedPart,
    SealedTip,
    TipAddress,
    UnknownTip,
)
from tips.police.audit import Act, hour, record
from tips.police.status import TipStatus


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
        """As the port says."""
        with _answering(), self._store.begin() as session:
            if session.scalar(select(Tip.number).where(Tip.id == tip.id)) is not None:
                return
            session.add(
                Tip(
                    id=tip.id,
                    received_hour=hour(self._now()),
                    danger=tip.danger,
                    lookup=tip.lookup,
                    reply_key=tip.reply_key,
                    tip_key=tip.tip_key,
                )
            )
            session.flush()  # grants and parts refer to the tip
            session.add_all(
                Grant(tip_id=tip.id, officer_id=grant.officer_id, sealed_key=grant.sealed_key) for grant in tip.grants
            )
            for position, part in enumerate(tip.parts):
                self._add(session, part, position)

    def find(self, lookup: bytes) -> TipAddress | None:
        """As the port says."""
        with _answering(), self._store.read() as session:
            row = session.execute(select(Tip.id, Tip.tip_key).where(Tip.lookup == lookup)).one_or_none()
        return TipAddress(row.id, row.tip_key) if row else None

    def add(self, part: SealedPart, danger: bool = False) -> None:
        """As the port says. A closed tip is new again, so that somebody sees the addition."""
        with _answering(), self._store.begin() as session:
            tip = session.scalar(select(Tip).where(Tip.id == part.tip_id).with_for_update())
            if tip is None:
                raise UnknownTip
            if session.get(Part, part.id) is not None:
                return
            last = session.scalar(select(func.max(Part.position)).where(Part.tip_id == tip.id))
            self._add(session, part, 0 if last is None else last + 1)
            tip.danger |= danger
            if tip.status == TipStatus.CLOSED.value:
                tip.status = TipStatus.NEW.value
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

    def _add(self, session: Session, part: SealedPart, position: int) -> None:
        session.add(
            Part(
                id=part.id,
                tip_id=part.tip_id,
                position=position,
                kind=part.kind.value,
                received_hour=hour(self._now()),
                sealed_key=part.sealed_key,
                body=part.body,
            )
        )


@contextmanager
def _answering() -> Iterator[None]:
    """Turns the store's failures into the port's, without the SQL and its parameters in the message."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DropboxError(f"the police's store failed: {type(error).__name__}") from None
