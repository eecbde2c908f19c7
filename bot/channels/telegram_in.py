"""What Telegram sends, as `Inbound`."""

from __future__ import annotations

import json
import logging
from copy import deepcopy
from typing import Any

from telegram import Animation, Audio, Bot, Document, Message, PhotoSize, Update, Video, VideoNote, Voice
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError
from telegram.helpers import effective_message_type
from telegram.request import HTTPXRequest

from bot.channels.quiet import where
from bot.channels.text import clean
from bot.inbound import Inbound
from content.reply import Reply
from web.limits import PHOTO_LIMIT

log = logging.getLogger(__name__)

CHANNEL = "telegram"
COMMANDS = {"/start": "say:greet", "/help": "say:help"}
_DOWNLOAD_SECONDS = 60.0

# What people send, among the many things that Telegram calls messages; the others are notices of the app itself.
_KINDS = (
    *("animation", "audio", "checklist", "contact", "dice", "document", "game", "invoice", "live_photo", "location"),
    *("paid_media", "poll", "sticker", "story", "venue", "video", "video_note", "voice"),
)
# Who it was, and whose words it answers or passes on: never needed, so never written down.
_NEEDLESS = {"from", "sender_chat", "via_bot", "reply_to_message", "external_reply", "quote", "forward_origin"}

type Attachment = PhotoSize | Video | VideoNote | Animation | Voice | Audio | Document


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


def to_keep(update: Update) -> dict[str, Any]:
    """An update of a private chat as it is written down, without the names that come with it."""
    if update.callback_query is not None:
        query = update.callback_query
        message = query.message.to_dict() if query.message is not None else {}
        place = {key: message[key] for key in ("message_id", "date") if key in message}
        told: dict[str, Any] = {"message": {**place, "chat": _chat(message)}} if message else {}
        kept = {"id": query.id, "chat_instance": query.chat_instance, "data": query.data or "", **told}
        return {"update_id": update.update_id, "callback_query": kept}
    message = update.message.to_dict() if update.message is not None else {}
    kept = {key: value for key, value in message.items() if key not in _NEEDLESS}
    return {"update_id": update.update_id, "message": {**kept, "chat": _chat(message)}}


def _chat(message: dict[str, Any]) -> dict[str, Any]:
    return {key: message["chat"][key] for key in ("id", "type")}


async def read(bot: Bot, update: Update, sender: str) -> Inbound | list[Reply]:
    """An update of a private chat; an empty list if there is nothing to hear. Fetches a file, into memory only.

    Raises TelegramError if a file cannot be fetched now.
    """
    if update.callback_query is not None:
        return Inbound(CHANNEL, sender, payload=clean(update.callback_query.data or ""))
    message = update.message
    if message is None:
        return []
    if message.text is not None:
        return _text(message.text, sender)
    attachment = attachment_of(message)
    if attachment is not None:
        return await _fetched(bot, attachment, message.caption or "", sender)
    place = _place(message, sender)
    if place is not None:
        return place
    if message.contact is not None:
        card = message.contact
        name = " ".join(part for part in (card.first_name, card.last_name) if part)
        return Inbound(CHANNEL, sender, contact=(clean(name), clean(card.phone_number)))
    if any(getattr(message, kind, None) for kind in _KINDS) or effective_message_type(message) is None:
        return Inbound(CHANNEL, sender, text=clean(message.caption or ""), unsupported="kind")
    return []


def _text(text: str, sender: str) -> Inbound:
    command = text.partition(" ")[0].partition("@")[0].lower()
    if command in COMMANDS:  # what follows /start is where a link came from: not used yet
        return Inbound(CHANNEL, sender, payload=COMMANDS[command])
    return Inbound(CHANNEL, sender, text=clean(text))


def _place(message: Message, sender: str) -> Inbound | None:
    """A location; of a venue its name and address as well, which the person chose."""
    venue = message.venue
    at = venue.location if venue is not None else message.location
    if at is None:
        return None
    named = f"{venue.title}, {venue.address}".strip(", ") if venue is not None else ""
    return Inbound(CHANNEL, sender, text=clean(named), place=(float(at.latitude), float(at.longitude)))


def attachment_of(message: Message) -> Attachment | None:
    """What can be fetched as a file; of a photo the best size that is not too big."""
    sizes = sorted(message.photo, key=lambda size: size.width * size.height)
    fetchable = [size for size in sizes if (size.file_size or 0) <= PHOTO_LIMIT]
    if sizes:
        return fetchable[-1] if fetchable else sizes[-1]
    return (  # an animation comes as a document too
        message.animation or message.video or message.video_note or message.voice or message.audio or message.document
    )


async def _fetched(bot: Bot, attachment: Attachment, caption: str, sender: str) -> Inbound:
    too_big = Inbound(CHANNEL, sender, text=clean(caption), unsupported="too_big")
    if (attachment.file_size or 0) > PHOTO_LIMIT:
        return too_big
    try:
        file = await bot.get_file(attachment.file_id)
    except BadRequest as error:
        if "too big" in error.message.lower():
            return too_big
        raise
    if (file.file_size or 0) > PHOTO_LIMIT:
        return too_big
    data = bytes(await file.download_as_bytearray(read_timeout=_DOWNLOAD_SECONDS))
    if len(data) > PHOTO_LIMIT:
        return too_big
    return Inbound(CHANNEL, sender, text=clean(caption), file=data)
