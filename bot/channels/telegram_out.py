"""What is said back, as Telegram's messages. Formatting is in entities, so that no character of a text becomes any."""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, MessageEntity
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.channels import NotSentError, UnreachableError
from bot.channels.quiet import where
from bot.channels.telegram_screen import Screen
from bot.channels.text import Words, call_line, language, plain, split, units, words
from content.library import Library
from content.reply import Button, File, Reply

log = logging.getLogger(__name__)

LONGEST_TEXT = 4096  # UTF-16 units
LONGEST_PAYLOAD = 64  # bytes
_SHORT_TITLE = 14  # characters: two such buttons fit side by side on a small phone
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as it is sent."""

    text: str
    entities: tuple[MessageEntity, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None


def messages(reply: Reply, words: Words) -> list[Outgoing]:
    """The text, cut where it is too long; below the last part the small print, the numbers and the buttons."""
    note = unicodedata.normalize("NFC", reply.note.strip())
    calls = "\n".join(call_line(call, words) for call in reply.calls if call.number)
    room = LONGEST_TEXT - units(_GAP + note + _GAP + calls)
    out = [(text, "") for text in split(reply.body, LONGEST_TEXT)]
    notes = split(note, LONGEST_TEXT)
    if len(notes) == 1 and (len(out) != 1 or units(out[0][0]) > room):
        out.append(("", note))
    elif len(notes) == 1:
        out[0] = (out[0][0], note)
    else:
        out.extend(("", part) for part in notes)
    if calls:
        fits = out and units(_GAP.join((*out[-1], calls))) <= LONGEST_TEXT
        if not fits:
            out.append((calls, ""))
            calls = ""
    built = [_built(text, note, calls if n == len(out) else "") for n, (text, note) in enumerate(out, 1)]
    if built:
        built[-1] = Outgoing(built[-1].text, built[-1].entities, keyboard(reply))
    return built


def _built(text: str, note: str, calls: str) -> Outgoing:
    before = text + _GAP if text and note else text
    quote = MessageEntity(MessageEntity.EXPANDABLE_BLOCKQUOTE, offset=units(before), length=units(note))
    whole = _GAP.join(part for part in (before + note, calls) if part)
    return Outgoing(whole, (quote,) if note else ())


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """Pages to open, then buttons; short titles two to a row."""
    rows = [[InlineKeyboardButton(call.title, url=call.url)] for call in reply.calls if call.url and not call.number]
    row: list[InlineKeyboardButton] = []
    for button in filter(_sendable, reply.buttons):
        short = len(button.title) <= _SHORT_TITLE
        if not (short and len(row) == 1 and len(row[0].text) <= _SHORT_TITLE):
            row = []
            rows.append(row)
        row.append(InlineKeyboardButton(button.title, callback_data=button.payload))
    return InlineKeyboardMarkup(rows) if rows else None


def _sendable(button: Button) -> bool:
    fits = 1 <= len(button.payload.encode()) <= LONGEST_PAYLOAD and bool(button.title.strip())
    if not fits:
        log.error("telegram: a button was left out, its payload %s: is not 1 to 64 bytes", button.payload.split(":")[0])
    return fits


class Speaker:
    """Sends replies to a chat and copes with what goes wrong in passing."""

    def __init__(self, bot: Bot, library: Library, pauses: Sequence[float], screen: Screen) -> None:
        """`pauses`: seconds before each further try when the network fails."""
        self._bot, self._pauses, self._screen = bot, tuple(pauses), screen
        self._words = {spoken: words(library, spoken) for spoken in ("vi", "en")}

    async def say(self, chat: int, replies: deque[Reply], own: Sequence[int] = ()) -> None:
        """Sends from the left and takes away what was sent; `own`: ids of the person's messages that are answered.

        Raises UnreachableError if the person cannot be reached any more, NotSentError if the rest may be sent later.
        """
        shown = list(own)
        clears = any(reply.clears for reply in replies)
        try:
            while replies:
                if replies[0].clears:
                    await self._screen.clear(chat, shown)
                    shown.clear()
                await self._say(chat, replies[0], shown)
                replies.popleft()
        finally:
            if not clears:  # whoever had it cleared leaves no trace by it
                await self._screen.note(chat, shown)

    async def _say(self, chat: int, reply: Reply, shown: list[int]) -> None:
        """Adds the ids of what was sent to `shown`."""
        known = self._words[language(reply)]
        try:
            for message in messages(reply, known):
                shown.append(await self._send(chat, message))
            if reply.file:
                shown.append(await self._send_file(chat, reply.file))
            return
        except BadRequest as error:  # a page that Telegram does not like, say: then as text, with numbers to answer
            log.warning("telegram: a message was refused, sent as plain text: %s", where(error))
        try:
            for text in plain(reply, True, LONGEST_TEXT, known):
                shown.append(await self._send(chat, Outgoing(text)))
        except BadRequest as error:
            log.error("telegram: plain text was refused too: %s", where(error))
            raise UnreachableError from None

    async def _send(self, chat: int, message: Outgoing) -> int:
        """The message's id."""
        return await self._patiently(
            lambda: self._bot.send_message(
                chat,
                message.text,
                entities=message.entities,
                reply_markup=message.keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )

    async def _send_file(self, chat: int, file: File) -> int:
        """The message's id. Where Telegram does not take the file, its text is sent instead."""
        try:
            return await self._patiently(
                lambda: self._bot.send_document(chat, file.content, caption=file.title, filename=file.name)
            )
        except BadRequest as error:
            log.warning("telegram: a file was refused, its text is sent: %s", where(error))
            *before, last = split(file.instead, LONGEST_TEXT)
            for text in before:
                await self._send(chat, Outgoing(text))
            return await self._send(chat, Outgoing(last))

    async def _patiently(self, send: Callable[[], Awaitable[Message]]) -> int:
        """The message's id. After a time-out it is sent again: twice is better here than never."""
        for pause in (*self._pauses, None):
            try:
                return (await send()).message_id
            except Forbidden:
                log.info("telegram: a person has closed the chat; nothing more is sent")
                raise UnreachableError from None
            except BadRequest:
                raise
            except NetworkError as error:
                log.warning("telegram: sending failed: %s", where(error))
                if pause is not None:
                    await asyncio.sleep(pause)
            except TelegramError as error:
                log.error("telegram: sending was refused: %s", where(error))
                raise NotSentError from None
        raise NotSentError
