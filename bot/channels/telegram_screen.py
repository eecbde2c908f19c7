"""What stands on a person's screen is noted, so that it can be taken back: the bot's messages and, in a private chat, theirs."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from anyio import to_thread
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.channels.quiet import where
from bot.screens import Screens

log = logging.getLogger(__name__)

AT_A_TIME = 100  # messages, which deleteMessages takes at most


class Screen:
    """Never raises: an answer must not fail because it cannot be taken back later."""

    def __init__(self, bot: Bot, screens: Screens | None, channel: str) -> None:
        """Without `screens` nothing is noted."""
        self._bot, self._screens, self._channel = bot, screens, channel

    async def note(self, chat: int, message_ids: Sequence[int]) -> None:
        """These stand on the screen now."""
        if self._screens is None or not message_ids:
            return
        try:
            await to_thread.run_sync(self._screens.note, self._channel, str(chat), message_ids)
        except Exception as error:
            log.error("telegram: what stands on a screen could not be noted: %s", where(error))

    async def clear(self, chat: int, message_ids: Sequence[int]) -> None:
        """Takes away what was noted, and these. Telegram refuses what is older than 48 hours, and that stays."""
        noted: list[int] = []
        if self._screens is not None:
            try:
                noted = await to_thread.run_sync(self._screens.take, self._channel, str(chat))
            except Exception as error:
                log.error("telegram: what stands on a screen could not be looked up: %s", where(error))
        ids = list(dict.fromkeys((*noted, *message_ids)))
        for start in range(0, len(ids), AT_A_TIME):
            await self._delete(chat, ids[start : start + AT_A_TIME])

    async def _delete(self, chat: int, some: Sequence[int]) -> None:
        try:
            await self._bot.delete_messages(chat, some)
        except BadRequest:  # one of them is too old, say: the others all the same
            for each in some:
                await self._delete_one(chat, each)
        except TelegramError as error:
            log.warning("telegram: messages could not be taken back: %s", where(error))

    async def _delete_one(self, chat: int, message_id: int) -> None:
        try:
            await self._bot.delete_message(chat, message_id)
        except TelegramError as error:
            log.info("telegram: a message could not be taken back: %s", where(error))
