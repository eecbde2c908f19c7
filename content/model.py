"""The shape of the content files, parsed once into these types; a file of another shape does not load."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue, SkipJsonSchema
from pydantic_core import CoreSchema

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ADVICE = "ADVICE"  # the source that is no fact: plain safety advice


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """A text in Vietnamese, and in English where it exists; `others`: by language, out of content/languages/."""

    vi: Text
    en: Text | None = None
    others: SkipJsonSchema[Mapping[str, Text]] = {}

    def say(self, language: str) -> str:
        """The text in that language; where there is none in English, and where there is none in Vietnamese."""
        said_in = self.said_in(language)
        return self.others.get(said_in) or (self.en if said_in == "en" and self.en else self.vi)

    def said_in(self, language: str) -> str:
        """The language in which `say` says it."""
        if language == "vi" or language in self.others:
            return language
        return "en" if self.en else "vi"

    def speaks(self, language: str) -> bool:
        """Whether the text exists in that language."""
        return self.said_in(language) == language


class _Dated(_Part):
    """Something that holds from `valid_from` to `valid_to`, both included; None: no limit. Days are Vietnam's."""

    valid_from: date | None = None
    valid_to: date | None = None

    def valid(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> _Dated:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError("valid_from is after valid_to")
        return self


class Statement(Words, _Dated):
    """A text that somebody must be able to source.

    What is not given here is the topic's (`owner`, `review_by`) or the sources' (`article`: their names, `checked_on`).
    """

    sources: tuple[str, ...] = Field(min_length=1)
    article: str = ""
    checked_on: date | None = None
    review_by: date | None = None
    owner: str = ""


class _OneOrMore:
    """For an editor's help: one statement, or a list of its versions."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        made = handler(schema)
        return {"anyOf": [made["items"], {**made, "minItems": 1}]}


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


Versions = Annotated[tuple[Statement, ...], BeforeValidator(_listed), _OneOrMore]


class Source(_Dated):
    """Where a fact stands. `mark`: A official, B press or established law site; none only for ADVICE."""

    name: Text
    mark: Literal["A", "B"] | None = None
    where: Text
    checked_on: date | None = None
    fact: str = ""


class Hotline(_Dated):
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


class _Answer(_Part):
    """What a topic has besides its lead and what to do now."""

    intent: str = ""
    case: str = ""
    of: str = ""  # the intent of a case
    words: tuple[Text, ...] = ()
    kind: Literal["topic", "trick", "talk"]
    title: Words
    owner: Text
    review_by: date
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

    @property
    def about(self) -> str:
        """The intent that it answers: its own, or the one of which it is a case."""
        return self.intent or self.of


class Topic(_Answer):
    """An answer as of one day: to an intent, or, as a `case`, to one kind of what an intent is about (a fishing boat, of
    forced labour).

    `talk` needs only a title and a lead; `topic` has all the parts; `trick` also a story, what to do if it has happened, and a
    text to share. A case is answered instead of its intent where one of its `words` is said (without marks, as whole words).
    """

    lead: Statement
    now: Statement | None = None

    @property
    def has_more(self) -> bool:
        """Whether there is something behind "Xem thêm"."""
        return bool(self.story or self.happened or self.more)

    def statements(self) -> tuple[Statement, ...]:
        """All of them, in the order in which they are shown."""
        parts = (self.lead, self.now, *self.points, self.story, *self.happened, *self.more, *self.law, self.share)
        return tuple(part for part in parts if part)


class TopicFile(_Answer):
    """A topic as it stands in its file: of `lead` and `now` there may be versions, one after the other."""

    lead: Versions
    now: Versions = ()

    @model_validator(mode="after")
    def _topics_are_whole(self) -> TopicFile:
        if bool(self.intent) == bool(self.case) or bool(self.case) != bool(self.of and self.words):
            raise ValueError("a topic has an intent; or it is a case with its intent (of) and its words")
        if not self.lead:
            raise ValueError("a topic needs a lead")
        if self.kind != "talk" and not (self.now and self.points and self.next):
            raise ValueError("a topic needs lead, now, points and next")
        if self.kind == "trick" and not (self.story and self.happened and self.share):
            raise ValueError("a trick needs story, happened and share as well")
        return self

    def statements(self) -> tuple[Statement, ...]:
        """All of them, all versions."""
        parts = (*self.lead, *self.now, *self.points, self.story, *self.happened, *self.more, *self.law, self.share)
        return tuple(part for part in parts if part)


_FIGURE = r"\S*(\d|\.\w)\S*"
_FIGURES = rf"^{_FIGURE}( {_FIGURE})*$"  # "53/2024/QH15", "+84 981 84 84 84", "www.dolab.moha.gov.vn"


class _OrFigures:
    """For an editor's help: a text in both languages, or one plain text that is the same in all."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), {"type": "string", "pattern": _FIGURES}]}


def _same_in_all(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not re.search(_FIGURES, value):
        raise ValueError("write {vi: …, en: …}; only numbers and addresses may be plain")
    return {"vi": value, "en": value}


Option = Annotated[Words, BeforeValidator(_same_in_all), _OrFigures]


class Question(_Dated):
    """A quiz question; `answer` is the index of the right option."""

    id: str
    level: Literal["D", "T", "K"]
    text: Words
    options: tuple[Option, ...] = Field(min_length=2, max_length=4)
    answer: int
    why: Words
    article: Words
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


class Tongue(_Part):
    """A language that a person can choose: its name in itself, what is said when it was chosen, the words that ask for it
    (without marks), and, where it has a script of its own, the script's name in Unicode ("KHMER")."""

    name: Text
    chosen: Text
    asked: tuple[Text, ...] = Field(min_length=1)
    script: str = ""
