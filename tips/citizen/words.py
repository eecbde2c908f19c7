"""Vietnamese words compared as people type them: with all marks, with none, and with the tone mark on either vowel."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Word:
    """For "đà": `plain` is "da", `letters` "đa", `marks` the grave. Where in the word a mark stands is left open."""

    plain: str
    letters: str
    marks: frozenset[str]

    def means(self, wanted: Word) -> bool:
        """Whether this typed word can stand for `wanted`: marks may be missing, but no mark may be wrong."""
        if self.letters == self.plain and not self.marks:
            return self.plain == wanted.plain
        return self.letters == wanted.letters and self.marks <= wanted.marks


def split(text: str) -> list[Word]:
    """The words of a text, in lower case, without punctuation."""
    return [_word(found) for found in _WORD.findall(unicodedata.normalize("NFC", text).lower())]


def same(typed: Sequence[Word], wanted: Sequence[Word]) -> bool:
    """Whether two runs of words say the same; `typed` is what a person wrote."""
    return len(typed) == len(wanted) and all(t.means(w) for t, w in zip(typed, wanted, strict=True))


def is_one_of(text: str, listed: str) -> bool:
    """Nothing but one of the words or runs of words of a list, which have commas or semicolons between them."""
    typed = split(text)
    return any(same(typed, words) for words in _split_list(listed))


@cache
def _split_list(listed: str) -> tuple[Sequence[Word], ...]:
    """Lists come from the content and are few."""
    return tuple(split(words) for words in re.split("[,;]", listed) if words.strip())


def _word(text: str) -> Word:
    decomposed = unicodedata.normalize("NFD", text)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    marks = frozenset(c for c in decomposed if unicodedata.combining(c))
    return Word(letters.replace("đ", "d"), letters, marks)
