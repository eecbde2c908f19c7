"""Amounts of money: "30tr", "2k đô", "hai mươi lăm triệu rưỡi", "$500" → amount, ISO 4217 currency, up to.

Without a currency it is Vietnamese đồng. USDT, which is no ISO currency, keeps its own name. An amount needs a
currency or a scale (k, triệu, tỷ), or the dots of a large number: a bare number is never money.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nlu.entities.model import Found, Kind
from nlu.entities.numbers import NUMBER as NUMERAL
from nlu.entities.numbers import plain, value
from nlu.entities.reading import Reading, bare, flexible
from nlu.entities.rules import NUMBER, Rules

_SCALES = {"k": 1e3, "nghin": 1e3, "ngan": 1e3, "ngin": 1e3, "trieu": 1e6, "tr": 1e6, "cu": 1e6, "chai": 1e6,
           "million": 1e6, "mil": 1e6, "thousand": 1e3, "billion": 1e9, "ty": 1e9, "ti": 1e9, "van": 1e4}  # fmt: skip
_CURRENCIES = {
    "VND": "đồng|vnđ|vnd|vnđồng|đ|₫|dong",
    "USD": r"đô la mỹ|đô la|đô mỹ|đôla|đô|usd|\$|dollars?|bucks",
    "USDT": "usdt",
    "AUD": "đô la úc|đô úc|aud",
    "SGD": "đô la sing|đô sing|sgd",
    "CNY": "nhân dân tệ|đồng tệ|tệ|cny|rmb|ndt|yuan",
    "TWD": "đài tệ|twd|tệ đài",
    "JPY": "yên nhật|yên|yen|jpy",
    "KRW": "won hàn|won|krw",
    "EUR": "euros?|eur|ơ rô|€",
    "GBP": "bảng anh|bảng|gbp|pounds?|£",
    "THB": "bạt|bath|baht|thb",
    "KHR": "riel|khr",
    "LAK": "kip|kíp|lak",
    "MYR": "ringgit|myr",
    "MMK": "kyat|mmk",
    "PHP": "peso|php",
}
_NAMED = [(code, re.compile(flexible(words))) for code, words in _CURRENCIES.items()]
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY"}
_CURRENCY = "(?:" + "|".join(sorted("|".join(_CURRENCIES.values()).split("|"), key=len, reverse=True)) + ")"
_SCALE = "(?:nghìn|ngàn|ngìn|triệu|tr|củ|chai|million|mil|thousand|billion|tỷ|tỉ|ty|ti|vạn|k)"
_COUNTED = (
    r"(?:tháng|ngày|tuần|năm|người|ng|đứa|lần|giờ|ca|tiếng|em|chị|bạn|chỗ|suất|đợt|đêm|h|nữa|thì|triệu|tr|tỷ|ty|củ)"
)
# "1 tỷ 2", "bảy triệu tư": a tenth; not "30 triệu 1 tháng", "một triệu hai người".
_TAIL = (
    rf"(?<![kn])(?: rưỡi| (?:hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín)(?! {_COUNTED}(?!\w))(?! (?:mươi|chục|trăm)(?!\w))(?!\w)|"
    rf" ?\d{{1,3}}(?![\d.,/h%-])(?! ?{_COUNTED}(?!\w))(?! ?(?:{_SCALE})(?!\w)))"
)
_NO_MONEY = re.compile(
    flexible(r" ?(?:người|ng|follow\w*|like|lượt|view|km|cây số|sub|nạn nhân|mem|thành viên|dân|lao động)(?!\w)")
)
_OTHER_WORD = {
    "dong": {"nghiep", "huong", "bao", "ho", "chi", "doi", "phuc", "y", "tinh", "thuan", "loat", "thoi"},
    "te": {"nan", "hai"},
    "do": {"dai", "vat"},
    "ngan": {"hang"},
    "bang": {"chung"},
}  # what makes another word of it: "đồng nghiệp"
_VAGUE = re.compile(flexible(r"(?:mấy|vài|hàng|mười mấy|bao nhiêu|may|cả|một vài)\s$"))
_WEAK = frozenset("do d te bat bang yen won kip chai cu van ti ty".split())  # also other words without their marks
_RULES = Rules()


def _amount(found: re.Match[str], n: str, scale: str, tail: str, default: float = 1.0) -> tuple[float, float] | None:
    """(amount, scale), or None if the number is no number."""
    try:
        number = value(found[n])
    except (ValueError, KeyError):
        return None
    by = _SCALES[bare(found[scale])] if found[scale] else default
    number *= by
    if (more := found.groupdict().get(tail)) and by >= 1e6:
        more = more.strip()
        if bare(more) == "ruoi":
            number += by / 2
        else:
            digits = more if more.isdigit() else str(int(value(more)))
            number += by * int(digits) / 10 ** len(digits)
    return number, by


def _currency(written: str | None, found: re.Match[str]) -> str:
    if not written:
        return "VND"
    for code, pattern in _NAMED:
        if pattern.fullmatch(written):
            return code
    return "VND"


def _make(found: re.Match[str], reading: Reading) -> dict[str, Any] | None:
    scale, money, written = found["scale"], found["cur"], found["n"]
    upper = found["m"]
    after = reading.low[found.end() :]
    large = bool(re.fullmatch(r"\d{1,3}(?:[.,]\d{3}){2,}", upper or written)) and written[0] != "0"
    if not (scale or money or large) or _NO_MONEY.match(after) or _VAGUE.search(reading.low[: found.start()][-12:]):
        return None
    if bare(written) in ("chuc", "tram") and found.start() and _VAGUE.search(reading.low[: found.start()][-8:]):
        return None
    if scale in ("million", "mil", "thousand", "billion") and not money:
        return None  # English leaves the currency open
    if bare(written).startswith("khong") and bare(money or "") != "dong":
        return None  # "không yên"
    following = bare(after[:12]).split()
    if following and following[0] in _OTHER_WORD.get(bare(money or scale or ""), ()):
        return None
    by = _SCALES[bare(scale)] if scale else 1.0
    first = _amount(found, "n", "first", "t1", by) if upper else _amount(found, "n", "scale", "t2")
    if first is None:
        return None
    attached = scale and reading.low[found.end() - len(scale) - 1].isdigit()
    if scale == "k" and not money and not attached and first[0] < 10_000:
        return None  # "5 k" reads "5 không"
    if scale and bare(scale) == "van" and not money:
        return None
    if (
        money
        and not scale
        and bare(money) in _WEAK
        and first[0] < 10
        and not (first[0] == 0 or found[0][-2:-1].isdigit())
    ):
        return None
    amount = {"amount": plain(first[0]), "currency": _currency(money, found)}
    if upper:
        second = _amount(found, "m", "scale", "t2")
        if second is None or second[0] <= first[0]:
            return None
        amount["up_to"] = plain(second[0])
    return amount


def _half(found: re.Match[str], reading: Reading) -> dict[str, Any] | None:
    by = _SCALES[bare(found["s"])]
    half = bare(found[0]).startswith("nua")
    return {"amount": plain(by / 2 if half else by * 1.5), "currency": _currency(found["cur"], found)}


def _man(found: re.Match[str], reading: Reading) -> dict[str, Any] | None:
    """A "man" is ten thousand yen."""
    amount = value(found["n"]) * 1e4
    if amount < 5e4:  # "2 man" is English
        return None
    money: dict[str, Any] = {"amount": plain(amount), "currency": "JPY"}
    if found["m"]:
        money["up_to"] = plain(value(found["m"]) * 1e4)
    return money


_SIGNED = re.compile(
    r"([$€£¥]) ?(\d+(?:[.,]\d+)*)(?: ?(k|tr|million|mil))?(?!\w)(?:(?: ?[-–] ?| to )[$€£¥]?(\d+(?:[.,]\d+)*)(?!\w))?"
)
_MONEY = rf"(?: ?(?P<cur>{_CURRENCY})(?!\w))?"
_TO = r" ?(?:-|–|đến|tới|den|to|toi) ?"
_RULES.add(
    NUMBER,
    rf"(?P<n>{NUMERAL})(?: ?(?P<first>{_SCALE})(?!\w))?(?: ?{_CURRENCY}(?!\w))?{_TO}(?P<m>{NUMERAL})"
    rf"(?: ?(?P<scale>{_SCALE})(?![^\W\d])(?P<t2>{_TAIL})?)?{_MONEY}",
    _make,
)
_RULES.add(
    NUMBER,
    rf"(?P<n>{NUMERAL})(?P<m>(?!))?(?: ?(?P<scale>{_SCALE})(?![^\W\d])(?P<t2>{_TAIL})?)?{_MONEY}",
    _make,
)
_RULES.add("nửa", rf"nửa (?P<s>triệu|tỷ|tỉ|ty){_MONEY}", _half)
_RULES.add("triệu tỷ tỉ", rf"(?P<s>triệu|tỷ|tỉ|ty) rưỡi{_MONEY}", _half)
_RULES.add(NUMBER, rf"(?P<n>{NUMERAL})(?:{_TO}(?P<m>{NUMERAL}))? ?man(?: yên| yen)?", _man)


def find(reading: Reading) -> Iterator[Found]:
    for found in _SIGNED.finditer(reading.low) if any(sign in reading.low for sign in _SIGNS) else ():
        sign, digits, scale, upper = found.groups()
        amount = value(digits) * _SCALES.get(scale, 1.0)
        money: dict[str, Any] = {"amount": plain(amount), "currency": _SIGNS[sign]}
        if upper:
            money["up_to"] = plain(value(upper) * _SCALES.get(scale, 1.0))
        yield Found(Kind.MONEY, *found.span(), money)
    for start, end, amount_found in _RULES.scan(reading, reading):
        if start and reading.low[start - 1] in "+/":
            continue
        yield Found(Kind.MONEY, start, end, amount_found)
    # "500$" ends in a sign, where no word ends
    for found in re.finditer(r"(?<![\w.,])(\d+(?:[.,]\d+)*)(k)? ?([$€£₫])(?!\w)", reading.low):
        code = {"₫": "VND"}.get(found[3]) or _SIGNS[found[3]]
        yield Found(
            Kind.MONEY, *found.span(), {"amount": plain(value(found[1]) * _SCALES.get(found[2], 1.0)), "currency": code}
        )
