"""From an update to its answer, the same for every platform: written down, in turn, once, and never in silence."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain, repeat
from typing import Any

from anyio import to_thread

from bot.channels import Hears, NotSentError, UnreachableError
from bot.channels.intake import ComeAgainError, Intake
from bot.channels.quiet import where
from bot.channels.text import both
from bot.inbound import Inbound
from bot.updates import Kept, Updates
from content.library import Library
from content.reply import Reply

log = logging.getLogger(__name__)

PATIENCE = 0.8  # seconds without an answer, after which "is typing" is shown
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0)  # seconds: ten tries to hear in two and a half minutes
SENT_FOR = timedelta(days=1)  # how long an answer is sent again while its platform cannot be reached
SCRUB_EVERY = 1.0  # seconds: what is done is out of the store's log by then; costs some milliseconds each time
MOST, MOST_OF_ONE = 5000, 1000  # updates that wait, in all and of one chat
_AT_ONCE, _HEAVY_AT_ONCE = 16, 4


@dataclass(frozen=True, slots=True)
class Errand:
    """One update, with what its platform can do for it.

    `read` gives what to hear (a file is fetched only now), or replies that need no hearing. `answer` sends from the left and takes
    away what was sent; it raises UnreachableError or NotSentError, whereupon the rest may be sent later. `typing` shows that
    somebody is at work.
    """

    chat: str = field(repr=False)
    read: Callable[[], Awaitable[Inbound | list[Reply]]]
    answer: Callable[[deque[Reply]], Awaitable[None]]
    typing: Callable[[], Awaitable[object]]
    heavy: bool = False  # a file of up to 20 MB is in memory while it is heard


class Desk:
    """Writes updates down, and works them off from there: one chat's in order, different chats' side by side.

    Hearing that fails is tried again after each of `pauses` (seconds), then the update is answered with an excuse. Only its own
    chat waits meanwhile.
    """

    def __init__(
        self,
        channel: str,
        conversation: Hears,
        updates: Updates,
        library: Library,
        errand: Callable[[dict[str, Any]], Errand | None],
        *,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        """`errand` makes one of an update as it was written down; None if there is nothing to do any more."""
        self._channel, self._conversation, self._updates, self._library = channel, conversation, updates, library
        self._errand, self._pauses = errand, tuple(pauses)
        self._intake = Intake(channel, updates)
        self._slots, self._heavy = asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_HEAVY_AT_ONCE)
        self._lines: dict[str, deque[int]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._stopping = asyncio.Event()
        self._untidy, self._unmarked = False, set[int]()
        self._tidying: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Takes up what an earlier process left. Call it before anything new is taken."""
        for kept in await to_thread.run_sync(self._left):
            errand = self._made(kept)
            if errand is not None:
                self._line_up(errand.chat, kept.number)
            else:
                await self._done(kept.number)

    async def take(self, update_id: str, chat: str, content: dict[str, Any]) -> None:
        """Returns when the update is written down, or was before; it is worked off later.

        Raises ComeAgainError if it is not: the store fails, or too much waits.
        """
        if self._waiting >= MOST or len(self._lines.get(chat, ())) >= MOST_OF_ONE or self._stopping.is_set():
            log.warning("%s: no room for another update, it has to come again", self._channel)
            raise ComeAgainError
        await self._intake.write(update_id, content, lambda number: self._line_up(chat, number))

    async def end(self, grace: float) -> None:
        """Lets what is being answered end, at most `grace` seconds; the rest stays written down for the next start."""
        self._stopping.set()
        await self._intake.end()
        if self._workers:
            await asyncio.wait(self._workers, timeout=grace)
        tasks = [*self._workers, *([self._tidying] if self._tidying else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._tidy()

    def _left(self) -> list[Kept]:
        """What was left; the first of each chat was perhaps being heard, and was what the process died of."""
        left = self._updates.unfinished(self._channel)
        first: dict[str, Kept] = {}
        for kept in left:
            if errand := self._made(kept):
                first.setdefault(errand.chat, kept)
        if suspects := [kept.number for kept in first.values() if kept.answer is None]:
            self._updates.tried(*suspects)
        return left

    def _made(self, kept: Kept) -> Errand | None:
        try:
            return self._errand(kept.content)
        except Exception as error:  # written by another version, say: one update must not end the channel
            log.error("%s: an update could not be read again: %s", self._channel, where(error))
            return None

    def _line_up(self, chat: str, number: int) -> None:
        self._waiting += 1
        line = self._lines.get(chat)
        if line is not None:
            line.append(number)
            return
        line = self._lines[chat] = deque([number])
        worker = asyncio.create_task(self._work_off(chat, line))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work_off(self, chat: str, line: deque[int]) -> None:
        try:
            while line and not self._stopping.is_set():
                await self._one(line[0])
                line.popleft()
                self._waiting -= 1
        except _StoppedError:
            pass
        finally:
            del self._lines[chat]
            self._waiting -= len(line)

    async def _one(self, number: int) -> None:
        kept = await self._loaded(number)
        errand = self._made(kept) if kept is not None else None
        if kept is not None and errand is not None:
            replies = kept.answer
            if replies is None:
                replies = tuple(await self._replies(kept, errand))
                await self._mark(self._updates.answered, number, replies)
            await self._send(errand, replies, kept)
        await self._done(number)

    async def _loaded(self, number: int) -> Kept | None:
        for pause in self._growing():
            try:
                return await to_thread.run_sync(self._updates.load, number)
            except Exception as error:
                log.error("%s: an update could not be read: %s", self._channel, where(error))
            await self._pause(pause)
        raise AssertionError("not reached")

    async def _replies(self, kept: Kept, errand: Errand) -> list[Reply]:
        for tries in range(kept.tries, len(self._pauses) + 1):
            if tries > kept.tries:
                await self._pause(self._pauses[tries - 1])
            try:
                async with self._heavy if errand.heavy else nullcontext(), self._slots:
                    inbound = await errand.read()
                    return (
                        inbound
                        if isinstance(inbound, list)
                        else await self._hear(replace(inbound, once=kept.key), errand)
                    )
            except Exception as error:  # one message must not end the channel
                log.error("%s: a message could not be answered: %s", self._channel, where(error))
            await self._mark(self._updates.tried, kept.number)
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

    async def _send(self, errand: Errand, replies: Sequence[Reply], kept: Kept) -> None:
        """Until it is sent, the person is gone, or a day is over: a code may be in it."""
        rest = deque(replies)
        for pause in self._growing():
            try:
                await errand.answer(rest)
                return
            except UnreachableError:
                return
            except NotSentError:
                if self._updates.age(kept) > SENT_FOR:
                    log.error("%s: an answer was given up after a day", self._channel)
                    return
            except Exception as error:
                log.error("%s: an answer could not be sent: %s", self._channel, where(error))
                return
            await self._pause(pause)

    def _growing(self) -> Iterator[float]:
        """Pauses without end: those of hearing, then ten times the longest."""
        return chain(self._pauses, repeat(self._pauses[-1] * 10))

    async def _pause(self, seconds: float) -> None:
        """Raises _StoppedError at once when we are to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
            raise _StoppedError

    async def _done(self, number: int) -> None:
        if not await self._mark(self._updates.done, number):
            self._unmarked.add(number)
        self._untidy = True
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.create_task(self._tidy_later())

    async def _tidy_later(self) -> None:
        while self._untidy or self._unmarked:
            self._untidy = False
            await asyncio.sleep(SCRUB_EVERY)
            await self._tidy()

    async def _tidy(self) -> None:
        for number in tuple(self._unmarked):
            if await self._mark(self._updates.done, number):
                self._unmarked.discard(number)
        await self._mark(self._updates.scrub)

    async def _mark(self, mark: Callable[..., None], *given: Any) -> bool:
        """Notes how far an update is; False if the store fails: what is said to the person does not wait for it."""
        try:
            await to_thread.run_sync(mark, *given)
        except Exception as error:
            log.error("%s: what became of an update could not be noted: %s", self._channel, where(error))
            return False
        return True


class _StoppedError(Exception):
    """The channel stops; the update stays written down."""
