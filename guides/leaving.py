"""Whoever types "thôi", "menu", "để sau" in a guided talk is let go at once; the way to the menu stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from content.reply import Button, Call, Reply
from guides.port import Step
from nlu.normalise import normalise
from tips.citizen.words import is_one_of

_READS = 80  # characters: who leaves says little
_LANGUAGES = ("vi", "en")
_ENDS = frozenset("a ạ nha nhé nhe nghen nghe luôn luon đi di please".split())


class Phrases(Protocol):
    """What of the library is used here."""

    def phrase(self, key: str, language: str = "vi", **values: object) -> str: ...


def leaves(phrases: Phrases, text: str) -> bool:
    """Whether nothing but a wish to leave was typed, in any spelling; small words at the end do not count."""
    if len(text) > _READS:
        return False
    said = [phrases.phrase("guide_danger.hears_go", language) for language in _LANGUAGES]
    return any(is_one_of(typed, words) for typed in _readings(text) for words in said)


def left(phrases: Phrases, language: str, calls: Sequence[Call] = ()) -> Step:
    """The guide is over. `calls`: numbers that stay on the screen."""
    menu = Button(phrases.phrase("talk.menu", language), "say:help")
    return Step((Reply(phrases.phrase("guide_danger.left", language), calls=tuple(calls), buttons=(menu,)),))


def _readings(text: str) -> list[str]:
    """As typed and with short words written out; each without the small words at its end as well."""
    readings = []
    for words in (text.lower().split(), normalise(text).split()):
        readings.append(" ".join(words))
        while len(words) > 1 and words[-1].strip(".!,") in _ENDS:
            words = words[:-1]
        readings.append(" ".join(words))
    return readings
