"""The port behind which the dialogue engine works: four calls, plain Python values, a real error.

The app knows nothing else of Rasa. What replacing it would take: docs/rasa-embedded.md.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from nlu.entities import Entity

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

FALLBACK = "nlu_fallback"  # the intent of what was not understood surely enough
READS_AT_MOST = 1000  # characters of a text; a meaning does not hide behind that


class EngineError(Exception):
    """The engine gave no answer. The text never holds a person's words."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text means: the intent, how sure (0 to 1), the likeliest intents, best first, and the text itself."""

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()
    text: str = field(default="", repr=False, compare=False)  # a person's words: never into a log

    def entities(self, today: date | None = None) -> list[Entity]:
        """The values that stand in the text. Looked for only when somebody asks (0.3 ms): most turns need none."""
        from nlu.entities import find  # its tables are read by those who ask

        return find(self.text, today or datetime.now(_VIETNAM).date())


@dataclass(frozen=True, slots=True)
class Ask:
    """What an action is told: the meaning of the message, the talk's language, the slots."""

    action: str
    meaning: Meaning
    language: str
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What an action gives back: values for the conversation (JSON objects, passed through unread) and slots to set.

    `rewind` takes the message out of the engine's memory: what had no meaning for the talk does not steer it later.
    """

    said: tuple[dict[str, Any], ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    rewind: bool = False


Action = Callable[[Ask], Awaitable[Told]]


class Engine(Protocol):
    """A dialogue engine."""

    async def turn(self, conversation: str, text: str, language: str) -> list[dict[str, Any]]:
        """One message of one conversation; what the actions said. Raises EngineError."""

    async def say(self, conversation: str, intent: str, language: str) -> list[dict[str, Any]]:
        """The same for a button that stands for an intent. Raises EngineError, also for an unknown intent."""

    async def read(self, text: str) -> Meaning:
        """The meaning of a text; keeps nothing. Raises EngineError."""

    async def forget(self, conversation: str) -> None:
        """Drops what is kept of a conversation."""
