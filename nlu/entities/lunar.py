"""The Vietnamese lunar calendar (UTC+7): a lunar day → its date.

After Hồ Ngọc Đức's "Thuật toán tính âm lịch" (informatik.uni-leipzig.de/~duc/amlich/calrules.html), which takes new moons
and the sun's longitude from Jean Meeus, "Astronomical Algorithms" (1998): a month begins on the day of the new moon in
Vietnam; month 11 holds the winter solstice; between two months 11 that are 13 months apart the first month without a
change of the sun's sign is the leap month. Checked against known Tết dates and an independent implementation.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from functools import lru_cache

_ZONE = 7 / 24  # days east of Greenwich
_MONTH = 29.530588853  # days from new moon to new moon, on average
_JULIAN = 1721425  # Julian day number minus date.toordinal()
_sin = math.sin


def _new_moon(k: int) -> int:
    """The Julian day number, in Vietnam, of the k-th new moon after January 1900."""
    t = k / 1236.85  # centuries
    turn = math.radians
    at = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    at += 0.00033 * _sin(turn(166.56 + 132.87 * t - 0.009173 * t**2))
    sun = turn(359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3)  # mean anomaly
    moon = turn(306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3)  # mean anomaly
    node = turn(21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3)  # argument of latitude
    at += (0.1734 - 0.000393 * t) * _sin(sun) + 0.0021 * _sin(2 * sun)
    at += -0.4068 * _sin(moon) + 0.0161 * _sin(2 * moon) - 0.0004 * _sin(3 * moon)
    at += 0.0104 * _sin(2 * node) - 0.0051 * _sin(sun + moon) - 0.0074 * _sin(sun - moon)
    at += 0.0004 * _sin(2 * node + sun) - 0.0004 * _sin(2 * node - sun) - 0.0006 * _sin(2 * node + moon)
    at += 0.0010 * _sin(2 * node - moon) + 0.0005 * _sin(2 * moon + sun)
    clock = -0.000278 + 0.000265 * t + 0.000262 * t**2  # the earth's rotation slows down
    return math.floor(at - clock + 0.5 + _ZONE)


def _sign(day: int) -> int:
    """The twelfth of its circle (0 to 11, from the March equinox) where the sun is at midnight as `day` begins in Vietnam."""
    t = (day - 2451545.5 - _ZONE) / 36525
    mean = math.radians(357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3)
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t**2) * _sin(mean)
    longitude += (0.019993 - 0.000101 * t) * _sin(2 * mean) + 0.000290 * _sin(3 * mean)
    return int(longitude % 360 // 30)


def _month_eleven(year: int) -> int:
    """The number k of the new moon that opens month 11 of `year`."""
    last = date(year, 12, 31).toordinal() + _JULIAN
    k = math.floor((last - 2415021) / _MONTH)
    return k - 1 if _sign(_new_moon(k)) >= 9 else k


@lru_cache(maxsize=64)
def _months(year: int) -> dict[tuple[int, bool], int]:
    """(month, leap) → k for the months of lunar `year`, 1 to 12."""
    numbered: dict[tuple[int, bool], int] = {}
    for winter in (year - 1, year):
        first, following = _month_eleven(winter), _month_eleven(winter + 1)
        leap = None
        if following - first == 13:
            signs = [_sign(_new_moon(first + i)) for i in range(15)]
            leap = next(i for i in range(1, 14) if signs[i] == signs[i + 1])
        number = 10
        for i in range(following - first):
            number += i != leap
            month = (number - 1) % 12 + 1
            if (winter < year and number > 12) or (winter == year and number <= 12):
                numbered[month, i == leap] = first + i
    return numbered


def to_date(day: int, month: int, year: int, leap: bool = False) -> date:
    """The date of a lunar day. Raises ValueError if the month has no such day or the year no such (leap) month."""
    k = _months(year).get((month, leap))
    if k is None:
        raise ValueError("no such lunar month")
    start = _new_moon(k)
    if not 1 <= day <= _new_moon(k + 1) - start:
        raise ValueError("no such lunar day")
    return date.fromordinal(start - _JULIAN) + timedelta(days=day - 1)


def last_day(month: int, year: int) -> date:
    """The last day of a month that is no leap month; of month 12: New Year's Eve."""
    return date.fromordinal(_new_moon(_months(year)[month, False] + 1) - 1 - _JULIAN)


def month_start(day: date) -> date:
    """The first day of the lunar month that `day` is in."""
    k = math.floor((day.toordinal() + _JULIAN - 2415021) / _MONTH) + 1
    while _new_moon(k) > day.toordinal() + _JULIAN:
        k -= 1
    return date.fromordinal(_new_moon(k) - _JULIAN)


def year_of(day: date) -> int:
    """The lunar year that `day` is in."""
    return day.year if day >= to_date(1, 1, day.year) else day.year - 1
