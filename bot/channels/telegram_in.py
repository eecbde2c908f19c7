"""What Telegram sends, as `Inbound`."""

from __future__ import annotations

import json
import logging
from copy import deepcopy
from typing import Any

from telegram import Bot, Document, Message, PhotoSize, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError
from telegram.helpers import effective_message_type
from telegram.request import HTTPXRequest

from bot.channels.quiet import where
from bot.channels.text import clean
from bot.inbound import Inbound
from content.reply import Photo, Reply
from web.limits import PHOTO_LIMIT

log = logging.getLogger(__name__)

CHANNEL = "telegram"
COMMANDS = {"/start": "say:greet", "/help": "say:help"}
_DOWNLOAD_SECONDS = 30.0

# What people send, among the many things that Telegram calls messages; the others are notices of the app itself.
_KINDS = (
    *("animation", "audio", "checklist", "contact", "dice", "document", "game", "invoice", "live_photo", "location"),
    *("paid_media", "poll", "sticker", "story", "venue", "video", "video_note", "voice"),
)


def readable(update: Any) -> dict[str, Any] | None:
    """An update that the library can read: this one, or, if it cannot, its id alone. None if it has no id.

    One update of a shape that nobody foresaw would otherwise come again and again and keep all others out.
    """
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        return None
    try:
        Update.de_json(deepcopy(update), None)
    except Exception as error:
        log.error("telegram: an update could not be read and was dropped: %s", where(error))
        return {"update_id": update["update_id"]}
    return update


class UpdatesRequest(HTTPXRequest):
    """What getUpdates is asked with; gives only updates that the library can read."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON. Raises TelegramError if it is none (and, unlike the library, does not log it)."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("an answer that is no JSON object")
        if isinstance(answer.get("result"), list):
            answer["result"] = [known for update in answer["result"] if (known := readable(update)) is not None]
        return answer


def chat_of(update: Update) -> tuple[int, str]:
    """The chat's id and kind: "private", "group", or "" where nothing is to be answered."""
    chat = update.effective_chat
    if chat is None or (update.message is None and update.callback_query is None):
        return 0, ""
    if chat.type == ChatType.PRIVATE:
        return chat.id, "private"
    if chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and update.message is not None:
        return chat.id, "group"
    return 0, ""


async def read(bot: Bot, update: Update, sender: str) -> Inbound | list[Reply]:
    """An update of a private chat; an empty list if there is nothing to hear. Fetches a picture, into memory only.

    Raises TelegramError if a picture cannot be fetched now.
    """
    if update.callback_query is not None:
        return Inbound(CHANNEL, sender, payload=clean(update.callback_query.data or ""))
    message = update.message
    if message is None:
        return []
    if message.text is not None:
        return _text(message.text, sender)
    picture = _picture(message)
    if picture is not None:
        return await _fetched(bot, picture, message.caption or "", sender)
    if any(getattr(message, kind, None) for kind in _KINDS) or effective_message_type(message) is None:
        return Inbound(CHANNEL, sender, text=clean(message.caption or ""), unsupported="kind")
    return []


def _text(text: str, sender: str) -> Inbound:
    command = text.partition(" ")[0].partition("@")[0].lower()
    if command in COMMANDS:  # what follows /start is where a link came from: not used yet
        return Inbound(CHANNEL, sender, payload=COMMANDS[command])
    return Inbound(CHANNEL, sender, text=clean(text))


def _picture(message: Message) -> PhotoSize | Document | None:
    """The best size that can be fetched, or an image sent as a file."""
    sizes = sorted(message.photo, key=lambda size: size.width * size.height)
    fetchable = [size for size in sizes if (size.file_size or 0) <= PHOTO_LIMIT]
    if sizes:
        return fetchable[-1] if fetchable else sizes[-1]
    document = message.document
    if document is not None and message.animation is None and (document.mime_type or "").startswith("image/"):
        return document
    return None


async def _fetched(bot: Bot, picture: PhotoSize | Document, caption: str, sender: str) -> Inbound:
    too_big = Inbound(CHANNEL, sender, text=clean(caption), unsupported="too_big")
    if (picture.file_size or 0) > PHOTO_LIMIT:
        return too_big
    try:
        file = await bot.get_file(picture.file_id)
    except BadRequest as error:
        if "too big" in error.message.lower():
            return too_big
        raise
    if (file.file_size or 0) > PHOTO_LIMIT:
        return too_big
    data = bytes(await file.download_as_bytearray(read_timeout=_DOWNLOAD_SECONDS))
    if len(data) > PHOTO_LIMIT:
        return too_big
    return Inbound(CHANNEL, sender, text=clean(caption), photo=Photo(data))
