"""Finds provinces in what a person typed: today's names, former ones, and what people call them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from content.model import Place
from tips.citizen.words import Word, same, split


@dataclass(frozen=True, slots=True)
class Province:
    """A province of today; `former` is the name that was meant, if it is no longer one ("Hà Giang" in Tuyên Quang)."""

    name: str
    former: str = ""


class Places:
    """Knows the names of `Library.places`, longest first."""

    def __init__(self, places: Iterable[Place]) -> None:
        names: list[tuple[list[Word], Province]] = []
        for place in places:
            names += [(split(name), Province(place.name)) for name in (place.name, *place.also)]
            names += [(split(name), Province(place.name, name)) for name in place.former]
        self._names = sorted(names, key=lambda entry: -len(entry[0]))

    def find(self, text: str) -> tuple[Province, ...]:
        """The provinces in a text, in its order, each once. Whole words only; the longest name wins ("Vĩnh Long")."""
        typed = split(text)
        found: dict[str, Province] = {}
        at = 0
        while at < len(typed):
            length, province = self._at(typed, at)
            if province:
                found.setdefault(province.name, province)
            at += length
        return tuple(found.values())

    def _at(self, typed: list[Word], at: int) -> tuple[int, Province | None]:
        for name, province in self._names:
            if same(typed[at : at + len(name)], name):
                return len(name), province
        return 1, None
