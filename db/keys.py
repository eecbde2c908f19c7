"""Keys outside the stores: one master key file for the citizens' side, and what is derived from it, by purpose."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import Aead

KEY_BYTES = 32


class KeyFileError(ValueError):
    """A key file that cannot be used; the message says what to do. It is never made anew in its place."""


class KeyRing:
    """Derives independent keys from one master key; a key for one purpose tells nothing about another."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise ValueError("a master key has 32 bytes")
        self._master = master

    @classmethod
    def from_file(cls, path: Path) -> KeyRing:
        """Reads the key, or makes it on the first start (mode 0600, never overwritten).

        Raises KeyFileError if the file holds something else than 32 bytes.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise KeyFileError(f"{path} holds no key of {KEY_BYTES} bytes: restore it from your backup")
        return cls(key)

    def key(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose (BLAKE2b, keyed with the master key)."""
        return hashlib.blake2b(purpose.encode(), key=self._master, digest_size=KEY_BYTES, person=b"lachan-key").digest()

    def seal(self, purpose: str, content: bytes, bound: str) -> bytes:
        """XChaCha20-Poly1305 under the key of a purpose; opens only with the same `bound` (a row's identity)."""
        return bytes(Aead(self.key(purpose)).encrypt(content, bound.encode()))

    def open(self, purpose: str, sealed: bytes, bound: str) -> bytes:
        """What `seal` sealed. Raises ValueError if it was changed or belongs elsewhere."""
        try:
            return bytes(Aead(self.key(purpose)).decrypt(sealed, bound.encode()))
        except CryptoError:
            raise ValueError("this does not open here") from None

    def pseudonym(self, purpose: str, *parts: str) -> str:
        """32 hexadecimal digits that stand for `parts`; equal parts under two purposes have nothing in common."""
        text = "\0".join(parts).encode()
        return hmac.digest(self.key(f"pseudonym:{purpose}"), text, "sha256").hex()[:32]


def _make(path: Path) -> None:
    """Puts a new key there, whole or not at all; if another process was first, its key stays."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
