"""What comes in at the door, the same for every channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from content.reply import Photo


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of one person.

    `channel` is the adapter's name ("web", "telegram", "zalo", "terminal"); `sender` is the platform's id of the chat, which
    the conversation turns into a pseudonym at once and keeps nowhere. A button carries `payload`, a picture `photo`, and what
    the bot cannot read (a sticker, a voice note, a file that is no picture) says so in `unsupported` ("kind", "too_big" or
    "protected"); `text` is what was typed, alone or as the caption of a picture or of what cannot be read.
    """

    channel: str
    sender: str = field(repr=False)
    text: str = field(default="", repr=False)
    payload: str = ""
    photo: Photo | None = None
    unsupported: str = ""
