"""The numbers to call abroad (content/abroad.yml), and the place that a text names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from content import render
from content.library import ContentError, Library
from content.model import Text, Words
from content.reply import Call
from nlu.entities import READS_AT_MOST, Kind, find

FILE = "abroad.yml"
VIETNAM = "VN"
MOFA = ("mofa",)
_SHORT = 4  # words: of a text that short, "Nga" or "Đức" is the country


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Part):
    """A number to dial, and where it stands."""

    dial: Text
    sources: tuple[str, ...] = Field(min_length=1)
    title: Words | None = None


class Country(_Part):
    """`police`: the local number in an emergency; `embassy`: Vietnam's hotline there; `remark`: what is to be known of `police`."""

    name: Words
    police: Line
    remark: Words | None = None
    embassy: Line | None = None
    helpline: Line | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is, roughly. `code`: ISO 3166, "VN" for Vietnam; `province`: its name since July 2025, or ""."""

    code: str
    name: str
    province: str = ""
    was: str = ""  # the former province that was said


def countries(library: Library) -> dict[str, Country]:
    """By ISO code, without those whose police number rests on no source that holds today.

    Raises ContentError or ValidationError if the file has another shape.
    """
    values: Any = library.extra.get(FILE, {})
    if not isinstance(values, dict):
        raise ContentError(f"{FILE}: file: countries by their codes are wanted")
    found = {str(code): Country.model_validate(value) for code, value in values.items()}
    return {code: country for code, country in found.items() if _holds(library, country.police)}


def calls(library: Library, code: str, language: str) -> tuple[Call, ...]:
    """The Foreign Ministry first, then what is known of the country: embassy, police, another line; "": the Ministry alone."""
    country = countries(library).get(code)
    own = tuple(_calls(library, country, language)) if country else ()
    return (*render.calls(library, MOFA, language), *own, *(() if own else render.calls(library, ("mofa2",), language)))


def sources(country: Country) -> tuple[str, ...]:
    """All that its numbers rest on."""
    lines = (country.police, country.embassy, country.helpline)
    return tuple(dict.fromkeys(source for line in lines if line for source in line.sources))


def name_of(library: Library, place: Place, language: str) -> str:
    """What a country is called."""
    country = countries(library).get(place.code)
    return country.name.say(language) if country else place.name


def place_in(text: str, today: date) -> Place | None:
    """The first place of a text that can be told: a country, or Vietnam with its province."""
    text = text[:READS_AT_MOST]
    found = list(_places(text, today))
    if not found and 0 < len(text.split()) <= _SHORT:
        found = list(_places(f"ở nước {text.strip(' .!')}", today, whole=True))
    return next((place for place in found if place.province), found[0] if found else None)


def _places(text: str, today: date, whole: bool = False) -> Iterator[Place]:
    """`whole`: only a place with nothing behind it."""
    for entity in find(text, today):
        value = entity.value
        if entity.kind is not Kind.PLACE or not isinstance(value, dict) or (whole and entity.end != len(text)):
            continue
        kind, name = value["type"], str(value["name"])
        if kind == "province":
            yield Place(VIETNAM, name, name, str(value.get("was", "")))
        elif kind == "commune":
            yield Place(VIETNAM, name, str(value.get("province", "")))
        else:
            yield Place(str(value["code"]), name, str(value.get("province", "")))


def _calls(library: Library, country: Country, language: str) -> Iterable[Call]:
    named = (("embassy", country.embassy), ("police", country.police), ("helpline", country.helpline))
    for kind, line in named:
        if line is None or not _holds(library, line):
            continue
        title = line.title.say(language) if line.title else ""
        yield Call(title or library.phrase(f"guide_danger.call_{kind}", language, number=line.dial), number=line.dial)


def _holds(library: Library, line: Line) -> bool:
    return any(source in library.sources for source in line.sources)
