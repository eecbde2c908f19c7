"""Stretches of days: weeks, months, years, their parts, and the date that is meant when the year is left out."""

from __future__ import annotations

from datetime import date, timedelta

from nlu.entities.reading import bare

type Span = tuple[date, date]  # first and last day, both included


def day_of(day: date) -> Span:
    return day, day


def week_span(today: date, weeks: int) -> Span:
    """The week (Monday to Sunday) that is `weeks` from this one."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    return monday, monday + timedelta(days=6)


def later_month(year: int, month: int, steps: int) -> tuple[int, int]:
    """(year, month) that is `steps` months later."""
    at = year * 12 + month - 1 + steps
    return at // 12, at % 12 + 1


def month_span(year: int, month: int) -> Span:
    following = date(*later_month(year, month, 1), 1)
    return date(year, month, 1), following - timedelta(days=1)


def part_of_month(part: str | None, year: int, month: int) -> Span:
    """The month, or its days 1 to 10 ("đầu"), 11 to 20 ("giữa"), 21 to the end ("cuối")."""
    first, last = month_span(year, month)
    match bare(part or ""):
        case "dau":
            return first, first.replace(day=10)
        case "giua":
            return first.replace(day=11), first.replace(day=20)
        case "cuoi":
            return first.replace(day=21), last
    return first, last


def year_span(year: int) -> Span:
    return date(year, 1, 1), date(year, 12, 31)


def part_of_year(part: str | None, year: int) -> Span:
    """The year, or January to March ("đầu"), May to August ("giữa"), October to December ("cuối")."""
    match bare(part or ""):
        case "dau":
            return date(year, 1, 1), date(year, 3, 31)
        case "giua":
            return date(year, 5, 1), date(year, 8, 31)
        case "cuoi":
            return date(year, 10, 1), date(year, 12, 31)
    return year_span(year)


_SOON = 92  # days


def unlikely(day: date, today: date) -> tuple[bool, timedelta]:
    """Sorts dates: first those from nine months ago to three months ahead, of each the nearest."""
    return (day - today).days > _SOON or (today - day).days > 366 - _SOON, abs(day - today)


def likely(day: int, month: int, year: int | None, today: date) -> Span | None:
    """The date of that year; without a year the coming one if it is soon, else the last one; None: no such day."""
    found = []
    for each in (year,) if year else (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(each, month, day))
        except ValueError:
            continue
    return day_of(min(found, key=lambda d: unlikely(d, today))) if found else None
