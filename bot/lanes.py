"""One person's messages in order, different people's side by side; all of it bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field


class Full(Exception):
    """There is no room left to wait; the work was not begun."""


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    inside: int = 0


class Lanes:
    """A queue for each key, in the order of `run`; a key without work takes no memory."""

    def __init__(
        self,
        parallel: int = 16,
        in_a_lane: int = 100,
        in_all: int = 1000,
        shared: Callable[[str], AbstractAsyncContextManager[object]] = nullcontext,
    ) -> None:
        """At most `parallel` works run at once; at most so many run or wait for one key, and in all.

        `shared` gives the lock that other processes heed as well; nobody waits for it who has not the key here.
        """
        self._shared = shared
        self._slots = asyncio.Semaphore(parallel)
        self._in_a_lane, self._in_all = in_a_lane, in_all
        self._lanes: dict[str, _Lane] = {}
        self._inside = 0

    async def run[T](self, key: str, work: Callable[[], Awaitable[T]]) -> T:
        """Runs the work when its turn comes and gives back what it gives. Raises Full, or what the work raises."""
        lane = self._lanes.setdefault(key, _Lane())
        if lane.inside >= self._in_a_lane or self._inside >= self._in_all:
            if not lane.inside:
                del self._lanes[key]
            raise Full
        lane.inside += 1
        self._inside += 1
        try:
            async with lane.lock, self._shared(key), self._slots:  # whoever waits for another process holds no slot
                return await work()
        finally:
            lane.inside -= 1
            self._inside -= 1
            if not lane.inside:
                del self._lanes[key]
