"""Finds answers in what a person writes, in any spelling: words of the tables, places, sums, ages. Nothing is kept of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from guides.offer.answers import UNKNOWN, Answers
from guides.offer.model import WHAT, Tables, any_of
from nlu.entities import READS_AT_MOST, Entity, Kind, find
from nlu.normalise import clean, normalise, strip_marks

_ADULT = 18
_NOT = re.compile(r"\b(?:khong|ko|k|kh|hok|hong|khum|chua|chang|not|never|without|dont)(?: \w+){0,2} $")
_ASKS = re.compile(
    r"(?<!khong )(?<!ko )\b(co|is|does)( (?!co\b)\w+){1,6} (khong|ko|k|hong|hok|hk|kg)\b( (vay|z|a|ạ|nhi|the))?$"
)
_ASKED_INSIDE = re.compile(r"(?<!khong )\bco( (?!co\b)\w+){1,4} khong\b")
_LEADS = frozenset("o tai di ra vao len xuong ve toi den qua sang duoi tren to in at near ngoai trong gan".split())
_BEFORE, _AFTER = 22, 18  # characters around a sum that tell what it is for
_DAILY = re.compile(r"^ ?(?:/|mot|1|moi|a|per)? ?(?:ngay|day|cong(?! ty))\b")
_DAY_BEFORE = re.compile(r"\b(?:mot|1|moi|a|per)? ?(?:ngay|day) $")
_NEXT = 3  # a word so near behind a sum says more than one before it: "30 triệu tiền chuộc"
_FOREIGN = ("belt", "china", "other")
_AT_HOME = ("bar", "hard")
_WORK = ("screen", "bar", "hard", "plain", "skilled")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text answers: of each question its answers. `pay`: the promised sum, in millions of dong a month."""

    given: Mapping[str, tuple[str, ...]] = field(repr=False)
    country: str = field(default="", repr=False)
    pay: int = field(default=0, repr=False)
    minor: bool = False

    @property
    def nothing(self) -> bool:
        return not (self.given or self.country or self.pay or self.minor)


def read(tables: Tables, text: str, today: date) -> Heard:
    """`today` as in nlu.entities. Of a long text the beginning is read; nothing raises for any text."""
    text = text[:READS_AT_MOST]
    texts = _Texts.of(text)
    found = find(text, today)
    given: dict[str, set[str]] = {}
    for name in (name for name in tables.hearing if _said(tables, name, texts)):
        question, option = name.split(".")
        given.setdefault(question, set()).add(option)
    where, country = _place(tables, found, texts.plain)
    given.setdefault("where", set()).update(where)
    sums: dict[str, int] = {}
    for purpose, millions in _sums(tables, found, text):
        sums.setdefault(purpose, millions)
    for purpose, option in (("asked", "before"), ("given", "advance")):
        if purpose in sums:
            given.setdefault("money", set()).add(option)
    if any(e.kind is Kind.PLATFORM for e in found):
        given.setdefault("who", set()).add("online")
    heard = {question: _outdone(tables, question, options) for question, options in given.items() if options}
    heard = _what(tables, heard, texts)
    return Heard({q: o for q, o in heard.items() if o}, country, sums.get("paid", 0), _minor(tables, found, texts))


@dataclass(frozen=True, slots=True)
class _Texts:
    """`plain`: as typed, lower case, without marks; `full`: the same with short words written out; `marked`: with marks."""

    plain: str
    full: str
    marked: str

    @classmethod
    def of(cls, text: str) -> _Texts:
        marked = clean(text).lower()
        plain, full = (_ASKED_INSIDE.sub(" ", _ASKS.sub(" ", strip_marks(t))) for t in (marked, normalise(text)))
        return cls(plain, full, marked)


def _said(tables: Tables, name: str, texts: _Texts) -> bool:
    bare, marked = tables.hearing[name]
    return any(
        not _NOT.search(text[: found.start()])
        for pattern, text in ((bare, texts.plain), (bare, texts.full), (marked, texts.marked))
        for found in pattern.finditer(text)
    )


def _outdone(tables: Tables, question: str, options: set[str]) -> tuple[str, ...]:
    """Without those that another answer outdoes; in the order of the table."""
    known = tables.questions[question].options
    gone = {less for option in known if option.id in options for less in option.over}
    return tuple(option.id for option in known if option.id in options - gone)


def _place(tables: Tables, found: list[Entity], plain: str) -> tuple[set[str], str]:
    """The answers to "where", and the country abroad that was named last."""
    answers, country = set(), ""
    for entity in (each for each in found if each.kind is Kind.PLACE):
        code = _country(entity.value)
        if code == "VN":
            before = plain[: entity.start].split()[-1:] or ["o"]
            answers |= {"vietnam"} if before[0] in _LEADS else set()
        else:
            country = code
            answers.add(next((a for a, codes in tables.kinds.countries.items() if code in codes), "other"))
    return answers, country


def _country(value: dict[str, Any]) -> str:
    code = str(value.get("code", ""))
    return code if value["type"] in ("country", "place") and len(code) == 2 and code.isalpha() else "VN"


def _sums(tables: Tables, found: list[Entity], text: str) -> Iterator[tuple[str, int]]:
    """What the sums are for (asked, given, paid) and how many million dong they are."""
    plain = strip_marks(text.lower())
    same = len(plain) == len(text)  # marks in letters of their own move positions: then the sums are only counted
    cues = [(name, any_of(words)) for name, words in tables.kinds.sums]
    for entity in (each for each in found if each.kind is Kind.MONEY):
        before = plain[max(0, entity.start - _BEFORE) : entity.start] if same else ""
        after = plain[entity.end : entity.end + _AFTER] if same else ""
        daily = _DAILY.match(after) or _DAY_BEFORE.search(before)
        amount = _millions(tables, entity.value) * (tables.kinds.days_a_month if daily else 1)
        last = max(((m.end(), name) for name, cue in cues for m in cue.finditer(before)), default=None)
        first = min(((m.start(), name) for name, cue in cues for m in cue.finditer(after)), default=None)
        near = first if first and first[0] <= _NEXT and first[1] != "paid" else None
        yield (near or last or first or (0, "paid"))[1], round(amount)


def _millions(tables: Tables, value: dict[str, Any]) -> float:
    amount = float(value.get("up_to", value["amount"]))
    return amount * tables.kinds.rates.get(value["currency"], 0) / 1e6


def _what(tables: Tables, heard: dict[str, tuple[str, ...]], texts: _Texts) -> dict[str, tuple[str, ...]]:
    """Work is work abroad or at home by where it is, if it was not said otherwise."""
    if heard.get(WHAT) or not {*heard.get("job", ())} <= {*_WORK}:
        return heard
    work = any_of(tables.kinds.work)
    if not (heard.get("job") or work.search(texts.plain) or work.search(texts.full)):
        return heard
    where = heard.get("where", ())
    if any(place in _FOREIGN for place in where):
        return {**heard, WHAT: ("abroad",)}
    at_home = "vietnam" in where or any(job in _AT_HOME for job in heard.get("job", ()))
    return {**heard, WHAT: ("home",)} if at_home else heard


def _minor(tables: Tables, found: list[Entity], texts: _Texts) -> bool:
    ages = (e.value for e in found if e.kind is Kind.AGE)
    young = any((age if isinstance(age, int) else age.get("to") or _ADULT) < _ADULT for age in ages)
    return young or bool(any_of(tables.kinds.minor).search(texts.full))


def merge(tables: Tables, answers: Answers, heard: Heard, waiting: str = "") -> Answers:
    """The answers with what was heard. What was answered before stays beside it, but to the question that waits."""
    given = dict(answers.given)
    for question, options in heard.given.items():
        before = () if question in (waiting, WHAT) else tuple(o for o in given.get(question, ()) if o != UNKNOWN)
        if question == WHAT and question != waiting and given.get(WHAT, (UNKNOWN,)) != (UNKNOWN,):
            continue
        given[question] = tuple(dict.fromkeys((*before, *options)))
    answers = replace(
        answers,
        given=given,
        country=heard.country or answers.country,
        pay=heard.pay or answers.pay,
        minor=heard.minor or answers.minor,
    )
    return _paid(tables, answers)


def _paid(tables: Tables, answers: Answers) -> Answers:
    """The promised sum as an answer, if it was told and none was given in words."""
    kind = answers.kind(tables)
    if not answers.pay or answers.answered(tables.questions["pay"], kind):
        return answers
    told = {"marriage": "gift", "child": "reward", "body": "reward", "family": "reward", "trip": "", "away": ""}
    option = told.get(kind)
    if option is None:
        option = "high" if answers.pay >= _high(tables, answers, kind) else "normal"
    return answers.with_answer("pay", *answers.given.get("pay", ()), option) if option else answers


def _high(tables: Tables, answers: Answers, kind: str) -> float:
    high = tables.kinds.high_pay
    where = answers.given.get("where", ())
    place = next((each for each in ("belt", "china", "other") if each in where), "vietnam")
    limits = {"vietnam": high.vietnam, "belt": high.belt, "china": high.china, "other": high.other}
    limit = high.by_country.get(answers.country) or limits["vietnam" if kind == "home" else place]
    return limit * (high.skilled if "skilled" in answers.given.get("job", ()) else 1)
