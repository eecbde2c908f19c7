"""Which tips stand in front when very many come: decided here, where a sender is still known, and told as a mere code.

Nobody is refused, and nothing is held back: a tip in the slow lane is stored like any other and stands behind the rest. All
memory of it is in this process alone, bounded, under a key that is made at its start; a restart forgets it. What is kept of a
sender is when they sent; of a text, at most 64 keyed hashes of its words and pairs of words, for six hours.

Own code on hashlib in the place of a MinHash library (datasketch): the hashes must be keyed, old texts must go, and the memory
must stay bounded; what a library would add to that is about twenty lines.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import unicodedata
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, pairwise

from tips.lanes import Lane
from tips.report import TEXTS, Report

HOUR = timedelta(hours=1)
IN_FRONT = 2  # tips of one sender in an hour: many try it out first, and then tell
IN_FRONT_IN_DANGER = 3  # a person in danger may cry several times

SPAN = timedelta(minutes=10)
BURST_LEAST = 12  # tips in a span
BURST_TIMES = 6  # the usual number
_SPANS_A_DAY = 144

READABLE = 0.35  # share of letters that belong to known words
JUDGED = 16  # letters: fewer are too few to call them unreadable
FEW = 4  # known words: fewer, and no place and no file, is nothing to go by

SKETCH = 64  # hashes
ALIKE_FOR = timedelta(hours=6)
LONG = 12  # words: short texts of different people are alike by nature

_SENDERS = 20_000
_TEXTS = 4_000
_NEAREST = 24  # remembered texts of one hash, and how many are compared
_NUMBER = "0"  # stands for every word with a digit
_WORD = re.compile(r"[^\W_]+")


class Lanes:
    """One for a process; safe to call from several threads. `known`: whether a word, in lower case, is Vietnamese or English."""

    def __init__(self, known: Callable[[str], bool], now: Callable[[], datetime]) -> None:
        self._known = known
        self._now = now
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._senders = _Senders()
        self._rate = _Rate()
        self._texts = _Texts()

    def of(self, ref: str, report: Report, file_count: int) -> str:
        """The lane (`tips.lanes.Lane`) of a tip that is being sent. Call it once a tip, however often it is tried."""
        text = "\n".join(filter(None, (getattr(report, name) for name in TEXTS)))
        typed = _WORD.findall(unicodedata.normalize("NFC", text).lower())
        words = [_plain(word) for word in typed]
        if set(words) == {_NUMBER}:  # a phone or a plate and nothing else: the numbers are what is told
            words = typed
        sketch = self._sketch(words)
        sender = self._hash(f"sender {ref}")
        with self._lock:
            now = self._now()
            burst = self._rate.count(now)
            lane = Lane.FRONT
            if self._senders.many(sender, report.danger, now):
                lane = Lane.MANY
            elif self._texts.alike(sender, sketch, _bars(len(words), report.danger, burst), now):
                lane = Lane.ALIKE
            elif burst and not report.danger:
                lane = self._content(typed, report, file_count)
            self._senders.sent(sender, report.danger, now)
            if lane is Lane.FRONT:  # the slow lane fills no memory
                self._texts.keep(_Text(sender, sketch, now))
        return lane.value

    def _content(self, typed: list[str], report: Report, file_count: int) -> Lane:
        """What only counts while very many come: too little to read, or nothing that can be read."""
        words = [word for word in typed if word.isalpha()]
        known = [word for word in words if self._known(word)]
        letters = sum(map(len, words))
        foreign = sum(len(word) for word in words if not _latin(word))
        if letters >= JUDGED and 2 * foreign < letters and sum(map(len, known)) < READABLE * letters:
            return Lane.UNREADABLE
        if len(known) < FEW and 2 * foreign <= letters and not report.provinces and not file_count:
            return Lane.EMPTY
        return Lane.FRONT

    def _sketch(self, words: list[str]) -> tuple[int, ...]:
        """The lowest keyed hashes of the words and pairs of words: of two texts, as many are equal as the texts are alike."""
        return tuple(sorted({self._hash(part) for part in chain(words, map(" ".join, pairwise(words)))})[:SKETCH])

    def _hash(self, text: str) -> int:
        return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), key=self._key, digest_size=8).digest())


@dataclass(frozen=True, slots=True)
class _Bar:
    """Alike is what is at least so near to texts of at least so many other senders."""

    likeness: float
    others: int


def _bars(length: int, danger: bool, burst: bool) -> tuple[_Bar, ...]:
    """A long text is not told twice by chance; a short one is, and a cry for help above all.

    Measured on invented tips (tests/load): two witnesses of one story are alike by 0.12 at most, texts out of one pattern
    with other places and numbers by 0.6 if they are long, 0.36 if they are short.
    """
    if length >= LONG:
        return (_Bar(0.5, (4 if danger else 2) // (2 if burst else 1)),)
    usual = _Bar(0.85, 6 if danger else 3)
    return (usual, _Bar(0.3, 4 if danger else 3)) if burst else (usual,)


@dataclass(slots=True)
class _Sender:
    """When somebody sent, as far back as the limits ask."""

    all: deque[datetime] = field(default_factory=lambda: deque(maxlen=IN_FRONT))
    in_danger: deque[datetime] = field(default_factory=lambda: deque(maxlen=IN_FRONT_IN_DANGER))


class _Senders:
    """Of more than 20,000 senders, the last ones."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, _Sender] = OrderedDict()

    def many(self, who: int, danger: bool, now: datetime) -> bool:
        """Whether as many as may stand in front came in the last hour, and so this is one too many."""
        sender = self._known.get(who, _Sender())
        times = sender.in_danger if danger else sender.all
        return len(times) == times.maxlen and now - times[0] < HOUR

    def sent(self, who: int, danger: bool, now: datetime) -> None:
        sender = self._known.setdefault(who, _Sender())
        sender.all.append(now)
        if danger:
            sender.in_danger.append(now)
        self._known.move_to_end(who)
        while len(self._known) > _SENDERS:
            self._known.popitem(last=False)


class _Rate:
    """How many tips come, of whom ever. Spans in which far too many came are not learned as usual."""

    def __init__(self) -> None:
        self._latest: deque[datetime] = deque(maxlen=5_000)
        self._calm: deque[tuple[int, int]] = deque(maxlen=_SPANS_A_DAY)  # (number of the span, tips in it)

    def count(self, now: datetime) -> bool:
        """Counts one more; whether this is a burst."""
        self._latest.append(now)
        while now - self._latest[0] >= SPAN:
            self._latest.popleft()
        span = int(now.timestamp() // SPAN.total_seconds())
        burst = len(self._latest) >= max(BURST_LEAST, BURST_TIMES * self._usual(span))
        if self._calm and self._calm[-1][0] == span:
            _, so_far = self._calm.pop()
            self._calm.append((span, 0 if burst else so_far + 1))
        elif not burst:
            self._calm.append((span, 1))
        return burst

    def _usual(self, span: int) -> float:
        """Tips in a span, over the last day."""
        return sum(tips for number, tips in self._calm if span - _SPANS_A_DAY <= number < span) / _SPANS_A_DAY


@dataclass(frozen=True, slots=True)
class _Text:
    sender: int
    sketch: tuple[int, ...] = field(repr=False)
    at: datetime


class _Texts:
    """Texts that stand in front, of the last six hours and at most 4,000; found by the hashes that they share."""

    def __init__(self) -> None:
        self._texts: OrderedDict[int, _Text] = OrderedDict()
        self._holding: dict[int, list[int]] = {}  # hash -> numbers of the texts with it
        self._next = 0

    def alike(self, sender: int, sketch: tuple[int, ...], bars: tuple[_Bar, ...], now: datetime) -> bool:
        """Whether a text passes one of the bars."""
        self._forget(now)
        shared = Counter(chain.from_iterable(self._holding.get(each, ())[-_NEAREST:] for each in sketch))
        nearest = [self._texts[number] for number, _ in shared.most_common(2 * _NEAREST)]
        likeness = [(text.sender, _likeness(sketch, text.sketch)) for text in nearest if text.sender != sender]
        return any(len({who for who, near in likeness if near >= bar.likeness}) >= bar.others for bar in bars)

    def keep(self, text: _Text) -> None:
        if not text.sketch:
            return
        self._texts[self._next] = text
        for each in text.sketch:
            self._holding.setdefault(each, []).append(self._next)
        self._next += 1
        if len(self._texts) > _TEXTS:
            self._drop_oldest()

    def _forget(self, now: datetime) -> None:
        while self._texts and now - next(iter(self._texts.values())).at >= ALIKE_FOR:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        number, text = self._texts.popitem(last=False)
        for each in text.sketch:
            held = self._holding[each]
            held.remove(number)  # it is the first: numbers only grow
            if not held:
                del self._holding[each]


def _likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The share of common hashes among the lowest of both, 0 to 1: Jaccard's index, estimated for long texts."""
    both = set(one) & set(other)
    lowest = sorted(set(one) | set(other))[:SKETCH]
    return sum(each in both for each in lowest) / len(lowest) if lowest else 0.0


def _plain(word: str) -> str:
    """Without marks, as people type in a hurry; what has a digit is any number, so that a counter makes no new text."""
    if any(c.isdigit() for c in word):
        return _NUMBER
    decomposed = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _latin(word: str) -> bool:
    return all(ord(c) < 0x250 or 0x1E00 <= ord(c) <= 0x1EFF for c in word)
