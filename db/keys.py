"""Keys outside the stores: one master key file for the citizens' side, and what is derived from it, by purpose."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


class KeyRing:
    """Derives independent keys from one master key; a key for one purpose tells nothing about another."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise ValueError("a master key has 32 bytes")
        self._master = master

    @classmethod
    def from_file(cls, path: Path) -> KeyRing:
        """Reads the key, or makes it on the first start (mode 0600, never overwritten).

        Raises ValueError if the file holds something else than 32 bytes.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(path.read_bytes())
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        return cls(path.read_bytes())

    def key(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose (BLAKE2b, keyed with the master key)."""
        return hashlib.blake2b(purpose.encode(), key=self._master, digest_size=KEY_BYTES, person=b"lachan-key").digest()

    def pseudonym(self, purpose: str, *parts: str) -> str:
        """32 hexadecimal digits that stand for `parts`; equal parts under two purposes have nothing in common."""
        text = "\0".join(parts).encode()
        return hmac.digest(self.key(f"pseudonym:{purpose}"), text, "sha256").hex()[:32]
