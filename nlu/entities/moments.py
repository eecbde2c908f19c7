"""What the patterns of when.py mean: a match and today → the first and the last day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from nlu.entities import lunar
from nlu.entities.numbers import value
from nlu.entities.reading import bare
from nlu.entities.spans import (
    Span,
    day_of,
    later_month,
    likely,
    month_span,
    part_of_month,
    part_of_year,
    unlikely,
    week_span,
    year_span,
)

type Make = Callable[[re.Match[str], date], Span | None]
_WEEKDAYS = {"hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5}
_MONTHS = (*bare("giêng hai ba tư năm sáu bảy tám chín mười").split(), "muoi mot", "muoi hai")
_NUMBERS = {name: i for i, name in enumerate(_MONTHS, 1)} | {"mot": 11, "chap": 12}
ENGLISH_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
ENGLISH_MONTHS = "january february march april may june july august september october november december".split()


def direction(which: str | None) -> int:
    word = bare(which or "nay").split()[0]
    return (
        -1
        if word in ("truoc", "trc", "vua", "roi", "qua", "ngoai", "last")
        else 1
        if word in ("sau", "toi", "ke", "next")
        else 0
    )


def month_of(written: str) -> int:
    return int(written) if written.isdigit() else _NUMBERS[bare(written)]


def fixed(days: int) -> Make:
    return lambda found, today: day_of(today + timedelta(days=days))


def a_date(found: re.Match[str], today: date) -> Span | None:
    groups = found.groupdict()
    if groups.get("lunar"):
        return lunar_day(int(found["d"]), month_of(found["m"]), groups.get("y"), today, groups.get("ly"))
    year = int(groups["y"]) if groups.get("y") else None
    if groups.get("ly"):
        year = today.year + year_shift(groups["ly"])
    return likely(int(found["d"]), month_of(found["m"]), year, today)


def year_shift(written: str) -> int:
    word = bare(written)
    return -1 if "ngoai" in word or "truoc" in word else 1 if "sau" in word or "toi" in word else 0


def lunar_day(day: int, month: int, year: str | None, today: date, named: str | None = None) -> Span | None:
    """A lunar day: of the year given or named ("năm ngoái"), else the likely one."""
    if named:
        years = [lunar.year_of(today) + year_shift(named)]
    else:
        years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    days = []
    for each in years:
        try:
            days.append(lunar.to_date(day, month, each))
        except ValueError:
            if day == 30:  # a short month ends on its 29th: "30 Tết" means its last day
                days.append(lunar.last_day(month, each))
    return day_of(min(days, key=lambda d: unlikely(d, today))) if days else None


def lunar_in_month(found: re.Match[str], today: date) -> Span | None:
    """ "rằm", "mùng 1" without a month: the nearest, or the last or the next."""
    groups = found.groupdict()
    day = 15 if bare(found[0]).find("ram") >= 0 else int(found["d"])
    shift = direction(groups["which"]) if groups.get("which") else None
    days = []
    for year in (today.year - 1, today.year, today.year + 1):
        for month in range(1, 13):
            try:
                days.append(lunar.to_date(day, month, year))
            except ValueError:
                continue
    past, coming = [d for d in days if d <= today], [d for d in days if d > today]
    if shift == -1 or (shift is None and (today - past[-1]) <= (coming[0] - today)):
        return day_of(past[-1])
    if shift == 0:
        start = lunar.month_start(today)
        return day_of(start + timedelta(days=day - 1))
    return day_of(coming[0])


def feast(day: int, month: int) -> Make:
    return lambda found, today: lunar_day(day, month, found.groupdict().get("y"), today, found.groupdict().get("ly"))


def tet(found: re.Match[str], today: date) -> Span | None:
    day = int(found["d"])
    month = 12 if day >= 20 else 1
    named = found["ly"]
    if month == 12 and named:  # "30 Tết năm ngoái" belongs to the Tết after it
        year = lunar.year_of(today) + year_shift(named) - 1
        return lunar_day(day, 12, str(year), today)
    return lunar_day(day, month, None, today, named)


def ago(found: re.Match[str], today: date, sign: int = -1) -> Span | None:
    number = value(found["n"])
    unit = bare(found["u"])
    if number > 1000 or number != int(number):
        return None
    steps = sign * int(number)
    if unit.startswith(("gio", "tieng", "phut", "hour", "min")):
        return day_of(today)
    if unit.startswith(("ngay", "hom", "bua", "day", "dem")):
        return day_of(today + timedelta(days=steps))
    if unit.startswith(("tuan", "week")):
        return week_span(today, steps)
    if unit.startswith(("thang", "month")):
        return month_span(*later_month(today.year, today.month, steps))
    return year_span(today.year + steps) if 0 < today.year + steps < 9999 else None


def ahead(found: re.Match[str], today: date) -> Span | None:
    return ago(found, today, 1)


def unit(found: re.Match[str], today: date) -> Span | None:
    """ "tuần trước", "cuối tháng này", "last month"."""
    which = found["which"]
    unit, shift = bare(found["u"]), direction(which)
    if unit in ("tuan", "week"):
        return week_span(today, shift)
    if unit in ("thang", "month"):
        year, month = later_month(today.year, today.month, shift)
        return part_of_month(found.groupdict().get("part"), year, month)
    return part_of_year(found.groupdict().get("part"), today.year + shift)


def named_month(found: re.Match[str], today: date) -> Span | None:
    groups, month = found.groupdict(), month_of(found["m"])
    if bare(found["m"]) in ("gieng", "chap"):
        return None
    if groups.get("y"):
        year = int(groups["y"])
    elif groups.get("ly"):
        year = today.year + year_shift(groups["ly"])
    else:
        year = min((today.year - 1, today.year, today.year + 1), key=lambda y: unlikely(date(y, month, 15), today))
    return part_of_month(groups.get("part"), year, month)


def weekday(found: re.Match[str], today: date) -> Span | None:
    """With a week: that day of it. "vừa rồi", "hôm thứ ba": the last one; else the next."""
    groups = found.groupdict()
    number = 6 if groups.get("w") is None else _WEEKDAYS[bare(groups["w"])]
    monday = today - timedelta(days=today.weekday())
    if groups.get("week"):
        return day_of(monday + timedelta(weeks=direction(groups["week"]), days=number))
    last = today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    if groups.get("which"):
        shift = direction(groups["which"])
        return day_of(
            last if shift == -1 else monday + timedelta(days=number) if shift == 0 else last + timedelta(weeks=1)
        )
    if bare(found[0]).split()[0] in ("hom", "bua"):
        return day_of(last)
    return day_of(today + timedelta(days=(number - today.weekday()) % 7))


def english_day(found: re.Match[str], today: date) -> Span | None:
    number = ENGLISH_DAYS.index(found["w"])
    last = today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    if found["which"] == "last":
        return day_of(last)
    return day_of(today + timedelta(days=(number - today.weekday() - 1) % 7 + 1))


def english_date(found: re.Match[str], today: date) -> Span | None:
    month = next(i for i, name in enumerate(ENGLISH_MONTHS, 1) if name.startswith(found["mon"][:3]))
    return likely(int(found["d"]), month, int(found["y"]) if found["y"] else None, today)


def day_of_month(found: re.Match[str], today: date) -> Span | None:
    year, month = later_month(today.year, today.month, direction(found["which"]))
    return likely(int(found["d"]), month, year, today)


def tet_days(found: re.Match[str], today: date) -> Span | None:
    """The first three days."""
    word = bare(found["ly"])
    if word in ("toi", "nay", "nam toi", "nam sau"):
        start = next(
            d for y in (today.year, today.year + 1) if (d := lunar.to_date(1, 1, y)) >= today - timedelta(days=60)
        )
    else:
        past = [d for y in range(today.year - 2, today.year + 1) if (d := lunar.to_date(1, 1, y)) <= today]
        start = past[-2] if word in ("nam ngoai", "nam truoc") and past[-1].year == today.year else past[-1]
    return start, start + timedelta(days=2)
