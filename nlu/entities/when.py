"""Times: "hôm qua", "thứ hai tuần sau", "ngày 5/10", "mùng 3 tết", "2 weeks ago" → {"from", "to"}, ISO dates, both included.

Weeks begin on Monday. A stretch counted back in weeks, months or years is the whole week, month or year. A date
without a year is the coming one if that is within three months, else the last one: people report what was. The day's
time ("sáng", "tối") is read and dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from nlu.entities import lunar
from nlu.entities.model import Found, Kind
from nlu.entities.moments import (
    ENGLISH_DAYS,
    ENGLISH_MONTHS,
    a_date,
    ago,
    ahead,
    day_of_month,
    english_date,
    english_day,
    feast,
    fixed,
    lunar_day,
    lunar_in_month,
    month_of,
    named_month,
    tet,
    tet_days,
    unit,
    weekday,
    year_shift,
)
from nlu.entities.numbers import FIRST
from nlu.entities.numbers import NUMBER as NUMERAL
from nlu.entities.reading import Reading
from nlu.entities.rules import DIGIT, NUMBER, Rules
from nlu.entities.spans import part_of_year

_RULES = Rules()
_PART = r"sáng sớm|sáng|trưa|chiều|tối|đêm|khuya|hồi sáng|hồi chiều|hồi tối|hồi đêm"
_DAY = rf"(?:(?:{_PART}|buổi sáng|hôm|bữa|ngày|lúc|hồi) ){{0,2}}"
_OPEN = "sáng trưa chiều tối đêm khuya hồi buổi hôm bữa ngày"
_MONTH = r"(?:1[0-2]|0?[1-9]|giêng|chạp|hai|ba|tư|năm|sáu|bảy|tám|chín|mười một|mười hai|mười)(?![\d:])"
_D, _M, _Y = r"(?P<d>3[01]|[12]\d|0?[1-9])", rf"(?P<m>{_MONTH})", r"(?P<y>(?:19|20)\d\d)"
_LAST = r"(?:trước|trc|vừa rồi|vừa qua|rồi|qua)"
_NEXT = r"(?:sau|tới|kế tiếp|kế)"
_THIS = r"(?:này|nay)"
_WHICH = rf"(?P<which>{_LAST}|{_NEXT}|{_THIS})"


_add = _RULES.add
for _words, _days in (
    ("hôm qua|hqua|hqa|bữa qua|hum qua|qua giờ", -1), ("hôm kia|bữa kia|hum kia", -2), ("hôm kìa|hôm kỉa", -3),
    ("hôm nay|hnay|hnai|bữa nay|hum nay|ngày hôm nay", 0),
    ("ngày mai|hôm sau mai", 1), ("ngày mốt|ngày kia|mai mốt đi", 2),
):  # fmt: skip
    _add(f"{_OPEN} hqua hqa hnay hnai hum qua", rf"(?:(?:{_PART}|ngày) )?(?:{_words})", fixed(_days))
_add(_OPEN, rf"(?:{_PART})(?: hôm)? nay|hồi (?:sáng|trưa|chiều|nãy|tối nay)", fixed(0))
_add(
    _OPEN,
    rf"(?:{_PART})(?: hôm)? qua(?! (?:nhà|bên|bển|cam|trung|thái|đó|đây|đường|cửa|sông|lào|biên|bán|cho))",
    fixed(-1),
)
_add(_OPEN, rf"(?:{_PART}|ngày) mai(?! (?:mối|mốt))", fixed(1))
_add(_OPEN, rf"(?:{_PART}) (?:mốt|kia)", fixed(2))
_add(
    "mai",
    r"mai(?! (?:mối|mốt|múi|mai|mô|mo|sau|là|ơi|rủ|vàng|nói|bảo|này|tên|thị|linh|anh|hương|táng|an|lan|chi|phương))",
    fixed(1),
)
_add("yesterday last", r"yesterday|last night", fixed(-1))
_add("today tonight this", r"today|tonight|this (?:morning|afternoon|evening)", fixed(0))
_add("tomorrow", r"tomorrow(?: (?:night|morning))?", fixed(1))

_YEAR_NAMED = r"(?: (?P<ly>năm (?:ngoái|trước|nay|sau|tới)|vừa rồi|này))?"
_LUNAR = r"(?P<lunar> ?(?:âm lịch|âl|âm|al|am)(?!\w))?"
_FULL = (
    rf"{_D}(?:(?P<s>[/.-])|,? (?:tháng|thg) ){_M}(?:(?(s)(?P=s)|(?:,? (?:năm )?|/)){_Y})?{_LUNAR}"
    r"(?: (?P<ly>năm (?:ngoái|nay|sau|trước|tới)))?"
)
_add(f"{_OPEN} mùng mồng", rf"{_DAY}(?:ngày|hôm|bữa|mùng|mồng) {_FULL}(?![/\d])", a_date)
_add(DIGIT, rf"{_D}(?P<s>[/.-]){_M}(?P=s){_Y}{_LUNAR}(?P<ly>(?!))?(?![/\d])", a_date)
_add(DIGIT, rf"{_D} tháng {_M}(?:(?:,? (?:năm )?|/){_Y})?{_LUNAR}(?P<ly>(?!))?(?![/\d])", a_date)
_add(DIGIT, rf"{_D}/{_M}(?P<y>(?!))?(?P<lunar> ?(?:âm lịch|âl|âm|al|am))(?P<ly>(?!))?", a_date)
_add(DIGIT, rf"{_Y}-(?P<m>1[0-2]|0[1-9])-{_D}", a_date)
_add(f"{_OPEN} mùng mồng", rf"{_DAY}(?:ngày )?{_D} (?P<u>tháng) {_WHICH}", lambda f, t: day_of_month(f, t))
_add("rằm hôm ngày đêm", rf"(?:(?:hôm|ngày|đêm) )?rằm(?: tháng)?(?: {_WHICH})?(?! tháng)", lunar_in_month)
_add(
    "rằm hôm ngày đêm",
    rf"(?:(?:hôm|ngày|đêm) )?rằm tháng {_M}{_YEAR_NAMED}",
    lambda f, t: lunar_day(15, month_of(f["m"]), None, t, f["ly"]),
)
_add(
    "hôm ngày mùng mồng",
    rf"(?:(?:hôm|ngày) )?(?:mùng|mồng) (?P<d>10|[1-9])(?! tháng)(?: tháng)?(?: {_WHICH})?",
    lunar_in_month,
)
_add("mùng mồng # hôm ngày", rf"(?:(?:hôm|ngày) )?(?:(?:mùng|mồng) )?(?P<d>[1-9]|10|2[3-9]|30) tết{_YEAR_NAMED}", tet)
_add("giao", rf"giao thừa{_YEAR_NAMED}", lambda f, t: lunar_day(30, 12, None, t) if not f["ly"] else lunar_day(
    30, 12, str(lunar.year_of(t) + year_shift(f["ly"]) - 1), t))  # fmt: skip
_add("tết trung", rf"(?:tết )?trung thu{_YEAR_NAMED}", feast(15, 8))
_add("tết", r"tết (?P<ly>năm (?:ngoái|trước|nay|sau|tới)|vừa rồi|này|tới)", lambda f, t: tet_days(f, t))
_add(
    f"{NUMBER} cách",
    rf"(?:cách đây (?:khoảng |tầm )?)?(?P<n>{NUMERAL}) ?(?P<u>ngày|hôm|bữa|đêm|tuần|tháng|năm|tiếng|giờ|phút) trước(?! khi)",
    ago,
)
_add("cách", rf"cách đây (?:khoảng |tầm )?(?P<n>{NUMERAL}) ?(?P<u>ngày|hôm|tuần|tháng|năm|tiếng|giờ)", ago)
_add(
    NUMBER,
    rf"(?P<n>{NUMERAL}) ?(?P<u>ngày|hôm|bữa|tuần|tháng|năm|tiếng|giờ) (?:nữa|tới)(?! (?:bên|đó|nơi|cam))",
    ahead,
)
_add(DIGIT, r"(?P<n>\d+) (?P<u>minutes?|hours?|days?|weeks?|months?|years?) ago", ago)
_add("in", r"in (?P<n>\d+) (?P<u>days?|weeks?|months?)", ahead)
_add("tuần", rf"(?P<u>tuần) {_WHICH}(?! (?:khi|đó))", unit)
_add("tháng đầu giữa cuối", rf"(?:(?P<part>đầu|giữa|cuối) )?(?P<u>tháng) {_WHICH}(?! (?:khi|đó))", unit)
_add(
    "đầu giữa cuối",
    r"(?P<part>đầu|giữa|cuối) (?P<u>tháng|năm)(?P<which>(?!))?(?! \d)(?! (?:nào|đó|trước|sau|này|nay|tới|ngoái))",
    unit,
)
_add(
    "năm đầu giữa cuối",
    r"(?:(?P<part>đầu|giữa|cuối) )?(?P<u>năm) (?P<which>ngoái|trước|nay|sau|tới|vừa rồi|rồi|này)(?! (?:khi|đó))",
    unit,
)
_add(
    "tháng đầu giữa cuối",
    rf"(?:(?P<part>đầu|giữa|cuối) )?tháng {_M}(?:(?:[/-]|,? (?:năm )?){_Y}| (?P<ly>năm (?:ngoái|nay|trước|sau|tới)))?"
    r"(?! (?:mấy|chục|triệu|tr|mươi|trăm|củ)(?!\w))",  # "tháng hai mấy triệu"
    named_month,
)
_add("năm đầu giữa cuối", rf"(?:(?P<part>đầu|giữa|cuối) )?năm {_Y}", lambda f, t: part_of_year(f["part"], int(f["y"])))
_add("last next this", r"(?P<which>last|next|this) (?P<u>week|month|year)", unit)
_add(_OPEN, rf"(?:(?:{_PART}|hôm|bữa|ngày) )(?:hôm )?(?:thứ (?P<w>hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn)"
     rf"(?: tuần (?P<week>{_LAST}|{_NEXT}|{_THIS})| {_WHICH})?", weekday)  # fmt: skip
_add(
    "thứ chủ cn",
    rf"(?:thứ (?P<w>hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn)(?: tuần (?P<week>{_LAST}|{_NEXT}|{_THIS})| {_WHICH})",
    weekday,
)
_add(
    f"last next on this {' '.join(ENGLISH_DAYS)}",
    rf"(?:(?P<which>last|next|on|this) )?(?P<w>{'|'.join(ENGLISH_DAYS)})",
    english_day,
)
_NAMES = "|".join(f"{name}|{name[:3]}" for name in ENGLISH_MONTHS)
_add(DIGIT, rf"{_D}(?:st|nd|rd|th)?(?: of)? (?P<mon>{_NAMES})(?:,? {_Y})?", english_date)
_add(" ".join(_NAMES.split("|")), rf"(?P<mon>{_NAMES}) {_D}(?:st|nd|rd|th)?(?:,? {_Y})?", english_date)

_LED = re.compile(
    r"(?:^|\W)(?:từ|tu|đến|den|tới|toi|vào|vao|trước|truoc|sau|hôm|hom|since|from|until|on|sáng|tối|chiều)\s$"
)
_LED_DATE = Rules()
_LED_DATE.add(DIGIT, rf"{_D}/{_M}(?P<y>(?!))?(?P<lunar>(?!))?(?P<ly>(?!))?(?![/\d])", a_date)
_LASTING = frozenset(
    f"{unit} {word}" for unit in ("ngay", "tuan", "thang", "nam") for word in ("nay", "sau", "roi", "qua", "toi")
)
_SOME = frozenset(("may", "ca", "nua", "nhieu", "vai", "it"))
_NAMES_BEFORE = frozenset("chi co em be ten hoa cay ba con thi bac di ban nguoi ngay sao suong khuyen".split())


def find(reading: Reading, today: date) -> Iterator[Found]:
    for start, end, (first, last) in _RULES.scan(reading, today):
        before = reading.bare[:start].split()
        if reading.low.startswith(("tôi ", "đem "), start):  # no unfinished "tối", "đêm"
            continue
        if (
            reading.bare[start:end] in _LASTING
            and before
            and (before[-1] in FIRST or before[-1].isdigit() or before[-1] in _SOME)
        ):
            continue  # "ba tháng nay", "hai tháng sau"
        if reading.bare[start:end] == "mai" and (
            (reading.capital(start) and start) or (before[-1:] and before[-1] in _NAMES_BEFORE)
        ):
            continue
        yield Found(Kind.TIME, start, end, {"from": first.isoformat(), "to": last.isoformat()})
    if "/" in reading.low:
        for start, end, (first, last) in _LED_DATE.scan(reading, today):
            if _LED.search(reading.low[:start]):
                yield Found(Kind.TIME, start, end, {"from": first.isoformat(), "to": last.isoformat()})
