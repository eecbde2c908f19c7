"""One message being answered, and who may have the floor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.inbound import Inbound
from bot.talks import State
from content.reply import Reply


class Floor(StrEnum):
    """Who hears the next message first; kept in `db.citizen.Talk.floor`."""

    NONE = ""
    TIP = "tip"
    CODE = "code"
    QUIZ = "quiz"
    NICKNAME = "nickname"
    GUIDE = "guide"


@dataclass
class Turn:
    """One message being answered: what was kept, what came in, and what becomes of it."""

    state: State
    inbound: Inbound
    replies: list[Reply] = field(default_factory=list)
    missed: bool = False  # it was not understood
    unread: tuple[str, ...] | None = None  # the same, and nothing else can be made of it: the likeliest intents
    opened: bool = False  # a tip was opened or asked on in this turn
    erased: bool = False  # the person wanted to be forgotten: nothing is kept

    def __post_init__(self) -> None:
        self.language = self.state.language or "vi"
        self.floor = Floor(self.state.floor)
        self.topic = self.state.topic
        self.told_more = self.state.told_more
        self.cried = self.state.cried
        self.guide = self.state.guide

    def about(self, topic: str, told_more: bool = False) -> None:
        """From now on the talk is about this topic."""
        self.topic, self.told_more = topic, told_more
        self.cried |= topic == "emergency"

    def say(self, *replies: Reply, before_buttons: bool = False) -> None:
        """Adds bubbles; `before_buttons` puts them before the last, so that its buttons stay at the bottom.

        Where the screen is cleared, nothing but a cry's numbers goes before: it would stand on the harmless screen.
        """
        if any(reply.clears for reply in replies):
            self.replies[:] = [reply for reply in self.replies if reply.urgent]
        at = len(self.replies)
        if before_buttons and self.replies and not self.replies[0].urgent:
            at -= 1
        self.replies[at:at] = replies

    def without_buttons(self) -> None:
        """Takes the buttons off what was said so far: only the last bubble's buttons count."""
        self.replies[:] = [replace(reply, buttons=()) for reply in self.replies]
