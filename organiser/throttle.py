"""Slows down whoever guesses passwords: each failure for a login makes the next try wait longer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

FREE = 3  # failures without a wait
LONGEST = 300  # seconds
FORGOTTEN = timedelta(hours=1)
MOST = 10_000  # logins remembered


@dataclass(slots=True)
class _Failures:
    count: int
    last: datetime


class Throttle:
    """Kept in memory. A login that does not exist is treated like one that does, so that a wait tells nothing."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._failures: dict[str, _Failures] = {}

    def wait(self, login: str) -> int:
        """Whole seconds until the next try for this login may be made; 0 if now."""
        failures = self._failures.get(_key(login))
        if failures is None or failures.count < FREE:
            return 0
        until = failures.last + timedelta(seconds=min(LONGEST, 2 ** (failures.count - FREE + 1)))
        return max(0, ceil((until - self._now()).total_seconds()))

    def failed(self, login: str) -> None:
        """Counts a failure: the third waits 2 s, then 4, 8, … up to 5 minutes."""
        self._forget_old()
        before = self._failures.pop(_key(login), None)
        self._failures[_key(login)] = _Failures(min(30, before.count + 1) if before else 1, self._now())

    def passed(self, login: str) -> None:
        """The right password: nothing is held against this login any more."""
        self._failures.pop(_key(login), None)

    def _forget_old(self) -> None:
        """Old entries stand in front: each failure moves its login to the end."""
        now = self._now()
        for login, failures in list(self._failures.items()):
            if now - failures.last < FORGOTTEN and len(self._failures) < MOST:
                return
            del self._failures[login]


def _key(login: str) -> str:
    return login.strip().casefold()[:64]
