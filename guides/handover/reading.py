"""Finds answers in what was typed: what is wanted, the province, a way to be reached. What is no answer is the engine's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import phonenumbers
import yaml

from content.model import Place
from content.spelling import bare
from nlu.entities import Kind, find
from nlu.normalise import clean, normalise

LONGEST = {"said": 100, "commune": 60, "reach": 120, "time": 60}  # characters of what is passed on
READS = 400  # characters of a message
_MOST_DIGITS = 6  # in an answer that is no telephone number
_AROUND = re.compile(
    r"^(em|minh|toi|tui|chau|con|chi|anh|i) (?=\w)|(?<=\w) (a|nha|nhe|nua|luon|dau|oi|vay|ban|please)$"
)
_DAY = date(2026, 1, 1)  # times are not read here


@dataclass(frozen=True, slots=True)
class Phone:
    """`written`: as people write it in its country; `alone`: nothing else was said; `real`: a person's, no service's."""

    written: str = field(repr=False)
    alone: bool
    real: bool


@cache
def words() -> dict[str, frozenset[str]]:
    """The lists of words.yml but for `wants`. Raises KeyError or yaml.YAMLError if the file is wrong."""
    lists = {key: value for key, value in _file().items() if key != "wants"}
    return {key: frozenset(bare(str(word)).strip() for word in value) for key, value in lists.items()}


def is_one(text: str, kind: str) -> bool:
    """Whether these words alone were said, but for "em … nha" around them and letters left out."""
    typed, meant = bare(text[:READS]).strip(), bare(normalise(clean(text[:READS]))).strip()
    return any(said in words()[kind] for said in (typed, meant, _AROUND.sub("", typed), _AROUND.sub("", meant)))


def tidy(text: str, name: str) -> str:
    """An answer in free words with single spaces; "" if it is too long to be passed on whole."""
    one_line = " ".join(clean(text[: READS + 1]).split())
    return one_line if len(one_line) <= LONGEST[name] else ""


def is_answer(text: str) -> bool:
    """Whether free words can be an answer: no question, no other wish, something to read."""
    text = clean(text[: READS + 1])
    said = bare(text)
    if len(text) > READS or "?" in text or said.strip() in words()["emergency"]:
        return False
    for harmless in words()["anyway"]:
        said = said.replace(f" {harmless} ", " . ")
    other = any(f" {ask} " in said for ask in words()["asks"])
    other = other or any(said.startswith(f" {wish} ") for wish in words()["wishes"])
    return not other and sum(c.isalnum() for c in said) >= 2


def wants_in(text: str) -> list[str]:
    """The things wanted that a text names, in the buttons' order."""
    said = bare(text[:READS])
    return [key for key, named in _file()["wants"].items() if any(f" {word} " in said for word in named)]


def provinces_in(text: str, places: Iterable[Place]) -> list[str]:
    """The provinces of today that a text names, by their own names, former ones, towns, communes."""
    text, said = clean(text[:READS]), bare(text[:READS])
    known = {place.name for place in places}
    named = [
        (entity.value["name"] if entity.value["type"] == "province" else entity.value.get("province", ""))
        for entity in find(text, _DAY)
        if entity.kind is Kind.PLACE
    ]
    found = [name for name in named if name in known]
    whole = re.sub(r"^ (o |tai |que )?(tinh |thanh pho |tp )?", " ", said)
    for place in places:
        exact = any(whole == bare(name) for name in (place.name, *place.former, *place.also))
        within = any(f"{bare(name)}" in said and len(bare(name).split()) > 1 for name in (place.name, *place.former))
        if exact or (within and not found):
            found.append(place.name)
    return list(dict.fromkeys(found))


def former_in(text: str, place: Place) -> str:
    """The former province that a text means, if it has another name today."""
    said = bare(text[:READS])
    return next((name for name in place.former if bare(name) in said), "")


def phone_in(text: str) -> Phone | None:
    """The first telephone number."""
    text = clean(text[:READS])
    for entity in find(text, _DAY):
        if entity.kind is Kind.PHONE:
            alone = not (text[: entity.start] + text[entity.end :]).strip(" .,;:")
            if not entity.value.startswith("+"):
                return Phone(entity.value, alone, real=False)
            return Phone(_written(entity.value), alone, real=True)
    return None


def has_number(text: str) -> bool:
    """Whether there are as many digits as in a number that could find somebody: such a text is kept from the engine."""
    return sum(c.isdigit() for c in text) > _MOST_DIGITS


def _written(e164: str) -> str:
    number = phonenumbers.parse(e164)
    home = number.country_code == 84
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


@cache
def _file() -> dict[str, dict[str, list[str]]]:
    value: dict[str, dict[str, list[str]]] = yaml.safe_load(
        Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
    )
    return value
