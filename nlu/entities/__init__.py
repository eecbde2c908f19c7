"""Finds values in a person's text that services can use: places, telephone numbers, money, times, platforms, companies, ages.

Pure rules over small tables, one finder a file; reading.py makes a text ready for them (any Unicode form, without
diacritics, upper case), rules.py tries patterns only where they can begin. Kinds, values, sources, figures: docs/entities.md.
Nothing here keeps or logs a text.
"""

from __future__ import annotations

from datetime import date

from nlu.entities import age, company, money, phone, place, platform, when
from nlu.entities.model import Entity, Found, Kind
from nlu.entities.reading import Reading

__all__ = ["Entity", "Kind", "find"]

READS_AT_MOST = 4000  # characters of a text


def find(text: str, today: date) -> list[Entity]:
    """The entities of `text`, in its order, without overlaps: the longest of those that share a letter.

    Positions are those of `text` as given, in code points. `today` (in Vietnam) is what "hôm qua" and "sinh năm 2009"
    are counted from. Values: docs/entities.md. Raises nothing for any text.
    """
    reading = Reading(text[:READS_AT_MOST])
    found = [
        *place.find(reading),
        *phone.find(reading),
        *money.find(reading),
        *when.find(reading, today),
        *platform.find(reading),
        *company.find(reading),
        *age.find(reading, today),
    ]
    return [_entity(reading, each) for each in _longest(found)]


def _longest(found: list[Found]) -> list[Found]:
    """Longest first; of equals the earlier, then the earlier finder."""
    taken: list[Found] = []
    for each in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        if all(each.end <= other.start or each.start >= other.end for other in taken):
            taken.append(each)
    return sorted(taken, key=lambda f: f.start)


def _entity(reading: Reading, found: Found) -> Entity:
    start, end = reading.span(found.start, found.end)
    return Entity(found.kind, reading.text[start:end], start, end, found.value)
