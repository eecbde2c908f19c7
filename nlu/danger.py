"""The danger net: words that mean "help me now", met before the engine and in any state of the talk.

The rules are data (danger.yml) so that they can be explained ("why is this on top") and changed. They see the text
without marks, so that it gets the same verdict with and without them. A calm word ("last year", "how do I") silences its
own clause; of other clauses it silences what does not stand on its own (docs/danger.md).
The classifier's intent `emergency` is the second net behind this one: a cry that uses none of these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
_KEYS = re.compile(r"\B[sfxjw]|(?<!\bt)\Br|([a-tv-z])(?=\1)|(?<!\bc)u(?=u)|(?<=[a-z])[1-9]+")
_DOUBLED = re.compile(r"(?<!\bc)([^\W\d])\1\b")  # the last letter held too long; English too, which `_KEYS` would break
_SENTENCE_END = re.compile(r"[.!?;\n]+")
_PAUSE = re.compile(r"[.!?;:,…()\n]+|\s[-–—]+\s")
_PART = re.compile(r"\{([a-z]+)\}")  # {0,3} is a count, {me} a part
_GAP = r" (?:\w+ ){0,3}"


class Entry(TypedDict):
    """A rule in the file."""

    name: str
    any: NotRequired[list[str]]  # phrases
    done: NotRequired[str]  # what somebody does to somebody: goes into each of the file's frames
    told: NotRequired[str]  # what an officer reads, in Vietnamese; every danger rule has it
    yields: NotRequired[bool]  # does not count in a text with the file's `outweighs`
    impersonal: NotRequired[bool]  # does not count in a text with the file's `own`
    reach: NotRequired[str]  # of a calm rule: one of `_REACHES`


_REACHES = ("clause", "text", "all")


@dataclass(frozen=True, slots=True)
class Rule:
    """`told`: a danger rule's sentence for officers. `reach`: how far beyond its own clause a calm rule is heard."""

    name: str
    pattern: re.Pattern[str]
    told: str = ""
    reach: int = 0  # place in `_REACHES`


@dataclass(frozen=True, slots=True)
class DangerNet:
    """`danger` rules make a text urgent unless a `calm` rule that reaches as far matches as well."""

    danger: tuple[Rule, ...]
    calm: tuple[Rule, ...]
    other: re.Pattern[str]  # what is taken out first: words of another sense
    kin: re.Pattern[str]  # somebody else named by "my" or "em", written "nguoinha" before the danger rules look
    joint: re.Pattern[str]  # where a clause begins without a comma
    stands: tuple[re.Pattern[str], ...]  # one a reach: a clause with this is heard beside a calm word in another clause
    words: dict[str, str]  # short and mistyped words, and what is meant

    def why(self, text: str) -> str | None:
        """The name of the rule that makes this text danger now, or None. The same with and without marks."""
        parts = _SENTENCE_END.split(text) if len(text.split()) > LONG_TEXT else [text]
        return next((name for part in parts if (name := self._found(part))), None)

    def told(self, name: str) -> str:
        """The Vietnamese words for officers of the danger rule of that name. Raises KeyError if there is none."""
        return {rule.name: rule.told for rule in self.danger}[name]

    def _found(self, text: str) -> str | None:
        readings = tuple(self._readings(text))
        reach = self._reach(" ".join(chunks) for chunks in readings)
        if reach is None:
            return self._danger(" ".join(chunks) for chunks in readings)
        if reach == _REACHES.index("all"):
            return None
        alone = (clause for clause in self._clauses(readings) if self._reach(clause) is None)
        return next((name for clause in alone if (name := self._danger(clause, self.stands[reach]))), None)

    def _clauses(self, readings: tuple[list[str], ...]) -> Iterator[tuple[str, ...]]:
        """Each clause in all its readings."""
        for chunk in zip(*readings, strict=True):
            pieces = [self.joint.sub("|", reading).split("|") for reading in chunk]
            alike = len({len(cut) for cut in pieces}) == 1
            yield from zip(*pieces, strict=True) if alike else (chunk,)

    def _reach(self, readings: Iterable[str]) -> int | None:
        """How far the calm words of these readings reach, or None if they have none."""
        seen = tuple(readings)
        return max((rule.reach for rule in self.calm for words in seen if rule.pattern.search(words)), default=None)

    def _danger(self, readings: Iterable[str], stands: re.Pattern[str] | None = None) -> str | None:
        """The first danger rule that matches one of these readings (of those with `stands` in them, if it is given)."""
        told = [self.kin.sub("nguoinha", self.other.sub(",", reading)) for reading in readings]
        heard = [words for words in told if stands is None or stands.search(words)]
        return next((rule.name for rule in self.danger for words in heard if rule.pattern.search(words)), None)

    def _readings(self, text: str) -> Iterator[list[str]]:
        """What stands between the pauses, as lower-case words with one space between them: as typed, and as typed with
        the keyboard's help switched off, or with keys held too long."""
        bare = _LONG.sub(r"\1\2\2", _APOSTROPHE.sub("", strip_marks(clean(text.replace("\n", " . ")).lower())))
        typed = [words for chunk in _PAUSE.split(bare) if (words := self._words(_WORD.findall(chunk)))]
        yield typed
        for slip, said in ((_KEYS, ""), (_DOUBLED, r"\1")):
            meant = [slip.sub(said, chunk) for chunk in typed]
            if meant != typed:
                yield [self._words(chunk.split()) for chunk in meant]

    def _words(self, words: list[str]) -> str:
        return " ".join(self.words.get(word, word) for word in words)


@cache
def load(path: Path = RULES) -> DangerNet:
    """Reads the rules. Raises re.error, KeyError or ValueError if the file is wrong: the app must not start without its net."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts: dict[str, str] = {}

    def full(pattern: str) -> str:
        return "(?:" + _PART.sub(lambda part: parts[part[1]], pattern).replace(" .. ", _GAP) + ")"

    for name, pattern in data["parts"].items():
        parts[name] = full(pattern)

    def compiled(phrases: list[str], before: str = "") -> re.Pattern[str]:
        return re.compile(rf"{before}\b{full('|'.join(phrases))}\b")

    def rule(entry: Entry, told: str = "") -> Rule:
        framed = [frame.replace("{done}", entry["done"]) for frame in data["frames"]] if "done" in entry else []
        unless = [data["outweighs"]] if entry.get("yields") else []
        unless += [rf"(?:.* )?(?:{data['own']})"] if entry.get("impersonal") else []
        before = rf"^(?!{full('|'.join(unless))}\b).*" if unless else ""
        pattern = compiled(framed + entry.get("any", []), before)
        return Rule(entry["name"], pattern, told, _REACHES.index(entry.get("reach", "text")))

    words = {short: long for short, long in _SHORT.items() if short not in _AS_TYPED} | data["words"]
    return DangerNet(
        danger=tuple(rule(entry, entry["told"]) for entry in data["danger"]),
        calm=tuple(rule(entry) for entry in data["calm"]),
        other=compiled(data["other"]),
        kin=compiled(data["kin"]),
        joint=re.compile(rf" (?={full('|'.join(data['joints']))}\b)"),
        stands=tuple(compiled(data["stands"][reach]) for reach in _REACHES[:-1]),
        words=words,
    )
