"""Ages: "17 tuổi", "mới 15t", "sinh năm 2009", "2k9", "U40", "16 years old"; whole years, or from … to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from nlu.entities.model import Found, Kind
from nlu.entities.numbers import NUMBER as NUMERAL
from nlu.entities.numbers import value
from nlu.entities.reading import Reading, bare
from nlu.entities.rules import DIGIT, NUMBER, Rules

_OLDEST = 110  # years
_RULES = Rules()
_YEARS = r"(?:tuổi|tủi|tui|t)(?! ?/)(?! (?:nghề|đảng|đời|hàng|trẻ|quân))"
_TO = r"(?: ?(?:-|–|,|đến|tới|to) ?| )"
_DIFFERENCE = re.compile(r"\b(?:hon|kem|cach) (?:\w+ ){1,2}$|\b(?:kem|cach) $")
_TEENS = re.compile(r"(muoi(?: \w+)?) (muoi(?: \w+)?|doi muoi)$")

type Age = int | dict[str, int | None]


def _years(written: str) -> int | None:
    years = int(value(written))
    return years if 0 < years <= _OLDEST else None


def _one(found: re.Match[str], today: date) -> Age | None:
    if found[0].endswith("tui") and not found["n"][0].isdigit() and " " not in found["n"]:
        return None  # "ba tui" is my father
    return _years(found["n"])


def _words(found: re.Match[str], today: date) -> Age | None:
    """ "mười bảy mười tám tuổi": two numbers side by side."""
    two = _TEENS.match(bare(found["n"]))
    if not two:
        return None
    first = _years(two[1])
    second = 20 if two[2] == "doi muoi" else _years(two[2])
    return {"from": first, "to": second} if first and second and first < second else None


def _range(found: re.Match[str], today: date) -> Age | None:
    first, second = _years(found["n"]), _years(found["m"])
    return {"from": first, "to": second} if first and second and first < second else None


def _below(found: re.Match[str], today: date) -> Age | None:
    years = _years(found["n"])
    return {"from": 0, "to": years - 1} if years else None


def _above(found: re.Match[str], today: date) -> Age | None:
    years = _years(found["n"])
    return {"from": years, "to": None} if years else None


def _born(found: re.Match[str], today: date) -> Age | None:
    written = found["y"]
    if "k" in written:
        year = 2000 + int(written.split("k")[1] or 0)
    else:
        year = int(written)
        if year < 100:
            year += 2000 if year <= today.year % 100 else 1900
    years = today.year - year
    day = found.groupdict().get("day")
    if day and (int(found["month"]), int(day)) > (today.month, today.day):
        years -= 1  # the birthday of this year is still to come
    return years if 0 <= years <= _OLDEST else None


def _decade(found: re.Match[str], today: date) -> Age | None:
    start = 1900 + int(found["n"]) * 10
    return {"from": today.year - start - 9, "to": today.year - start}


def _under(found: re.Match[str], today: date) -> Age | None:
    years = int(found["n"])
    return {"from": years - 10, "to": years}


def _months(found: re.Match[str], today: date) -> Age | None:
    months = int(value(found["n"]))
    return months // 12 if 0 < months <= 60 else None


_N, _M = rf"(?P<n>{NUMERAL})", rf"(?P<m>{NUMERAL})"
_RULES.add(NUMBER, rf"{_N} ?{_YEARS}(?: rưỡi)?", _one)
_RULES.add("mười", rf"(?P<n>mười(?: \w+)? (?:mười(?: \w+)?|đôi mươi))(?: ?{_YEARS})?", _words)
_RULES.add(NUMBER, rf"{_N}(?: ?{_YEARS})?{_TO}{_M} ?{_YEARS}", _range)
_RULES.add("dưới chưa", rf"(?:dưới|chưa đủ|chưa đến) {_N} ?{_YEARS}", _below)
_RULES.add(
    "trên từ đủ", rf"(?:trên|từ|đủ|từ đủ) {_N} ?{_YEARS}(?: trở lên)?", lambda f, t: _above(f, t) if _open(f) else None
)
_RULES.add("tuổi", rf"tuổi:? ?{_N}", _one)
_RULES.add(NUMBER, rf"{_N} ?tháng tuổi", _months)
_RULES.add(DIGIT, r"(?P<n>\d{1,3})[ -]?(?:years?[ -]olds?|year[ -]olds?|yrs?[ -]olds?|y\.?/?o\.?|yo)", _one)
_RULES.add("aged age", r"aged? (?P<n>\d{1,3})", _one)
_RULES.add("aged ages", r"age[ds] (?P<n>\d{1,3}) ?(?:-|–|to) ?(?P<m>\d{1,3})", _range)
_YEAR = r"(?P<y>(?:19|20)\d\d|\d\d|2k\d{0,2})"
_RULES.add("sinh sn đời", rf"(?:sinh năm|sinh|sn|đời):? ?{_YEAR}(?![/.,-]?\d)(?! (?:con|tháng|ngày|viên))", _born)
_RULES.add("sinh", r"sinh(?: ngày)?:? (?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<y>(?:19|20)\d\d)", _born)
_RULES.add("born", r"born (?:in )?(?P<y>(?:19|20)\d\d)", _born)
_RULES.add(
    "2k 2k0 2k1 2k2 2k3 2k4 2k5 2k6 2k7 2k8 2k9 2k10 2k11 2k12 2k13 2k14 2k15 2k16 #", r"(?P<y>2k\d{1,2})", _born
)
_RULES.add(DIGIT, r"(?P<n>[5-9])x", _decade)
_RULES.add(" ".join(f"u{n}" for n in range(20, 100, 10)), r"u(?P<n>[2-9]0)", _under)


def _open(found: re.Match[str]) -> bool:
    """ "từ 18 tuổi" needs "trở lên": alone it may be "since I was 18"."""
    words = bare(found[0])
    return not words.startswith("tu") or "tro len" in words or words.startswith("tu du")


def find(reading: Reading, today: date) -> Iterator[Found]:
    for start, end, years in _RULES.scan(reading, today):
        if isinstance(years, int) and years < 20 and _DIFFERENCE.search(reading.bare[:start][-24:]):
            continue  # "hơn nó 2 tuổi"
        yield Found(Kind.AGE, start, end, years)
