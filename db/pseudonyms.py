"""Names for people in the stores that change every 30 days: nobody can tell that two of them mean the same person.

A small file beside the master key holds the key of the period before this one. This period's key is made of it by a one-way
step, and when a period is over the file goes one step on: keys older than that are in no file, and cannot be computed again.
The steps are known to whoever has the file, so its thief can follow on: forward the protection begins anew only with a new file.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.keys import KEY_BYTES, KeyFileError, KeyRing, alone_in, make_file, replace_file, sweep_drafts

PERIOD = timedelta(days=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER_BYTES = 8


@dataclass(frozen=True, slots=True)
class PeriodKey:
    """The key of one period; `period` counts whole 30 days since the Unix epoch."""

    period: int
    key: bytes = field(repr=False)

    def next(self) -> PeriodKey:
        """The next period's; nothing leads back."""
        return PeriodKey(
            self.period + 1, hashlib.blake2b(self.key, digest_size=KEY_BYTES, person=b"lachan-next").digest()
        )

    def until(self, period: int) -> PeriodKey:
        """As many steps on as it takes; none if it is there or beyond."""
        key = self
        while key.period < period:
            key = key.next()
        return key

    def to_bytes(self) -> bytes:
        """As it lies in the file: the period in 8 bytes, then the key."""
        return self.period.to_bytes(_NUMBER_BYTES) + self.key


@dataclass(frozen=True, slots=True)
class _Pair:
    """What names are made with now: the period before and this one."""

    period: int
    before: KeyRing = field(repr=False)
    now: KeyRing = field(repr=False)


class Pseudonyms:
    """The names of this period and of the one before. Processes that share the file agree.

    A clock that is set back changes nothing until it has caught up. One that ran far ahead moved the file for good: then the
    names stay as they are until that day, or until the file is taken away, and a new one is made with the next start.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        """Reads the key file, or makes it on the first start (mode 0600).

        Raises KeyFileError if the file holds something else than 40 bytes.
        """
        self._path, self._clock = path, now
        self._pair = self._renewed()

    def of(self, purpose: str, *parts: str) -> str:
        """32 hexadecimal digits that stand for `parts` in this period; two purposes have nothing in common."""
        return self._current().now.pseudonym(purpose, *parts)

    def before(self, purpose: str, *parts: str) -> str:
        """What `of` gave in the period before this one."""
        return self._current().before.pseudonym(purpose, *parts)

    def renew(self) -> None:
        """Takes the file on where a period is over. Every name does so; the scheduler may where nobody comes."""
        self._current()

    def _current(self) -> _Pair:
        pair = self._pair
        if self._period() > pair.period:
            self._pair = pair = self._renewed()
        return pair

    def _period(self) -> int:
        """The period of the clock; the file has no room for one before 1970, which only a broken clock says."""
        return max((self._clock() - _EPOCH) // PERIOD, 1)

    def _renewed(self) -> _Pair:
        """This period's names, and the file where it belongs: at the period before."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        wanted = self._period() - 1
        with alone_in(self._path.parent):
            sweep_drafts(self._path)  # else an old key would lie in one for good
            kept = self._read(wanted)
            before = kept.until(wanted)
            if before != kept:
                replace_file(self._path, before.to_bytes())
        now = before.next()
        return _Pair(now.period, KeyRing(before.key), KeyRing(now.key))

    def _read(self, wanted: int) -> PeriodKey:
        """What the file holds; where there is none, first a new one with a fresh key for the period `wanted`."""
        if not self._path.exists():
            make_file(self._path, PeriodKey(wanted, secrets.token_bytes(KEY_BYTES)).to_bytes())
        content = self._path.read_bytes()
        if len(content) != _NUMBER_BYTES + KEY_BYTES:
            raise KeyFileError(
                f"{self._path} holds no period and key of {_NUMBER_BYTES + KEY_BYTES} bytes: restore it from your backup,"
                " or take it away, and everybody is somebody new"
            )
        return PeriodKey(int.from_bytes(content[:_NUMBER_BYTES]), content[_NUMBER_BYTES:])
