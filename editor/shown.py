"""How a topic looks on each channel, made by the channels' own renderers. Plain values for the templates."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.telegram_out import Outgoing, messages
from bot.channels.text import plain, words
from bot.channels.zalo import LONGEST_TEXT
from content.library import Library
from content.model import Topic
from content.reply import Reply
from editor.fit import bubbles


@dataclass(frozen=True, slots=True)
class TelegramMessage:
    """One message: its text, of which `quoted` is folded away, and the rows of its keyboard."""

    text: str
    quoted: str
    after: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Screens:
    """A topic in one language: `web` are replies as the web page renders them, `zalo` plain texts."""

    language: str
    web: tuple[Reply, ...]
    telegram: tuple[TelegramMessage, ...]
    zalo: tuple[str, ...]


def screens(library: Library, topic: Topic, language: str) -> Screens:
    """All bubbles of a topic, one below the other."""
    said, known = bubbles(library, topic, language), words(library, language)
    return Screens(
        language,
        tuple(said),
        tuple(_telegram(message) for reply in said for message in messages(reply, known)),
        tuple(text for reply in said for text in plain(reply, True, LONGEST_TEXT, known)),
    )


def _telegram(message: Outgoing) -> TelegramMessage:
    rows = message.keyboard.inline_keyboard if message.keyboard else ()
    titles = tuple(tuple(button.text for button in row) for row in rows)
    if not message.entities:
        return TelegramMessage(message.text, "", "", titles)
    (quote,) = message.entities
    raw = message.text.encode("utf-16-le")
    begin, end = quote.offset * 2, (quote.offset + quote.length) * 2
    before, quoted, after = (part.decode("utf-16-le").strip() for part in (raw[:begin], raw[begin:end], raw[end:]))
    return TelegramMessage(before, quoted, after, titles)
