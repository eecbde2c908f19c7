"""Officers and their keys. No password is kept, nor a hash: it is right if it opens the officer's private key."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import nacl.exceptions
import nacl.utils
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from db.police import Officer, Unit
from db.stores import Store
from tips.envelope import KEY_BYTES, Cost, KeyPair, stretch
from tips.police.audit import Act, record

MIN_PASSWORD = 12
MAX_PASSWORD = 1024
MAX_LOGIN = 64


class WeakPassword(ValueError):
    """A password with fewer than 12 characters (or more than 1,024)."""


class NameTaken(ValueError):
    """A login or a unit's name that is there already."""


@dataclass(frozen=True, slots=True)
class OpenedOfficer:
    """An officer who is signed in. Kept in memory only; `keys` open this officer's grants."""

    id: int
    name: str
    keys: KeyPair


def generate_password() -> str:
    """A password that can be read aloud: five groups of four letters, "bako-mitu-…", 62 bits."""
    return "-".join("".join(secrets.choice(letters) for letters in ("bcdghklmnprstvx", "aeiou") * 2) for _ in range(5))


class Officers:
    """Makes units and officers, and opens an officer's key. `cost` must be the one they were enrolled with."""

    def __init__(self, store: Store, now: Callable[[], datetime], cost: Cost | None = None) -> None:
        self._store = store
        self._now = now
        self._cost = cost or Cost()
        # For logins that do not exist: a key nobody has the password of, so that both cases cost the same.
        self._nobody_salt = nacl.utils.random(argon2id.SALTBYTES)
        self._nobody_wrapped = _wrap(nacl.utils.random(KEY_BYTES), nacl.utils.random(KEY_BYTES))

    def make_unit(self, name: str, on_duty: bool = True) -> int:
        """A unit's id; one that is on duty gets new tips. Raises NameTaken."""
        try:
            with self._store.begin() as session:
                unit = Unit(name=name, on_duty=on_duty)
                session.add(unit)
                session.flush()
                record(session, self._now(), Act.MAKE_UNIT, unit=unit.id)
                return unit.id
        except IntegrityError:
            raise NameTaken("a unit of that name is there already") from None

    def enrol(self, login: str, name: str, unit_id: int, password: str) -> int:
        """The new officer's id. The key pair is made here and opens tips that come from now on.

        Raises WeakPassword, NameTaken, LookupError if there is no such unit, and ValueError for a login that is empty
        or longer than 64 characters.
        """
        if not 0 < len(_login(login)) <= MAX_LOGIN:
            raise ValueError(f"a login has 1 to {MAX_LOGIN} characters")
        if not MIN_PASSWORD <= len(_normal(password)) <= MAX_PASSWORD:
            raise WeakPassword(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters")
        keys, salt = KeyPair.new(), nacl.utils.random(argon2id.SALTBYTES)
        wrapped = _wrap(keys.private, self._key(password, salt))
        try:
            with self._store.begin() as session:
                if session.get(Unit, unit_id) is None:
                    raise LookupError("no such unit")
                officer = Officer(
                    login=_login(login),
                    name=name,
                    unit_id=unit_id,
                    public_key=keys.public,
                    wrapped_key=wrapped,
                    salt=salt,
                    created_at=self._now(),
                )
                session.add(officer)
                session.flush()
                record(session, self._now(), Act.ENROL, officer.id, unit=unit_id)
                return officer.id
        except IntegrityError:
            raise NameTaken("that login is there already") from None

    def unlock(self, login: str, password: str) -> OpenedOfficer | None:
        """The officer, if login and password are right and the officer is active; equal work in every other case.

        The sign-in is in the audit log, failed ones with the login only if it exists: it might be a mistyped password.
        """
        with self._store.read() as session:
            officer = session.scalar(select(Officer).where(Officer.login == _login(login), Officer.active))
        salt = officer.salt if officer else self._nobody_salt
        wrapped = officer.wrapped_key if officer else self._nobody_wrapped
        private = _unwrap(wrapped, self._key(password, salt))
        with self._store.begin() as session:
            if officer is None or private is None:
                record(session, self._now(), Act.SIGN_IN_FAILED, login=officer.login if officer else "")
                return None
            record(session, self._now(), Act.SIGN_IN, officer.id)
            return OpenedOfficer(officer.id, officer.name, KeyPair.of(private))

    def _key(self, password: str, salt: bytes) -> bytes:
        return stretch(_normal(password)[:MAX_PASSWORD].encode("utf-8", "surrogatepass"), salt, KEY_BYTES, self._cost)


def _normal(password: str) -> str:
    # Vietnamese keyboards write the same letters composed or decomposed.
    return unicodedata.normalize("NFC", password)


def _login(login: str) -> str:
    # Half a surrogate pair would fail later, in an exception that shows the login.
    return unicodedata.normalize("NFC", login.encode("utf-8", "replace").decode()).strip().lower()


def _wrap(private: bytes, key: bytes) -> bytes:
    return bytes(SecretBox(key).encrypt(private))


def _unwrap(wrapped: bytes, key: bytes) -> bytes | None:
    try:
        return bytes(SecretBox(key).decrypt(wrapped))
    except nacl.exceptions.CryptoError:
        return None
