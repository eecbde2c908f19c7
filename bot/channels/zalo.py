"""The Zalo door: a webhook for Zalo Bot. It has no buttons, so menus are numbered and people answer with a number."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from starlette.routing import Route

from bot.channels import Hears, NotSentError, UnreachableError
from bot.channels.desk import PAUSES, Desk, Errand
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
from content.reply import Reply

log = logging.getLogger(__name__)

CHANNEL = "zalo"
PATH = "/hooks/zalo"
HEADER = "X-Bot-Api-Secret-Token"
LONGEST_TEXT = 2000  # characters
_KIND = "kind"
# Codes of sendMessage. Which one a person gets who blocked the bot is not documented.
_FOR_GOOD = (400, 404)
# Zalo sends the last one instead of what a person of a protected group wrote (a child, someone who cannot read, …).
_UNSUPPORTED = {"sticker": _KIND, "unsupported": "protected"}
_FILES = {"image": ("photo_url", "photo"), "voice": ("voice_url",)}  # documented: photo; seen: photo_url


@dataclass(frozen=True, slots=True)
class Event:
    """What Zalo told of one message; `kind` is text, image, sticker, voice or unsupported."""

    kind: str
    chat: str = field(repr=False)
    message_id: str = field(repr=False)
    text: str = field(default="", repr=False)
    file: str = field(default="", repr=False)  # its address


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
    if kind not in ("text", *_FILES, *_UNSUPPORTED):
        return None
    return Event(
        kind,
        chat_id,
        _string(message, "message_id") or f"{chat_id} {message.get('date')}",
        _string(message, "text") or _string(message, "caption"),
        next((url for key in _FILES.get(kind, ()) if (url := _string(message, key))), ""),
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
        hearing_pauses: Sequence[float] = PAUSES,
        timeout: float = 10.0,
    ) -> None:
        """`hearing_pauses`: see Desk. Zalo lets nobody take messages back, so what stands on a screen is not noted.

        Raises ChannelError if nothing could ever come in. The other values: see ZaloBot.
        """
        hush()
        if secret is None and webhook_url is None:
            raise ChannelError("Zalo needs LACHAN_ZALO_WEBHOOK, or LACHAN_ZALO_SECRET if its webhook was set elsewhere")
        if secret is not None and not 8 <= len(secret) <= 256:
            raise ChannelError("the secret for Zalo's webhook has 8 to 256 characters")
        self._bot = ZaloBot(token, base_url or API, picture_hosts=picture_hosts, back_off=back_off, timeout=timeout)
        self._desk = Desk(CHANNEL, conversation, updates, library, self._errand, pauses=hearing_pauses)
        self._words = {spoken: words(library, spoken) for spoken in ("vi", "en")}
        self._webhook_url = public_address(webhook_url, PATH) if webhook_url else ""
        self._secret = secret or secrets.token_urlsafe(32)
        self._back_off = back_off
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> list[Route]:
        """POST /hooks/zalo for the app's Starlette."""
        return [hook(PATH, HEADER, self._secret, self._pushed)]

    async def start(self) -> None:
        """Introduces itself, takes up what was left, and sets the webhook.

        Raises ChannelError if Zalo does not accept the token, and what the store raises if it fails.
        While Zalo cannot be reached it goes on trying in the background.
        """
        failure = await self._connect()
        if failure is not None and failure.code == 401:
            await self._bot.close()
            raise ChannelError("Zalo does not accept ZALO_BOT_TOKEN; copy it again from Zalo Bot Creator")
        await self._desk.begin()
        if failure is not None:
            self._task = asyncio.create_task(self._go_on_connecting(failure))

    async def stop(self, grace: float = 10.0) -> None:
        """Takes no more events, lets what is being answered end (so many seconds), and closes the connections."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._desk.end(grace)
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

    async def tell(self, chat: str, replies: list[Reply]) -> None:
        """Sends to somebody who has said nothing now.

        Raises UnreachableError if Zalo refuses for good, NotSentError if it may be tried again.
        """
        await self._say(chat, deque(replies))

    async def _pushed(self, body: dict[str, Any]) -> None:
        """Returns when the event is written down, or needs not be. Raises ComeAgainError."""
        found = event(body)
        if found is not None:
            await self._desk.take(found.message_id, found.chat, asdict(found))

    def _errand(self, kept: dict[str, Any]) -> Errand:
        """What is to be done for an event that was written down."""
        found = Event(**kept)
        say, typing = partial(self._say, found.chat), partial(self._bot.send_typing, found.chat)
        return Errand(found.chat, partial(self._read, found), say, typing, heavy=found.kind in _FILES)

    async def _read(self, found: Event) -> Inbound:
        text = clean(found.text)
        if found.kind in _UNSUPPORTED:
            return Inbound(CHANNEL, found.chat, unsupported=_UNSUPPORTED[found.kind])
        if found.kind == "text":
            return Inbound(CHANNEL, found.chat, text=text, unsupported="" if text.strip() else _KIND)
        try:
            data = await self._bot.picture(found.file)
        except PictureTooBigError:
            return Inbound(CHANNEL, found.chat, text=text, unsupported="too_big")
        except PictureRefusedError as error:
            log.error("zalo: a file is at %s, which is not among the hosts allowed for files", error)
            return Inbound(CHANNEL, found.chat, text=text, unsupported=_KIND)
        return Inbound(CHANNEL, found.chat, text=text, file=data)

    async def _say(self, chat: str, replies: deque[Reply]) -> None:
        """Sends from the left and takes away what was sent. Stops at what was refused: the rest makes no sense without it.

        What may have arrived counts as sent. Raises UnreachableError, NotSentError.
        """
        texts = [text for reply in replies for text in plain(reply, True, LONGEST_TEXT, self._words[language(reply)])]
        replies.clear()
        replies.extend(map(Reply, texts))  # so that a part that was sent is not sent again
        while replies:
            try:
                await self._bot.send_message(chat, replies[0].text)
            except ZaloError as error:
                log.error("zalo: a message was not sent: %s", error)
                if error.arrived is not None:
                    raise (UnreachableError if error.code in _FOR_GOOD else NotSentError) from None
            replies.popleft()


def _string(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else str(found) if isinstance(found, int) else ""
