"""Sealing and opening (libsodium, by PyNaCl): a tip's key pair, its parts, answers, and the keys that come from a code.

Every piece has a fresh content key. The content is padded to a few fixed sizes and sealed with XChaCha20-Poly1305, more
than 64 KiB as a stream of chunks; both are bound by associated data to version, tip, piece, kind and position, so that no
piece can be passed off as another. The content key is sealed (X25519 sealed box) to whoever may read; an original's only in
nested boxes, for two officers together (docs/sealing.md). Who can write to the police's store can add, but not read or swap.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import permutations
from typing import Protocol

import nacl.exceptions
import nacl.utils
from nacl import bindings
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import Aead

VERSION = 1
STREAM_VERSION = 2  # the same for more than 64 KiB, in chunks
KEY_BYTES = 32
BUCKETS = (512, 2 * 1024, 8 * 1024, 32 * 1024)
BIG_BUCKET = 64 * 1024
CHUNK = BIG_BUCKET  # bytes of padded content in one chunk of a stream

_STREAM_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_SEALED_CHUNK = CHUNK + bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_MESSAGE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
HEAD_BYTES = 1 + _STREAM_HEADER + _SEALED_CHUNK  # the beginning of a body that `open_head` needs

# Argon2id takes 64 MiB a call: two at a time bound the memory, and with it how fast anybody can guess.
_ARGON2_AT_ONCE = threading.BoundedSemaphore(2)
_NACL_ERRORS = (nacl.exceptions.CryptoError, ValueError, TypeError)


class EnvelopeError(Exception):
    """Something that cannot be opened: the wrong key, the wrong place, or not whole. Tells no more than that."""


class Kind(StrEnum):
    """What a sealed piece is, and so in which column its body lies: a part's, a message's or a request's."""

    REPORT = "report"
    FILE = "file"  # a cleaned copy
    ORIGINAL = "original"  # a file as it came; two officers open it together
    ADDITION = "addition"
    MESSAGE = "message"  # an officer's answer
    REASON = "reason"  # why an officer asks for an original


@dataclass(frozen=True, slots=True)
class Label:
    """Where a sealed piece belongs; `piece_id` is the id of a part, a message or a request."""

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


class Reader(Protocol):
    """Somebody to seal to, such as `tips.dropbox.Recipient`; `public_key` is X25519, 32 bytes."""

    @property
    def officer_id(self) -> int: ...

    @property
    def public_key(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class SealedShare:
    """An original's content key in two nested sealed boxes: the first officer's around the second's; 128 bytes."""

    part_id: str
    first_id: int
    second_id: int
    sealed: bytes = field(repr=False)


def new_id() -> str:
    """A random id for a tip, a part or a message: 32 hexadecimal digits."""
    return nacl.utils.random(16).hex()


def seal_part(content: bytes, label: Label, tip_key: bytes) -> tuple[bytes, bytes]:
    """A part for the holders of the tip's private key; `tip_key` is its public half. Gives (sealed key, body)."""
    content_key, body = _seal(content, label)
    return seal_key(content_key, tip_key), body


def seal_message(content: bytes, label: Label, reply_key: bytes, tip_key: bytes) -> tuple[bytes, bytes, bytes]:
    """An answer for the citizen with the code and for the officers. Gives (key for citizen, key for tip, body)."""
    content_key, body = _seal(content, label)
    return seal_key(content_key, reply_key), seal_key(content_key, tip_key), body


def seal_original(content: bytes, label: Label, recipients: Sequence[Reader]) -> tuple[bytes, tuple[SealedShare, ...]]:
    """A file as it came, that any two of the recipients open together and nobody alone. Gives (body, shares).

    There is a share for each ordered pair of different officers: with fewer than two of them nobody ever opens the body.
    """
    content_key, body = _seal(content, label)
    readers = {reader.officer_id: reader.public_key for reader in recipients}
    shares = tuple(
        SealedShare(label.piece_id, first, second, _box(_box(content_key, readers[second]), readers[first]))
        for first, second in permutations(readers, 2)
    )
    return body, shares


def open_piece(sealed_key: bytes, body: bytes, label: Label, keys: KeyPair) -> bytes:
    """The content of a part, an answer or a reason. Raises EnvelopeError."""
    return _open(body, label, unseal_key(sealed_key, keys))


def open_head(sealed_key: bytes, head: bytes, label: Label, keys: KeyPair) -> bytes:
    """The first 64 KiB of a piece's content, or all of a smaller one; `head` has the first HEAD_BYTES of its body.

    They are authentic, whatever happened to the rest. Raises EnvelopeError.
    """
    content_key = unseal_key(sealed_key, keys)
    if head[:1] != bytes([STREAM_VERSION]):
        return _open(head, label, content_key)
    for first, _ in _pull(head[:HEAD_BYTES], label, content_key):
        return first
    raise EnvelopeError("the body is not whole")


def peel(sealed: bytes, first: KeyPair) -> bytes:
    """The inner box of a share, which only its second officer opens. Raises EnvelopeError."""
    return _unbox(sealed, first)


def open_inner(inner: bytes, second: KeyPair) -> bytes:
    """The content key in a share's inner box. Raises EnvelopeError."""
    return unseal_key(inner, second)


def open_original(body: bytes, label: Label, content_key: bytes) -> bytes:
    """The content of an original. Raises EnvelopeError."""
    return _open(body, label, content_key)


def seal_key(content_key: bytes, reader: bytes) -> bytes:
    """A content key for the holder of that public key's private half; 80 bytes."""
    return _box(content_key, reader)


def unseal_key(sealed_key: bytes, keys: KeyPair) -> bytes:
    """A content key. Raises EnvelopeError."""
    content_key = _unbox(sealed_key, keys)
    if len(content_key) != KEY_BYTES:
        raise EnvelopeError("no key is in there")
    return content_key


def seal_tip_key(tip: KeyPair, officer_key: bytes, reply_key: bytes = b"") -> bytes:
    """A grant: the tip's private key for the officer with that public key; 80 bytes.

    With `reply_key`, under which answers go to the citizen, it has 112 bytes: whoever knows the tip's private key vouches
    for that key, so that nobody else can put theirs in its place and read the answers.
    """
    return _box(tip.private + reply_key, officer_key)


def open_tip_key(sealed_key: bytes, officer: KeyPair, tip_key: bytes, reply_key: bytes | None = None) -> KeyPair:
    """The tip's key pair out of a grant.

    Raises EnvelopeError, also if it is not the pair of `tip_key`, or if it vouches for another key than `reply_key`
    (None: that is not looked at).
    """
    secret = _unbox(sealed_key, officer)
    tip, vouched = KeyPair.of(secret[:KEY_BYTES]), secret[KEY_BYTES:]
    if tip.public != tip_key:
        raise EnvelopeError("the grant of another tip")
    if reply_key is not None and vouched and vouched != reply_key:
        raise EnvelopeError("another key for answers than the tip was sent with")
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


def _seal(content: bytes, label: Label) -> tuple[bytes, bytes]:
    """Gives (fresh content key, body)."""
    content_key, padded = nacl.utils.random(KEY_BYTES), pad(content)
    if len(padded) <= CHUNK:
        return content_key, bytes([VERSION]) + Aead(content_key).encrypt(padded, label.bound(VERSION))
    return content_key, bytes([STREAM_VERSION]) + _push(padded, label, content_key)


def _open(body: bytes, label: Label, content_key: bytes) -> bytes:
    if body[:1] == bytes([STREAM_VERSION]):
        chunks = list(_pull(body, label, content_key))
        if [final for _, final in chunks] != [False] * (len(chunks) - 1) + [True]:
            raise EnvelopeError("the body is not whole")
        return unpad(b"".join(chunk for chunk, _ in chunks))
    if body[:1] != bytes([VERSION]):
        raise EnvelopeError("sealed by another version")
    try:
        return unpad(bytes(Aead(content_key).decrypt(body[1:], label.bound(VERSION))))
    except _NACL_ERRORS:
        raise EnvelopeError("the body does not open here") from None


def _push(padded: bytes, label: Label, content_key: bytes) -> bytes:
    """Header and chunks of libsodium's secretstream; the last one is marked, and each is bound to the label."""
    state, bound = bindings.crypto_secretstream_xchacha20poly1305_state(), label.bound(STREAM_VERSION)
    sealed = [bindings.crypto_secretstream_xchacha20poly1305_init_push(state, content_key)]
    for start in range(0, len(padded), CHUNK):
        tag = _FINAL if start + CHUNK == len(padded) else _MESSAGE
        chunk = padded[start : start + CHUNK]
        sealed.append(bindings.crypto_secretstream_xchacha20poly1305_push(state, chunk, bound, tag))
    return b"".join(sealed)


def _pull(body: bytes, label: Label, content_key: bytes) -> Iterator[tuple[bytes, bool]]:
    """The chunks of a stream, each with whether it is the last. Whether one is missing is for the caller to see."""
    state, bound = bindings.crypto_secretstream_xchacha20poly1305_state(), label.bound(STREAM_VERSION)
    start = 1 + _STREAM_HEADER
    try:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, body[1:start], content_key)
        for at in range(start, len(body), _SEALED_CHUNK):
            sealed = body[at : at + _SEALED_CHUNK]
            chunk, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed, bound)
            yield chunk, tag == _FINAL
    except _NACL_ERRORS:
        raise EnvelopeError("the body does not open here") from None


def _box(secret: bytes, reader: bytes) -> bytes:
    return bytes(SealedBox(PublicKey(reader)).encrypt(secret))


def _unbox(sealed: bytes, keys: KeyPair) -> bytes:
    try:
        return bytes(SealedBox(PrivateKey(keys.private)).decrypt(sealed))
    except _NACL_ERRORS:
        raise EnvelopeError("the key is not for this reader") from None
