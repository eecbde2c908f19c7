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


class Grant(PoliceBase):
    """The tip's private key, sealed to one officer. Without a row here an officer opens nothing."""

    __tablename__ = "grant"
    tip_id: Mapped[str] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    sealed_key: Mapped[bytes]


class Part(PoliceBase):
    """One sealed piece of a tip: the report (position 0), photos, later additions by the citizen."""

    __tablename__ = "part"
    __table_args__ = (UniqueConstraint("tip_id", "position"),)
    id: Mapped[str] = mapped_column(
        String(32), primary_key=True
    )  # random, from the depositor: makes deposits idempotent
    tip_id: Mapped[str] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))  # report, photo, addition
    received_hour: Mapped[datetime]
    sealed_key: Mapped[bytes]  # content key, sealed to the tip's key
    body: Mapped[bytes]  # XChaCha20-Poly1305 over the padded content, bound to tip, kind and part


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
