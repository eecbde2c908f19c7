"""The shape of the content files, parsed once into these types; a file of another shape does not load."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Language = Literal["vi", "en"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """A text in Vietnamese, and in English where it exists."""

    vi: Text
    en: Text | None = None

    def say(self, language: str) -> str:
        """The text in that language, or in Vietnamese where there is none."""
        return self.en if language == "en" and self.en else self.vi


class Statement(Words):
    """A text that somebody must be able to source. It is said from `valid_from` to `valid_to`, both included; None: no limit.

    What is not given here is the topic's (`owner`, `review_by`) or the sources' (`article`: their names, `checked_on`).
    """

    sources: tuple[str, ...] = Field(min_length=1)
    article: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    checked_on: date | None = None
    review_by: date | None = None
    owner: str = ""


class Source(_Part):
    """Where a fact stands. `mark`: A official, B press or established law site; none only for ADVICE."""

    name: Text
    mark: Literal["A", "B"] | None = None
    where: Text
    checked_on: date | None = None
    fact: str = ""


class Hotline(_Part):
    """A number to dial or a page to open; one that is not `enabled` is shown nowhere."""

    title: Words
    about: Words
    dial: str = ""
    url: str = ""
    sources: tuple[str, ...]
    enabled: bool = True

    @model_validator(mode="after")
    def _one_of_dial_and_url(self) -> Hotline:
        if bool(self.dial) == bool(self.url):
            raise ValueError("a hotline has either a number to dial or a url")
        return self


class Topic(_Part):
    """An answer: to an intent, or, as a `case`, to one kind of what an intent is about (a fishing boat, of forced labour).

    `talk` needs only a title and a lead; `topic` has all the parts; `trick` also a story, what to do if it has happened, and a
    text to share. A case is answered instead of its intent where one of its `words` is said (without marks, as whole words).
    """

    intent: str = ""
    case: str = ""
    of: str = ""  # the intent of a case
    words: tuple[Text, ...] = ()
    kind: Literal["topic", "trick", "talk"]
    title: Words
    owner: Text
    review_by: date
    lead: Statement
    now: Statement | None = None
    points_title: Words | None = None
    points: tuple[Statement, ...] = ()
    more_title: Words | None = None  # of the button that leads to `more`; none: "Xem thêm"
    story: Statement | None = None  # how it goes, true to life, in a few sentences
    happened: tuple[Statement, ...] = ()  # what to do if it has happened
    more: tuple[Statement, ...] = ()
    law: tuple[Statement, ...] = ()
    share: Statement | None = None  # stands alone: for a person to pass on
    guide: str = ""  # the guided talk (guides/) that is offered below
    calls: tuple[str, ...] = ()
    next: tuple[str, ...] = ()  # intents or cases

    @property
    def informs(self) -> bool:
        """Whether it tells facts, with sources; the talk can go on about it."""
        return self.kind != "talk"

    @property
    def name(self) -> str:
        """What the topic is called in `Library.topics`, in `next` and on buttons."""
        return self.intent or self.case

    @model_validator(mode="after")
    def _topics_are_whole(self) -> Topic:
        if bool(self.intent) == bool(self.case) or bool(self.case) != bool(self.of and self.words):
            raise ValueError("a topic has an intent; or it is a case with its intent (of) and its words")
        if self.kind != "talk" and not (self.now and self.points and self.next):
            raise ValueError("a topic needs lead, now, points and next")
        if self.kind == "trick" and not (self.story and self.happened and self.share):
            raise ValueError("a trick needs story, happened and share as well")
        return self

    def statements(self) -> tuple[Statement, ...]:
        """All of them, in the order in which they are shown."""
        parts = (self.lead, self.now, *self.points, self.story, *self.happened, *self.more, *self.law, self.share)
        return tuple(part for part in parts if part)


class Question(_Part):
    """A quiz question; `answer` is the index of the right option."""

    id: str
    level: Literal["D", "T", "K"]
    text: Text
    options: tuple[Text, ...] = Field(min_length=2, max_length=4)
    answer: int
    why: Text
    article: Text
    sources: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _answer_is_an_option(self) -> Question:
        if not 0 <= self.answer < len(self.options):
            raise ValueError("answer is not the index of an option")
        return self


class Place(_Part):
    """A province since 2025-07-01, and the former ones that are now part of it."""

    name: Text
    former: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
