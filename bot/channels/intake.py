"""Writes down what arrives, in the order in which it arrives; what comes while the disk is busy is one write together."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from anyio import to_thread

from bot.channels.quiet import where
from bot.updates import Updates

log = logging.getLogger(__name__)

_TOGETHER = 100


class ComeAgainError(Exception):
    """The update was not written down; the platform should send it again."""


@dataclass(frozen=True, slots=True)
class _Arrived:
    update_id: str = field(repr=False)
    content: dict[str, Any] = field(repr=False)
    written: asyncio.Future[None]


class Intake:
    """Of one channel. `begun` gets the number of each new update, in order, before its `write` returns."""

    def __init__(self, channel: str, updates: Updates) -> None:
        self._channel, self._updates = channel, updates
        self._arrived: deque[tuple[_Arrived, Callable[[int], None]]] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def write(self, update_id: str, content: dict[str, Any], begun: Callable[[int], None]) -> None:
        """Returns when the update is on the disk, now or since earlier. Raises ComeAgainError if it is not."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrived.append((_Arrived(update_id, content, written), begun))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await asyncio.shield(written)

    async def end(self) -> None:
        """Returns when all that arrived is written."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._arrived:
            some = [self._arrived.popleft() for _ in range(min(len(self._arrived), _TOGETHER))]
            numbers = await self._numbers([arrived for arrived, _ in some])
            for (arrived, begun), number in zip(some, numbers, strict=True):
                if isinstance(number, int):
                    begun(number)
                if isinstance(number, ComeAgainError):
                    arrived.written.set_exception(number)
                    arrived.written.exception()  # whoever asked may be gone
                else:
                    arrived.written.set_result(None)

    async def _numbers(self, some: list[_Arrived]) -> list[int | None] | list[ComeAgainError]:
        contents = [(arrived.update_id, arrived.content) for arrived in some]
        try:
            return await to_thread.run_sync(self._updates.write, self._channel, contents)
        except Exception as error:
            log.error("%s: updates could not be written down: %s", self._channel, where(error))
            return [ComeAgainError() for _ in some]
