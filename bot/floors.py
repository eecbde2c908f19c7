"""Who has the floor besides the engine: a tip, a code, a quiz. Calls the services and says what becomes of the floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from anyio import CapacityLimiter

from actions.registry import Do
from bot.guided import Guided
from bot.menus import untold
from bot.talks import Guiding
from bot.threads import in_thread, in_thread_of
from bot.turn import Floor, Turn
from bot.watches import CAN_BE_TOLD
from content import render
from content.library import Library
from content.reply import Reply
from db.pseudonyms import Pseudonyms
from guides.port import Step
from lessons.floor import LessonFloor
from quiz.asking import Floor as QuizFloorName
from quiz.asking import Outcome as QuizOutcome
from quiz.floor import QuizFloor
from tips.citizen.conversation import TipTalk
from tips.citizen.drafts import Drafts
from tips.citizen.followup import CodeTalk
from tips.citizen.outcome import Outcome

_CODES_AT_ONCE = 4  # trying a code is slow on purpose: whoever guesses holds up other guesses, and nobody else


@dataclass(frozen=True)
class Floors:
    """The services that can have the floor."""

    library: Library
    names: Pseudonyms
    drafts: Drafts
    tips: TipTalk
    codes: CodeTalk
    quiz: QuizFloor
    guided: Guided
    lessons: LessonFloor
    _code_threads: CapacityLimiter = field(default_factory=partial(CapacityLimiter, _CODES_AT_ONCE))

    async def settle(self, turn: Turn) -> None:
        """Before a message is heard: a floor that nobody holds any more is free, and an unsent tip takes it."""
        if turn.floor is Floor.CODE and turn.state.left_engine_id:  # a code that was asked for in another session
            turn.floor = Floor.NONE
        if turn.floor is Floor.GUIDE and turn.guide is None:  # begun in another session
            turn.floor = Floor.NONE
        if Floor(turn.state.floor) in (Floor.TIP, Floor.CODE) and turn.floor is not Floor.CODE:
            goes_on = await self._has_draft(turn) or await self._sent_again(turn)
            turn.floor = Floor.TIP if goes_on else Floor.NONE

    async def settle_after(self, turn: Turn) -> None:
        """After a message: an unsent tip gets the floor back, so that its next words go where they belong."""
        left = turn.floor is Floor.NONE and Floor(turn.state.floor) in (Floor.TIP, Floor.CODE)
        if left and not turn.erased and await self._has_draft(turn):
            turn.without_buttons()
            await self.resume(turn)

    async def hear(self, turn: Turn, text: str, why: str) -> bool:
        """Gives a text to whoever has the floor. False if it was no answer there and the engine should have it.

        `why` it is a cry for help, in a sentence for officers; "" if it is none.
        """
        ref, language, once = turn.state.ref, turn.language, turn.inbound.once
        if turn.floor is Floor.TIP:
            why = self._why(turn, why)
            self._told(turn, Floor.TIP, await in_thread(self.tips.hear, ref, language, text, bool(why), why, once))
        elif turn.floor is Floor.CODE:
            outcome = await self._code(partial(self.codes.hear, ref, language, text, bool(why), why))
            self._told(turn, Floor.CODE, outcome)
            if not outcome.replies and await self._has_draft(turn):  # no code was meant: the tip goes on
                self._told(turn, Floor.TIP, await in_thread(self.tips.hear, ref, language, text, bool(why), why, once))
            return bool(turn.replies)
        elif turn.floor is Floor.GUIDE:
            return await self._guide(turn, partial(self.guided.hear, turn.guide, language, text), why)
        else:
            answered = await in_thread(self.quiz.hear, self._participant(turn), language, turn.floor.value, text)
            if answered is None:
                return False
            self._played(turn, answered)
        return True

    async def press(self, turn: Turn, kind: str, payload: str) -> bool:
        """A button of a service. False if the payload is nobody's."""
        ref, language = turn.state.ref, turn.language
        if kind == "tip":
            self._told(turn, Floor.TIP, await in_thread(self.tips.press, ref, language, payload))
        elif kind == "code":
            self._told(turn, Floor.CODE, await self._code(partial(self.codes.press, ref, language, payload)))
        elif kind in ("quiz", "contest"):
            floor = _quiz_floor(turn)
            await self._play(turn, partial(self.quiz.press, self._participant(turn), language, payload, floor))
        elif kind == "lesson":
            await self._learn(turn, partial(self.lessons.press, self._participant(turn), language, payload))
        elif kind == "guide":
            return await self._guide(turn, partial(self.guided.press, turn.guide, language, payload))
        else:
            return False
        return True

    async def attach(self, turn: Turn, caption: str, why: str) -> None:
        """A file, a place or a card goes to an opened code, else into a tip, which is opened for it; its caption as well."""
        if turn.floor is Floor.CODE:
            self._told(turn, Floor.CODE, await self._code(partial(_add, self.codes, turn, caption, why)))
            return
        if turn.floor is not Floor.TIP:
            turn.say(Reply(self.library.phrase("talk.file_tip", turn.language)))
            await in_thread(self.tips.open, turn.state.ref, turn.language)
        self._told(turn, Floor.TIP, await in_thread(partial(_take, self.tips, turn, caption, self._why(turn, why))))

    async def resume(self, turn: Turn) -> None:
        """Begins a tip, or asks on where an open one was left."""
        turn.floor, turn.opened = Floor.TIP, True
        turn.say(*await in_thread(self.tips.open, turn.state.ref, turn.language))

    async def do(self, turn: Turn, what: Do) -> None:
        """What the dialogue handed over."""
        language, participant, floor = turn.language, self._participant(turn), _quiz_floor(turn)
        match what:
            case Do.TIP:
                await self.resume(turn)
            case Do.CODE:
                turn.floor = Floor.CODE
                turn.say(*await in_thread(self.codes.open, turn.state.ref, language))
            case Do.STOP:
                await self._stop(turn)
            case Do.QUIZ:
                await self._play(turn, partial(self.quiz.start, participant, language))
            case Do.JOIN_CONTEST:
                await self._play(turn, partial(self.quiz.join, participant, language))
            case Do.CONTEST_RULES:
                self._played(turn, await in_thread(self.quiz.rules, language, floor))
            case Do.LEADERBOARD:
                self._played(turn, await in_thread(self.quiz.board, participant, language, None, floor))
            case Do.CHECK_OFFER | Do.CHECK_COMPANY if turn.guide and turn.guide.name == what.value:  # it goes on
                turn.say(Reply.from_dict(turn.guide.asked))
            case Do.CHECK_OFFER | Do.CHECK_COMPANY:
                await self._guide(turn, partial(self.guided.begin, turn.guide, what.value, language, turn.inbound.text))
            case Do.MY_SCORE:
                self._played(turn, await in_thread(self.quiz.my_score, participant, language, floor))
            case _:
                raise ValueError(f"nobody here does {what.value}")

    async def learn(self, turn: Turn, official: bool) -> None:
        """The list of lessons; for officials their course."""
        who, language = self._participant(turn), turn.language
        act = partial(self.lessons.courses, who, language)
        await self._learn(turn, act if official else partial(self.lessons.press, who, language, "lesson:list"))

    async def _learn(self, turn: Turn, act: Callable[[], list[Reply]]) -> None:
        """A card, a list. What waits for an answer elsewhere goes on waiting; an open tip asks on at once."""
        turn.say(*await in_thread(act))
        if turn.floor is Floor.TIP:
            turn.without_buttons()
            await self.resume(turn)

    async def _guide(self, turn: Turn, act: Callable[[], tuple[Step, Guiding | None] | None], why: str = "") -> bool:
        """Lets a guided talk say something. False if it had nothing to say to this, or took a cry for help for an answer."""
        if await self._tip_keeps(turn):
            return True
        said = await in_thread(act)
        if said is None or (why and not said[0].urgent):
            return False
        waited = turn.guide
        step, turn.guide = said
        turn.cried |= step.urgent
        turn.say(*step.replies)
        turn.floor = Floor.GUIDE if turn.guide else Floor.NONE
        if step.tip:
            await self._tell(turn, step.tip)
        elif waited is not None and turn.guide is waited:  # another guide spoke, and is done
            await self.ask_again(turn)
        return True

    def leave_guide(self, turn: Turn) -> None:
        """What a guided talk was told is gone."""
        if turn.floor is Floor.GUIDE:
            turn.floor, turn.guide = Floor.NONE, None

    async def after_cry(self, turn: Turn, text: str) -> bool:
        """A few words after a cry for help ("campuchia", "em gái") go to the guide for danger. False if they tell it nothing."""
        if turn.floor is not Floor.NONE:
            return False
        return await self._guide(turn, partial(self.guided.hear, Guiding("danger", {}, {}), turn.language, text))

    async def _tip_keeps(self, turn: Turn) -> bool:
        """An open tip keeps the floor: its next words must not be taken for answers, nor the other way. A code is closed."""
        if turn.floor is Floor.CODE:
            await in_thread(self.codes.close, turn.state.ref)
            turn.floor = Floor.TIP if await self._has_draft(turn) else Floor.NONE
        if turn.floor is not Floor.TIP:
            return False
        turn.say(Reply(self.library.phrase("talk.back_to_tip", turn.language)))
        await self.resume(turn)
        return True

    async def _tell(self, turn: Turn, text: str) -> None:
        """Begins a tip with a text that the person agreed to; one that is open already goes on as it is."""
        open_already = await self._has_draft(turn)
        await self.resume(turn)
        if not open_already and await self._has_draft(turn):  # else the line is closed, and said so
            turn.without_buttons()
            await self.hear(turn, text, "")

    async def ask_again(self, turn: Turn) -> None:
        """After something else was answered in the middle of a quiz or a guided talk: the question that waits."""
        if turn.floor is Floor.GUIDE and turn.guide:
            asked = Reply.from_dict(turn.guide.asked)
            if turn.replies[-1:] != [asked]:
                turn.without_buttons()
                turn.say(asked)
            return
        waiting = await in_thread(self.quiz.resume, self._participant(turn), turn.language)
        if waiting is not None:
            turn.without_buttons()
            self._played(turn, waiting)

    async def erase(self, turn: Turn) -> None:
        """Drops what the services keep of the person. A tip that was sent is the police's and stays."""
        await self.let_go(turn)
        await in_thread(self.drafts.drop, turn.state.ref)
        await in_thread(self.quiz.forget, self._participant(turn))
        await in_thread(self.lessons.forget, self._participant(turn))

    async def let_go(self, turn: Turn) -> None:
        """Nothing here leads to a tip that was sent: no code that was just given, and none that is open."""
        await in_thread(self.tips.forget, turn.state.ref)
        await in_thread(self.codes.close, turn.state.ref)
        turn.floor = Floor.NONE

    async def tip_at_hand(self, turn: Turn) -> bytes | None:
        """What finds the tip that was just sent, or whose code is open; None if there is none."""
        opened = await in_thread(self.codes.lookup, turn.state.ref)
        return opened or await in_thread(self.tips.sent_lookup, turn.state.ref)

    async def _stop(self, turn: Turn) -> None:
        if turn.floor is Floor.TIP:  # the tip asks back before anything is lost
            await self.press(turn, "tip", "tip:cancel")
            return
        turn.floor = Floor.NONE
        turn.say(*render.answer(self.library, "stop", turn.language))

    async def _play(self, turn: Turn, act: Callable[[], QuizOutcome]) -> None:
        """Lets the quiz act, unless a tip is open."""
        if not await self._tip_keeps(turn):
            self._played(turn, await in_thread(act))

    def _played(self, turn: Turn, outcome: QuizOutcome) -> None:
        turn.say(*outcome.replies)
        if turn.floor not in (Floor.TIP, Floor.CODE):  # what only shows something takes the floor from nobody
            turn.floor = Floor(outcome.floor)

    def _told(self, turn: Turn, floor: Floor, outcome: Outcome) -> None:
        """What a tip or a code said; it keeps the floor until it is done."""
        if outcome.replies:
            turn.without_buttons()
        turn.say(*map(untold, outcome.replies) if turn.inbound.channel not in CAN_BE_TOLD else outcome.replies)
        turn.opened = turn.opened or floor is Floor.TIP
        turn.floor = Floor.NONE if outcome.done else floor

    async def _code(self, act: Callable[[], Outcome]) -> Outcome:
        return await in_thread_of(self._code_threads, act)

    async def _sent_again(self, turn: Turn) -> bool:
        """Whether "send" comes once more for a tip that was just sent: its answer may have been lost."""
        return await in_thread(self.tips.repeats, turn.state.ref, turn.inbound.text)

    def _why(self, turn: Turn, why: str) -> str:
        """Why a tip is urgent: by what is said now, or since its teller cried for help before telling it."""
        return why or (self.library.phrase("talk.danger_before", "vi") if turn.cried else "")

    async def _has_draft(self, turn: Turn) -> bool:
        return await in_thread(self.tips.has_draft, turn.state.ref)

    def _participant(self, turn: Turn) -> str:
        """Another pseudonym than the talk's: results and talks have no column in common."""
        return self.names.of("quiz", turn.inbound.channel, turn.inbound.sender)


def _take(tips: TipTalk, turn: Turn, caption: str, why: str) -> Outcome:
    """What came in besides text, given to a tip."""
    ref, language, inbound, danger = turn.state.ref, turn.language, turn.inbound, bool(why)
    if inbound.place:
        return tips.place(ref, language, *inbound.place, danger=danger, why=why, once=inbound.once)
    if inbound.contact:
        return tips.contact(ref, language, *inbound.contact, danger=danger, why=why, once=inbound.once)
    return tips.attach(ref, language, inbound.file, caption, danger=danger, why=why, once=inbound.once)


def _add(codes: CodeTalk, turn: Turn, caption: str, why: str) -> Outcome:
    """The same, given to an opened code."""
    ref, language, inbound, danger = turn.state.ref, turn.language, turn.inbound, bool(why)
    if inbound.place:
        return codes.place(ref, language, *inbound.place, danger=danger, why=why)
    if inbound.contact:
        return codes.contact(ref, language, *inbound.contact, danger=danger, why=why)
    return codes.attach(ref, language, inbound.file, caption, danger=danger, why=why)


def _quiz_floor(turn: Turn) -> QuizFloorName:
    """The floor as the quiz knows it; what only shows something leaves it as it is."""
    match turn.floor:
        case Floor.QUIZ:
            return "quiz"
        case Floor.NICKNAME:
            return "nickname"
        case _:
            return ""
