"""The shape of the files of lessons and courses; a file of another shape is told by `lachan content check`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from content.model import Statement, Words

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,30}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lesson(_Part):
    """Five to eight short cards. `about`: the topic in whose answer the lesson is offered; none for officials."""

    id: Id
    title: Words
    audience: Literal["citizen", "official"] = "citizen"
    about: str = ""
    cards: tuple[Statement, ...] = Field(min_length=5, max_length=8)


class TestQuestion(_Part):
    """A question of a closing test; `answer` is the index of the right option, `why` is told after every answer."""

    text: Words
    options: tuple[Words, ...] = Field(min_length=2, max_length=4)
    answer: int
    why: Statement

    @model_validator(mode="after")
    def _answer_is_an_option(self) -> TestQuestion:
        if not 0 <= self.answer < len(self.options):
            raise ValueError("answer is not the index of an option")
        return self


class Course(_Part):
    """Lessons in an order, and a closing test that is passed with `passes` right answers."""

    id: Id
    title: Words
    lead: Words
    lessons: tuple[Id, ...] = Field(min_length=2, max_length=8)
    test: tuple[TestQuestion, ...] = Field(min_length=5, max_length=20)
    passes: int

    @model_validator(mode="after")
    def _can_be_passed(self) -> Course:
        if not 0 < self.passes <= len(self.test):
            raise ValueError("passes is a number of questions of the test")
        return self
