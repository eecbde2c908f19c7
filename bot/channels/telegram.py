"""The Telegram door: polling, or a webhook of ours; reading is in telegram_in.py, answering in telegram_out.py."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from starlette.routing import Route
from telegram import Update
from telegram.constants import ChatAction
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels import Hears
from bot.channels.desk import Again, Desk, Errand
from bot.channels.hooks import Malformed, hook
from bot.channels.quiet import ChannelError, hush, where
from bot.channels.telegram_in import CHANNEL, chat_of, read
from bot.channels.telegram_out import Speaker
from bot.channels.text import both
from bot.updates import Updates
from content.library import Library
from content.reply import Reply

log = logging.getLogger(__name__)

PATH = "/hooks/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
_ALLOWED = ("message", "callback_query")
_LONGEST_PAUSE = 30.0  # seconds
_GRACE = 10.0  # seconds that stop() gives to what is being answered
_GROUP_SILENCE = 600.0  # seconds in which a group is not told again


class TelegramChannel:
    """People on Telegram talk to the conversation.

    `base_url` is the Bot API's address if it is not Telegram's own. With `webhook_url`, the public address of the route
    that `routes` gives, Telegram calls us (with `secret`, made at random if there is none); without it we poll.
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
        webhook_url: str | None = None,
        poll_seconds: int = 25,
        pauses: Sequence[float] = (1.0, 2.0, 4.0, 8.0),
    ) -> None:
        """`pauses`: seconds before further tries when Telegram does not answer; polling then goes on doubling, to 30."""
        hush()
        api = (base_url or "https://api.telegram.org").rstrip("/")
        self._bot = ExtBot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=HTTPXRequest(connection_pool_size=64, read_timeout=15, pool_timeout=15),
            get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=10),
            rate_limiter=AIORateLimiter(max_retries=3),
        )
        self._library = library
        self._speaker = Speaker(self._bot, library, pauses)
        self._desk = Desk(CHANNEL, conversation, updates, library)
        self._webhook_url, self._secret = webhook_url, secret or secrets.token_urlsafe(32)
        self._poll_seconds, self._pause = poll_seconds, pauses[0]
        self._task: asyncio.Task[None] | None = None
        self._aside: set[asyncio.Task[None]] = set()
        self._told_groups: OrderedDict[int, float] = OrderedDict()
        self._stopping = self._busy = False

    def routes(self) -> list[Route]:
        """POST /hooks/telegram for the app's Starlette; nothing when polling."""
        return [hook(PATH, HEADER, self._secret, self._pushed)] if self._webhook_url else []

    async def start(self) -> None:
        """Introduces itself to Telegram and begins. Raises ChannelError if Telegram does not accept the token.

        While Telegram cannot be reached it goes on trying in the background.
        """
        self._stopping = False
        failure = await self._connect()
        if isinstance(failure, InvalidToken):
            del failure  # its message quotes the token, and some tracebacks show variables
            await self._bot.shutdown()
            raise ChannelError("Telegram does not accept TELEGRAM_BOT_TOKEN; copy it again from @BotFather")
        self._task = asyncio.create_task(self._run(failure))

    async def stop(self) -> None:
        """Takes no more updates, lets what is being answered end, and closes the connections."""
        self._stopping = True
        if self._task is not None:
            if not self._busy:
                self._task.cancel()
            await asyncio.wait({self._task}, timeout=_GRACE)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        for task in tuple(self._aside):
            task.cancel()
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
            await self._poll()

    async def _poll(self) -> None:
        """Asks for updates; the offset passes only those that were worked off, so that a crash loses none."""
        offset: int | None = None
        failures = 0
        while not self._stopping:
            try:
                batch = await self._bot.get_updates(offset, timeout=self._poll_seconds, allowed_updates=_ALLOWED)
            except Exception as error:  # noqa: BLE001 - also an update that the library cannot read
                await self._back_off(error, failures)
                failures += 1
                continue
            self._busy = True
            done = await asyncio.gather(*(self._worked_off(update) for update in batch))
            self._busy = False
            undone = [update.update_id for update, ok in zip(batch, done, strict=True) if not ok]
            if undone:
                offset = min(undone)
                await asyncio.sleep(self._seconds(failures))
            elif batch:
                offset = max(update.update_id for update in batch) + 1
            failures = failures + 1 if undone else 0

    async def _worked_off(self, update: Update) -> bool:
        try:
            await self._take(update)
        except Again:
            return False
        except Exception as error:  # noqa: BLE001 - a mistake of ours; sent again it would only happen again
            log.error("telegram: an update was dropped: %s", where(error))
        return True

    async def _pushed(self, body: dict[str, Any]) -> None:
        try:
            update = Update.de_json(body, self._bot)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            if not isinstance(body.get("update_id"), int):
                raise Malformed from None
            log.error("telegram: an update could not be read and was dropped: %s", where(error))
            return
        await self._take(update)

    async def _take(self, update: Update) -> None:
        query = update.callback_query
        if query is not None:
            self._beside(self._bot.answer_callback_query(query.id))
        chat, kind = chat_of(update)
        if not kind:
            return
        reading = partial(read, self._bot, update, str(chat)) if kind == "private" else partial(self._group, chat)
        typing = partial(self._bot.send_chat_action, chat, ChatAction.TYPING)
        await self._desk.take(
            Errand(str(update.update_id), str(chat), reading, partial(self._speaker.say, chat), typing)
        )

    async def _group(self, chat: int) -> list[Reply]:
        """In a group others read along, so it is only told where to write, and seldom."""
        now = time.monotonic()
        if now - self._told_groups.pop(chat, -_GROUP_SILENCE) < _GROUP_SILENCE:
            return []
        self._told_groups[chat] = now
        while len(self._told_groups) > 1000:
            self._told_groups.popitem(last=False)
        return [Reply(both(self._library, "channel.group"))]

    def _beside(self, call: Any) -> None:
        async def run() -> None:
            with suppress(TelegramError):  # a tap that is too old cannot be answered any more
                await call

        task = asyncio.create_task(run())
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    def _seconds(self, failures: int) -> float:
        return min(_LONGEST_PAUSE, self._pause * 2.0 ** min(failures, 10))

    async def _back_off(self, error: Exception, failures: int) -> None:
        pause = self._seconds(failures)
        if isinstance(error, RetryAfter):
            pause = max(pause, float(error._retry_after.total_seconds()))
        if isinstance(error, Conflict):
            log.error("telegram: another program uses this bot's token (409); stop it. Trying again in %.0f s", pause)
        elif isinstance(error, InvalidToken):
            log.error(
                "telegram: the token is not accepted; copy it again from @BotFather. Trying again in %.0f s", pause
            )
        else:
            log.warning("telegram: no connection (%s), trying again in %.0f s", where(error), pause)
        await asyncio.sleep(pause)
