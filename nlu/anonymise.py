"""A text with everything taken out by which somebody could be found; or nothing, where too little is left to be sure.

Made for the editors' list of what was not understood. What is taken out: links, addresses of mail, user names, numbers (in figures
and in words; hotlines stay), people's names, companies, and places smaller than a province; and every word that the training
sentences do not have, since a list of known words can hold no stranger's name. Stand-ins are words, so that a sentence stays
one that can be trained on, and never brackets, which are Rasa's own marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from nlu.entities import Kind, find
from nlu.normalise import clean, normalise, strip_marks
from nlu.strangers import Known, Word, names, spots

LONGEST = 300  # characters; a longer text tells a story, and stories can be recognised
_KNOWN_SHARE, _FEWEST = 0.7, 2  # of its words must be known, and so many at least
_MOST_GONE = 6  # stand-ins; a text with more of them is somebody's particulars
NUMBER, NAME, OTHER = "1", "Lan", "x"  # a name of which there are a million
_HOTLINES = frozenset(("111", "112", "113", "114", "115"))

_LINK = re.compile(
    r"\S*(?:://|www\.|@|[^\W_]_+[^\W_]|\.(?:com|vn|net|org|me|ly|info|xyz|site|shop|top|vip|club|online|asia|io|co|app|cc|tv|link|gl|gg)\b(?!\.\w))\S*",
    re.I,
)
_DIGITS = re.compile(r"\d[\d.,\-/()\s]*\d|\d")
_FIGURE = (
    "không|khong|một|mốt|mot|hai|ba|bốn|bon|tư|năm|nam|lăm|sáu|sau|bảy|bẩy|bay|tám|tam|chín|chin|mười|muoi|linh|lẻ"
)
_FIGURE += "|zero|oh|one|two|three|four|five|six|seven|eight|nine|double"
_SPOKEN = re.compile(rf"(?<!\w)(?:(?:{_FIGURE}|{NUMBER})[\s,.\-]+){{3,}}(?:{_FIGURE}|{NUMBER})(?!\w)", re.I)
_UNIT = re.compile(rf"{NUMBER}(?:tr|k|m|t|h|g|kg|km|cm|tỷ|ty|đ|d|x|c)?")  # "1tr", "1k"
_ODD = re.compile(r"[^\w\s.,!?…:;'\"\-/%()]|_|[\u0300-\u036f]")  # brackets, signs, pictures, marks without a letter
_WORD = re.compile(r"\w+")


def anonymise(text: str, known: Known) -> str | None:
    """The text without its particulars, at most LONGEST characters; None: nothing of it may be kept.

    `known`: do training sentences have this word, or these two one after the other (nlu/training_files.py)?
    """
    text = clean(text)
    if not text or len(text) > LONGEST:
        return None
    text = _ODD.sub(" ", _LINK.sub(OTHER, text.replace("’", "'")))
    text = _without_numbers(_without_things(text))
    return _without_strangers(" ".join(text.split()), known)


def _without_things(text: str) -> str:
    """Without companies, telephone numbers, and places of which the gazetteer knows that they are smaller than a province."""
    for found in reversed(find(text, _ANY_DAY)):
        if found.kind is Kind.PHONE and found.text not in _HOTLINES:
            text = text[: found.start] + NUMBER + text[found.end :]
        elif found.kind is Kind.COMPANY or (found.kind is Kind.PLACE and _is_small(found.value)):
            text = text[: found.start] + OTHER + text[found.end :]
    return text


def _without_numbers(text: str) -> str:
    text = _DIGITS.sub(lambda digits: digits[0] if digits[0] in _HOTLINES else NUMBER, text)
    return _SPOKEN.sub(NUMBER, text)


def _without_strangers(text: str, known: Known) -> str | None:
    matches = list(_WORD.finditer(text))
    plain = strip_marks(text) == text
    words = [Word(match[0], _opens(text, match.start()), plain) for match in matches]
    small = spots(words, known)
    large = _of_places(text, matches) - small
    people = names(words, known, large | small) - large - small
    strange = small | {
        place for place, word in enumerate(words) if place not in people | large and not _is_known(word, known)
    }
    if _is_risky(words, people, strange, large):
        return None
    stands = {**dict.fromkeys(strange, OTHER), **dict.fromkeys(people, NAME)}
    kept: list[str] = []
    at = 0
    for place, match in enumerate(matches):
        again = place - 1 in stands and stands.get(place) == stands[place - 1]  # a name of three words is one name
        kept += [text[at : match.start()], "" if again else stands.get(place, match[0])]
        at = match.end()
    safe = " ".join("".join([*kept, text[at:]]).split())
    return safe if len(safe) <= LONGEST else None


def _is_risky(words: Sequence[Word], people: set[int], strange: set[int], large: set[int]) -> bool:
    """Too few words that everybody says, too much that was taken out, or capitals that no longer tell what is a name."""
    gone = len(people | strange)
    if len(words) - gone < _FEWEST or len(strange) > (1 - _KNOWN_SHARE) * len(words):
        return True
    numbers = sum(bool(_UNIT.fullmatch(word.said)) for word in words)
    inside = [word for place, word in enumerate(words) if not word.opens and place not in large | people]
    many = len(inside) > 2 and sum(word.capital for word in inside) > len(inside) / 2
    return gone + numbers > _MOST_GONE or many or all(word.capital for word in words)


def _is_known(word: Word, known: Known) -> bool:
    """What is written with marks must be known with them: "tuấn" is not the "tuan" of "tuần"."""
    if _UNIT.fullmatch(word.low) or word.said in _HOTLINES or word.said in (OTHER, NAME):
        return True
    return known(word.low) or known(normalise(word.low))


def _of_places(text: str, matches: Sequence[re.Match[str]]) -> set[int]:
    """Words that name a country, a province or a platform: nobody is found by them."""
    spans = [(f.start, f.end) for f in find(text, _ANY_DAY) if f.kind in (Kind.PLACE, Kind.PLATFORM)]
    return {i for i, match in enumerate(matches) if any(start <= match.start() < end for start, end in spans)}


def _is_small(value: dict[str, str]) -> bool:
    """A commune, a town or a former district; places abroad are cities and known compounds."""
    return value["type"] == "commune" or (value["type"] == "place" and value["code"] == "VN")


def _opens(text: str, start: int) -> bool:
    """True at the start of a text or a sentence, where a capital says nothing."""
    before = text[:start].rstrip(" \"'(")
    return not before or before[-1] in ".!?…"


_ANY_DAY = date(2000, 1, 1)  # it does not matter here: only where things stand
