"""The guided talk: eight questions that can all be skipped, what was told once more, then the sheet, a tip, or both."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from content import render
from content.library import Library, vietnams_today
from content.reply import Button, Call, File, Reply
from content.spelling import bare
from guides import leaving
from guides.danger import abroad, hearing
from guides.danger.abroad import VIETNAM, Place
from guides.port import Kept, Step
from guides.relative.answers import OPTIONS, STEPS, SUMMARY, Answers
from guides.relative.sheet import report, sheet, told
from nlu import danger

NAME = "relative"
FILE_NAME = "thong-tin.pdf"
_CALLS = ("113", "mofa", "111")
_MOST_SHOWN, _MOST_RECALLED = 60, 32  # characters of an answer where it is asked again, and in the summary


_AGE = re.compile(
    r"(?:(?:khoang|tam|chung|co|moi|hon|gan|chac|nam nay|about|around) ){0,3}[1-9][0-9]?"
    r"(?: (?:[1-9][0-9]?|may))?(?: ?(?:t|tuoi|years old))?(?: (?:a|thoi|gi do))?"
)  # without marks: a bare age, or two ("18 20 tuổi")


class RelativeGuide:
    """`guides.port.Guide`. What it remembers: `guides.relative.answers.Answers`, until the sheet is made."""

    def __init__(self, library: Library, today: Callable[[], date] = vietnams_today) -> None:
        self._library, self._today = library, today

    def begin(self, language: str, text: str) -> Step:
        """Whom to call, and the first question. A cry for help comes before everything."""
        talk = self._talk(language)
        if danger.load().why(text):
            return Step(tuple(render.answer(self._library, "emergency", language)), urgent=True)
        return talk.begin()

    def hear(self, kept: Kept, language: str, text: str) -> Step | None:
        """The answer to the question that waits. None for a question, a wish, and whatever comes when all is answered.

        What tells of danger now is noted as well, below the numbers: it is what the sheet is for.
        """
        talk, answers = self._talk(language), Answers.of(kept)
        if not hearing.has_words(text):
            return talk.ask(answers, talk.say("empty"))
        if leaving.leaves(self._library, text):
            return leaving.left(self._library, language, render.calls(self._library, _CALLS, language))
        cries = danger.load().why(text) is not None
        if answers.at == SUMMARY:
            return talk.cried(answers) if cries else self._at_summary(talk, answers, text)
        if not cries and (step := self._command(talk, answers, text)):
            return step
        if not cries and self._is_other(answers, text):
            return None
        if not cries and (older := _with_age(answers, text)):
            return talk.ask(older, talk.say("noted"))
        after, whole = self._answered(answers, text)
        before = "" if whole else talk.say("cut")
        return talk.cried(after.on()) if cries else talk.next(answers, after, before)

    def press(self, kept: Kept | None, language: str, rest: str) -> Step:
        """`a:<step>:<option>`, `skip:<step>`, `keep:<step>`, `back`, `finish`, `go`; below the summary `make`, `tip`, `drop`."""
        talk = self._talk(language)
        if kept is None:
            return talk.over("old")
        answers = Answers.of(kept)
        act, _, more = rest.partition(":")
        step, _, option = more.partition(":")
        match act:
            case "a" if option in OPTIONS.get(step, ()):
                return talk.next(answers, answers.to(step).chosen(step, option))
            case "skip" if step in STEPS:
                return talk.next(answers, answers.to(step).dropped(step))
            case "keep" if step in STEPS:
                return talk.next(answers, answers.to(step))
            case "back":
                return talk.ask(answers.on(-1))
            case "finish":
                return talk.summary(answers)
            case "go":
                return talk.ask(answers)
            case "make":
                return self._made(talk, answers)
            case "tip" if not answers.nothing:
                return self._made(talk, answers, tip=True)
            case "drop":
                return talk.over("dropped")
            case _:
                return talk.ask(answers, talk.say("again"))

    def _command(self, talk: _Talk, answers: Answers, text: str) -> Step | None:
        """ "bỏ qua", "sửa câu trước", "xong"; "không mang gì" where papers are asked for."""
        if answers.at == "papers" and talk.hears("hears_no_papers", text):
            return talk.next(answers, answers.chosen("papers", "none"))
        if hearing.is_one_of(self._library, "skip", text):
            return talk.next(answers, answers.dropped(answers.at))
        if talk.hears("hears_back", text):
            return talk.ask(answers.on(-1))
        return talk.summary(answers) if talk.hears("hears_finish", text) else None

    def _at_summary(self, talk: _Talk, answers: Answers, text: str) -> Step | None:
        if talk.hears("hears_finish", text):
            return self._made(talk, answers)
        return talk.ask(answers.on(-1)) if talk.hears("hears_back", text) else None

    def _is_other(self, answers: Answers, text: str) -> bool:
        """A short "không" or "có" answers the question about money; else it is somebody else's, like any wish."""
        short = any(hearing.is_one_of(self._library, key, text) for key in ("yes", "no"))
        return not (short and answers.at == "money") and hearing.is_wish(self._library, text)

    def _answered(self, answers: Answers, text: str) -> tuple[Answers, bool]:
        """The text as the answer to the question that waits."""
        if answers.at == "money":
            for key, option in (("yes", "asked"), ("no", "not_asked")):
                if hearing.is_one_of(self._library, key, text):
                    return answers.chosen("money", option), True
        return answers.told(answers.at, text)

    def _made(self, talk: _Talk, answers: Answers, tip: bool = False) -> Step:
        """The sheet, whom to tell, what not to do; afterwards nothing of it is kept."""
        from guides.relative.pdf import draw  # seconds to import at the first sheet, which the start need not wait for

        page = sheet(self._library, answers, talk.language, self._today())
        made = File(FILE_NAME, "application/pdf", draw(page), talk.say("file_title"), page.as_text())
        buttons = (talk.button("restart", ""), render.menu_button(self._library, talk.language))
        place = self._place(answers)
        told = Reply(talk.whom_to_tell(answers, place), calls=talk.calls(place))
        handed = Reply(talk.say("made"), buttons=buttons, file=made)
        return Step((told, handed), None, tip=report(self._library, answers) if tip else "")

    def _place(self, answers: Answers) -> Place | None:
        """Where the relative was; None if that was not told or not understood."""
        if option := answers.options.get("place"):
            return Place(VIETNAM if option == "home" else "", "")
        said = answers.words.get("place", "")
        place = abroad.place_in(said, self._today()) if said else None
        if place is None and hearing.option(self._library, said, "where_abroad"):
            return Place("", "")
        return place

    def _talk(self, language: str) -> _Talk:
        return _Talk(self._library, language)


def _with_age(answers: Answers, text: str) -> Answers | None:
    """ "khoảng 20" after "nam": the rest of the answer before, not the place that is asked for now. None for anything else."""
    said = answers.words.get("who", "")
    if answers.at != "place" or answers.given("place") or not said or any(c.isdigit() for c in said):
        return None
    if not _AGE.fullmatch(bare(text[: hearing.READS]).strip()):
        return None
    completed, whole = answers.told("who", f"{said}, {text.strip()}")
    return completed if whole else None


@dataclass(frozen=True)
class _Talk:
    """One step, in one language."""

    library: Library
    language: str

    def say(self, key: str, **values: object) -> str:
        return self.library.phrase(f"guide_{NAME}.{key}", self.language, **values)

    def button(self, key: str, rest: str) -> Button:
        return Button(self.say(key), f"guide:{NAME}:{rest}" if rest else f"guide:{NAME}")

    def hears(self, key: str, text: str) -> bool:
        return hearing.is_phrase(self.library, f"guide_{NAME}.{key}", text)

    def begin(self) -> Step:
        calls = render.calls(self.library, _CALLS, self.language)
        intro = Reply(self.say("begin", most=len(STEPS)), calls=calls)
        return Step((intro, self._question(Answers())), Answers().kept())

    def next(self, before: Answers, after: Answers, said: str = "") -> Step:
        """The step behind the answered one; after a demand for money what not to do."""
        if after.at == "money" and after.given("money") and after.options.get("money") != "not_asked":
            said = "\n\n".join(part for part in (said, self.say("no_ransom")) if part)
        return self.ask(after.on(), said)

    def ask(self, answers: Answers, before: str = "") -> Step:
        """The question that waits, or the summary."""
        if answers.at == SUMMARY:
            return self.summary(answers, before)
        return Step((self._question(answers, before),), answers.kept())

    def cried(self, answers: Answers) -> Step:
        """The emergency answer first; what was told so far stays, to go on with."""
        emergency = render.answer(self.library, "emergency", self.language)
        go_on = Reply(self.say("danger"), buttons=(self.button("go_on", "go"), self.button("finish", "finish")))
        return Step((*emergency, go_on), answers.kept(), urgent=True)

    def summary(self, answers: Answers, before: str = "") -> Step:
        """What was told, and what to make of it."""
        lines = [
            f"• {self.say(f'line_{step}')}: {_short(answer, _MOST_RECALLED)}"
            for step in STEPS
            if (answer := told(self.library, answers, step, self.language))
        ]
        recalled = "\n".join((self.say("summary"), *lines)) if lines else self.say("summary_nothing")
        text = "\n\n".join(part for part in (before, recalled, self.say("summary_ask")) if part)
        ways = [self.button("make", "make")]
        ways += [] if answers.nothing else [self.button("make_and_tell", "tip")]
        ways += [self.button("back", "back"), self.button("drop", "drop")]
        return Step((Reply(text, buttons=tuple(ways)),), answers.to(SUMMARY).kept())

    def over(self, key: str) -> Step:
        buttons = (self.button("restart", ""), render.menu_button(self.library, self.language))
        return Step((Reply(self.say(key), buttons=buttons),))

    def whom_to_tell(self, answers: Answers, place: Place | None) -> str:
        where = "any" if place is None else "home" if place.code == VIETNAM else "abroad"
        child = [self.say("tell_child")] if answers.options.get("who") in ("girl", "boy") else []
        return "\n\n".join((self.say(f"tell_{where}"), *child, self.say("dont")))

    def calls(self, place: Place | None) -> tuple[Call, ...]:
        """From Vietnam, where whoever asks is taken to be: 113, the Ministry, 111; abroad the Ministry and the embassy first."""
        if place is None or place.code == VIETNAM:
            return render.calls(self.library, _CALLS, self.language)
        there = [call for call in abroad.calls(self.library, place.code, self.language) if call.number.startswith("+")]
        return (*there, *render.calls(self.library, ("113", "111"), self.language))

    def _question(self, answers: Answers, before: str = "") -> Reply:
        step = answers.at
        so_far = told(self.library, answers, step, self.language)
        if so_far:
            before = "\n\n".join(part for part in (before, self.say("now_is", answer=_short(so_far))) if part)
        buttons = [self.button(option, f"a:{step}:{option}") for option in OPTIONS.get(step, ())]
        buttons.append(self.button("keep", f"keep:{step}") if so_far else self.button("skip", f"skip:{step}"))
        if step != STEPS[0]:
            buttons += [self.button("back", "back"), self.button("finish", "finish")]
        text = "\n\n".join(part for part in (before, self.say(f"ask_{step}")) if part)
        count = self.say("counting", n=STEPS.index(step) + 1, most=len(STEPS))
        return Reply(text, aside=count, buttons=tuple(buttons))


def _short(text: str, most: int = _MOST_SHOWN) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
