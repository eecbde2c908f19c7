"""What is known of an offer: answers, what was asked, a few values; as JSON between two messages, as letters in a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

from guides.offer.model import MINOR, OTHER, WHAT, Question, Tables

UNKNOWN = "dk"
_LETTERS = ascii_uppercase + ascii_lowercase + digits + "-_"
_UNKNOWN_BIT = 11
_MOST_PAY = 10**6  # millions of dong


@dataclass(frozen=True, slots=True)
class Answers:
    """`given`: of each question its answers, or `UNKNOWN` alone. `asked`: the questions in their order; the last waits.
    `pay`: the promised sum in millions of dong, 0 if none was told. Nothing of it is the person's words."""

    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    asked: tuple[str, ...] = ()
    country: str = field(default="", repr=False)
    pay: int = field(default=0, repr=False)
    minor: bool = field(default=False, repr=False)

    def facts(self, tables: Tables, kind: str) -> frozenset[str]:
        """The answers that fit that kind of offer, as `question.option`."""
        named = {
            f"{question.id}.{option.id}"
            for question in tables.questions.values()
            for option in question.options
            if option.id in self.given.get(question.id, ()) and option.fits(kind)
        }
        return frozenset(named | ({MINOR} if self.minor else set()))

    def kind(self, tables: Tables) -> str:
        """What kind of offer the answers make it."""
        for origin in tables.kinds.origins:
            if all(self._has(name) for name in origin.answers):
                return origin.kind
        return OTHER

    def answered(self, question: Question, kind: str) -> bool:
        """Whether it need not be asked in that kind of offer."""
        if question.id == WHAT and kind != OTHER:  # "bán thận" says what it is by itself
            return True
        given = self.given.get(question.id, ())
        fitting = (o for o in question.options if o.id in given and not o.aside and o.fits(kind))
        return UNKNOWN in given or any(fitting)

    def known(self, tables: Tables, kind: str) -> int:
        """How many questions about the offer have an answer other than "I don't know"."""
        about = (q for q in tables.questions.values() if q.id != WHAT and UNKNOWN not in self.given.get(q.id, ()))
        return sum(self.answered(question, kind) for question in about)

    def next(self, tables: Tables) -> str:
        """The question to ask now; "" if there is none, or enough were asked."""
        if len(self.asked) >= tables.kinds.most_questions:
            return ""
        kind = self.kind(tables)
        plan = (tables.questions[name] for name in tables.kinds.kinds[kind].ask)
        return next((q.id for q in plan if q.id not in self.asked and not self.answered(q, kind)), "")

    def with_answer(self, question: str, *options: str) -> Answers:
        return replace(self, given={**self.given, question: options})

    def _has(self, name: str) -> bool:
        question, _, option = name.partition(".")
        return option in self.given.get(question, ())

    def kept(self) -> dict[str, Any]:
        """JSON values, a few hundred bytes."""
        kept: dict[str, Any] = {"a": {q: list(options) for q, options in self.given.items()}, "q": list(self.asked)}
        return kept | {"c": self.country, "p": self.pay, "m": self.minor}

    @classmethod
    def of(cls, kept: Mapping[str, Any], tables: Tables) -> Answers:
        """What `kept` gave; what the content no longer knows is left out."""
        given = {
            q: tuple(o for o in options if o == UNKNOWN or tables.questions[q].option(o))
            for q, options in kept.get("a", {}).items()
            if q in tables.questions
        }
        return cls(
            given={q: options for q, options in given.items() if options},
            asked=tuple(q for q in kept.get("q", ()) if q in tables.questions),
            country=str(kept.get("c", "")),
            pay=int(kept.get("p", 0)),
            minor=bool(kept.get("m", False)),
        )

    def code(self, tables: Tables) -> str:
        """The answers in some 30 letters: the buttons below the result say all that they need."""
        masks = "".join(_two(self._mask(question)) for question in tables.questions.values())
        return f"{tables.stamp}{masks}{'m' if self.minor else '-'}{self.country[:2] or '--'}{min(self.pay, _MOST_PAY)}"

    def _mask(self, question: Question) -> int:
        given = self.given.get(question.id, ())
        mask = sum(1 << place for place, option in enumerate(question.options) if option.id in given)
        return mask | (1 << _UNKNOWN_BIT if UNKNOWN in given else 0)

    @classmethod
    def decode(cls, code: str, tables: Tables) -> Answers | None:
        """What `code` gave; None for anything else, or for another version of the questions."""
        end = 2 + 2 * len(tables.questions)
        masks, rest = code[2:end], code[end:]
        right = code[:2] == tables.stamp and all(c in _LETTERS for c in masks) and rest[:1] in ("m", "-")
        country, pay = rest[1:3], rest[3:]
        if not (right and len(country) == 2 and country.isascii() and pay.isascii() and pay.isdigit() and len(pay) < 8):
            return None
        given: dict[str, tuple[str, ...]] = {}
        for place, question in enumerate(tables.questions.values()):
            mask = _LETTERS.index(masks[2 * place]) * 64 + _LETTERS.index(masks[2 * place + 1])
            options = [o.id for bit, o in enumerate(question.options) if mask >> bit & 1]
            options += [UNKNOWN] if mask >> _UNKNOWN_BIT & 1 else []
            given |= {question.id: tuple(options)} if options else {}
        return cls(given=given, country=country.strip("-"), pay=int(pay), minor=rest[0] == "m")


def _two(mask: int) -> str:
    return _LETTERS[mask >> 6] + _LETTERS[mask & 63]
