"""Talks with the engine for one turn, and does what its actions hand over; what a tapped button says goes the same way."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from actions.marks import Mark
from actions.registry import Do
from bot import language
from bot.floors import Floors
from bot.leaving import Leaving
from bot.sentences import Sentences
from bot.turn import Floor, Turn
from content import render
from content.library import Library
from content.reply import Reply
from nlu.engine import FALLBACK, Engine, EngineError, Meaning

log = logging.getLogger(__name__)

_CONTENT = ("say", "topic", "more", "share")  # buttons of topics
MISSES = 2  # messages not understood in a row, after which a person's number is given


@dataclass(frozen=True)
class Dialogue:
    """What a message or a button leads to once it is known what it is."""

    library: Library
    engine: Engine
    floors: Floors
    leaving: Leaving

    async def hear(self, turn: Turn, text: str) -> None:
        """Lets the engine answer a text. Raises EngineError."""
        await self._act(turn, await self.engine.turn(turn.state.engine_id, text, turn.language))

    async def say(self, turn: Turn, intent: str) -> None:
        """Lets the engine answer an intent. Raises EngineError."""
        await self._act(turn, await self.engine.say(turn.state.engine_id, intent, turn.language))

    async def note(self, turn: Turn, intent: str) -> None:
        """Tells the engine what was answered without it, so that a later "yes" is no answer to what it asked before."""
        await self.engine.say(turn.state.engine_id, intent, turn.language)

    async def read(self, text: str) -> Meaning:
        """A meaning without a trace. An engine in trouble must not stop a tip: then nothing special was meant."""
        try:
            return await self.engine.read(text)
        except EngineError as error:
            log.error("a text could not be read: %s", error)
            return Meaning(FALLBACK, 0.0)

    async def press(self, turn: Turn, payload: str) -> None:
        """Does what a button stands for; one that nobody made leads to the menu."""
        kind, _, rest = payload.partition(":")
        if kind in _CONTENT and rest in self.library.topics:
            await self._content(turn, kind, rest)
            await self.back_to_tip(turn)
        elif payload == "erase:all":
            await self.leaving.erase(turn)
        elif payload == "tip:leave":
            await self.leaving.walk_away(turn)
        elif payload in ("tip:watch", "code:watch"):
            await self.leaving.watch(turn)
        elif kind == "lang" and rest in self.library.tongues:
            turn.language = rest
            turn.say(self.sentences.speaks(rest))
            await self.back_to_tip(turn)
        elif not await self.floors.press(turn, kind, payload):
            turn.say(*render.answer(self.library, "help", turn.language))

    async def case(self, turn: Turn, name: str) -> None:
        """A case of an intent; the engine hears the intent. Raises EngineError."""
        topic = self.library.topics[name]
        await self.note(turn, topic.about)
        turn.say(*render.answer(self.library, name, turn.language))
        if topic.informs:
            turn.about(name)

    async def _content(self, turn: Turn, kind: str, name: str) -> None:
        """What a button of a topic stands for. Raises EngineError."""
        if kind == "more":
            self.more(turn, name)
        elif kind == "share":
            turn.say(*render.share(self.library, name, turn.language))
        elif self.library.topics[name].case:
            await self.case(turn, name)
        else:
            if name == "help":  # the way back leaves a guided talk
                self.floors.leave_guide(turn)
            await self.say(turn, name)

    def more(self, turn: Turn, topic: str) -> None:
        """What is behind "Xem thêm"."""
        turn.say(*render.more(self.library, topic, turn.language))
        turn.about(topic, told_more=True)

    def miss(self, turn: Turn, *replies: Reply) -> None:
        """Says that a message was not understood; at the second in a row the menu and a person's number instead."""
        turn.missed = True
        turn.say(*replies)
        if turn.state.misses + 1 >= MISSES:
            turn.replies[:] = [self.sentences.lost(turn.language)]

    async def do(self, turn: Turn, what: Do) -> None:
        """What the engine's dialogue handed over."""
        match what:
            case Do.LANGUAGE:
                wanted = language.asked_for(turn.inbound.text, self.library.tongues)
                turn.language = wanted or turn.language
                said = self.sentences.speaks if wanted else self.sentences.which_language
                turn.say(said(turn.language))
            case Do.DELETE_DATA:  # "đừng xóa ảnh" is read so as well: what is not said outright is asked
                turn.say(self.sentences.ask_erase(turn.language))
            case _:
                await self.floors.do(turn, what)

    async def back_to_tip(self, turn: Turn) -> None:
        """An open tip asks on after something else was answered in it."""
        if turn.floor is Floor.TIP and not turn.opened:
            turn.without_buttons()
            await self.floors.resume(turn)

    async def _act(self, turn: Turn, said: list[dict[str, Any]]) -> None:
        """Says what the engine's actions say, and does what they hand over."""
        for value in said:
            if Mark.DO in value:
                await self.do(turn, Do(value[Mark.DO]))
            elif Mark.MISS in value:
                turn.unread = tuple(value[Mark.MISS])
            elif Mark.ABOUT in value:
                turn.about(value[Mark.ABOUT])
            else:
                turn.say(Reply.from_dict(value))
        if turn.unread is not None:
            self.miss(turn)

    @property
    def sentences(self) -> Sentences:
        return Sentences(self.library)
