"""The part of the self-check that asks the stores: can they be written, what do they say of the time, who could decrypt?"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime

import nacl.exceptions
from nacl.public import PublicKey, SealedBox
from nacl.pwhash import argon2id
from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.citizen import InboundUpdate, OutboxTip, Talk
from db.police import Audit, Officer, PurgeReport, RecoveryShare, Tip, Unit
from db.stores import Store
from lachan.faults import Fault, FaultKind
from tips.police.audit import Act, record
from tips.police.custodians import NEEDED, keepers
from tips.police.passwords import WRAPPED_BYTES

type Moment = InstrumentedAttribute[datetime]

# Columns that say when something was, never when it will be.
POLICE_MOMENTS: tuple[Moment, ...] = (Audit.at, Tip.received_hour)
CITIZEN_MOMENTS: tuple[Moment, ...] = (Talk.seen_at, InboundUpdate.seen_at)


def write_police(store: Store, now: datetime) -> None:
    """Writes a row and takes it back. Raises SQLAlchemyError if the store does not take it."""
    with store.begin() as session:
        session.add(PurgeReport(at=now, counts={}))
        session.flush()
        session.rollback()


def write_citizen(store: Store, now: datetime) -> None:
    """The same for the citizens' store."""
    with store.begin() as session:
        session.add(InboundUpdate(key=secrets.token_hex(16), channel="check", seen_at=now))
        session.flush()
        session.rollback()


def tips_on_their_way(store: Store) -> int:
    """How many tips wait for the police's own machine."""
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(OutboxTip)) or 0


def newest(store: Store, moments: tuple[Moment, ...]) -> datetime | None:
    """The latest of the moments that are kept in these columns."""
    with store.read() as session:
        found = [session.scalar(select(func.max(moment))) for moment in moments]
    return max((moment for moment in found if moment is not None), default=None)


def bring_back(store: Store, now: datetime, moments: tuple[Moment, ...]) -> int:
    """Gives rows that are dated after `now`, by a clock that ran ahead, the present moment; says how many there were."""
    count = 0
    with store.begin() as session:
        for moment in moments:
            ahead = update(moment.class_).where(moment > now).values({moment: now})
            done = session.execute(ahead.execution_options(synchronize_session=False))
            count += done.rowcount  # type: ignore[attr-defined]
        if Audit.at in moments:
            record(session, now, Act.CLOCK_RIGHT, rows=count)
    return count


def officer_faults(store: Store) -> Iterator[Fault]:
    """Whether tips can be sealed to whoever is on duty, and opened again."""
    on_duty = select(Officer).join(Unit, Unit.id == Officer.unit_id).where(Unit.on_duty, Officer.active)
    with store.read() as session:
        officers = session.scalars(on_duty.order_by(Officer.id)).all()
    if not officers:
        yield Fault(
            FaultKind.NOBODY_ON_DUTY,
            "no active officer is in a unit on duty: `lachan admin list-units`, then `duty UNIT on` or `add-officer`",
        )
        return
    bad = [one.login for one in officers if not can_seal_to(one.public_key)]
    if bad:
        yield Fault(
            FaultKind.BAD_PUBLIC_KEY,
            f"no tip can be sealed to {', '.join(bad)}, whose public key is damaged: restore the police's store from a"
            " backup, or `lachan admin deactivate-officer` and enrol anew",
        )
    locked = [one.login for one in officers if not _can_sign_in(one)]
    if len({*bad, *locked}) == len(officers):
        yield Fault(
            FaultKind.NOBODY_CAN_DECRYPT,
            "no officer on duty could open a tip, since their keys are damaged: restore the police's store from a backup,"
            " or enrol officers anew",
        )
    elif locked:
        yield Fault(
            FaultKind.LOCKED_OUT_OFFICER,
            f"the private key of {', '.join(locked)} is damaged, so that no password opens it: `lachan admin"
            " recover-officer`, or deactivate and enrol anew",
        )


def custodian_faults(store: Store) -> Iterator[Fault]:
    """Whether lost passwords can be got over. Warnings only."""
    with store.read() as session:
        if len(keepers(session)) < NEEDED:
            yield Fault(
                FaultKind.FEW_CUSTODIANS,
                f"there are fewer than {NEEDED} custodians, so an officer who loses the password loses all tips:"
                " `lachan admin add-custodian`",
            )
        elif alone := _without_shares(session):
            yield Fault(
                FaultKind.NO_WAY_BACK,
                f"the custodians could not help {', '.join(alone)} yet: that takes one sign-in of each",
            )


def can_seal_to(public_key: bytes) -> bool:
    """Whether libsodium takes it as an X25519 key: 32 bytes, and not one of the few that keep nothing secret."""
    try:
        SealedBox(PublicKey(public_key)).encrypt(b"")
    except (nacl.exceptions.CryptoError, ValueError, TypeError):
        return False
    return True


def _can_sign_in(officer: Officer) -> bool:
    return len(officer.wrapped_key) == WRAPPED_BYTES and len(officer.salt) == argon2id.SALTBYTES


def _without_shares(session: Session) -> list[str]:
    shared = select(RecoveryShare.officer_id)
    query = select(Officer.login).where(Officer.active, Officer.id.not_in(shared)).order_by(Officer.id)
    return list(session.scalars(query))
