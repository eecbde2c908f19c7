"""A company's name taken apart: what it is in law, what it does, and what is left, which is what people call it.

Forgives Unicode forms, marks that were not typed, capitals, punctuation, abbreviations; it keeps which marks were typed, since
"Hoàng Long" and "Hoàng Lộng" are two names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from guides.company.words import tables
from nlu.normalise import clean, strip_marks

LONGEST = 300  # characters that are looked at
_WORD = re.compile(r"[^\W_]+")
_JOINED_FORMS = {"congty": "cty", "congti": "cty", "cty": "cty", "tnhh": "tnhh", "cophan": "cp", "mtv": "mtv"}
_JOINED_FURTHER = {**_JOINED_FORMS, "cp": "cp", "xkld": "xkld"}  # behind another one
_SHORTEST_REST = 4  # letters behind forms that were run together with the name
_SHORTEST_JOINED = min(map(len, _JOINED_FORMS)) + _SHORTEST_REST
_Y = re.compile(r"(?<=[hklmst])y")  # "Mỹ" is also written "Mĩ"


type _Phrases = dict[
    str, list[tuple[list[str], str]]
]  # first word → phrases that begin with it, and what each stands for


@dataclass(frozen=True, slots=True, repr=False)  # a person's words may be in it
class Name:
    """`words`: the name without its form in law, bare; `marked`: the same words as typed, in lower case; `core`: those of `words`
    that are no field, or all of them where nothing else is left. `forms`: keys of the table, "tnhh", "cp" …"""

    words: tuple[str, ...]
    marked: tuple[str, ...]
    forms: frozenset[str]
    fields: tuple[str, ...]
    core: tuple[str, ...]
    core_marked: tuple[str, ...]

    @property
    def joined(self) -> str:
        return spelling("".join(self.words))

    @property
    def core_joined(self) -> str:
        return spelling("".join(self.core))

    @property
    def only_fields(self) -> bool:
        """Nothing but what many companies do, or nothing at all: no name that could be asked for."""
        return not self.words or (bool(self.fields) and self.core == self.words)


def parse(text: str) -> Name:
    """Takes a name apart. Whatever is given, this gives a Name, perhaps an empty one."""
    marked = list(_spread(words_of(text)))
    bare = strip_marks(" ".join(marked)).split()
    forms: set[str] = set()
    kept: list[int] = []
    at = 0
    while at < len(bare):
        length, form = _longest(_forms(), bare, at)
        if length:
            forms |= {form} if form else set()
            at += length
            continue
        if bare[at] not in tables().joining and not (bare[at] == "co" and at == len(bare) - 1 and at > 0):
            kept.append(at)
        at += 1
    if not kept and not forms:
        kept = [i for i, word in enumerate(bare) if word in tables().joining]
    return _name([bare[i] for i in kept], [marked[i] for i in kept], frozenset(forms))


def words_of(text: str) -> list[str]:
    """The words of a text, composed, in lower case."""
    return _WORD.findall(unicodedata.normalize("NFC", clean(text[:LONGEST]).lower()))


def spelling(letters: str) -> str:
    """One of two accepted spellings for both of them ("my" and "mi")."""
    return _Y.sub("i", letters)


def marks(words: Iterable[str]) -> list[str]:
    """The marks of words, whatever letter of a syllable they sit on: "hoà" and "hòa" have the same."""
    letters = unicodedata.normalize("NFD", "".join(words))
    return sorted(c for c in letters if unicodedata.combining(c) or c == "đ")


def same_marks(typed: tuple[str, ...], listed: tuple[str, ...]) -> bool:
    """Whether a name was typed with the marks of the listed one, or with none at all."""
    if not marks(typed):
        return True
    if len(typed) == len(listed):
        return all(marks([one]) == marks([other]) for one, other in zip(typed, listed, strict=True))
    return marks(typed) == marks(listed)


def _name(bare: list[str], marked: list[str], forms: frozenset[str]) -> Name:
    fields: list[str] = []
    core: list[int] = []
    at = 0
    while at < len(bare):
        length, _ = _longest(_fields(), bare, at)
        if length:
            fields.append(" ".join(bare[at : at + length]))
            at += length
        else:
            core.append(at)
            at += 1
    core = core or list(range(len(bare)))
    return Name(
        words=tuple(bare),
        marked=tuple(marked),
        forms=forms,
        fields=tuple(fields),
        core=tuple(bare[i] for i in core),
        core_marked=tuple(marked[i] for i in core),
    )


def _spread(words: list[str]) -> Iterator[str]:
    """Abbreviations written out, forms cut off that were run together with the name."""
    short = tables().short
    for word, bare in zip(words, strip_marks(" ".join(words)).split(), strict=True):
        if bare in short:
            yield from short[bare].split()
        elif len(bare) < _SHORTEST_JOINED:
            yield word
        else:
            yield from _cut(word, bare)


def _cut(word: str, bare: str) -> Iterator[str]:
    forms = _JOINED_FORMS
    while found := next((f for f in forms if bare.startswith(f)), None):
        if len(bare) < len(found) + _SHORTEST_REST:
            break
        yield from tables().short.get(forms[found], forms[found]).split()
        word, bare = word[len(found) :], bare[len(found) :]
        forms = _JOINED_FURTHER
    yield word


def _longest(table: _Phrases, words: list[str], at: int) -> tuple[int, str]:
    """How many words from `at` on stand in the table, the most of them, and what for; 0 if none do."""
    for phrase, what in table.get(words[at], ()):
        if words[at : at + len(phrase)] == phrase:
            return len(phrase), what
    return 0, ""


@cache
def _forms() -> _Phrases:
    forms = [(phrase, form) for form, each in tables().forms.items() for phrase in each]
    return _by_first_word([*forms, *((phrase, "") for phrase in tables().no_form)])


@cache
def _fields() -> _Phrases:
    return _by_first_word([(phrase, phrase) for phrase in tables().fields])


def _by_first_word(phrases: list[tuple[str, str]]) -> _Phrases:
    """The longest phrases first."""
    table: _Phrases = {}
    for phrase, what in sorted(phrases, key=lambda each: -len(each[0].split())):
        table.setdefault(phrase.split()[0], []).append((phrase.split(), what))
    return table
