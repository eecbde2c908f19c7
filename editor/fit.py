"""Whether an answer fits into one message of each channel, by the channels' own renderers."""

from __future__ import annotations

from collections.abc import Iterator

from bot.channels.telegram_out import LONGEST_PAYLOAD, messages
from bot.channels.text import plain, words
from bot.channels.zalo import LONGEST_TEXT
from content import render
from content.library import Library
from content.model import Topic
from content.reply import Reply

LANGUAGES = ("vi", "en")
MOST_MESSAGES = 2  # for one bubble: more is a wall of text


def fits(library: Library) -> Iterator[tuple[str, str, str, bool]]:
    """Findings by topic for the check: a bubble that is torn, a button that cannot be sent."""
    for topic in library.topics.values():
        for language in LANGUAGES:
            for reply in bubbles(library, topic, language):
                yield from _bubble(library, topic.name, language, reply)


def bubbles(library: Library, topic: Topic, language: str) -> list[Reply]:
    """All that a topic says: the answer, what is behind "Xem thêm", the text to share."""
    further = render.more(library, topic.name, language) if topic.has_more else []
    shared = render.share(library, topic.name, language) if topic.share else []
    return [*render.answer(library, topic.name, language), *further, *shared]


def _bubble(library: Library, name: str, language: str, reply: Reply) -> Iterator[tuple[str, str, str, bool]]:
    known = words(library, language)
    counts = {"Telegram": len(messages(reply, known)), "Zalo": len(plain(reply, True, LONGEST_TEXT, known))}
    for channel, count in counts.items():
        if count > 1:
            remedy = (
                f"on {channel} ({language}) “{reply.text[:30]}…” is torn into {count} messages: shorten text or law"
            )
            yield name, "too long for a channel", remedy, count <= MOST_MESSAGES
    for button in reply.buttons:
        if len(button.payload.encode()) > LONGEST_PAYLOAD:
            yield name, "too long for a channel", f"Telegram cannot send the button {button.payload[:20]}…", False
