"""A text with everything taken out by which somebody could be found; or nothing, where too little is left to be sure.

Made for the editors' list of what was not understood. What is taken out: links, addresses of mail, user names, digits (hotlines
stay), names of people after a title or a family name, companies, communes; and every word that the training sentences do
not have, since a list of known words can hold no stranger's name. Stand-ins are words, so that a sentence stays one that can
be trained on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from nlu.entities import Kind, find
from nlu.normalise import clean, strip_marks

LONGEST = 300  # characters; a longer text tells a story, and stories can be recognised
_KNOWN_SHARE, _FEWEST = 0.7, 2  # of its words must be known, and so many at least
NUMBER, NAME, OTHER = "1", "Lan", "x"  # a name of which there are a million
_HOTLINES = frozenset(("111", "112", "113", "114", "115"))

_LINK = re.compile(r"\S*(?:://|www\.|@|\.(?:com|vn|net|org|me|ly)\b)\S*", re.I)
_DIGITS = re.compile(r"\d[\d.,\-/\s]*\d|\d")
_UNIT = re.compile(rf"{NUMBER}\w{{0,3}}")  # "1tr", "1k"
_WORD = re.compile(r"\w+")
_TITLES = (
    "anh chị em ông bà cô chú bác cậu mợ dì thím o mệ cụ thầy bạn cháu con cái thằng nhỏ bé tên là họ mr mrs ms miss name is am"
).split()
_FAMILIES = (
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh đoàn lương mai tô trương lâm tạ hà "
    "giàng vàng lò quàng sùng thào vừ hạng lầu mùa tòng cà bế nông hứa"
).split()
_NAME_TITLES = {strip_marks(title) for title in _TITLES}
_ALL_FAMILIES = {strip_marks(name) for name in _FAMILIES}
# In small letters most family names are everyday words ("pham toi", "lương"); these are names, and others before "van" or "thi".
_NEVER_WORDS = frozenset(("nguyễn", "nguyen", "huỳnh", "huynh"))
_MIDDLE = frozenset(("văn", "thị", "van", "thi"))
_SMALL_FAMILIES = frozenset(_FAMILIES) | _ALL_FAMILIES - frozenset("do ho to ta mai ha vo ly bui dang".split())
_LONGEST_NAME = 4  # words


def anonymise(text: str, known: Callable[[str], bool]) -> str | None:
    """`known`: is this word, without marks and in lower case, one of the training sentences'? None: nothing may be kept."""
    text = clean(text)
    if not text or len(text) > LONGEST:
        return None
    text = _LINK.sub(OTHER, text)
    for found in reversed(find(text, date(2000, 1, 1))):  # the day does not matter: only where things stand
        if found.kind in (Kind.COMPANY, Kind.PHONE) and found.text not in _HOTLINES:
            text = text[: found.start] + (NUMBER if found.kind is Kind.PHONE else OTHER) + text[found.end :]
        elif found.kind is Kind.PLACE and found.value.get("type") == "commune":
            text = text[: found.start] + OTHER + text[found.end :]
    text = _DIGITS.sub(lambda digits: digits[0] if digits[0] in _HOTLINES else NUMBER, text)
    return _without_strangers(text, known)


def _without_strangers(text: str, known: Callable[[str], bool]) -> str | None:
    words = list(_WORD.finditer(text))
    said = [word[0] for word in words]
    names = _names(said, [_opens(text, word.start()) for word in words]) - _of_places(text, words)
    kept: list[str] = []
    at = unknown = 0
    for place, word in enumerate(words):
        stands = word[0]
        if place in names:
            stands = NAME if place - 1 not in names else ""
        elif not (
            _UNIT.fullmatch(stands)
            or stands in _HOTLINES
            or stands in (OTHER, NAME)
            or known(strip_marks(stands.lower()))
        ):
            stands, unknown = OTHER, unknown + 1
        kept += [text[at : word.start()], stands]
        at = word.end()
    if len(words) - unknown - len(names) < _FEWEST or unknown > (1 - _KNOWN_SHARE) * len(words):
        return None
    return " ".join("".join([*kept, text[at:]]).split())


def _of_places(text: str, words: list[re.Match[str]]) -> set[int]:
    """Words that name a country, a province or a platform: nobody is found by them."""
    spans = [(f.start, f.end) for f in find(text, date(2000, 1, 1)) if f.kind in (Kind.PLACE, Kind.PLATFORM)]
    return {i for i, word in enumerate(words) if any(start <= word.start() < end for start, end in spans)}


def _opens(text: str, start: int) -> bool:
    """True at the start of a text or a sentence, where a capital says nothing."""
    before = text[:start].rstrip()
    return not before or before[-1] in ".!?…:\n"


def _names(words: list[str], opens: list[bool]) -> set[int]:
    """The places of words that are, or may be, parts of a person's name."""
    bare = [strip_marks(word.lower()) for word in words]
    found: set[int] = set()
    for place, word in enumerate(words):
        behind = words[place + 1] if place + 1 < len(words) else ""
        capital = word[0].isupper() and not word.isupper()
        introduced = bare[max(0, place - 2) : place] in (["ten", "la"], ["name", "is"]) or bare[place - 1 : place] == [
            "ten"
        ]
        if introduced and bare[place] != "la":
            found |= _reach(place, words, 3)
        elif word in _SMALL_FAMILIES and (word in _NEVER_WORDS or behind in _MIDDLE):
            found |= _reach(place, words, 3 if behind in _MIDDLE else 2)
        elif capital and bare[place] in _ALL_FAMILIES and (not opens[place] or _capital(words, place + 1)):
            found |= _reach(place, words, 1)
        elif capital and not opens[place] and (bare[place - 1] in _NAME_TITLES or place - 1 in found):
            found.add(place)
    return found


def _reach(place: int, words: list[str], small: int) -> set[int]:
    """A name from its first word: as far as capitals go, or `small` words where it is written without them."""
    end = place + 1
    while end < min(place + _LONGEST_NAME, len(words)) and (
        _capital(words, end) or (words[place][0].islower() and end < place + small)
    ):
        end += 1
    return set(range(place, end))


def _capital(words: list[str], place: int) -> bool:
    return place < len(words) and words[place][0].isupper()
