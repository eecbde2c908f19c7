"""The danger net: words that mean "help me now", met before the engine and in any state of the talk.

The rules are data (danger.yml) so that they can be explained ("why is this on top") and changed. They see the text
without marks, so that it gets the same verdict with and without them. A calm word ("last year", "how do I") silences its
own clause; of other clauses it silences what does not stand on its own (docs/danger.md).
The classifier's intent `emergency` is the second net behind this one, for a cry that uses none of these words: `heard` joins both.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NotRequired, TypedDict

import yaml

from nlu.normalise import ABBREVIATIONS, clean, strip_marks

RULES = Path(__file__).parent / "danger.yml"
LONG_TEXT = 40  # words; in a longer one a calm word ("last year", "film") counts only in its own sentence
SHORT_TEXT = 25  # words; in a longer one the many words that tell nothing would outweigh a cry in the middle
MANY = "many signs together"
SENSED = "read as a cry"  # by the classifier, no rule matches
READ = 4_000  # characters read at the beginning and again at the end of a text; what lies between them is not read

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
class Signs:
    """What single words speak for, in tenths of a logit (`python -m nlu.danger` weighs them). A text without a calm word
    and with a sum of at least `many` is urgent although no rule matches; below `few` a short one is not, although one does."""

    points: dict[str, int]
    base: int
    many: int
    few: int
    told: str

    def total(self, words: Iterable[str]) -> int:
        """The sum for a text of these words; a word counts once."""
        return self.base + sum(self.points.get(word, 0) for word in set(words))


@dataclass(frozen=True, slots=True)
class Sense:
    """How sure (0 to 1) the classifier must be of a cry that the net does not find: `sure`, or `calm` in a text with calm words.

    Of fewer words than `fewest` ("tôi đang ở Nghệ An", said when asked where) nothing is sensed: only a rule finds danger there.
    """

    sure: float
    calm: float
    fewest: int
    told: str


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
    signs: Signs
    sense: Sense
    unlike: re.Pattern[str]  # words with marks that lose their sense with them ("đáp" is no "đập"): left out

    def why(self, text: str) -> str | None:
        """The name of the rule that makes this text danger now, or None. Of a text beyond 2 * READ characters the middle
        is not read. Without marks the verdict is the same, but for the few words that only their marks tell apart."""
        if len(text) > 2 * READ:
            text = f"{text[:READ]}\n{text[-READ:]}"
        parts = _SENTENCE_END.split(text) if len(text.split()) > LONG_TEXT else [text]
        return next((name for part in parts if (name := self._found(part))), None)

    def heard(self, text: str, cry: float) -> str | None:
        """The verdict of net and classifier together: `why`, else SENSED where the classifier is sure enough. `cry` is how
        likely it takes the text for an `emergency` (0 to 1). What the net finds it cannot take back."""
        if (name := self.why(text)) or cry < self.sense.sure or len(text.split()) < self.sense.fewest:
            return name
        return SENSED if cry >= self.sense.calm or not self._is_calm(text) else None

    def _is_calm(self, text: str) -> bool:
        """True if calm words reach through a short text; in a long one they count only in their own sentence."""
        if len(text.split()) > LONG_TEXT:
            return False
        return bool(self._reach(" ".join(chunks) for chunks in self._readings(text)))

    def told(self, name: str) -> str:
        """The Vietnamese words for officers of the danger rule of that name. Raises KeyError if there is none."""
        return {MANY: self.signs.told, SENSED: self.sense.told, **{rule.name: rule.told for rule in self.danger}}[name]

    def _found(self, text: str) -> str | None:
        readings = tuple(self._readings(text))
        whole = [" ".join(chunks) for chunks in readings]
        reach = self._reach(whole)
        name = self._danger(whole) if reach is None else self._beside_calm(readings, reach)
        if name is None and reach is not None:
            return None
        if name and len(text.split()) > SHORT_TEXT:
            return name
        if name is None and len(text.split()) < self.sense.fewest:
            return None
        total = max(self.signs.total(said.split()) for said in self._told(whole))
        return (name or MANY) if total >= (self.signs.few if name else self.signs.many) else None

    def words_of(self, text: str) -> set[str]:
        """The words of a text, as `signs` counts them."""
        return set(self._told([" ".join(next(self._readings(text)))])[0].split())

    def _beside_calm(self, readings: tuple[list[str], ...], reach: int) -> str | None:
        """The rule of what is danger on its own in a text whose calm words reach so far."""
        if reach == _REACHES.index("all"):
            return None
        alone = self._stretches(readings) if reach else self._alone(readings)
        return next((name for said in alone if (name := self._danger(said, self.stands[reach]))), None)

    def _alone(self, readings: tuple[list[str], ...]) -> Iterator[tuple[str, ...]]:
        """Clauses without a calm word, each in all its readings."""
        return (clause for clause in self._clauses(readings) if self._reach(clause) is None)

    def _stretches(self, readings: tuple[list[str], ...]) -> Iterator[tuple[str, ...]]:
        """The same, and those that follow one another as one: "giờ em ở đây thật, cửa bị khóa"."""
        for calm, clauses in groupby(self._clauses(readings), lambda clause: self._reach(clause) is not None):
            if not calm:
                yield tuple(" ".join(said) for said in zip(*clauses, strict=True))

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
        heard = [words for words in self._told(readings) if stands is None or stands.search(words)]
        return next((rule.name for rule in self.danger for words in heard if rule.pattern.search(words)), None)

    def _told(self, readings: Iterable[str]) -> list[str]:
        """The readings without words of another sense, and with one word for somebody's own people."""
        return [self.kin.sub("nguoinha", self.other.sub(" , ", reading)) for reading in readings]

    def _readings(self, text: str) -> Iterator[list[str]]:
        """What stands between the pauses, as lower-case words with one space between them: as typed, and as typed with
        the keyboard's help switched off, or with keys held too long."""
        marked = self.unlike.sub("x", clean(text.replace("\n", " . ")).lower())
        bare = _LONG.sub(r"\1\2\2", _APOSTROPHE.sub("", strip_marks(marked)))
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
        signs=Signs(**data["signs"]),
        sense=Sense(**data["sense"]),
        unlike=re.compile(rf"\b(?:{'|'.join(data['unlike'])})\b"),
    )


def weigh(files: Iterable[Path], data: Path = RULES.parent / "data") -> tuple[int, dict[str, int]]:
    """The base and the points of `signs`, by logistic regression over the phrases of these files that are for tuning (jsonl
    with `text`, `danger`, `half` or `set`) and the training data in that folder. Lines for testing are left out."""
    from sklearn.feature_extraction.text import CountVectorizer  # only weighing needs it
    from sklearn.linear_model import LogisticRegression

    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    phrases = [(row["text"], row["danger"], 3.0) for row in rows if row.get("half", row.get("set")) in ("tune", "dev")]
    known = {text for text, _, _ in phrases}  # phrases that are trained on as well count once
    for file in sorted(data.glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            cry = block.get("intent") == "emergency"
            lines = block["examples"].splitlines() if "intent" in block else []
            said = [line[2:] for line in lines if line.startswith("- ")]
            phrases += [(text, cry, 3.0 if cry else 0.3) for text in said if text not in known]
    texts, labels, weights = zip(*phrases, strict=True)
    counter = CountVectorizer(analyzer=load().words_of, min_df=3, binary=True)
    model = LogisticRegression(C=0.1, solver="liblinear").fit(counter.fit_transform(texts), labels, weights)
    points = zip(counter.get_feature_names_out(), (round(10 * float(weight)) for weight in model.coef_[0]), strict=True)
    return round(10 * float(model.intercept_[0])), {word: n for word, n in points if abs(n) >= 2 and word != ","}


if __name__ == "__main__":
    base, points = weigh(map(Path, sys.argv[1:]))
    sys.stdout.write(
        yaml.safe_dump({"base": base, "points": points}, width=120, default_flow_style=None, allow_unicode=True)
    )
