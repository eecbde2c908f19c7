"""What a hurried thumb makes of a word, and the way back: keys of a Vietnamese keyboard that were left over ("nguowif", "muabans"),
words run together ("muabán"), two letters swapped, one doubled or dropped in twice.

A word that is known stays as it is, and nothing is mended into a word that is not: which words are known is the caller's to say.
Keys: Telex and VNI as on every Vietnamese keyboard.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_TELEX_LETTERS = (
    ("uow", "ươ"), ("uwow", "ươ"), ("uwo", "ươ"), ("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"),
    ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"),
)  # fmt: skip
_TELEX_LATE = (
    ("a", "a", "â"),
    ("e", "e", "ê"),
    ("o", "o", "ô"),
    ("d", "d", "đ"),
    ("a", "w", "ă"),
    ("o", "w", "ơ"),
    ("u", "w", "ư"),
)
_VNI_LETTERS = (
    ("uo7", "ươ"),
    ("u7o7", "ươ"),
    ("d9", "đ"),
    ("a6", "â"),
    ("e6", "ê"),
    ("o6", "ô"),
    ("a8", "ă"),
    ("o7", "ơ"),
    ("u7", "ư"),
)
_VOWELS = "aăâeêioôơuưy"
_SHORTEST, _LONGEST = 2, 14  # letters of a word that is looked at
_WORD = re.compile(r"[^\W_]+")


def mend(text: str, known: Callable[[str], bool]) -> str:
    """The normalised text with its unknown words mended where that gives known ones."""

    def one(found: re.Match[str]) -> str:
        word = found[0]
        if known(word) or not _SHORTEST <= len(word) <= _LONGEST or word.isdigit():
            return word
        return next((way for way in ways_back(word) if all(known(part) for part in way.split())), word)

    return _WORD.sub(one, text)


def ways_back(word: str) -> Iterator[str]:
    """What may have been meant, likeliest first."""
    yield from _from_keys(word, _TELEX_LETTERS, _TELEX_TONES)
    yield from _from_keys(word, _VNI_LETTERS, _VNI_TONES)
    for place in range(2, len(word) - 1):
        yield f"{word[:place]} {word[place:]}"
    for place in range(len(word) - 1):
        if word[place] == word[place + 1]:
            yield word[:place] + word[place + 1 :]
    for place in range(len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _from_keys(word: str, letters: tuple[tuple[str, str], ...], tones: dict[str, str]) -> Iterator[str]:
    """The word that these keys would have made, if there are any of them in it."""
    tone, bare = "", word
    for place in range(len(word) - 1, 0, -1):
        if word[place] in tones and any(letter in _VOWELS for letter in word[:place]):
            tone, bare = tones[word[place]], word[:place] + word[place + 1 :]
            break
    for base, mark in ((bare, tone), (word, "")):
        made = base
        for keys, letter in letters:
            made = made.replace(keys, letter)
        made = _late_keys(made) if letters is _TELEX_LETTERS else made
        if mark:
            made = _with_tone(made, mark)
        if made and made != word:
            yield made


def _late_keys(word: str) -> str:
    """Telex takes the second key of a letter also at the end of the word: "viete" for "viêt", "ddongw" …"""
    for first, second, letter in _TELEX_LATE:
        place = word.find(first)
        if place >= 0 and word.endswith(second) and place < len(word) - 1 and not word.endswith(first + second):
            return word[:place] + letter + word[place + 1 : -1]
    return word


def _with_tone(word: str, mark: str) -> str:
    """The tone on the letter where it is written: the marked vowel, else the last but one of an open end, else the last."""
    places = [i for i, letter in enumerate(word) if letter in _VOWELS]
    if word.startswith(("qu", "gi")) and len(places) > 1:
        places = places[1:]
    if not places:
        return ""
    marked = [i for i in places if word[i] in "ăâêôơư"]
    if marked:
        place = marked[-1]
    elif len(places) == 1:
        place = places[0]
    elif places[-1] == len(word) - 1:  # an open end: "mua", "hoa", "hai"
        place = places[-2]
    else:
        place = places[-1]
    return unicodedata.normalize("NFC", word[: place + 1] + mark + word[place + 1 :])
