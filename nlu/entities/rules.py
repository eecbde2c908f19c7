"""Rules that are tried only where a word begins that can open them: a text costs a look-up a word, not a regex a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nlu.entities.numbers import FIRST
from nlu.entities.reading import Reading, bare, flexible

DIGIT = "#"  # opens a rule that may begin with a digit
NUMBER = "#w"  # … or with a number in words


@dataclass(slots=True)
class Rule:
    """The pattern is compiled when a text first needs it: all at once would cost a start 150 ms."""

    source: str
    make: Callable[..., Any]  # (match, …) → value, or None: not one after all
    compiled: re.Pattern[str] | None = None

    def match(self, low: str, start: int) -> re.Match[str] | None:
        if self.compiled is None:
            self.compiled = re.compile(flexible(self.source) + r"(?!\w)")
        return self.compiled.match(low, start)


class Rules:
    """`add` while loading; `scan` yields (start, end, value, match) in a Reading's positions."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[Rule]] = {}

    def add(self, first: str, pattern: str, make: Callable[..., Any]) -> None:
        """`first`: bare words, or DIGIT and NUMBER, that the pattern can begin with; `pattern` is made flexible."""
        rule = Rule(pattern, make)
        words: set[str] = set()
        for word in bare(first).split():
            words |= FIRST | {DIGIT} if word == NUMBER else {word}
        for word in words:
            self._by_first.setdefault(word, []).append(rule)

    def scan(self, reading: Reading, *context: Any) -> Iterator[tuple[int, int, Any]]:
        by_first, low = self._by_first, reading.low
        for start, _, word in reading.words:
            for rule in by_first.get(DIGIT if word[0].isdigit() else word, ()):
                found = rule.match(low, start)
                if found:
                    value = rule.make(found, *context)
                    if value is not None:
                        yield start, found.end(), value
