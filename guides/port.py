"""The port of a guided talk. All of it is synchronous and runs in a thread; a guide that only computes needs no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from content.reply import Reply

type Kept = Mapping[str, Any]  # JSON values, a few hundred bytes: what a guide remembers between two messages


@dataclass(frozen=True, slots=True)
class Step:
    """What a guide says. `kept` None: it is over, and nothing of it remains.

    `tip`: the person wants to tell the police, and this text is what a tip begins with; "": no such wish.
    `urgent`: it turned out that somebody is in danger now: the numbers come first.
    """

    replies: tuple[Reply, ...]
    kept: Kept | None = field(default=None, repr=False)
    tip: str = field(default="", repr=False)
    urgent: bool = False


class Guide(Protocol):
    """One guided talk. Payloads of its buttons begin with `guide:<its name>:`; they have at most 64 bytes."""

    def begin(self, language: str, text: str) -> Step:
        """The first question. `text` is what the person said, and may answer some already; "": a button was tapped."""
        ...

    def hear(self, kept: Kept, language: str, text: str) -> Step | None:
        """What was typed while the guide waits for an answer; None if it is none, so that the engine should have it."""
        ...

    def press(self, kept: Kept | None, language: str, rest: str) -> Step:
        """A button of the guide; `rest` is its payload after `guide:<name>:`. `kept` None: the guide is over (an old button)."""
        ...
