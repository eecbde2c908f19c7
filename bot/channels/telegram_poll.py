"""Polling: asks Telegram for updates and has them worked off, side by side, losing none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from telegram import Update

SLOW = 0.25  # seconds after which we ask again although something is still being worked off


class Polling:
    """The offset passes only what is done, so that a crash loses nothing: Telegram sends the rest again.

    While somebody's update takes long, others are fetched: Telegram then repeats the long one, which is passed over.
    """

    def __init__(
        self,
        fetch: Callable[[int | None, bool], Awaitable[Sequence[Update]]],
        work: Callable[[Update], Coroutine[Any, Any, bool]],
        back_off: Callable[[Exception | None, int], Awaitable[None]],
    ) -> None:
        """`fetch` gets the offset, and whether to wait for updates; `work` says if an update is done (it never raises).

        `back_off` waits after a failure to fetch, or (None) before work is tried again; it gets how many went before.
        """
        self._fetch, self._work, self._back_off = fetch, work, back_off
        self._working: dict[int, asyncio.Task[bool]] = {}
        self._done: set[int] = set()  # of those that Telegram still repeats
        self._failed: set[int] = set()
        self._next: int | None = None

    async def run(self) -> None:
        """Goes on until it is cancelled; then call `end`."""
        no_answer = not_done = 0
        while True:
            try:
                batch = await self._fetch(self._offset(), not self._working)
            except Exception as error:
                await self._back_off(error, no_answer)
                no_answer += 1
                continue
            no_answer = 0
            self._begin(batch)
            if self._working:
                await asyncio.wait(self._working.values(), timeout=SLOW)
            self._collect()
            if self._failed:
                await self._back_off(None, not_done)
            not_done = not_done + 1 if self._failed else 0

    async def end(self, grace: float) -> None:
        """Lets what is being worked off end, at most `grace` seconds, and cancels the rest."""
        if self._working:
            await asyncio.wait(self._working.values(), timeout=grace)
        for task in self._working.values():
            task.cancel()
        await asyncio.gather(*self._working.values(), return_exceptions=True)
        self._working.clear()

    def _begin(self, batch: Sequence[Update]) -> None:
        if batch:  # not the highest of all times: after a quiet week Telegram may begin anew at a lower number
            self._next = max(update.update_id for update in batch) + 1
        for update in batch:
            number = update.update_id
            if number not in self._working and number not in self._done:
                self._failed.discard(number)
                self._working[number] = asyncio.create_task(self._work(update))

    def _collect(self) -> None:
        for number, task in tuple(self._working.items()):
            if task.done():
                del self._working[number]
                (self._done if task.result() else self._failed).add(number)
        offset = self._offset() or 0
        self._done = {number for number in self._done if number >= offset}

    def _offset(self) -> int | None:
        return min((*self._working, *self._failed), default=self._next)
