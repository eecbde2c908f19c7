"""Numbers as people write them: "50.000", "1,5", "ba chục", "hai mươi lăm", "hai mốt"."""

from __future__ import annotations

import re

from nlu.entities.reading import bare

_ONES = "không một mốt hai ba bốn tư năm lăm nhăm sáu bảy bẩy tám chín"
WORD = (
    r"(?:"
    + "|".join(sorted((*_ONES.split(), "mười", "mươi", "chục", "trăm", "linh", "lẻ"), key=len, reverse=True))
    + ")"
)
WORDS = rf"{WORD}(?: {WORD}){{0,8}}"  # no number is longer, and a text of nothing else must not take seconds
DIGITS = r"\d{1,15}(?:[.,]\d{1,15}){0,6}"
NUMBER = rf"(?:{DIGITS}|{WORDS}(?!\w))"  # for `flexible`
FIRST = frozenset(bare("một hai ba bốn tư năm sáu bảy bẩy tám chín mười chục trăm không").split())

_VALUE = dict(zip(map(bare, _ONES.split()), (0, 1, 1, 2, 3, 4, 4, 5, 5, 5, 6, 7, 7, 8, 9), strict=True))
_THOUSANDS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$")


def value(written: str) -> float:
    """The number; `written` has been matched by NUMBER. Raises ValueError for "1.2.3"."""
    if written[0].isdigit():
        if _THOUSANDS.match(written):
            return float(re.sub("[.,]", "", written))
        return float(written.replace(",", "."))
    return float(_of_words(bare(written).split()))


def _of_words(words: list[str]) -> int:
    total, last = 0, None
    for word in words:
        if word in ("tram", "chuc", "muoi"):
            # "mười" opens a number, "mươi" follows a digit; without marks they look the same.
            total += (1 if last is None else last) * (100 if word == "tram" else 10)
            last = None
        elif word not in ("linh", "le"):
            last = _VALUE[word] if last is None else last * 10 + _VALUE[word]  # "hai mốt" is 21
    return total + (last or 0)


def plain(number: float) -> int | float:
    """30000000.0 → 30000000, for JSON."""
    rounded = round(number, 2)
    return int(rounded) if rounded == int(rounded) else rounded
