"""Makes replies of questions: the question with its buttons, and the explanation after an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from content.library import Library
from content.model import Question
from content.reply import Button, Reply
from quiz.attempts import Run
from quiz.matching import LETTERS

Floor = Literal["", "quiz", "nickname"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said, and who has the floor afterwards (Talk.floor)."""

    replies: list[Reply]
    floor: Floor = ""


def question(library: Library, run: Run, language: str, before: str = "") -> Reply:
    """The question that waits for an answer, after the sentence `before`. Raises ValueError when none waits."""
    if run.position is None:
        raise ValueError("no question waits")
    key, order = run.item(run.position)
    asked = library.questions[key]
    options = "\n".join(
        f"{LETTERS[place]}. {asked.options[option].say(language)}" for place, option in enumerate(order)
    )
    words = {"number": run.position + 1, "total": run.total, "text": asked.text.say(language), "options": options}
    text = library.phrase("quiz.question", language, **words)
    buttons = [
        Button(LETTERS[place], answer_payload(run.attempt.id, run.position, option))
        for place, option in enumerate(order)
    ]
    return Reply(
        f"{before}\n\n{text}" if before else text,
        buttons=(*buttons, Button(library.phrase("quiz.stop", language), "quiz:stop")),
    )


def explanation(library: Library, run: Run, position: int, language: str) -> Reply:
    """Whether the answer at `position` was right, why, and where it stands. Raises KeyError for one not answered."""
    answer = run.answers[position]
    key, order = run.item(position)
    asked = library.questions[key]
    letter = LETTERS[order.index(asked.answer)]
    option, why, article = (part.say(language) for part in (asked.options[asked.answer], asked.why, asked.article))
    words = {"letter": letter, "option": option, "why": why, "article": article}
    text = library.phrase("quiz.right" if answer.correct else "quiz.wrong", language, **words)
    return Reply(text, note=_sources(library, asked, language))


def answer_payload(attempt_id: int, position: int, option: int) -> str:
    """`quiz:a:<attempt>:<position>:<option>`, the option in the question's own order."""
    return f"quiz:a:{attempt_id}:{position}:{option}"


def menu(library: Library, language: str) -> Button:
    """The way back."""
    return Button(library.phrase("quiz.menu", language), "say:help")


def _sources(library: Library, asked: Question, language: str) -> str:
    used = [library.sources[key] for key in asked.sources if key != "ADVICE"]
    days = [source.checked_on for source in used if source.checked_on]
    if not days:
        return ""
    names = "; ".join(dict.fromkeys(source.name for source in used))
    return library.phrase("quiz.sources", language, names=names, day=f"{min(days):%d/%m/%Y}")
