"""Keys outside the stores: one master key file for the citizens' side, and what is derived from it, by purpose."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import Aead

KEY_BYTES = 32
_DRAFT_DIGITS = 16


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
            make_file(path, secrets.token_bytes(KEY_BYTES))
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
        """32 hexadecimal digits that stand for `parts`; equal parts under two purposes have nothing in common.

        Under the master key they never change: for what is no person (the ids of updates). People get `Pseudonyms`.
        """
        text = "\0".join(parts).encode()
        return hmac.digest(self.key(f"pseudonym:{purpose}"), text, "sha256").hex()[:32]


def make_file(path: Path, content: bytes) -> None:
    """Puts a new key file there (mode 0600), whole or not at all; if another process was first, its file stays."""
    with _draft(path, content) as draft, contextlib.suppress(FileExistsError):
        os.link(draft, path)


def replace_file(path: Path, content: bytes) -> None:
    """Puts a key file in the place of the old one (mode 0600); whoever reads sees one of the two, never a part."""
    with _draft(path, content) as draft:
        draft.replace(path)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keeps other processes that ask for the same out until the end; a process that dies lets go."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sweep_drafts(path: Path) -> None:
    """Deletes what a process that died while it wrote `path` left beside it. Only for whoever is `alone_in` the folder."""
    for draft in path.parent.glob(path.name + "." + "[0-9a-f]" * _DRAFT_DIGITS):
        draft.unlink()


@contextlib.contextmanager
def _draft(path: Path, content: bytes) -> Iterator[Path]:
    """A complete file beside `path`, to be linked or moved there; what becomes of it outlasts a power cut."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(_DRAFT_DIGITS // 2)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
