"""From an update to its answer, the same for every platform: in turn, once, and never in silence."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from anyio import to_thread

from bot.channels import Hears
from bot.channels.quiet import where
from bot.channels.text import both
from bot.inbound import Inbound
from bot.lanes import Full, Lanes
from bot.updates import Updates
from content.library import Library
from content.reply import Reply

log = logging.getLogger(__name__)

PATIENCE = 0.8  # seconds without an answer, after which "is typing" is shown
_REMEMBERED_FAILURES = 1000


class ComeAgainError(Exception):
    """The update was not worked off; the platform should send it again."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One update, with what its platform can do for it.

    `read` gives what to hear (a picture is fetched only now), or replies that need no hearing; `answer` sends and does
    not raise for trouble of the network; `typing` shows that somebody is at work.
    """

    update_id: str = field(repr=False)
    chat: str = field(repr=False)
    read: Callable[[], Awaitable[Inbound | list[Reply]]]
    answer: Callable[[list[Reply]], Awaitable[None]]
    typing: Callable[[], Awaitable[object]]


class Desk:
    """Takes errands: admission, lane, hearing, answer.

    If hearing fails it is tried again after each of `pauses` (seconds), then the update is abandoned (ComeAgainError).
    An update that failed in so many `deliveries` is answered with an excuse and finished, so that it blocks nothing.
    """

    def __init__(
        self,
        channel: str,
        conversation: Hears,
        updates: Updates,
        library: Library,
        *,
        deliveries: int = 3,
        pauses: Sequence[float] = (),
    ) -> None:
        self._channel, self._conversation, self._updates, self._library = channel, conversation, updates, library
        self._deliveries, self._pauses = deliveries, tuple(pauses)
        self._lanes = Lanes()
        self._failures: OrderedDict[str, int] = OrderedDict()

    async def take(self, errand: Errand) -> None:
        """Returns when the update is answered or was seen before. Raises ComeAgainError if it should come once more."""
        try:
            # Admission is in the lane: a second copy waits for the first, and counts only if that one failed.
            await self._lanes.run(errand.chat, lambda: self._once(errand))
        except Full:
            log.warning("%s: no room for another update, it has to come again", self._channel)
            raise ComeAgainError from None

    async def _once(self, errand: Errand) -> None:
        try:
            if not await to_thread.run_sync(self._updates.admit, self._channel, errand.update_id):
                return
        except Exception as error:
            log.error("%s: an update could not be admitted: %s", self._channel, where(error))
            raise ComeAgainError from None
        try:
            replies = await self._replies(errand)
            await self._answer(errand, replies)
        except BaseException:
            await self._mark(self._updates.abandon, errand)
            raise
        await self._mark(self._updates.finish, errand)
        self._failures.pop(errand.update_id, None)

    async def _replies(self, errand: Errand) -> list[Reply]:
        for pause in (*self._pauses, None):
            try:
                inbound = await errand.read()
                return inbound if isinstance(inbound, list) else await self._hear(inbound, errand)
            except Exception as error:  # one message must not end the channel
                log.error("%s: a message could not be answered: %s", self._channel, where(error))
            if pause is not None:
                await asyncio.sleep(pause)
        if self._count_failure(errand.update_id) < self._deliveries:
            raise ComeAgainError
        return [Reply(both(self._library, "channel.trouble"), urgent=True)]

    async def _hear(self, inbound: Inbound, errand: Errand) -> list[Reply]:
        busy = asyncio.create_task(self._typing(errand))
        try:
            return await self._conversation.hear(inbound)
        finally:
            busy.cancel()

    async def _typing(self, errand: Errand) -> None:
        await asyncio.sleep(PATIENCE)
        with suppress(Exception):  # only a courtesy
            await errand.typing()

    async def _answer(self, errand: Errand, replies: list[Reply]) -> None:
        try:
            await errand.answer(replies)
        except Exception as error:  # it was heard: hearing it twice would do worse than a lost answer
            log.error("%s: an answer could not be sent: %s", self._channel, where(error))

    async def _mark(self, mark: Callable[[str, str], None], errand: Errand) -> None:
        try:
            await to_thread.run_sync(mark, self._channel, errand.update_id)
        except Exception as error:
            log.error("%s: the end of an update could not be noted: %s", self._channel, where(error))

    def _count_failure(self, update_id: str) -> int:
        count = self._failures.pop(update_id, 0) + 1
        self._failures[update_id] = count
        while len(self._failures) > _REMEMBERED_FAILURES:
            self._failures.popitem(last=False)
        return count
