"""Makes guessing slow without shutting anybody out: a wait that grows with wrong tries, of one person and of all."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

FORGET_AFTER = timedelta(minutes=15)
FIRST_WAIT = 0.5  # seconds after the first wrong try; doubles with each further one
LONGEST_WAIT = 8.0
WAIT_PER_FAILURE_OF_ALL = 0.05
LONGEST_WAIT_OF_ALL = 2.0
SLEEPERS = 8


class Slowdown:
    """Counts wrong tries in memory for 15 minutes. `sleep` takes seconds.

    A right try forgives nothing: else whoever has one code could guess others at full speed in between.
    """

    def __init__(self, now: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep) -> None:
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._failures: deque[tuple[datetime, str]] = deque()
        # A wait holds a thread, and many must not hold them all. Past this, only the cost of the try itself slows.
        self._beds = threading.BoundedSemaphore(SLEEPERS)

    def wait(self, who: str) -> None:
        """Sleeps as long as `who` has to wait before a try."""
        seconds = self.seconds(who)
        if seconds and self._beds.acquire(blocking=False):
            try:
                self._sleep(seconds)
            finally:
                self._beds.release()

    def seconds(self, who: str) -> float:
        """How long `who` has to wait now."""
        with self._lock:
            self._forget()
            own = sum(1 for _, name in self._failures if name == who)
            of_all = len(self._failures)
        own_wait = min(FIRST_WAIT * 2.0 ** min(own - 1, 16), LONGEST_WAIT) if own else 0.0
        return max(own_wait, min(WAIT_PER_FAILURE_OF_ALL * of_all, LONGEST_WAIT_OF_ALL))

    def failed(self, who: str) -> None:
        """Notes a wrong try."""
        with self._lock:
            self._forget()
            self._failures.append((self._now(), who))

    def _forget(self) -> None:
        oldest = self._now() - FORGET_AFTER
        while self._failures and self._failures[0][0] <= oldest:
            self._failures.popleft()
