"""The Zalo door: a webhook for Zalo Bot. It has no buttons, so menus are numbered and people answer with a number."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from starlette.routing import Route

from bot.channels import Hears
from bot.channels.desk import Desk, Errand
from bot.channels.hooks import hook, public_address
from bot.channels.quiet import ChannelError, hush
from bot.channels.text import clean, language, plain, words
from bot.channels.zalo_api import (
    API,
    BACK_OFF,
    PICTURE_HOSTS,
    PictureRefusedError,
    PictureTooBigError,
    ZaloBot,
    ZaloError,
)
from bot.inbound import Inbound
from bot.updates import Updates
from content.library import Library
from content.reply import Photo, Reply

log = logging.getLogger(__name__)

CHANNEL = "zalo"
PATH = "/hooks/zalo"
HEADER = "X-Bot-Api-Secret-Token"
LONGEST_TEXT = 2000  # characters
_KIND = "kind"
# Zalo sends the last one instead of what a person of a protected group wrote (a child, someone who cannot read, …).
_UNSUPPORTED = {"sticker": _KIND, "voice": _KIND, "unsupported": "protected"}


@dataclass(frozen=True, slots=True)
class Event:
    """What Zalo told of one message; `kind` is text, image, sticker, voice or unsupported."""

    kind: str
    chat: str = field(repr=False)
    message_id: str = field(repr=False)
    text: str = field(default="", repr=False)
    picture: str = field(default="", repr=False)


def event(body: dict[str, Any]) -> Event | None:
    """A message of a person in a private chat; None for all else. Never fails: fields may come and go."""
    result = body.get("result", body)
    message = result.get("message") if isinstance(result, dict) else None
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(chat, dict):
        return None
    kind = _string(result, "event_name").removeprefix("message.").removesuffix(".received")
    sender = message.get("from")
    from_bot = isinstance(sender, dict) and sender.get("is_bot") is True
    chat_id = _string(chat, "id")
    if from_bot or not chat_id or _string(chat, "chat_type").upper() != "PRIVATE":
        return None
    if kind not in ("text", "image", *_UNSUPPORTED):
        return None
    return Event(
        kind,
        chat_id,
        _string(message, "message_id") or f"{chat_id} {message.get('date')}",
        _string(message, "text") or _string(message, "caption"),
        _string(message, "photo_url") or _string(message, "photo"),  # documented: photo; seen: photo_url
    )


class ZaloChannel:
    """People on Zalo talk to the conversation.

    `webhook_url` is the public https address of this app; with it, start() sets the webhook (with `secret`, 8–256
    characters, made at random if there is none). Without it somebody else has set it, with this `secret`.
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
        picture_hosts: Sequence[str] = PICTURE_HOSTS,
        back_off: Sequence[float] = BACK_OFF,
        pauses: Sequence[float] = (0.5, 2.0),
        timeout: float = 10.0,
    ) -> None:
        """`pauses`: seconds before hearing is tried again: whether Zalo sends an event twice is not known.

        Raises ChannelError if nothing could ever come in. The other values: see ZaloBot.
        """
        hush()
        if secret is None and webhook_url is None:
            raise ChannelError("Zalo needs LACHAN_ZALO_WEBHOOK, or LACHAN_ZALO_SECRET if its webhook was set elsewhere")
        if secret is not None and not 8 <= len(secret) <= 256:
            raise ChannelError("the secret for Zalo's webhook has 8 to 256 characters")
        self._bot = ZaloBot(token, base_url or API, picture_hosts=picture_hosts, back_off=back_off, timeout=timeout)
        self._desk = Desk(CHANNEL, conversation, updates, library, deliveries=1, pauses=pauses)
        self._words = {spoken: words(library, spoken) for spoken in ("vi", "en")}
        self._webhook_url = public_address(webhook_url, PATH) if webhook_url else ""
        self._secret = secret or secrets.token_urlsafe(32)
        self._back_off = back_off
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> list[Route]:
        """POST /hooks/zalo for the app's Starlette."""
        return [hook(PATH, HEADER, self._secret, self._pushed)]

    async def start(self) -> None:
        """Introduces itself and sets the webhook. Raises ChannelError if Zalo does not accept the token.

        While Zalo cannot be reached it goes on trying in the background.
        """
        failure = await self._connect()
        if failure is not None and failure.code == 401:
            await self._bot.close()
            raise ChannelError("Zalo does not accept ZALO_BOT_TOKEN; copy it again from Zalo Bot Creator")
        if failure is not None:
            self._task = asyncio.create_task(self._go_on_connecting(failure))

    async def stop(self) -> None:
        """Closes the connections; requests that are being answered belong to the web server."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._bot.close()

    async def _connect(self) -> ZaloError | None:
        try:
            await self._bot.get_me()
            if self._webhook_url:
                await self._bot.set_webhook(self._webhook_url, self._secret)
                if await self._bot.webhook_url() != self._webhook_url:
                    return ZaloError("getWebhookInfo", 0, "another address is set", True)
        except ZaloError as error:
            return error
        log.info("zalo: connected")
        return None

    async def _go_on_connecting(self, failure: ZaloError | None) -> None:
        tries = 0
        while failure is not None:
            pause = self._back_off[min(tries, len(self._back_off) - 1)]
            log.error("zalo: not connected (%s), trying again in %.0f s", failure, pause)
            await asyncio.sleep(pause)
            failure, tries = await self._connect(), tries + 1

    async def _pushed(self, body: dict[str, Any]) -> None:
        found = event(body)
        if found is not None:
            say, typing = partial(self._say, found.chat), partial(self._bot.send_typing, found.chat)
            await self._desk.take(Errand(found.message_id, found.chat, partial(self._read, found), say, typing))

    async def _read(self, found: Event) -> Inbound:
        if found.kind in _UNSUPPORTED:
            return Inbound(CHANNEL, found.chat, unsupported=_UNSUPPORTED[found.kind])
        if found.kind == "text":
            text = clean(found.text)
            return Inbound(CHANNEL, found.chat, text=text, unsupported="" if text.strip() else _KIND)
        try:
            data = await self._bot.picture(found.picture)
        except PictureTooBigError:
            return Inbound(CHANNEL, found.chat, text=clean(found.text), unsupported="too_big")
        except PictureRefusedError as error:
            log.error("zalo: a picture is at %s, which is not among the hosts allowed for pictures", error)
            return Inbound(CHANNEL, found.chat, text=clean(found.text), unsupported=_KIND)
        return Inbound(CHANNEL, found.chat, text=clean(found.text), photo=Photo(data))

    async def _say(self, chat: str, replies: list[Reply]) -> None:
        """Sends in order and stops at the first text that was refused: the rest would make no sense without it."""
        for reply in replies:
            for text in plain(reply, True, LONGEST_TEXT, self._words[language(reply)]):
                try:
                    await self._bot.send_message(chat, text)
                except ZaloError as error:
                    log.error("zalo: a message was not sent: %s", error)
                    if error.arrived is not None:
                        return


def _string(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else str(found) if isinstance(found, int) else ""
