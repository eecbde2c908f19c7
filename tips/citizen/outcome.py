"""What the two talks of this half share: their outcome, and how much a person may write."""

from __future__ import annotations

from dataclasses import dataclass, replace

from content.reply import Reply

NUMBERS = ("113", "111")  # keys of hotlines.yml, the most urgent first
LONG_TEXT = 8_000  # characters: kept whole, and the person is told so
MAX_TOLD = 64_000  # characters, about thirty pages: refused whole, with a sentence
MAX_REASONS = 5  # why something was taken for danger


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said back; `done` gives the floor back. No replies: the text was nothing for this talk."""

    replies: tuple[Reply, ...]
    done: bool = False


def led_by(notice: str, reply: Reply) -> Reply:
    """The same bubble with sentences before it."""
    return replace(reply, text=f"{notice}\n\n{reply.text}") if notice else reply
