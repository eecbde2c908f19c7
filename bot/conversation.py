"""The conversation: one message in, replies out. It knows who has the floor; what is said and done is others' business.

Order: danger first, then a button, then whoever has the floor (a tip, a code, a quiz), else what goes on about the talk so far
(following.py), several wishes (wishes.py), and the engine (dialogue.py).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import cached_property, partial

from actions.registry import Do
from bot import language
from bot.dialogue import MISSES, Dialogue
from bot.floors import Floors
from bot.following import Following
from bot.inbound import Inbound
from bot.lanes import Lanes
from bot.leaving import Leaving
from bot.menus import last_menu, one_menu
from bot.misses import Misses
from bot.reading import WITH_BUTTONS, chosen, is_question, means_all, near_code, wants_erasing
from bot.renewal import Renewal
from bot.sentences import Sentences
from bot.talks import State, Talks
from bot.threads import in_thread
from bot.turn import Floor, Turn
from bot.watches import Watches
from bot.wishes import Wishes
from content import render
from content.library import Library
from content.reply import Reply
from db.keys import KeyRing
from db.pseudonyms import Pseudonyms
from nlu.danger import DangerNet
from nlu.engine import READS_AT_MOST, Engine, EngineError
from nlu.normalise import clean
from tips.citizen.commands import command
from tips.citizen.words import is_one_of
from tips.code import holds_code
from web.errors import log_failure

log = logging.getLogger(__name__)

SURE = 0.6  # how sure the engine must be what an aside in the middle of a tip means
_SHORT_QUESTION, _SHORT_WISH = 15, 5  # words
_FEW_WORDS = 5  # after a cry, what may tell where somebody is or who
_NAME = "Lá Chắn"
_ASIDES = {"ask_anonymity", "ask_tip_process", "ask_false_report", "ask_hotline", "bot_challenge"}


@dataclass(frozen=True)
class Conversation:
    """Satisfies `bot.channels.HearsAndGreets`. Made once for the app; safe for many people at once."""

    library: Library
    engine: Engine
    net: DangerNet
    talks: Talks
    floors: Floors
    keys: KeyRing
    names: Pseudonyms
    renewal: Renewal
    lanes: Lanes
    misses: Misses
    watches: Watches

    def greeting(self, language: str) -> list[Reply]:
        """What is said to somebody who only looks; keeps nothing."""
        with self.library.one_edition():
            return render.answer(self.library, "greet", language)

    async def hear(self, inbound: Inbound) -> list[Reply]:
        """One message of one person. Messages of one person are taken in turn; nothing of a message reaches a log.

        Raises what a store raises if the message was not worked off and may come again; a cry for help is answered even then.
        """
        lane = self.keys.pseudonym(
            "lane", inbound.channel, inbound.sender
        )  # outlasts a change of the name below; never kept
        return await self.lanes.run(lane, partial(self._hear, inbound))

    async def _hear(self, inbound: Inbound) -> list[Reply]:
        with self.library.one_edition():
            return await self._heard(inbound)

    async def _heard(self, inbound: Inbound) -> list[Reply]:
        try:
            state = await in_thread(self._state, inbound)
            turn = Turn(state=replace(state, language=self._language(inbound, state)), inbound=inbound)
            await self._answer(turn)
        except Exception as error:
            if not self.net.why(inbound.text):
                raise
            log_failure(error)
            spoken = language.detect(clean(inbound.text), None)
            return [*self._sentences.emergency(spoken, inbound.text), self._sentences.trouble(spoken)]
        try:
            await self.floors.settle_after(turn)
            await self._keep(turn)
        except Exception as error:  # what was done is done, and a reply may hold a code: it is said in any case
            log_failure(error)
        return turn.replies

    def _state(self, inbound: Inbound) -> State:
        """The talk; of whoever is new in this period, what is kept under the last one's name gets the new one first."""
        who = (inbound.channel, inbound.sender)
        of, before = self.names.of, self.names.before
        ref = of("talk", *who)
        state = self.talks.load(ref)
        if state.new and self.renewal.carry(before("talk", *who), ref, before("quiz", *who), of("quiz", *who)):
            return self.talks.load(ref)
        return state

    async def _answer(self, turn: Turn) -> None:
        inbound = turn.inbound
        await self.floors.settle(turn)
        if turn.floor is Floor.TIP and turn.state.left_engine_id:  # hours later: what is said now goes into it
            turn.say(Reply(self._sentences.phrase("back_to_tip", turn.language)))
        try:
            if inbound.payload:
                await self._dialogue.press(turn, inbound.payload)
                await self._ask_on(turn)
            elif inbound.carries:
                await self._attach(turn)
            elif inbound.unsupported:
                await self._unsupported(turn)
            else:
                await self._text(turn)
        except EngineError as error:
            log.error("a turn failed: %s", error)
            turn.say(self._sentences.trouble(turn.language))

    async def _text(self, turn: Turn) -> None:
        """What was typed. Services get it as it was typed, the net and the engine without what cannot be seen."""
        raw, text = turn.inbound.text, clean(turn.inbound.text)
        if turn.floor is Floor.NONE and not any(c.isalnum() for c in text):
            turn.say(self._sentences.empty(turn.language))
            return
        if payload := chosen(text, turn):
            await self._dialogue.press(turn, payload)
            return
        if wants_erasing(text):  # whoever says only this may have no second: whatever is going on
            await self._dialogue.press(turn, "erase:all")
            return
        if self._is_word(text, "talk.hide_words"):  # the talk itself goes on after it
            turn.say(self._sentences.hidden(turn.language))
            return
        why = await self._danger(turn, text)
        if why:
            turn.cried |= turn.floor is not Floor.TIP  # a tip that is being told knows it by itself
            if turn.floor is Floor.GUIDE:
                if await self.floors.hear(turn, raw, why):  # it shows the numbers itself
                    return
                self.floors.leave_guide(turn)  # nothing else is asked on beside danger
            elif turn.floor is Floor.QUIZ:  # the round can be gone on with later
                turn.floor = Floor.NONE
            turn.say(*self._sentences.emergency(turn.language, text))
            await self._wishes.beside_danger(turn, text)
        if turn.floor is Floor.TIP:
            if why or near_code(text) or not await self._aside(turn, text):
                await self.floors.hear(turn, raw, why)
            return
        if near_code(text):  # never language: it must not reach the engine
            if turn.floor is Floor.GUIDE and not holds_code(text) and await self.floors.hear(turn, raw, why):
                return  # two telephone numbers, say, where one was asked for
            turn.floor = Floor.CODE
        heard = turn.floor is not Floor.NONE and not (why and turn.floor is not Floor.CODE)
        if heard and await self.floors.hear(turn, raw, why):
            return
        if not why:
            await self._understand(turn, text)
            if turn.floor is Floor.QUIZ and turn.state.floor == turn.floor and turn.replies:
                await self.floors.ask_again(turn)
            await self._ask_on(turn)
            if len(text) > READS_AT_MOST:
                turn.say(Reply(self._sentences.phrase("too_long", turn.language)), before_buttons=True)

    async def _ask_on(self, turn: Turn) -> None:
        """A guided talk that waits, and did not say anything in this turn, asks again."""
        if turn.floor is Floor.GUIDE and turn.guide is turn.state.guide and turn.replies:
            await self.floors.ask_again(turn)

    async def _understand(self, turn: Turn, text: str) -> None:
        """What is said to nobody but the bot: goes on about what was said, wishes two things, or is the engine's."""
        for official, words in ((False, "lesson.words"), (True, "lesson.course_words")):
            if self._is_word(text, words):
                await self.floors.learn(turn, official)
                return
        if turn.cried and len(text.split()) <= _FEW_WORDS and await self.floors.after_cry(turn, text):
            return
        if turn.floor is Floor.NONE and (await self._following.hear(turn, text) or await self._wishes.hear(turn, text)):
            return
        await self._dialogue.hear(turn, text)

    def _is_word(self, text: str, key: str) -> bool:
        """Whether a text is nothing but one of the words of a phrase, in any language."""
        return any(is_one_of(text, self.library.phrase(key, spoken)) for spoken in self.library.tongues)

    async def _attach(self, turn: Turn) -> None:
        caption = turn.inbound.text
        why = await self._danger(turn, clean(caption)) if caption else ""
        if why:
            turn.cried |= turn.floor is not Floor.TIP  # a tip that is being told knows it by itself
            turn.say(*self._sentences.emergency(turn.language))
        await self.floors.attach(turn, caption, why)

    async def _unsupported(self, turn: Turn) -> None:
        """A sticker, a poll, a file too big: told that it cannot be read; what was written with it counts as said."""
        told = self._sentences.unreadable(turn.inbound.unsupported, turn.language)
        if any(c.isalnum() for c in turn.inbound.text):
            await self._text(turn)
            turn.say(replace(told, buttons=()), before_buttons=True)
        elif turn.floor is Floor.TIP:
            turn.say(told)
            await self._dialogue.back_to_tip(turn)
        else:
            turn.say(told)

    async def _danger(self, turn: Turn, text: str) -> str:
        """Why a text is a cry for help, in a sentence for officers, or "".

        By the net of words, and wherever the engine's dialogue is not asked, by both together (docs/danger.md).
        """
        if rule := self.net.why(text):
            return self.net.told(rule)
        if turn.floor is Floor.NONE or near_code(text):
            return ""
        meaning = await self._dialogue.read(text)
        rule = self.net.heard(text, meaning.confidence if meaning.intent == "emergency" else 0.0)
        return self.net.told(rule) if rule else ""

    async def _aside(self, turn: Turn, text: str) -> bool:
        """What is no part of a tip though it is said in the middle of one: a question about reporting, the wish to leave.

        Only short texts, and only when the engine is sure: a tip's words are never taken for something else.
        """
        count, asks = len(text.split()), is_question(text)
        if command(text) is not None:  # the tip's own words, such as "bỏ qua", mean there what they mean
            return False
        if intent := self._title(text, turn.language):  # a button's words, typed
            await self._dialogue.press(turn, f"say:{intent}")
            return True
        if count > _SHORT_QUESTION or (not asks and count > _SHORT_WISH):
            return False
        meaning = await self._dialogue.read(text)
        if meaning.confidence < SURE:
            return False
        if meaning.intent == "stop" and count <= _SHORT_WISH:
            return await self.floors.press(turn, "tip", "tip:cancel")  # it asks back if something was told
        if meaning.intent == "delete_data" and means_all(text):
            await self._dialogue.do(turn, Do.DELETE_DATA)
            return True
        if meaning.intent not in _ASIDES or not asks:
            return False
        turn.say(*render.answer(self.library, meaning.intent, turn.language))
        await self._dialogue.back_to_tip(turn)
        return True

    def _title(self, text: str, language: str) -> str:
        """The intent whose button has exactly these words, or ""."""
        said = text.casefold()
        return next((i for i, topic in self.library.topics.items() if topic.title.say(language).casefold() == said), "")

    async def _keep(self, turn: Turn) -> None:
        """Keeps the talk for the next message."""
        told = any(_NAME in reply.text or reply.clears for reply in turn.replies)
        if turn.state.new and turn.inbound.channel != "web" and not told:
            turn.say(
                Reply(self._sentences.phrase("machine", turn.language)), before_buttons=True
            )  # the law asks for it
        if turn.state.left_engine_id:
            await self.engine.forget(turn.state.left_engine_id)
        if turn.erased:
            return
        misses = turn.state.misses + 1 if turn.missed else 0
        if turn.inbound.channel not in WITH_BUTTONS and turn.replies:
            turn.replies[:] = one_menu(turn.replies)
        state = replace(
            turn.state,
            language=turn.language,
            floor=turn.floor.value,
            menu=last_menu(turn.replies),
            misses=0 if misses >= MISSES else misses,
            topic=turn.topic,
            told_more=turn.told_more,
            cried=turn.cried,
            guide=turn.guide if turn.floor is Floor.GUIDE else None,
        )
        await in_thread(self.talks.save, state)
        if turn.unread is not None and not turn.state.floor and turn.floor is Floor.NONE:  # never a tip, a code, a quiz
            await in_thread(self.misses.keep, turn.inbound.text, turn.language, turn.unread)

    def _language(self, inbound: Inbound, state: State) -> str:
        text = clean(inbound.text)
        if not text or state.floor in (Floor.TIP, Floor.CODE):  # a name in a tip is no wish for another language
            return state.language or "vi"
        return language.detect(text, state.language, self.library.tongues)

    @cached_property
    def _dialogue(self) -> Dialogue:
        leaving = Leaving(self.library, self.engine, self.talks, self.floors, self.watches)
        return Dialogue(self.library, self.engine, self.floors, leaving)

    @cached_property
    def _following(self) -> Following:
        return Following(self.library, self._dialogue)

    @cached_property
    def _wishes(self) -> Wishes:
        return Wishes(self.library, self._dialogue)

    @property
    def _sentences(self) -> Sentences:
        return Sentences(self.library)
