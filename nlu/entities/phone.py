"""Telephone numbers as people type them → E.164, and the short and free numbers of Vietnam as they are dialled.

`phonenumbers` (Google's rules) knows every country's lengths; it is loaded at the first text that has a candidate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.model import Found, Kind
from nlu.entities.reading import Reading, flexible

_LONG = re.compile(r"(?<![\w/.,-])(?<!\d )(?:\(?\+|\()?[\do][\do .\-()]{6,24}[\do](?![\w])(?![.,]\d)(?![/]\d)")
_SERVICE = re.compile(r"(?<![\d.,/])1[89]00(?:[ .-]?\d{2,4}){1,2}(?!\d)(?![./,]\d)")
_SHORT = re.compile(r"(?<![\w.,/-])11[1-5](?![\w/-])(?![.,]\d)")
_CALLED = re.compile(
    flexible(
        r"(?:gọi|gọi cho|gọi số|số|sđt|sdt|tổng đài|đường dây nóng|hotline|alo|a lô|bấm|báo|báo cho|liên hệ|lh|qua|vào|"
        r"call|dial|phone|gọi đến|gọi tới|gọi lên|gọi qua|nhấn|quay số|điện|gọi ngay|gọi vào|đến|hay|hoặc|và)[: ]*$"
    )
)
_COUNTED = re.compile(
    flexible(
        r" ?(?:triệu|nghìn|ngàn|tỷ|tỉ|tr|k|đ|đồng|người|ng|đứa|học sinh|hs|em|km|cái|con|ngày|giờ|phút|tháng|năm|"
        r"nạn nhân|vụ|đường|phố|trang|câu|độ|kg|đô|usd|tệ)(?!\w)"
    )
)
_ACCOUNT = re.compile(flexible(r"(?:stk|số tài khoản|số tk|tài khoản|tk|cccd|cmnd|căn cước|số báo danh|sbd|mã\w*(?: \w+){0,2}|"
                               r"id(?: \w+)?|mật khẩu|pass(?: wifi)?)(?: của \w+)?(?: là| so| số|:)* *$"))  # fmt: skip


def find(reading: Reading) -> Iterator[Found]:
    low = reading.low
    if not any(c.isdigit() for c in low):
        return
    for found in _SERVICE.finditer(low):
        digits = re.sub(r"\D", "", found[0])
        if 8 <= len(digits) <= 10:
            yield Found(Kind.PHONE, *found.span(), digits)
    for found in _SHORT.finditer(low):
        before, after = low[: found.start()], reading.shown[found.end() :]
        alone = not before.strip() and not after.strip(" ?!.")
        street = after[:1] == " " and after[1:2].isupper() and not reading.shouted  # "số 113 Nguyễn Trãi"
        if alone or (_CALLED.search(before[-24:]) and not street and not _COUNTED.match(after.lower())):
            yield Found(Kind.PHONE, *found.span(), found[0])
    for found in _LONG.finditer(low):
        if sum(c.isdigit() or c == "o" for c in found[0]) >= 8 and not _ACCOUNT.search(low[: found.start()][-32:]):
            yield from _of_run(found[0], found.start())


def _of_run(run: str, start: int) -> Iterator[Found]:
    """The number in a run of digits and separators. Two numbers written side by side are taken apart at a gap."""
    if number := _e164(run):
        yield Found(Kind.PHONE, start, start + len(run), number)
        return
    for gap in re.finditer(r"\s*[-,/]\s+|\s+[-,/]\s*|\s+", run):
        left, right = run[: gap.start()], run[gap.end() :]
        if (number := _e164(left)) is not None:
            yield Found(Kind.PHONE, start, start + len(left), number)
            yield from _of_run(right, start + gap.end())
            return


def _e164(run: str) -> str | None:
    if run.count("(") != run.count(")"):
        return None
    digits = re.sub(r"[^\d+]", "", re.sub(r"\(0\)", "", run.replace("o", "0")))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("84") and len(digits) >= 11:
        digits = "+" + digits
    elif not digits.startswith(("0", "+")):
        return None
    if re.search(r"\d{1,3}(?:\.\d{3}){2,}$", run) and not run.startswith(("0", "o", "+")):
        return None  # an amount
    if not digits.startswith("+") and len(digits) not in (10, 11):
        return None
    import phonenumbers  # late: 20 ms that most texts never need

    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    if number.country_code == 84 and not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
