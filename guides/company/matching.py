"""Finds a company in a list by what somebody typed. What is typed the same way is a hit; what only looks alike never is.

Another form in law, other marks, another order of words, another letter, a word more or less: each makes another name, and is told
as such. Of the words that say what a company does, those may be left out that are in the listed name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz, process

from guides.company import licences
from guides.company.names import Name, parse, same_marks
from guides.company.sounds import sound
from guides.company.words import tables

MOST_NEAR = 4  # names that somebody is asked about
_ALIKE = 84.0  # of 100, by rapidfuzz: one wrong letter in ten is more, another syllable of three letters less
_MOST_OF_SENTENCE, _LONGEST_SPAN = 40, 12  # words
_CONFUSABLE = 100.0  # of a match's score: shown beside a hit, so that the one is not taken for the other
_VARIANTS = re.compile(r"[;/|()\n]+")


class Difference(StrEnum):
    """In what a listed name is not the one that was typed."""

    FORM = "form"  # limited liability, joint stock …
    MARKS = "marks"
    ORDER = "order"
    LETTERS = "letters"
    MORE = "more"  # the listed name has words that were not typed
    FEWER = "fewer"  # it has not all words that were typed
    LICENCE = "licence"  # the licence number is another
    NAME = "name"  # the licence number is this one's, the name is not
    SEVERAL = "several"  # what was typed fits several companies


@dataclass(frozen=True, slots=True)
class Entry:
    """A company as it stands in the list. `status`: licensed, suspended, withdrawn, expired, unknown."""

    id: int
    licence: str
    name: str
    status: str
    short_name: str = ""
    status_said: str = ""
    licensed_on: date | None = None
    address: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """A company that it may be, and what is different; `typed` and `listed` show the difference, where words can."""

    entry: Entry
    difference: Difference
    typed: str = field(default="", repr=False)  # a person's words
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """`hit`: that company; `shortened`: only a part of its name was typed; `by_licence`: only its number.
    `near`: names that are not the same. `vague`: what was typed tells no company from others. None of it: not in the list."""

    hit: Entry | None = None
    vague: bool = False
    shortened: bool = False
    by_licence: bool = False
    near: tuple[Near, ...] = ()

    def in_doubt(self) -> Finding:
        """The same, where it is not sure that this name was meant: the hit is one to choose."""
        if self.hit is None:
            return self
        return Finding(near=(Near(self.hit, Difference.SEVERAL), *self.near)[:MOST_NEAR])


@dataclass(frozen=True, slots=True)
class _Match:
    entry: Entry
    difference: Difference | None
    whole: bool
    score: float
    typed: str = field(default="", repr=False)
    listed: str = ""


@dataclass(frozen=True)
class Index:
    """All companies of a list, ready to be searched. 0.1 ms a company to make."""

    entries: Sequence[Entry]
    _names: list[tuple[int, Name]] = field(init=False, default_factory=list, repr=False)
    _cores: list[str] = field(init=False, default_factory=list, repr=False)
    _sounds: list[str] = field(init=False, default_factory=list, repr=False)
    _wholes: list[str] = field(init=False, default_factory=list, repr=False)
    _same: dict[str, set[int]] = field(init=False, default_factory=lambda: defaultdict(set), repr=False)
    _words: dict[str, set[int]] = field(init=False, default_factory=lambda: defaultdict(set), repr=False)
    _numbers: dict[str, list[int]] = field(init=False, default_factory=lambda: defaultdict(list), repr=False)

    def __post_init__(self) -> None:
        for at, entry in enumerate(self.entries):
            for name in _names_of(entry):
                place = len(self._names)
                self._names.append((at, name))
                self._cores.append(name.core_joined)
                self._sounds.append("" if place and self._names[place - 1][0] == at else sound(name.core))
                self._wholes.append(name.joined)
                for key in (name.joined, name.core_joined, _sorted(name.core)):
                    self._same[key].add(place)
                for word in name.core:
                    self._words[word].add(place)
            if number := licences.number(entry.licence):
                self._numbers[number].append(at)

    def search(self, typed: str) -> Finding:
        """Finds a name, or a licence number, or both. Raises nothing for any text."""
        number, rest = licences.split(typed)
        name = parse(rest)
        numbered = [self.entries[at] for at in self._numbers.get(number, ())] if number else []
        if not name.words:
            return _by_number(typed, numbered) if number else Finding(vague=True)
        finding = self._by_name(name)
        if not number:
            return finding
        return _with_number(finding, number, numbered)

    def listed_in(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Where the longest listed name of two words at least begins and ends in a sentence; None if there is none."""
        words = words[:_MOST_OF_SENTENCE]
        for length in range(min(len(words), _LONGEST_SPAN), 1, -1):
            for at in range(len(words) - length + 1):
                name = parse(" ".join(words[at : at + length]))
                listed = self._same.get(name.joined) or self._same.get(name.core_joined)
                if (
                    listed
                    and len(name.core) > 1
                    and not name.only_fields
                    and words[at + length - 1] not in ("co", "có")
                ):
                    return at, at + length
        return None

    def _by_name(self, name: Name) -> Finding:
        matches = sorted(
            self._matches(name), key=lambda m: (m.difference is not None, not m.whole, -m.score, m.entry.id)
        )
        best: dict[int, _Match] = {}
        for match in matches:
            best.setdefault(match.entry.id, match)
        same = [m for m in best.values() if m.difference is None]
        whole = [m for m in same if m.whole]
        others = [m for m in best.values() if m.difference is not None]
        chosen = whole if whole and (name.forms or len(same) == len(whole)) else same
        if len(chosen) == 1:
            rest = [m for m in same if m is not chosen[0]] + [m for m in others if m.score >= _CONFUSABLE]
            return Finding(chosen[0].entry, shortened=not chosen[0].whole, near=_near(rest))
        return Finding(near=_near([*same, *others]), vague=name.only_fields)

    def _matches(self, name: Name) -> Iterable[_Match]:
        places = set[int]()
        for key in (name.joined, name.core_joined, _sorted(name.core)):
            places |= self._same.get(key, set())
        if not name.only_fields:
            for typed, listed, scorer in (
                (name.core_joined, self._cores, fuzz.ratio),
                (sound(name.core), self._sounds, fuzz.ratio),
                (name.joined, self._wholes, fuzz.ratio),
            ):
                alike = process.extract(typed, listed, scorer=scorer, score_cutoff=_ALIKE, limit=20)
                places |= {place for _, _, place in alike}
            places |= self._holding(name)
        return (compare(name, self._names[place][1], self.entries[self._names[place][0]]) for place in sorted(places))

    def _holding(self, name: Name) -> set[int]:
        """Names with all the words that were typed (two at least), and names all of whose words (two at least) were typed."""
        words = set(name.core)
        known = [self._words[word] for word in words if word in self._words]
        if not known:
            return set()
        found = set.intersection(*known) if len(known) == len(words) >= 2 else set()
        if len(words) > 2:
            found |= {p for p in set.union(*known) if len(core := set(self._names[p][1].core)) >= 2 and core < words}
        return found if len(found) <= 20 * MOST_NEAR else set()


def compare(typed: Name, listed: Name, entry: Entry) -> _Match:
    """What a listed name has to do with a typed one."""
    whole = typed.joined == listed.joined
    score = fuzz.ratio(typed.core_joined, listed.core_joined) + fuzz.ratio(typed.joined, listed.joined) / 10
    different = _difference(typed, listed, whole)
    if different is None:
        return _Match(entry, None, whole, score)
    difference, mine, theirs = different
    if difference in (Difference.FORM, Difference.MARKS):
        score += 20
    return _Match(entry, difference, whole, score, mine, theirs)


def _difference(typed: Name, listed: Name, whole: bool) -> tuple[Difference, str, str] | None:
    if not whole and typed.core_joined != listed.core_joined:
        if sorted(typed.core) == sorted(listed.core):
            return Difference.ORDER, "", ""
        mine = [w for w, bare in zip(typed.core_marked, typed.core, strict=True) if bare not in listed.words]
        theirs = [w for w, bare in zip(listed.core_marked, listed.core, strict=True) if bare not in typed.words]
        if not mine and not theirs:
            return Difference.LETTERS, "", ""
        if not mine:
            return Difference.MORE, "", " ".join(theirs)
        return (Difference.LETTERS if theirs else Difference.FEWER), " ".join(mine), " ".join(theirs)
    core = typed.core_joined == listed.core_joined
    pair = (typed.core_marked, listed.core_marked) if core else (typed.marked, listed.marked)
    if not same_marks(*pair):
        return Difference.MARKS, " ".join(typed.core_marked), " ".join(listed.core_marked)
    extra = [f for f in typed.fields if f not in listed.fields and f not in tables().everyday] if not whole else []
    if extra := [f for f in extra if not set(f.split()) <= set(listed.words)]:
        return Difference.FEWER, _as_typed(typed, extra[0]), ""
    if typed.forms and listed.forms and typed.forms.isdisjoint(listed.forms):
        return Difference.FORM, min(typed.forms), min(listed.forms)
    return None


def _as_typed(name: Name, phrase: str) -> str:
    words = phrase.split()
    at = next((i for i in range(len(name.words)) if list(name.words[i : i + len(words)]) == words), None)
    return phrase if at is None else " ".join(name.marked[at : at + len(words)])


def _near(matches: list[_Match]) -> tuple[Near, ...]:
    shown = matches[:MOST_NEAR]
    return tuple(Near(m.entry, m.difference or Difference.SEVERAL, m.typed, m.listed) for m in shown)


def _by_number(typed: str, numbered: list[Entry]) -> Finding:
    """Several years and offices give the same numbers: what stands behind the slash counts where it was typed."""
    same = [entry for entry in numbered if licences.written_in(typed, entry.licence)]
    chosen = same if len(same) == 1 else numbered
    if len(chosen) == 1 and (same or not licences.is_whole(typed)):
        return Finding(chosen[0], by_licence=True)
    kind = Difference.SEVERAL if len(chosen) > 1 else Difference.LICENCE
    number = licences.split(typed)[0]
    return Finding(near=tuple(Near(entry, kind, number, entry.licence) for entry in chosen[:MOST_NEAR]))


def _with_number(finding: Finding, number: str, numbered: list[Entry]) -> Finding:
    """A name and a number that belong to two companies, or to none, are no hit."""
    fitting = [near.entry for near in finding.near if near.entry in numbered and near.difference is Difference.SEVERAL]
    if finding.hit in numbered:
        return finding
    if finding.hit is None and len(fitting) == 1:
        return Finding(fitting[0], near=tuple(near for near in finding.near if near.entry is not fitting[0]))
    own = [Near(finding.hit, Difference.LICENCE, number, finding.hit.licence)] if finding.hit else []
    known = {near.entry.id for near in finding.near}
    theirs = [Near(entry, Difference.NAME, number) for entry in numbered if entry.id not in known]
    return Finding(near=(*own, *theirs, *finding.near)[:MOST_NEAR])


def _names_of(entry: Entry) -> Iterable[Name]:
    full = parse(entry.name)
    yield full
    for variant in _VARIANTS.split(entry.short_name) if entry.short_name else ():
        if (name := parse(variant)).words and name != full:
            yield name


def _sorted(core: tuple[str, ...]) -> str:
    return " ".join(sorted(core))
