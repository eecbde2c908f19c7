"""Tells chats that an answer came: looks for new ones, says one contentless sentence, and never loses who is still to be told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

from bot.channels import UnreachableError
from bot.channels.quiet import where
from bot.threads import in_thread
from bot.watches import Watch, Watches
from content.library import Library
from content.reply import Reply

log = logging.getLogger(__name__)

EVERY = 20.0  # seconds; each word is up to a quarter of an hour late on purpose anyway


class Tells(Protocol):
    """A messenger in which the bot may write first."""

    async def tell(self, chat: str, replies: list[Reply]) -> None:
        """Sends without being asked. Raises UnreachableError if nothing reaches this person any more."""
        ...


class Teller:
    """`channels`: those that can write first, by their names in `Inbound.channel`."""

    def __init__(self, watches: Watches, library: Library, channels: Mapping[str, Tells]) -> None:
        self._watches, self._library, self._channels = watches, library, channels

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.round()
            except Exception as error:  # a store that fails now is asked again later
                log.error("answers could not be told: %s", where(error))
            await asyncio.sleep(EVERY)

    async def round(self) -> None:
        """Looks once, and tells everybody whose time has come."""
        await in_thread(self._watches.look)
        while due := await in_thread(self._watches.due):
            for watch in due:
                await self._tell(watch)

    async def _tell(self, watch: Watch) -> None:
        channel = self._channels.get(watch.channel)
        if channel is None:  # the messenger is switched off just now
            await in_thread(self._watches.failed, watch, False)
            return
        try:
            await channel.tell(watch.chat, [Reply(self._library.phrase("tip.notice", watch.language))])
        except UnreachableError:
            await in_thread(self._watches.failed, watch, True)
        except Exception as error:
            log.warning("a word about an answer was not sent, it will be tried again: %s", where(error))
            await in_thread(self._watches.failed, watch, False)
        else:
            await in_thread(self._watches.told, watch)
