"""What comes in at the door, the same for every channel."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of one person.

    `channel` is the adapter's name ("web", "telegram", "zalo", "terminal"); `sender` is the platform's id of the chat, which
    the conversation turns into a pseudonym at once and keeps nowhere. A button carries `payload`; a photo, a video, a voice note
    or a document is in `file` as it came (untrusted, at most 20 MB), a place in `place` (latitude, longitude), somebody's card
    in `contact` (name, number); what the bot cannot take (a sticker, a poll) says so in `unsupported` ("kind", "too_big" or
    "protected"). `text` is what was typed, alone or as the caption of a file or of what cannot be read.
    """

    channel: str
    sender: str = field(repr=False)
    text: str = field(default="", repr=False)
    payload: str = ""
    file: bytes = field(default=b"", repr=False)
    place: tuple[float, float] | None = field(default=None, repr=False)
    contact: tuple[str, str] | None = field(default=None, repr=False)
    unsupported: str = ""
    once: str = ""  # the same for the same message that comes again, after a crash or on a bad line; "": it never does

    @property
    def carries(self) -> bool:
        """Whether something came that is no text: a file, a place, a card."""
        return bool(self.file or self.place or self.contact)
