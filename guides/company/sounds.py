"""How a bare name sounds: the letters that people mix up are one letter. For finding names that look alike, never for saying
that two names are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Begin of a syllable: by region, and by how people type. Longer ones first.
_BEGINS = (
    ("ngh", "ng"),
    ("gh", "g"),
    ("ph", "f"),
    ("tr", "c"),
    ("ch", "c"),
    ("qu", "w"),
    ("kh", "kh"),
    ("gi", "d"),
    ("dz", "d"),
    ("x", "s"),
    ("z", "d"),
    ("j", "d"),
    ("r", "d"),
    ("n", "l"),
    ("q", "k"),
    ("c", "k"),
)
_ENDS = (
    (re.compile(r"y$"), "i"),
    (re.compile(r"(?<=[aeiouy])(?:nh|ng|n)$"), "n"),
    (re.compile(r"(?<=[aeiouy])(?:ch|c|t)$"), "t"),
)
_DRAWN_OUT = re.compile(r"(.)\1+")


def sound(words: Iterable[str]) -> str:
    """All syllables in one word."""
    return "".join(map(_syllable, words))


def _syllable(word: str) -> str:
    word = _DRAWN_OUT.sub(r"\1", word)
    for begin, heard in _BEGINS:
        if word.startswith(begin) and not (begin == "n" and word.startswith("ng")):
            word = heard + word[len(begin) :]
            break
    for end, heard in _ENDS:
        word = end.sub(heard, word)
    return word
