"""Sealing and opening (libsodium, by PyNaCl): a tip's key pair, its parts, answers, and the keys that come from a code.

Every piece has a fresh content key. The content is padded to a few fixed sizes and sealed with XChaCha20-Poly1305,
bound by associated data to version, tip, piece, kind and position, so that no piece can be passed off as another. The content
key is sealed (X25519 sealed box) to whoever may read. Who can write to the police's store can add, but not read or
swap.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from enum import StrEnum

import nacl.exceptions
import nacl.utils
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import Aead

VERSION = 1
KEY_BYTES = 32
BUCKETS = (512, 2 * 1024, 8 * 1024, 32 * 1024)
BIG_BUCKET = 64 * 1024

# Argon2id takes 64 MiB a call: two at a time bound the memory, and with it how fast anybody can guess.
_ARGON2_AT_ONCE = threading.BoundedSemaphore(2)
_NACL_ERRORS = (nacl.exceptions.CryptoError, ValueError, TypeError)


class EnvelopeError(Exception):
    """Something that cannot be opened: the wrong key, the wrong place, or not whole. Tells no more than that."""


class Kind(StrEnum):
    """What a sealed piece is. All but the last are parts of a tip, the last is an officer's answer."""

    REPORT = "report"
    PHOTO = "photo"
    FILE = "file"  # a cleaned copy
    ORIGINAL = "original"  # a file as it came; two officers open it together
    ADDITION = "addition"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Label:
    """Where a sealed piece belongs; `piece_id` is a part's or a message's id."""

    tip_id: str
    piece_id: str
    kind: Kind
    position: int = 0  # of a part within its tip

    def bound(self, version: int) -> bytes:
        """The associated data. Lengths go before the fields, so that no two labels can read the same."""
        fields = ("lachan-tip", str(version), self.tip_id, self.piece_id, self.kind.value, str(self.position))
        return b"".join(len(f.encode()).to_bytes(2) + f.encode() for f in fields)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An X25519 key pair, 32 bytes each."""

    public: bytes
    private: bytes = field(repr=False)

    @classmethod
    def new(cls) -> KeyPair:
        return cls.of(bytes(PrivateKey.generate()))

    @classmethod
    def of(cls, private: bytes) -> KeyPair:
        """The pair of a private key. Raises EnvelopeError if it does not have 32 bytes."""
        try:
            return cls(bytes(PrivateKey(private).public_key), private)
        except _NACL_ERRORS:
            raise EnvelopeError("not a private key") from None


@dataclass(frozen=True, slots=True)
class Cost:
    """What one Argon2id call costs. The default takes about 0.1 s; tests use less."""

    memory_bytes: int = 64 * 1024 * 1024
    passes: int = 3


@dataclass(frozen=True, slots=True)
class CodeKeys:
    """What a code leads to: the value under which its tip is found (32 bytes), and the keys that open the answers."""

    lookup: bytes = field(repr=False)
    reply: KeyPair


def new_id() -> str:
    """A random id for a tip, a part or a message: 32 hexadecimal digits."""
    return nacl.utils.random(16).hex()


def seal_part(content: bytes, label: Label, tip_key: bytes) -> tuple[bytes, bytes]:
    """A part for the holders of the tip's private key; `tip_key` is its public half. Gives (sealed key, body)."""
    (sealed_key,), body = _seal(content, label, tip_key)
    return sealed_key, body


def seal_message(content: bytes, label: Label, reply_key: bytes, tip_key: bytes) -> tuple[bytes, bytes, bytes]:
    """An answer for the citizen with the code and for the officers. Gives (key for citizen, key for tip, body)."""
    (for_citizen, for_tip), body = _seal(content, label, reply_key, tip_key)
    return for_citizen, for_tip, body


def open_piece(sealed_key: bytes, body: bytes, label: Label, keys: KeyPair) -> bytes:
    """The content of a part or an answer. Raises EnvelopeError."""
    content_key = _unseal(sealed_key, keys)
    if body[:1] != bytes([VERSION]):
        raise EnvelopeError("sealed by another version")
    try:
        return unpad(bytes(Aead(content_key).decrypt(body[1:], label.bound(VERSION))))
    except _NACL_ERRORS:
        raise EnvelopeError("the body does not open here") from None


def seal_tip_key(tip: KeyPair, officer_key: bytes) -> bytes:
    """A grant: the tip's private key for the officer with that public key; 80 bytes."""
    return bytes(SealedBox(PublicKey(officer_key)).encrypt(tip.private))


def open_tip_key(sealed_key: bytes, officer: KeyPair, tip_key: bytes) -> KeyPair:
    """The tip's key pair out of a grant. Raises EnvelopeError, also if it is not the pair of `tip_key`."""
    tip = KeyPair.of(_unseal(sealed_key, officer))
    if tip.public != tip_key:
        raise EnvelopeError("the grant of another tip")
    return tip


def derive(code: str, pepper: bytes, cost: Cost) -> CodeKeys:
    """The keys of a code (18 digits, as `parse_code` gives them); `pepper` is 32 bytes that lie outside both stores."""
    secret = hashlib.blake2b(code.encode(), key=pepper, person=b"lachan-code").digest()
    salt = hashlib.blake2b(key=pepper, person=b"lachan-salt", digest_size=argon2id.SALTBYTES).digest()
    stretched = stretch(secret, salt, 2 * KEY_BYTES, cost)
    return CodeKeys(stretched[:KEY_BYTES], KeyPair.of(stretched[KEY_BYTES:]))


def stretch(secret: bytes, salt: bytes, size: int, cost: Cost) -> bytes:
    """`size` bytes by Argon2id; `salt` has 16 bytes. Waits while two others are at it."""
    with _ARGON2_AT_ONCE:
        return argon2id.kdf(size, secret, salt, opslimit=cost.passes, memlimit=cost.memory_bytes)


def pad(content: bytes) -> bytes:
    """Filled up by at least one byte (ISO/IEC 7816-4) to 512 B, 2, 8 or 32 KiB, or a multiple of 64 KiB."""
    return sodium_pad(content, next((size for size in BUCKETS if len(content) < size), BIG_BUCKET))


def unpad(padded: bytes) -> bytes:
    """What was padded. Raises EnvelopeError."""
    try:
        return sodium_unpad(padded, min(len(padded), BIG_BUCKET))
    except _NACL_ERRORS:
        raise EnvelopeError("the padding is not whole") from None


def _seal(content: bytes, label: Label, *readers: bytes) -> tuple[tuple[bytes, ...], bytes]:
    content_key = nacl.utils.random(KEY_BYTES)
    body = bytes([VERSION]) + Aead(content_key).encrypt(pad(content), label.bound(VERSION))
    return tuple(bytes(SealedBox(PublicKey(reader)).encrypt(content_key)) for reader in readers), body


def _unseal(sealed_key: bytes, keys: KeyPair) -> bytes:
    try:
        return bytes(SealedBox(PrivateKey(keys.private)).decrypt(sealed_key))
    except _NACL_ERRORS:
        raise EnvelopeError("the key is not for this reader") from None
