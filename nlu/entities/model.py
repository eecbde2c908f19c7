"""What is found: a kind, a stretch of the text, a value that services can use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    PLACE = "place"
    PHONE = "phone"
    MONEY = "money"
    TIME = "time"
    PLATFORM = "platform"
    COMPANY = "company"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Entity:
    """`text` is text[start:end] of what was typed, in code points; `value` goes through JSON unchanged (docs/entities.md)."""

    kind: Kind
    text: str
    start: int
    end: int
    value: Any


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate in a Reading's own positions."""

    kind: Kind
    start: int
    end: int
    value: Any
