"""The Telegram door: polling, or a webhook of ours; reading is in telegram_in.py, answering in telegram_out.py."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from starlette.routing import Route
from telegram import Update
from telegram.constants import ChatAction
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels import Hears
from bot.channels.desk import PAUSES, Desk, Errand
from bot.channels.hooks import MalformedError, hook, public_address
from bot.channels.intake import ComeAgainError
from bot.channels.quiet import ChannelError, hush, where
from bot.channels.telegram_in import CHANNEL, UpdatesRequest, attachment_of, chat_of, read, readable, to_keep
from bot.channels.telegram_out import Speaker
from bot.channels.telegram_poll import Polling
from bot.channels.telegram_screen import Screen
from bot.channels.text import both
from bot.screens import Screens
from bot.updates import Updates
from content.library import Library
from content.reply import Reply

log = logging.getLogger(__name__)

PATH = "/hooks/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
_ALLOWED = ("message", "callback_query")
_LONGEST_PAUSE = 30.0  # seconds
_GROUP_SILENCE = 600.0  # seconds in which a group is not told again


class TelegramChannel:
    """People on Telegram talk to the conversation.

    `base_url` is the Bot API's address if it is not Telegram's own. With `webhook_url`, the public https address of
    this app, Telegram calls the route of `routes` (with `secret`, made at random if there is none); else we poll.
    """

    def __init__(
        self,
        token: str,
        conversation: Hears,
        updates: Updates,
        library: Library,
        base_url: str | None = None,
        secret: str | None = None,
        *,
        screens: Screens | None = None,
        webhook_url: str | None = None,
        poll_seconds: int = 25,
        pauses: Sequence[float] = (1.0, 2.0, 4.0, 8.0),
        hearing_pauses: Sequence[float] = PAUSES,
    ) -> None:
        """`screens` remembers what can be taken back; without it nothing is.

        `pauses`: seconds before further tries to send; polling begins with the first and doubles it, up to 30.
        `hearing_pauses`: see Desk.
        """
        hush()
        api = (base_url or "https://api.telegram.org").rstrip("/")
        self._bot = ExtBot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=HTTPXRequest(connection_pool_size=64, read_timeout=15, pool_timeout=15),
            get_updates_request=UpdatesRequest(connection_pool_size=2, read_timeout=10),
            rate_limiter=AIORateLimiter(max_retries=3),
        )
        self._library = library
        self._speaker = Speaker(self._bot, library, pauses, Screen(self._bot, screens, CHANNEL))
        self._desk = Desk(CHANNEL, conversation, updates, library, self._errand, pauses=hearing_pauses)
        self._webhook_url = public_address(webhook_url, PATH) if webhook_url else ""
        self._secret = secret or secrets.token_urlsafe(32)
        self._poll_seconds, self._pause = poll_seconds, pauses[0]
        self._polling = Polling(self._fetch, self._written_down, self._back_off)
        self._task: asyncio.Task[None] | None = None
        self._aside: set[asyncio.Task[None]] = set()
        self._told_groups: OrderedDict[int, float] = OrderedDict()

    def routes(self) -> list[Route]:
        """POST /hooks/telegram for the app's Starlette; nothing when polling."""
        return [hook(PATH, HEADER, self._secret, self._pushed)] if self._webhook_url else []

    async def start(self) -> None:
        """Introduces itself to Telegram, takes up what was left, and begins.

        Raises ChannelError if Telegram does not accept the token, and what the store raises if it fails.
        While Telegram cannot be reached it goes on trying in the background.
        """
        failure = await self._connect()
        if isinstance(failure, InvalidToken):
            del failure  # its message quotes the token, and some tracebacks show variables
            await self._bot.shutdown()
            raise ChannelError("Telegram does not accept TELEGRAM_BOT_TOKEN; copy it again from @BotFather")
        await self._desk.begin()
        self._task = asyncio.create_task(self._run(failure))

    async def tell(self, chat: str, replies: list[Reply]) -> None:
        """Sends to somebody who has said nothing now.

        Raises UnreachableError if the person cannot be reached any more, NotSentError if it may be tried again.
        """
        await self._speaker.say(int(chat), deque(replies))

    async def stop(self, grace: float = 10.0) -> None:
        """Takes no more updates, lets what is being answered end (so many seconds), and closes the connections."""
        tasks = [task for task in (self._task, *self._aside) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._desk.end(grace)
        await self._bot.shutdown()

    async def _connect(self) -> TelegramError | None:
        """Who am I, and how do updates come? Returns what went wrong."""
        try:
            await self._bot.initialize()
            if self._webhook_url:
                await self._bot.set_webhook(
                    self._webhook_url, secret_token=self._secret, allowed_updates=_ALLOWED, max_connections=40
                )
            else:
                await self._bot.delete_webhook()
        except TelegramError as error:
            return error
        return None

    async def _run(self, failure: TelegramError | None) -> None:
        failures = 0
        while failure is not None:
            await self._back_off(failure, failures)
            failure, failures = await self._connect(), failures + 1
        log.info("telegram: connected, %s", "webhook is set" if self._webhook_url else "polling")
        if not self._webhook_url:
            await self._polling.run()

    async def _fetch(self, offset: int | None) -> Sequence[Update]:
        return await self._bot.get_updates(offset, timeout=self._poll_seconds, allowed_updates=list(_ALLOWED))

    async def _written_down(self, update: Update) -> bool:
        try:
            await self._take(update)
        except ComeAgainError:
            return False
        except Exception as error:
            log.error("telegram: an update was dropped: %s", where(error))
        return True

    async def _pushed(self, body: dict[str, Any]) -> None:
        known = readable(body)
        if known is None:
            raise MalformedError
        await self._take(Update.de_json(known, self._bot))

    async def _take(self, update: Update) -> None:
        """Returns when the update is written down, or needs not be. Raises ComeAgainError."""
        query = update.callback_query
        if query is not None:
            self._beside(self._bot.answer_callback_query(query.id))
        chat, kind = chat_of(update)
        if kind == "group":
            self._tell_group(chat)
        elif kind:
            await self._desk.take(str(update.update_id), str(chat), to_keep(update))

    def _errand(self, kept: dict[str, Any]) -> Errand | None:
        """What is to be done for an update that was written down."""
        update = Update.de_json(kept, self._bot)
        chat, kind = chat_of(update)
        if not kind:
            return None
        own = [update.message.message_id] if update.message is not None else []
        return Errand(
            str(chat),
            partial(read, self._bot, update, str(chat)),
            partial(self._speaker.say, chat, own=own),
            partial(self._bot.send_chat_action, chat, ChatAction.TYPING),
            heavy=update.message is not None and attachment_of(update.message) is not None,
        )

    def _tell_group(self, chat: int) -> None:
        """In a group others read along, so it is only told where to write, and seldom; what was said there is not kept."""
        now = time.monotonic()
        if now - self._told_groups.get(chat, -_GROUP_SILENCE) < _GROUP_SILENCE:
            return
        self._told_groups[chat] = now
        self._told_groups.move_to_end(chat)
        while len(self._told_groups) > 1000:
            self._told_groups.popitem(last=False)
        self._beside(self._bot.send_message(chat, both(self._library, "channel.group")))

    def _beside(self, call: Any) -> None:
        async def run() -> None:
            with suppress(TelegramError):  # a tap that is too old cannot be answered any more
                await call

        task = asyncio.create_task(run())
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _back_off(self, error: Exception | None, failures: int) -> None:
        """Waits longer each time; says why if there is an error."""
        pause = min(_LONGEST_PAUSE, self._pause * 2.0 ** min(failures, 10))
        if isinstance(error, RetryAfter):
            pause = max(pause, error._retry_after.total_seconds())
        if isinstance(error, Conflict):
            log.error("telegram: another program uses this bot's token (409); stop it. Trying again in %.0f s", pause)
        elif isinstance(error, InvalidToken):
            log.error(
                "telegram: the token is not accepted; copy it again from @BotFather. Trying again in %.0f s", pause
            )
        elif isinstance(error, BadRequest):
            log.error("telegram: the webhook is refused: it needs a public https address. Again in %.0f s", pause)
        elif error is not None:
            log.warning("telegram: no connection (%s), trying again in %.0f s", where(error), pause)
        await asyncio.sleep(pause)
