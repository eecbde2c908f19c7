"""Answers what only has a meaning with the talk before it (nlu/talk/followups.py): about the topic at hand, or the last buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogue import Dialogue
from bot.turn import Turn
from content import excerpts
from content.library import Library
from content.reply import Reply
from nlu.engine import FALLBACK
from nlu.talk.followups import FollowUp, Kind, follow_up
from nlu.talk.positions import LAST

_MENU = "say:help"
_DANGER = "emergency"
_NOT_PUNISHED = "rights_not_punished"  # a case
_OF_VICTIMS = ("ask_reintegration", "ask_rescue_relative", "ask_victim_rights")
_Excerpt = Callable[[Library, str, str], Reply | None]
# A side of a topic: what the topic itself says of it, and the intent that says the general part.
_SIDES: dict[Kind, tuple[_Excerpt, str]] = {
    Kind.PENALTY: (excerpts.penalty, "ask_penalty"),
    Kind.RECOGNISE: (excerpts.signs, "ask_warning_signs"),
    Kind.AVOID: (excerpts.what_to_do, "ask_self_protection"),
    Kind.CALL: (excerpts.whom_to_call, "ask_hotline"),
}


@dataclass(frozen=True)
class Following:
    """Heard only where nobody has the floor, and after the danger net."""

    library: Library
    dialogue: Dialogue

    async def hear(self, turn: Turn, text: str) -> bool:
        """Answers a follow-up. False if the text stands alone, or may. Raises EngineError."""
        if turn.topic not in self.library.topics:  # it was there when it was answered, and is not any more
            turn.topic = ""
        found = follow_up(text)
        if found is None:
            return False
        match found.kind:
            case Kind.PICK:
                await self._pick(turn, found.place)
            case Kind.NOT_THAT:
                self._not_that(turn)
            case Kind.NO if turn.state.misses:  # readings were offered just now
                self._not_that(turn)
            case Kind.NO:
                return False
            case Kind.ABOUT:
                return await self._about(turn, found.rest)
            case Kind.BLAME if not self._about_victims(turn):  # after a question about reports it means something else
                return False
            case _ if not turn.topic and found.leans:
                self.dialogue.miss(turn, self.dialogue.sentences.ask_back("which_topic", turn.language))
            case _ if not turn.topic:
                return False
            case _:
                return await self._on_topic(turn, found, text)
        return True

    async def _on_topic(self, turn: Turn, asked: FollowUp, text: str) -> bool:
        """About the topic at hand."""
        match asked.kind:
            case Kind.CASE if (named := self.library.case_of(self._intent(turn), text)) and named.name != turn.topic:
                await self.dialogue.case(turn, named.name)
            case Kind.CASE:
                await self._case(turn, [name for case in asked.cases for name in case.found])
            case Kind.IF:
                if (await self.dialogue.read(text)).intent != FALLBACK:
                    return False
                await self._case(turn, [])
            case Kind.REPORT:
                await self.dialogue.say(turn, "report_tip")
            case Kind.MORE:
                await self._more(turn)
            case Kind.BLAME:
                await self.dialogue.case(turn, _NOT_PUNISHED)
            case side:
                await self._side(turn, *_SIDES[side])
        return True

    async def _case(self, turn: Turn, names: list[str]) -> None:
        known = excerpts.case(self.library, turn.topic, names, turn.language) if names else None
        await self._note(turn)
        turn.say(known or excerpts.case_unknown(self.library, turn.topic, turn.language))

    async def _side(self, turn: Turn, excerpt: _Excerpt, general: str) -> None:
        """What the topic says of it; where it says nothing, and for the general topic itself, the general answer."""
        if self._intent(turn) == general:
            await self._more(turn)
        elif said := excerpt(self.library, turn.topic, turn.language):
            await self.dialogue.note(turn, general)
            turn.say(said)
        else:
            await self.dialogue.say(turn, general)

    async def _more(self, turn: Turn) -> None:
        await self._note(turn)
        if turn.told_more or not self.library.topics[turn.topic].has_more:
            turn.say(excerpts.nothing_more(self.library, turn.topic, turn.language))
        else:
            self.dialogue.more(turn, turn.topic)

    async def _about(self, turn: Turn, rest: str) -> bool:
        """A case of the topic at hand, or another topic named in passing, if it is sure which."""
        if turn.topic and (own := self.library.case_of(self._intent(turn), rest)) and own.name != turn.topic:
            await self.dialogue.case(turn, own.name)
            return True
        intent = (await self.dialogue.read(rest)).intent
        topic = self.library.topics.get(intent)
        if topic is None or not topic.informs or intent == _DANGER:
            return False
        if named := self.library.case_of(intent, rest):
            await self.dialogue.case(turn, named.name)
        elif intent == self._intent(turn):
            await self._case(turn, [])
        else:
            await self.dialogue.say(turn, intent)
        return True

    async def _pick(self, turn: Turn, place: int) -> None:
        """Presses a button of the last list; the last of them is the last that is not the way back."""
        menu = turn.state.menu
        if place == LAST:
            place = len([payload for payload in menu if payload != _MENU]) or len(menu)
        if not menu:
            self.dialogue.miss(turn, self.dialogue.sentences.ask_back("which_topic", turn.language))
        elif 1 <= place <= len(menu):
            await self.dialogue.press(turn, menu[place - 1])
        else:
            shown = self.dialogue.sentences.ask_back("no_such_place", turn.language)
            self.dialogue.miss(turn, shown)

    def _not_that(self, turn: Turn) -> None:
        """Nothing of what was offered or answered is meant: a miss like any other."""
        self.dialogue.miss(turn, self.dialogue.sentences.ask_back("not_that", turn.language))

    async def _note(self, turn: Turn) -> None:
        """The engine hears what the talk is about."""
        await self.dialogue.note(turn, self._intent(turn))

    def _about_victims(self, turn: Turn) -> bool:
        topic = self.library.topics.get(turn.topic)
        if topic is None or _NOT_PUNISHED not in self.library.topics:
            return False
        return topic.kind == "trick" or topic.about in _OF_VICTIMS

    def _intent(self, turn: Turn) -> str:
        """The intent of the topic at hand, of a case the one that it is a case of; "" if there is none."""
        return self.library.topics[turn.topic].about if turn.topic else ""
