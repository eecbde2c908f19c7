"""Finds a key file that was swapped: beside each lies a canary, made at the first start, that knows the right key.

The master key's canary is a sealed word that only this key opens. The pseudonyms' key changes every 30 days and cannot be
computed backwards, so its canary holds a hash of each key to come, for ten years. Neither tells anything about a key.
"""

from __future__ import annotations

import hashlib
import hmac
from enum import Enum
from pathlib import Path

from db.keys import KEY_BYTES, KeyFileError, KeyRing, make_file
from db.pseudonyms import PeriodKey

PERIODS = 122  # of 30 days
_PURPOSE, _WORD = "canary", b"lachan"
_NUMBER_BYTES = 8


class Health(Enum):
    """What is found of a key file."""

    WELL = "well"
    MISSING = "missing"
    WRONG = "wrong"  # damaged, or another key than the one that the canary was made under


def canary_of(key_file: Path) -> Path:
    """Where a key file's canary lies."""
    return key_file.with_name(f"{key_file.name}.canary")


def make_canaries(master: Path, pseudonyms: Path) -> None:
    """Makes the canaries that are not there yet, for key files that are; never changes one."""
    if master.exists() and not canary_of(master).exists():
        make_file(canary_of(master), KeyRing.from_file(master).seal(_PURPOSE, _WORD, master.name))
    if pseudonyms.exists() and not canary_of(pseudonyms).exists():
        key = _period_key(pseudonyms.read_bytes())
        if key is not None:
            make_file(canary_of(pseudonyms), _promise(key))


def master_health(file: Path) -> Health:
    """Whether the master key is there and the one it was. Without a canary: whether it is a key at all."""
    if not file.exists():
        return Health.MISSING
    try:
        keys, canary = KeyRing.from_file(file), _read(canary_of(file))
        if canary is None or keys.open(_PURPOSE, canary, file.name) == _WORD:
            return Health.WELL
    except (KeyFileError, ValueError):
        pass
    return Health.WRONG


def pseudonyms_health(file: Path) -> Health:
    """The same of the file with the pseudonyms' key, at whatever period it stands."""
    if not file.exists():
        return Health.MISSING
    key, canary = _period_key(file.read_bytes()), _read(canary_of(file))
    if key is None:
        return Health.WRONG
    return Health.WELL if canary is None or _keeps(key, canary) else Health.WRONG


def _promise(key: PeriodKey) -> bytes:
    """The number of the first period (8 bytes), then 32 bytes for each."""
    hashes, later = [], key
    for _ in range(PERIODS):
        hashes.append(_hash(later))
        later = later.next()
    return key.period.to_bytes(_NUMBER_BYTES) + b"".join(hashes)


def _keeps(key: PeriodKey, canary: bytes) -> bool:
    first = int.from_bytes(canary[:_NUMBER_BYTES])
    if len(canary) != _NUMBER_BYTES + PERIODS * KEY_BYTES or not first - PERIODS <= key.period < first + PERIODS:
        return False
    key = key.until(first)  # an older copy of the same file leads to the same keys
    start = _NUMBER_BYTES + (key.period - first) * KEY_BYTES
    return hmac.compare_digest(canary[start : start + KEY_BYTES], _hash(key))


def _hash(key: PeriodKey) -> bytes:
    return hashlib.blake2b(key.key, digest_size=KEY_BYTES, person=b"lachan-canary").digest()


def _period_key(content: bytes) -> PeriodKey | None:
    if len(content) != _NUMBER_BYTES + KEY_BYTES:
        return None
    return PeriodKey(int.from_bytes(content[:_NUMBER_BYTES]), content[_NUMBER_BYTES:])


def _read(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None
