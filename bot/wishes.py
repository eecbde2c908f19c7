"""Answers a message with several wishes (nlu/talk/wishes.py): the more urgent first, the others right after it or as buttons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.dialogue import Dialogue
from bot.turn import Floor, Turn
from content import render
from content.library import Library
from content.reply import Button
from nlu.engine import READS_AT_MOST
from nlu.talk.wishes import DANGER, asked, wishes

SHORT = 480  # characters of an answer; two of them make a turn that can be read on a phone
_MENU = "say:help"
_BUTTONS = 4  # beside the way back
_ASKS_BACK = frozenset((DANGER, "check_offer", "delete_data"))  # nothing is said after these in the same turn


@dataclass(frozen=True)
class Wishes:
    """Heard only where nobody has the floor."""

    library: Library
    dialogue: Dialogue

    async def hear(self, turn: Turn, text: str) -> bool:
        """Answers a message with several wishes. False if it has one at most. Raises EngineError."""
        found = await wishes(text[:READS_AT_MOST], self.dialogue.read)
        if not found:
            return False
        first, second, *others = found
        await self.dialogue.say(turn, first)
        if turn.floor is Floor.NONE and self._is_short(turn, first) and self._is_short(turn, second):
            turn.without_buttons()
            await self.dialogue.say(turn, second)
        else:
            others = [second, *others]
        self._offer(turn, others, told=first != DANGER)
        return True

    async def beside_danger(self, turn: Turn, text: str) -> None:
        """What a cry for help asks for besides: a button, and not a word more to read."""
        if turn.floor is Floor.NONE:
            self._offer(turn, await asked(text[:READS_AT_MOST], self.dialogue.read), told=False)

    def _is_short(self, turn: Turn, intent: str) -> bool:
        """Whether the answer is one bubble that is quickly read, and leaves no question to the person."""
        topic = self.library.topics[intent]
        if not topic.informs or intent in _ASKS_BACK:
            return False
        (answer,) = render.answer(self.library, intent, turn.language)
        return len(answer.text) <= SHORT

    def _offer(self, turn: Turn, intents: list[str] | tuple[str, ...], told: bool) -> None:
        """Puts buttons for these before the way back of the last bubble, and one line that says so."""
        if not intents or not turn.replies:
            return
        last = turn.replies[-1]
        new = [Button(render.title(self.library, intent, turn.language), f"say:{intent}") for intent in intents]
        payloads = {button.payload for button in new}
        others = [button for button in last.buttons if button.payload not in payloads]
        back = [button for button in others if button.payload == _MENU]
        rest = [button for button in others if button.payload != _MENU]
        first = told and turn.floor is Floor.NONE  # what was asked goes before what might be
        buttons = (*new, *rest[: _BUTTONS - len(new)], *back) if first else (*rest, *new, *back)
        topics = "”, “".join(button.title for button in new)
        line = self.dialogue.sentences.phrase("also_asked", turn.language, topic=topics) if told else ""
        aside = "\n".join(part for part in (last.aside, line) if part)
        turn.replies[-1] = replace(last, buttons=buttons, aside=aside)
