"""Finds provinces in what a person typed: today's names, former ones, and what people call them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from content.model import Place
from tips.citizen.words import Word, same, split


@dataclass(frozen=True, slots=True)
class Province:
    """A province of today; `former` is the name that was meant, if it is no longer one ("Hà Giang" in Tuyên Quang)."""

    name: str
    former: str = ""


type _Names = list[tuple[list[Word], Province]]


class Places:
    """Knows the names of `Library.places`."""

    def __init__(self, places: Sequence[Place] | Callable[[], Sequence[Place]]) -> None:
        """`places`: these; or what gives them, when they may change."""
        self._given = places
        self._read: tuple[Sequence[Place], _Names] = ((), [])

    @property
    def _names(self) -> _Names:
        places = self._given() if callable(self._given) else self._given
        read, names = self._read
        if places is not read:
            names = _longest_first(places)
            self._read = (places, names)
        return names

    def find(self, text: str) -> tuple[Province, ...]:
        """The provinces in a text, in its order, each once. Whole words only; the longest name wins ("Vĩnh Long")."""
        typed, names = split(text), self._names
        found: dict[str, Province] = {}
        at = 0
        while at < len(typed):
            length, province = _at(names, typed, at)
            if province:
                found.setdefault(province.name, province)
            at += length
        return tuple(found.values())


def _at(names: _Names, typed: list[Word], at: int) -> tuple[int, Province | None]:
    for name, province in names:
        if same(typed[at : at + len(name)], name):
            return len(name), province
    return 1, None


def _longest_first(places: Sequence[Place]) -> _Names:
    names: _Names = []
    for place in places:
        names += [(split(name), Province(place.name)) for name in (place.name, *place.also)]
        names += [(split(name), Province(place.name, name)) for name in place.former]
    return sorted(names, key=lambda entry: -len(entry[0]))
