"""The guided talks by their names: begins one, gives it what was typed or tapped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.talks import Guiding
from content.reply import Reply
from guides.port import Guide, Step


@dataclass(frozen=True, slots=True)
class Guided:
    """Synchronous. `waiting` is the guided talk that waits for an answer, or None.

    Each method gives what was said and what waits now; None if nobody here has anything to say to that. What another guide
    says and is done with at once takes nothing from the one that waits.
    """

    guides: Mapping[str, Guide]

    def begin(self, waiting: Guiding | None, name: str, language: str, text: str) -> tuple[Step, Guiding | None] | None:
        """The first question of a guide, or all that it has to say."""
        guide = self.guides.get(name)
        return _beside(waiting, name, guide.begin(language, text)) if guide else None

    def hear(self, waiting: Guiding | None, language: str, text: str) -> tuple[Step, Guiding | None] | None:
        """What was typed."""
        if waiting is None or (guide := self.guides.get(waiting.name)) is None:
            return None
        step = guide.hear(waiting.kept, language, text)
        return _waiting(waiting.name, step) if step else None

    def press(self, waiting: Guiding | None, language: str, payload: str) -> tuple[Step, Guiding | None] | None:
        """`guide:<name>` begins a guide, `guide:<name>:<rest>` is a button of it."""
        name, _, rest = payload.removeprefix("guide:").partition(":")
        guide = self.guides.get(name)
        if guide is None:
            return None
        if not rest:
            return self.begin(waiting, name, language, "")
        kept = waiting.kept if waiting and waiting.name == name else None
        return _beside(waiting, name, guide.press(kept, language, rest))


def _beside(waiting: Guiding | None, name: str, step: Step) -> tuple[Step, Guiding | None]:
    """What waits after a step of a guide that need not be the one that waits. Nothing is asked on beside danger."""
    goes_on = waiting and waiting.name != name and step.kept is None and not step.urgent
    return (step, waiting) if goes_on else _waiting(name, step)


def _waiting(name: str, step: Step) -> tuple[Step, Guiding | None]:
    """The last bubble asks; it is asked again after something else was answered."""
    if step.kept is None:
        return step, None
    asked = replace(step.replies[-1], file=None) if step.replies else Reply("")
    return step, Guiding(name, dict(step.kept), asked.to_dict())
