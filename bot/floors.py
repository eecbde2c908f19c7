"""Who has the floor besides the engine: a tip, a code, a quiz. Calls the services and says what becomes of the floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial

from anyio import to_thread

from actions.registry import Do
from bot.inbound import Inbound
from bot.talks import State
from content import render
from content.library import Library
from content.reply import Reply
from db.keys import KeyRing
from quiz.asking import Floor as QuizFloorName
from quiz.asking import Outcome as QuizOutcome
from quiz.floor import QuizFloor
from tips.citizen.conversation import TipTalk
from tips.citizen.drafts import Drafts
from tips.citizen.followup import CodeTalk


class Floor(StrEnum):
    """Who hears the next message first; kept in `db.citizen.Talk.floor`."""

    NONE = ""
    TIP = "tip"
    CODE = "code"
    QUIZ = "quiz"
    NICKNAME = "nickname"


@dataclass
class Turn:
    """One message being answered: what was kept, what came in, and what becomes of it."""

    state: State
    inbound: Inbound
    replies: list[Reply] = field(default_factory=list)
    missed: bool = False  # it was not understood
    opened: bool = False  # a tip was opened or asked on in this turn
    erased: bool = False  # the person wanted to be forgotten: nothing is kept

    def __post_init__(self) -> None:
        self.language = self.state.language or "vi"
        self.floor = Floor(self.state.floor)

    def say(self, *replies: Reply, before_buttons: bool = False) -> None:
        """Adds bubbles; `before_buttons` puts them before the last, so that its buttons stay at the bottom."""
        at = (
            len(self.replies) - 1
            if before_buttons and self.replies and not self.replies[0].urgent
            else len(self.replies)
        )
        self.replies[at:at] = replies

    def without_buttons(self) -> None:
        """Takes the buttons off what was said so far: only the last bubble's buttons count."""
        self.replies[:] = [replace(reply, buttons=()) for reply in self.replies]


@dataclass(frozen=True)
class Floors:
    """The services that can have the floor."""

    library: Library
    keys: KeyRing
    drafts: Drafts
    tips: TipTalk
    codes: CodeTalk
    quiz: QuizFloor

    async def hear(self, turn: Turn, text: str, danger: bool) -> bool:
        """Gives a text to whoever has the floor. False if it was no answer there and the engine should have it."""
        ref, language = turn.state.ref, turn.language
        if turn.floor is Floor.TIP:
            outcome = await _in_thread(self.tips.hear, ref, language, text, danger)
            self._tip(turn, outcome.replies, outcome.done)
        elif turn.floor is Floor.CODE:
            code = await _in_thread(self.codes.hear, ref, language, text, danger)
            self._code(turn, code.replies, code.done)
        else:
            answered = await _in_thread(self.quiz.hear, self._participant(turn), language, turn.floor.value, text)
            if answered is None:
                return False
            self._quiz(turn, answered)
        return True

    async def press(self, turn: Turn, kind: str, payload: str) -> bool:
        """A button of a service. False if the payload is nobody's."""
        ref, language = turn.state.ref, turn.language
        if kind == "tip":
            turn.floor = Floor.TIP
            outcome = await _in_thread(self.tips.press, ref, language, payload)
            self._tip(turn, outcome.replies, outcome.done)
        elif kind == "code":
            turn.floor = Floor.CODE
            code = await _in_thread(self.codes.press, ref, language, payload)
            self._code(turn, code.replies, code.done)
        elif kind in ("quiz", "contest"):
            floor = _quiz_floor(turn)
            self._quiz(turn, await _in_thread(self.quiz.press, self._participant(turn), language, payload, floor))
        else:
            return False
        return True

    async def photo(self, turn: Turn, caption: str, danger: bool) -> None:
        """A picture goes to an opened code, else into a tip, which is opened for it; its caption is told as well."""
        ref, language = turn.state.ref, turn.language
        assert turn.inbound.photo is not None  # the caller looked
        if turn.floor is Floor.CODE:
            added = await _in_thread(self.codes.photo, ref, language, turn.inbound.photo.data, caption, danger)
            self._code(turn, added.replies, added.done)
            return
        if turn.floor is not Floor.TIP:
            turn.say(Reply(self.library.phrase("talk.photo_tip", language)))
            await _in_thread(self.tips.open, ref, language)
        outcome = await _in_thread(self.tips.photo, ref, language, turn.inbound.photo.data, caption, danger)
        self._tip(turn, outcome.replies, outcome.done)

    async def resume(self, turn: Turn) -> None:
        """Asks on where an open tip was left."""
        turn.say(*await _in_thread(self.tips.open, turn.state.ref, turn.language))
        turn.opened = True

    async def do(self, turn: Turn, what: Do) -> None:
        """What the dialogue handed over."""
        language, participant = turn.language, self._participant(turn)
        match what:
            case Do.TIP:
                turn.floor = Floor.TIP
                await self.resume(turn)
            case Do.CODE:
                turn.floor = Floor.CODE
                turn.say(*await _in_thread(self.codes.open, turn.state.ref, language))
            case Do.STOP:
                await self._stop(turn)
            case Do.QUIZ:
                self._quiz(turn, await _in_thread(self.quiz.start, participant, language))
            case Do.JOIN_CONTEST:
                self._quiz(turn, await _in_thread(self.quiz.join, participant, language))
            case Do.CONTEST_RULES:
                self._quiz(turn, await _in_thread(self.quiz.rules, language, _quiz_floor(turn)))
            case Do.LEADERBOARD:
                self._quiz(turn, await _in_thread(self.quiz.board, participant, language, None, _quiz_floor(turn)))
            case Do.MY_SCORE:
                self._quiz(turn, await _in_thread(self.quiz.my_score, participant, language, _quiz_floor(turn)))
            case _:
                raise ValueError(f"nobody here does {what.value}")

    async def erase(self, turn: Turn) -> None:
        """Drops what the services keep of the person. A tip that was sent is the police's and stays."""
        await _in_thread(self.drafts.drop, turn.state.ref)
        await _in_thread(self.codes.press, turn.state.ref, turn.language, "close")
        await _in_thread(self.quiz.forget, self._participant(turn))
        turn.floor = Floor.NONE

    async def _stop(self, turn: Turn) -> None:
        turn.floor = Floor.NONE
        menu = render.answer(self.library, "stop", turn.language)
        turn.say(*menu)

    def _tip(self, turn: Turn, replies: tuple[Reply, ...], done: bool) -> None:
        if turn.replies:
            turn.without_buttons()
        turn.say(*replies)
        turn.opened = True
        turn.floor = Floor.NONE if done else Floor.TIP

    def _code(self, turn: Turn, replies: tuple[Reply, ...], done: bool) -> None:
        if turn.replies:
            turn.without_buttons()
        turn.say(*replies)
        turn.floor = Floor.NONE if done else Floor.CODE

    def _quiz(self, turn: Turn, outcome: QuizOutcome) -> None:
        turn.say(*outcome.replies)
        if turn.floor not in (Floor.TIP, Floor.CODE):  # a tip is never interrupted
            turn.floor = Floor(outcome.floor)

    def _participant(self, turn: Turn) -> str:
        """Another pseudonym than the talk's: results and talks have no column in common."""
        return self.keys.pseudonym("quiz", turn.inbound.channel, turn.inbound.sender)


def _quiz_floor(turn: Turn) -> QuizFloorName:
    """The floor as the quiz knows it; what only shows something leaves it as it is."""
    match turn.floor:
        case Floor.QUIZ:
            return "quiz"
        case Floor.NICKNAME:
            return "nickname"
        case _:
            return ""


async def _in_thread[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await to_thread.run_sync(partial(function, *args, **kwargs))
