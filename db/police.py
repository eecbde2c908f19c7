"""Tables of the police's store: sealed tips, officers, grants, the audit log. Never a platform id, a name of a citizen,
a phone number, an address or a reference to a conversation; times of citizens are whole hours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.types import UtcDateTime


class PoliceBase(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: JSON(), bytes: LargeBinary()}


class Unit(PoliceBase):
    """A unit of officers; the one that is `on_duty` gets new tips."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    on_duty: Mapped[bool] = mapped_column(default=False)


class Officer(PoliceBase):
    """An officer and the key pair that opens tips; the private half is wrapped by a key from the password (Argon2id)."""

    __tablename__ = "officer"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    active: Mapped[bool] = mapped_column(default=True)
    public_key: Mapped[bytes]  # X25519, 32 bytes
    wrapped_key: Mapped[bytes]  # SecretBox over the private key
    salt: Mapped[bytes]  # 16 bytes for Argon2id
    created_at: Mapped[datetime]


class Tip(PoliceBase):
    """What the store knows of a tip without opening it."""

    __tablename__ = "tip"
    __table_args__ = {"sqlite_autoincrement": True}
    number: Mapped[int] = mapped_column(
        primary_key=True
    )  # the order in which tips came, where their time is only an hour
    id: Mapped[str] = mapped_column(String(32), unique=True)  # random
    received_hour: Mapped[datetime] = mapped_column(index=True)
    danger: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(12), default="new", index=True)  # tips/police/status.py
    lookup: Mapped[bytes] = mapped_column(unique=True)  # Argon2id of the citizen's code and a pepper outside the stores
    reply_key: Mapped[bytes]  # X25519 public; its private half comes from the citizen's code
    tip_key: Mapped[bytes]  # X25519 public; its private half is in the grants
    key_version: Mapped[int] = mapped_column(default=1)  # one more each time the tip gets another key pair
    lane: Mapped[str] = mapped_column(
        String(16), default=""
    )  # why the tip is in the slow lane; "": it is not (tips/lanes.py)
    closed_on: Mapped[datetime | None]  # the day; none while the tip is not closed
    keep_until: Mapped[datetime | None]  # not purged before; with a reason in the audit log
    legal_hold: Mapped[bool] = mapped_column(default=False)  # not purged at all


class Grant(PoliceBase):
    """The tip's private key, sealed to one officer. Without a row here an officer opens nothing."""

    __tablename__ = "grant"
    tip_id: Mapped[str] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    sealed_key: Mapped[bytes]


class Part(PoliceBase):
    """One sealed piece of a tip: the report (position 0), files, later additions by the citizen."""

    __tablename__ = "part"
    __table_args__ = (UniqueConstraint("tip_id", "position"),)
    id: Mapped[str] = mapped_column(
        String(32), primary_key=True
    )  # random, from the depositor: makes deposits idempotent
    tip_id: Mapped[str] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]  # the depositor's, bound into the seal
    kind: Mapped[str] = mapped_column(String(12))  # tips/envelope.py
    clean_id: Mapped[str | None] = mapped_column(String(32))  # of an original: the part that is its cleaned copy
    received_hour: Mapped[datetime]
    sealed_key: Mapped[bytes]  # content key, sealed to the tip's key
    body: Mapped[bytes]  # XChaCha20-Poly1305 over the padded content, bound to tip, kind and part


class OldKey(PoliceBase):
    """A key pair that a tip had before: its private half, sealed to the next public key, for parts that came late."""

    __tablename__ = "old_key"
    tip_id: Mapped[str] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    public_key: Mapped[bytes]
    sealed_key: Mapped[bytes]


class OriginalShare(PoliceBase):
    """The content key of an original file in two nested sealed boxes: the first officer's around the second's."""

    __tablename__ = "original_share"
    part_id: Mapped[str] = mapped_column(ForeignKey("part.id", ondelete="CASCADE"), primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    sealed: Mapped[bytes]


class OriginalRequest(PoliceBase):
    """An officer asks to see an original and says why; another one has to agree."""

    __tablename__ = "original_request"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tip_id: Mapped[str] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"), index=True)
    part_id: Mapped[str] = mapped_column(ForeignKey("part.id", ondelete="CASCADE"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))  # who agreed; none: nobody yet
    asked_at: Mapped[datetime]
    sealed_key: Mapped[bytes]  # of the reason, sealed to the tip's key
    body: Mapped[bytes]


class OriginalKey(PoliceBase):
    """The content key of an original, or its inner box on the way there, sealed to one officer."""

    __tablename__ = "original_key"
    request_id: Mapped[str] = mapped_column(ForeignKey("original_request.id", ondelete="CASCADE"), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    opened: Mapped[bool] = mapped_column(default=False)  # False: still an inner box, which only this officer opens
    sealed_key: Mapped[bytes]


class Custodian(PoliceBase):
    """Keeps a third of the way back to a lost password; two custodians together are enough. Reads no tips."""

    __tablename__ = "custodian"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(default=True)
    public_key: Mapped[bytes]
    wrapped_key: Mapped[bytes]
    salt: Mapped[bytes]
    created_at: Mapped[datetime]


class RecoveryShare(PoliceBase):
    """An officer's private key in two nested sealed boxes: the first custodian's around the second's."""

    __tablename__ = "recovery_share"
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("custodian.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("custodian.id"), primary_key=True)
    sealed: Mapped[bytes]


class DutyAddress(PoliceBase):
    """Where a unit on duty is told, without content, that somebody is in danger: an https address."""

    __tablename__ = "duty_address"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(String(500))


class DutyCall(PoliceBase):
    """A call to an address that was not made yet. Written in the tip's own transaction; says nothing of the tip."""

    __tablename__ = "duty_call"
    id: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("duty_address.id", ondelete="CASCADE"))
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(index=True)


class PurgeReport(PoliceBase):
    """What was purged on a day: counts, never a tip."""

    __tablename__ = "purge_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    counts: Mapped[dict[str, Any]]


class Message(PoliceBase):
    """An officer's answer, sealed to the citizen's reply key and to the tip's key."""

    __tablename__ = "message"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tip_id: Mapped[str] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    sent_hour: Mapped[datetime]
    key_for_citizen: Mapped[bytes]
    key_for_tip: Mapped[bytes]
    body: Mapped[bytes]


class Audit(PoliceBase):
    """Who did what, written in the same transaction as the act. `detail` never holds a tip's words."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    officer_id: Mapped[int | None] = mapped_column(
        ForeignKey("officer.id")
    )  # none: a failed sign-in, or the citizen's or operator's act
    act: Mapped[str] = mapped_column(String(32))
    tip_id: Mapped[str | None] = mapped_column(String(32), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
