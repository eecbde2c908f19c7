"""A text made ready for the finders: composed, lower-case and bare forms that share one set of positions.

The finders' patterns are written with their diacritics. `flexible` lets each marked letter also match what people type
instead of it ("hôm" matches "hom"), while an unmarked letter matches only itself: "ba lan" is not found in "ba lần".
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache

_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_STROKE = "\u0335"  # stands for the stroke of đ, so that it counts as a mark like the others


def _bare(letter: str) -> str:
    return "d" if letter in "đð" else unicodedata.normalize("NFD", letter)[0]


_LETTERS = [chr(c) for c in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)) if chr(c).islower()]
_BARE = {ord(letter): _bare(letter) for letter in _LETTERS}


class Reading:
    """One text in four forms of equal length: `shown` (NFC), `low` (lower case), `bare` (no marks), and its words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ends: list[int] = []
        self._starts: list[int] = []
        if text.isascii() or (unicodedata.is_normalized("NFKC", text) and not _INVISIBLE.search(text)):
            self.shown = text
        else:
            self.shown = self._compose()
        low = self.shown.lower()
        if len(low) != len(self.shown):  # "İ" becomes two letters
            low = "".join(c.lower() if len(c.lower()) == 1 else c for c in self.shown)
        self.low = low
        self.bare = low.translate(_BARE)
        self.words = [(found.start(), found.end(), found[0]) for found in _WORD.finditer(self.bare)]

    def _compose(self) -> str:
        chars: list[str] = []
        for i, char in enumerate(self.text):
            if _INVISIBLE.match(char):
                continue
            if chars and unicodedata.combining(char):
                merged = unicodedata.normalize("NFC", chars[-1] + char)
                if len(merged) == 1:
                    chars[-1] = merged
                self._ends[-1] = i + 1  # a mark without a composed form belongs to its letter all the same
                continue
            plain = unicodedata.normalize("NFKC", char)
            chars.append(plain if len(plain) == 1 else char)
            self._starts.append(i)
            self._ends.append(i + 1)
        return "".join(chars)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch in the text as typed; `end` > `start`."""
        return (self._starts[start], self._ends[end - 1]) if self._starts else (start, end)

    @cached_property
    def shouted(self) -> bool:
        """All in upper case: then a capital letter tells nothing."""
        letters = [c for c in self.shown if c.isalpha()]
        return bool(letters) and sum(c.isupper() for c in letters) > len(letters) * 0.7

    def capital(self, start: int) -> bool:
        """A capital letter that means something."""
        return self.shown[start].isupper() and not self.shouted

    def agrees(self, start: int, proper: str) -> bool:
        """Whether the stretch from `start` may stand for `proper` (lower case, of equal bare form): marks may be
        missing and sit on another vowel of the word, but none may be wrong."""
        typed = self.low[start : start + len(proper)]
        if typed == proper or typed.isascii():
            return True
        words = _WORD.findall(proper)
        return all(marks_fit(a, b) for a, b in zip(_WORD.findall(typed), words, strict=False))


def _marks(word: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFD", word.replace("đ", "d" + _STROKE)) if unicodedata.combining(c)
    )


def marks_fit(typed: str, proper: str) -> bool:
    """Whether each of the typed word's marks is one of the proper word's."""
    if typed == proper or typed.isascii():
        return True
    have = _marks(proper)
    return all(have.count(mark) >= 1 for mark in _marks(typed))


def bare(text: str) -> str:
    """Lower case without marks, letter for letter; `text` is NFC."""
    return text.lower().translate(_BARE)


@lru_cache(maxsize=256)
def _class(letter: str) -> str:
    if letter == "đ":
        return "[đd]"
    parts = unicodedata.normalize("NFD", letter)
    shapes = {letter, parts[0]} | {unicodedata.normalize("NFC", parts[0] + mark) for mark in parts[1:]}
    return "[" + "".join(sorted(shapes)) + "]"


def flexible(pattern: str) -> str:
    """A pattern with diacritics → one for Reading.low that also matches them left out, wholly or in part."""
    return "".join(_class(c) if c.isalpha() and not c.isascii() else c for c in unicodedata.normalize("NFC", pattern))
