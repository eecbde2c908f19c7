"""Checks passwords: two at once, for one login one after another, each after the wait that the wrong tries before it earned.

So a burst of tries is as slow as tries one by one. Nobody is shut out: the right password is checked, too, after its wait.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from weakref import WeakValueDictionary

import anyio
from anyio.to_thread import run_sync

AT_ONCE = 2  # a check takes a thread and 64 MB: a flood of them must leave both for the citizens


class Waits(Protocol):
    """Counts wrong tries, and knows what they cost (tips.slowdown.Slowdown)."""

    def seconds(self, who: str) -> float:
        """How long `who` has to wait now."""

    def failed(self, who: str) -> None:
        """Notes a wrong try."""


class Tries:
    """One for each room with a door. `sleep` takes seconds."""

    def __init__(self, waits: Waits, sleep: Callable[[float], Awaitable[Any]] = anyio.sleep) -> None:
        self._waits = waits
        self._sleep = sleep
        self._limiter = anyio.CapacityLimiter(AT_ONCE)
        self._lines: WeakValueDictionary[str, anyio.Lock] = WeakValueDictionary()

    async def check[Found](self, who: str, check: Callable[[], Found | None]) -> Found | None:
        """What `check` finds, run in a thread; None is a wrong try of `who`."""
        # The line is for each login: who waits for his own wrong tries holds up nobody else.
        line = self._lines.setdefault(who, anyio.Lock())
        async with line:
            await self._sleep(self._waits.seconds(who))
            found = await run_sync(check, limiter=self._limiter)
            if found is None:
                self._waits.failed(who)
            return found
