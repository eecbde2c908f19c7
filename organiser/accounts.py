"""Accounts of organisers: making them, and finding out whose password this is."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from db.citizen import Organiser
from db.stores import Store
from quiz.names import cleaned

SHORTEST, LONGEST = 10, 256  # characters of a password
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe(32))


class AccountError(ValueError):
    """An account cannot be made like that; `told` is a sentence for whoever makes it."""

    def __init__(self, told: str) -> None:
        super().__init__("no such account can be made")
        self.told = told


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An organiser, as the pages know her."""

    id: int
    login: str
    group_name: str


def create_organiser(
    store: Store,
    login: str,
    group_name: str,
    password: str,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> SignedIn:
    """A new account; organisers with an equal `group_name` see each other's contests.

    Raises AccountError: a login that is taken or has other signs than a-z 0-9 . _ -, no group, a short password.
    """
    row = Organiser(login=_login(login), group_name=_group(group_name), password_hash=_hash(password), created_at=now())
    try:
        with store.begin() as session:
            session.add(row)
    except IntegrityError:
        raise AccountError(f"Tên đăng nhập “{row.login}” đã có người dùng.") from None
    return SignedIn(row.id, row.login, row.group_name)


def set_password(store: Store, login: str, password: str) -> None:
    """Gives an account another password. Raises AccountError for an unknown login or a password under 10 characters."""
    hashed = _hash(password)
    with store.begin() as session:
        row = session.scalars(select(Organiser).where(Organiser.login == _login(login))).one_or_none()
        if row is None:
            raise AccountError("Không có tên đăng nhập này.")
        row.password_hash = hashed


def found_by(login: str) -> str:
    """The login as accounts are found by it, of whatever was typed."""
    return login.strip().casefold()[:64]


def sign_in(store: Store, login: str, password: str) -> SignedIn | None:
    """Whose login and password these are; None for a wrong one, after the same work whether or not the login exists.

    Takes some 50 ms and 64 MB. A password hashed by older rules is hashed anew.
    """
    with store.read() as session:
        row = session.scalars(select(Organiser).where(Organiser.login == found_by(login))).one_or_none()
    try:
        _HASHER.verify(row.password_hash if row else _NOBODY, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return None
    if row is None:
        return None
    if _HASHER.check_needs_rehash(row.password_hash):
        _keep(store, row.id, _HASHER.hash(password))
    return SignedIn(row.id, row.login, row.group_name)


def _keep(store: Store, organiser_id: int, password_hash: str) -> None:
    with store.begin() as session:
        session.execute(update(Organiser).where(Organiser.id == organiser_id).values(password_hash=password_hash))


def _login(login: str) -> str:
    name = login.strip().casefold()
    if not _LOGIN.fullmatch(name):
        raise AccountError("Tên đăng nhập dài 2 đến 63 ký tự, chỉ gồm a–z, số, dấu chấm, gạch ngang, gạch dưới.")
    return name


def _group(group_name: str) -> str:
    name = cleaned(group_name)
    if not 2 <= len(name) <= 120:
        raise AccountError("Tên đơn vị dài từ 2 đến 120 ký tự.")
    return name


def _hash(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(f"Mật khẩu dài từ {SHORTEST} đến {LONGEST} ký tự.")
    return _HASHER.hash(password)
