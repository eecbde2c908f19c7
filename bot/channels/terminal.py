"""The terminal: a talk at the keyboard, or JSON lines for scripts."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from bot.channels import HearsAndGreets
from bot.channels.text import plain, words
from bot.inbound import Inbound
from content.library import Library
from content.reply import Reply

CHANNEL = "terminal"
_WIDEST = 100_000  # a terminal has no limit


async def talk(
    conversation: HearsAndGreets, library: Library, lines: AsyncIterator[str], show: Callable[[str], None]
) -> None:
    """A person types; buttons are numbered, `/file FILE` sends a file, an empty line or the end of input leaves."""
    sender = secrets.token_hex(8)
    show(_text(conversation.greeting("vi"), library))
    async for line in lines:
        text = line.strip()
        if not text:
            return
        try:
            inbound = _typed(sender, text)
        except OSError as error:
            show(f"{text}: {error.strerror}")
            continue
        show(_text(await conversation.hear(inbound), library))


async def json_lines(conversation: HearsAndGreets, lines: AsyncIterator[str], show: Callable[[str], None]) -> None:
    """One message a line in, one JSON object `{"replies": […]}` a line out, in the same order.

    A line is a text, or a JSON object with `text`, `payload` (of a button) or `file` (a path), and `sender` to
    speak as several people. A line that cannot be used gives `{"error": …}`.
    """
    me = secrets.token_hex(8)
    async for line in lines:
        text = line.rstrip("\r\n")
        try:
            inbound = _from_json(me, text)
        except (ValueError, OSError) as error:
            show(json.dumps({"error": str(error)}, ensure_ascii=False))
            continue
        replies = await conversation.hear(inbound)
        show(json.dumps({"replies": [reply.to_dict() for reply in replies]}, ensure_ascii=False))


def _typed(sender: str, text: str) -> Inbound:
    if text.startswith("/file "):
        return Inbound(CHANNEL, sender, file=Path(text.removeprefix("/file ").strip()).read_bytes())
    return Inbound(CHANNEL, sender, text=text)


def _from_json(me: str, line: str) -> Inbound:
    if not line.lstrip().startswith("{"):
        return Inbound(CHANNEL, me, text=line)
    value: dict[str, Any] = json.loads(line)
    unknown = value.keys() - {"text", "payload", "file", "sender"}
    if unknown or not value.keys() & {"text", "payload", "file"}:
        raise ValueError("a message has text, payload or file, and perhaps sender")
    file = Path(value["file"]).read_bytes() if "file" in value else b""
    sender = str(value.get("sender", me))
    return Inbound(CHANNEL, sender, text=str(value.get("text", "")), payload=str(value.get("payload", "")), file=file)


def _text(replies: list[Reply], library: Library) -> str:
    spoken = words(library, "vi")
    return "\n\n".join("\n".join(plain(reply, numbered=True, limit=_WIDEST, words=spoken)) for reply in replies)
