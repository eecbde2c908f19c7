"""The shape of content/offer: questions with their answers, kinds of offers, rules. Parsed once for each version of the content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from content.model import Hotline, Source, Topic, Words

WHAT, OTHER = "what", "other"
MINOR = "age.minor"  # an answer that nobody is asked for
FILES = ("offer/questions.yml", "offer/kinds.yml", "offer/rules.yml")
MOST_OPTIONS = 11  # of one question: so many bits has its part of a button's code


class Content(Protocol):
    """What of the library is used here; content.library.Library and content.shelf.Shelf are such."""

    @property
    def topics(self) -> Mapping[str, Topic]: ...
    @property
    def sources(self) -> Mapping[str, Source]: ...
    @property
    def hotlines(self) -> Mapping[str, Hotline]: ...
    @property
    def extra(self) -> Mapping[str, Any]: ...
    def phrase(self, key: str, language: str = "vi", **values: object) -> str: ...


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(_Part):
    """An answer. `kinds`: of which offers (none: all); `button_for`: with a button only there; without `button` only heard."""

    id: str
    told: Words
    button: Words | None = None
    kinds: tuple[str, ...] = ()
    button_for: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    aside: bool = False
    urgent: bool = False

    def fits(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds

    def shown(self, kind: str) -> bool:
        """Whether it is a button in that kind of offer."""
        return self.button is not None and self.fits(kind) and (not self.button_for or kind in self.button_for)


class Question(_Part):
    """`if_yes`, `if_no`: the answers that a bare yes or no means, the first that fits the kind of offer."""

    id: str
    title: Words
    ask: Words
    asks: Mapping[str, Words] = {}
    options: tuple[Option, ...] = Field(max_length=MOST_OPTIONS)
    if_yes: tuple[str, ...] = ()
    if_no: tuple[str, ...] = ()

    def asked(self, kind: str) -> Words:
        return self.asks.get(kind, self.ask)

    def option(self, option: str) -> Option | None:
        return next((each for each in self.options if each.id == option), None)


class Kind(_Part):
    ask: tuple[str, ...]


class Origin(_Part):
    kind: str
    answers: tuple[str, ...]


class HighPay(_Part):
    """Millions of dong a month."""

    vietnam: float
    belt: float
    china: float
    other: float
    by_country: Mapping[str, float]
    skilled: float


class Sums(_Part):
    asked: tuple[str, ...]
    given: tuple[str, ...]
    paid: tuple[str, ...]


class Kinds(_Part):
    most_questions: int = Field(le=8)
    kinds: Mapping[str, Kind]
    origins: tuple[Origin, ...] = Field(alias="from")
    countries: Mapping[str, tuple[str, ...]]
    names: Mapping[str, Words]
    high_pay: HighPay
    rates: Mapping[str, float]
    days_a_month: int
    sums: Sums
    work: tuple[str, ...]
    minor: tuple[str, ...]


class Ilo(_Part):
    name: str
    en: str
    grade: Literal["strong", "medium", "weak"]

    def say(self, language: str) -> str:
        return self.name if language == "vi" else self.en


class Rule(_Part):
    id: str
    weight: int = Field(ge=1, le=5)
    says: Words
    sources: tuple[str, ...] = Field(min_length=1)
    kinds: tuple[str, ...] = ()
    any: tuple[str, ...] = Field(min_length=1)
    all: tuple[str, ...] = ()
    ilo: Ilo | None = None

    def counts(self, kind: str, given: frozenset[str]) -> bool:
        """`given`: the answers, as `question.option`."""
        fits = not self.kinds or kind in self.kinds
        return fits and not given.isdisjoint(self.any) and given.issuperset(self.all)


class Grades(_Part):
    strong: int
    clear: int
    known: int
    credit: int


class Rules(_Part):
    grades: Grades
    against: tuple[Rule, ...]
    speaks_for: tuple[Rule, ...] = Field(alias="for")


@dataclass(frozen=True)
class Tables:
    """All of it. `questions` in their order, by id."""

    questions: Mapping[str, Question]
    kinds: Kinds
    rules: Rules

    @cached_property
    def hearing(self) -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]:
        """Of each `question.option` what gives it: in words without marks, and in words with them."""
        return {
            f"{question.id}.{option.id}": (any_of(option.hears), any_of(option.marked))
            for question in self.questions.values()
            for option in question.options
        }

    @cached_property
    def stamp(self) -> str:
        """Two letters that change with the answers: a button of another version is not misread."""
        named = ",".join(self.hearing)
        return sha256(named.encode()).hexdigest()[:2]


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Any of these, as whole words; of none, nothing."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)" if patterns else r"(?!)")


def parse(questions: Any, kinds: Any, rules: Any) -> Tables:
    """Raises pydantic.ValidationError, or ValueError for a name that is nowhere."""
    found = {each["id"]: Question.model_validate(each) for each in questions}
    tables = Tables(found, Kinds.model_validate(kinds), Rules.model_validate(rules))
    named = chain.from_iterable((*rule.any, *rule.all) for rule in (*tables.rules.against, *tables.rules.speaks_for))
    unknown = {name for name in named if name not in tables.hearing and name != MINOR}
    unknown |= {name for origin in tables.kinds.origins for name in origin.answers if name not in tables.hearing}
    unknown |= {name for kind in tables.kinds.kinds.values() for name in kind.ask if name not in found}
    unknown |= {k for rule in tables.rules.against for k in rule.kinds if k not in tables.kinds.kinds}
    if unknown:
        raise ValueError(f"content/offer names what is nowhere: {', '.join(sorted(unknown))}")
    return tables


class Reader:
    """Keeps the tables of the newest content; parses again only when its values are others."""

    def __init__(self) -> None:
        self._of: tuple[Any, ...] = ()
        self._tables: Tables | None = None

    def tables(self, content: Content) -> Tables:
        """Raises as `parse` does; KeyError if a file is missing."""
        extra = content.extra
        values = tuple(extra[name] for name in FILES)
        tables = self._tables
        if tables is None or any(new is not old for new, old in zip(values, self._of, strict=True)):
            tables = parse(*values)
            self._of, self._tables = values, tables
        return tables
