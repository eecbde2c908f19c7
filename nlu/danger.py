"""The danger net: words that mean "help me now", met before the engine and in any state of the talk.

The rules are data (danger.yml) so that they can be explained ("why is this on top") and changed. They see the text
without marks, so that it gets the same verdict with and without them.
The classifier's intent `emergency` is the second net behind this one: a cry that uses none of these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

import yaml

from nlu.normalise import ABBREVIATIONS, clean, strip_marks

RULES = Path(__file__).parent / "danger.yml"
LONG_TEXT = 40  # words; in a longer one a calm word ("last year", "film") counts only in its own sentence

# Without marks these are words of their own (tàu, nhà, chị, cả, nó, ông …): the net leaves them as they were typed.
_AS_TYPED = frozenset("anh b ba bit bn ca cam chi ct han hem mi mo nha no ong rang ri tau tt um".split())
_SHORT = {strip_marks(short): strip_marks(full) for short, full in ABBREVIATIONS.items()}
_LONG = re.compile(r"([^\W\du])\1{2,}|(u)u{2,}")  # "nhottt" → "nhot", but "cuuuu" → "cuu"
_APOSTROPHE = re.compile("['’`]")
_WORD = re.compile(r"\w+")
# Letters and digits that no Vietnamese word has there: Telex or VNI typed with its help switched off ("nhoots", "bi5").
_KEYS = re.compile(r"\B[sfxjw]|(?<!\bt)\Br|([a-tv-z])(?=\1)|(?<=[a-z])[1-9]+")
_SENTENCE_END = re.compile(r"[.!?;\n]+")
_PART = re.compile(r"\{([a-z]+)\}")  # {0,3} is a count, {me} a part
_GAP = r" (?:\w+ ){0,3}"


class Entry(TypedDict):
    """A rule in the file."""

    name: str
    any: NotRequired[list[str]]  # phrases
    done: NotRequired[str]  # what somebody does to somebody: goes into each of the file's frames
    yields: NotRequired[bool]  # does not count in a text with the file's `outweighs`


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class DangerNet:
    """`danger` rules make a text urgent unless a `calm` rule matches as well."""

    danger: tuple[Rule, ...]
    calm: tuple[Rule, ...]
    other: re.Pattern[str]  # what is taken out first: words of another sense
    kin: re.Pattern[str]  # somebody else named by "my" or "em", written "nguoinha" before the danger rules look
    words: dict[str, str]  # short and mistyped words, and what is meant

    def why(self, text: str) -> str | None:
        """The name of the rule that makes this text danger now, or None. The same with and without marks."""
        parts = _SENTENCE_END.split(text) if len(text.split()) > LONG_TEXT else [text]
        return next((name for part in parts if (name := self._found(part))), None)

    def _found(self, text: str) -> str | None:
        readings = tuple(self._readings(text))
        if any(rule.pattern.search(reading) for rule in self.calm for reading in readings):
            return None
        persons = [self.kin.sub("nguoinha", self.other.sub(",", reading)) for reading in readings]
        return next((rule.name for rule in self.danger for reading in persons if rule.pattern.search(reading)), None)

    def _readings(self, text: str) -> Iterator[str]:
        """Lower-case words with one space between them, as typed and as typed with the keyboard's help switched off."""
        bare = _LONG.sub(r"\1\2\2", _APOSTROPHE.sub("", strip_marks(clean(text).lower())))
        typed = " ".join(self.words.get(word, word) for word in _WORD.findall(bare))
        yield typed
        if (meant := _KEYS.sub("", typed)) != typed:
            yield " ".join(self.words.get(word, word) for word in meant.split())


@cache
def load(path: Path = RULES) -> DangerNet:
    """Reads the rules. Raises re.error or KeyError if the file is wrong: the app must not start without its net."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts: dict[str, str] = {}

    def full(pattern: str) -> str:
        return "(?:" + _PART.sub(lambda part: parts[part[1]], pattern).replace(" .. ", _GAP) + ")"

    for name, pattern in data["parts"].items():
        parts[name] = full(pattern)

    def compiled(phrases: list[str], before: str = "") -> re.Pattern[str]:
        return re.compile(rf"{before}\b{full('|'.join(phrases))}\b")

    def rule(entry: Entry) -> Rule:
        framed = [frame.replace("{done}", entry["done"]) for frame in data["frames"]] if "done" in entry else []
        before = rf"^(?!{full(data['outweighs'])}\b).*" if entry.get("yields") else ""
        return Rule(entry["name"], compiled(framed + entry.get("any", []), before))

    words = {short: long for short, long in _SHORT.items() if short not in _AS_TYPED} | data["words"]
    return DangerNet(
        danger=tuple(rule(entry) for entry in data["danger"]),
        calm=tuple(rule(entry) for entry in data["calm"]),
        other=compiled(data["other"]),
        kin=compiled(data["kin"]),
        words=words,
    )
