"""Passwords of officers and custodians: none is kept, nor a hash of one. It is right if it opens the private key it wraps."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import Protocol

import nacl.exceptions
import nacl.utils
from nacl.pwhash import argon2id
from nacl.secret import SecretBox

from tips.envelope import KEY_BYTES, Cost, KeyPair, stretch

MIN_PASSWORD = 12
MAX_PASSWORD = 1024
MAX_LOGIN = 64
WRAPPED_BYTES = SecretBox.NONCE_SIZE + SecretBox.MACBYTES + KEY_BYTES


class WeakPassword(ValueError):
    """A password with fewer than 12 characters (or more than 1,024)."""


class NameTaken(ValueError):
    """A login or a unit's name that is there already."""


class Locked(Protocol):
    """A row with a wrapped private key: an officer or a custodian."""

    wrapped_key: bytes
    salt: bytes
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A private key under a password; as in the columns of the same names."""

    wrapped_key: bytes = field(repr=False)
    salt: bytes = field(repr=False)


class Passwords:
    """Wraps private keys and opens them. `cost` must be the one they were wrapped with."""

    def __init__(self, cost: Cost | None = None) -> None:
        self._cost = cost or Cost()
        # For logins that do not exist: a key nobody has the password of, so that both cases cost the same.
        self._nobody = Wrapped(
            bytes(SecretBox(nacl.utils.random(KEY_BYTES)).encrypt(nacl.utils.random(KEY_BYTES))),
            nacl.utils.random(argon2id.SALTBYTES),
        )

    def wrap(self, private: bytes, password: str) -> Wrapped:
        """The key under that password, with a salt of its own. Raises WeakPassword."""
        if not MIN_PASSWORD <= len(_normal(password)) <= MAX_PASSWORD:
            raise WeakPassword(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters")
        salt = nacl.utils.random(argon2id.SALTBYTES)
        return Wrapped(bytes(SecretBox(self._key(password, salt)).encrypt(private)), salt)

    def unwrap(self, row: Locked | None, password: str) -> KeyPair | None:
        """The row's key pair if the password is right; equal work in every other case, also without a row."""
        wrapped = row or self._nobody
        key = self._key(password, wrapped.salt)
        try:
            return KeyPair.of(bytes(SecretBox(key).decrypt(wrapped.wrapped_key)))
        except (nacl.exceptions.CryptoError, ValueError):
            return None

    def _key(self, password: str, salt: bytes) -> bytes:
        return stretch(_normal(password)[:MAX_PASSWORD].encode("utf-8", "surrogatepass"), salt, KEY_BYTES, self._cost)


def generate_password() -> str:
    """A password that can be read aloud: five groups of four letters, "bako-mitu-…", 62 bits."""
    return "-".join("".join(secrets.choice(letters) for letters in ("bcdghklmnprstvx", "aeiou") * 2) for _ in range(5))


def normal_login(login: str) -> str:
    """A login as it is kept and found: NFC, no space around it, small letters."""
    # Half a surrogate pair would fail later, in an exception that shows the login.
    return unicodedata.normalize("NFC", login.encode("utf-8", "replace").decode()).strip().lower()


def checked_login(login: str) -> str:
    """A new login as it is kept. Raises ValueError if it is empty or longer than 64 characters."""
    normal = normal_login(login)
    if not 0 < len(normal) <= MAX_LOGIN:
        raise ValueError(f"a login has 1 to {MAX_LOGIN} characters")
    return normal


def _normal(password: str) -> str:
    # Vietnamese keyboards write the same letters composed or decomposed.
    return unicodedata.normalize("NFC", password)
