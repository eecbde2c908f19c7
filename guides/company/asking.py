"""Which company somebody asks about: the name in a sentence, or a name alone. What is no name is left to the engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from guides.company import licences
from guides.company.names import parse
from guides.company.words import tables
from nlu import entities
from nlu.normalise import clean, strip_marks

LONGEST = 600  # characters of a message that are looked at
LONGEST_NAME = 12  # words
_LEADS_ONLY = frozenset(
    "ten name named called ben agency firm company".split()
)  # a word before a name that says less than "công ty"
EMERGENCY = frozenset("111 112 113 114 115".split())  # whoever types one of them alone means the number to dial
_MOST_WORDS = 5  # of a name behind "công ty" in lower case: nothing else says where it ends
_LONGEST_ANSWER = 8  # words of an answer that is nothing but a name
_TOKEN = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r"[\"“”«»]([^\"“”«»]{2,120})[\"“”«»]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What may be a company's name. `sure`: somebody who reads it would say that it is one."""

    name: str = field(repr=False)  # a person's words
    sure: bool


def names_in(text: str, today: date) -> list[Asked]:
    """What may be the company in a sentence; none for a question about companies as such."""
    text = clean(text[:LONGEST])
    quoted = [Asked(name, len(name.split()) > 1) for name in _QUOTED.findall(text)]
    found = [*quoted, *_found_by_rules(text, today), *_behind_lead(text), *_between_talk(text)]
    found = [asked for asked in found if not parse(asked.name).only_fields]
    if licence := licences.said(text):
        return _with_licence(text, found, licence, today)
    if not found and is_answer(text, today):
        found = [Asked(text, True)]
    return list(dict.fromkeys(found))


def listed_in(text: str, find: Callable[[list[str]], tuple[int, int] | None]) -> Asked | None:
    """A listed name in a sentence, by `find` among its words. It is sure where the sentence leaves no room for a longer name."""
    text = clean(text[:LONGEST])
    tokens = _tokens(text)
    where = find([token.typed for token in tokens])
    if where is None:
        return None
    start, end = where
    leads = _lead(tokens, start) > 0
    return Asked(text[tokens[start].start : tokens[end - 1].end], (leads or start == 0) and _ends_at(text, tokens, end))


def _with_licence(text: str, found: list[Asked], licence: str, today: date) -> list[Asked]:
    """The number goes with the name: both must fit."""
    rest = licences.split(text)[1].strip()
    named = [licences.split(asked.name)[1].strip() for asked in found if asked.sure]
    if not named and rest and is_answer(rest, today):
        named = [rest]
    both = [Asked(f"{name} {licence}", True) for name in named if not parse(name).only_fields]
    return list(dict.fromkeys(both)) or [Asked(licence, True)]


def is_answer(text: str, today: date) -> bool:
    """Whether a text can be nothing but a name, or a licence's number, when one was asked for."""
    words = _words(text)
    if " ".join(words) in EMERGENCY:
        return False
    if licences.split(text)[0] and len(words) <= LONGEST_NAME:
        return True
    table = tables().talk
    if not words or "?" in text or len(words) > _LONGEST_ANSWER or " ".join(words) in table.small:
        return False
    typed = re.findall(r"[^\W_]+", clean(text))
    talks = any(word in table.chatter for word in words) or any(word in table.typed for word in typed)
    letters = sum(c.isalpha() for c in text)
    return letters > 1 and not talks and not parse(text).only_fields and not _is_other_value(text, today)


def _is_other_value(text: str, today: date) -> bool:
    """A country, a telephone number, an amount, a day and nothing else."""
    found = entities.find(text, today)
    if len(found) != 1 or found[0].kind is entities.Kind.COMPANY or found[0].text.strip() != text.strip():
        return False
    return found[0].kind is not entities.Kind.PLACE or found[0].value["type"] == "country"


def is_yes(text: str) -> bool:
    return " ".join(_words(text)) in tables().talk.yes


def is_no(text: str) -> bool:
    return " ".join(_words(text)) in tables().talk.no


def is_unknown(text: str) -> bool:
    """ "I do not know" or "skip"."""
    return " ".join(_words(text)) in tables().talk.unknown


def _found_by_rules(text: str, today: date) -> Iterator[Asked]:
    """What the rules for all texts find, unless a word goes on behind it that may belong to the name."""
    tokens = _tokens(text)
    for entity in entities.find(text, today):
        if entity.kind is entities.Kind.COMPANY:
            behind = next((at for at, token in enumerate(tokens) if token.start >= entity.end), len(tokens))
            if _ends_at(text, tokens, behind):
                yield Asked(entity.text, True)


def _behind_lead(text: str) -> Iterator[Asked]:
    """What stands behind "công ty", "cty" … up to the first word that goes on with the sentence."""
    tokens = _tokens(text)
    for at in range(len(tokens)):
        lead = _lead(tokens, at)
        start = at + lead
        if not lead or start == len(tokens) or _sentence_ends(text, tokens, start):
            continue
        end = _end(text, tokens, start)
        name = parse(text[tokens[start].start : tokens[end - 1].end]) if end > start else None
        if name is None or name.only_fields:
            continue
        says_little = tokens[at].bare in _LEADS_ONLY
        begin = start if says_little else at
        sure = len(name.core) >= 2 and (tokens[start].proper or not says_little) and _ends_at(text, tokens, end)
        yield Asked(text[tokens[begin].start : tokens[end - 1].end], sure)


def _sentence_ends(text: str, tokens: list[_Token], at: int) -> bool:
    """Whether a sentence ends between a word and the one before it."""
    return re.search(r"[.?!;]\s", text[tokens[at - 1].end : tokens[at].start]) is not None


def _end(text: str, tokens: list[_Token], start: int) -> int:
    """Where the name that begins at a word ends; `start` if there is none."""
    end, own = start, 0
    while end < len(tokens) and own < _MOST_WORDS:
        none = own == 0 and _is_no_beginning(tokens[end])
        if none or (end > start and _ends_at(text, tokens, end)):
            break
        own += not parse(text[tokens[start].start : tokens[end].end]).only_fields
        end += 1
    return end


def _ends_at(text: str, tokens: list[_Token], at: int) -> bool:
    """Whether a name cannot go on with this word."""
    if at >= len(tokens) or (at and re.search(r"[,;:?!\n“”\"]|\.\s", text[tokens[at - 1].end : tokens[at].start])):
        return True
    if tokens[at].proper:
        return False
    table = tables().talk
    marked = text != strip_marks(text)  # then a word without marks is meant without them
    return tokens[at].among(table.after, table.after_typed) or (marked and tokens[at].typed in table.after_typed)


def _is_no_beginning(token: _Token) -> bool:
    """Whether a word behind "công ty" goes on with the sentence instead of naming it."""
    table = tables().talk
    return not token.proper and token.among(table.names_none, table.names_none_typed)


def _is_before(token: _Token, at: int) -> bool:
    """Whether a word stands before a name and is no part of it."""
    if at and token.proper:
        return False
    return (
        token.typed in tables().talk.before_typed if token.typed != token.bare else token.bare in tables().talk.before
    )


def _between_talk(text: str) -> Iterator[Asked]:
    """A name without "công ty": what is left of a short question when the talk around it is taken away."""
    tokens = _tokens(text)
    table = tables().talk
    if any(_lead(tokens, at) for at in range(len(tokens))):
        return  # then the name stands behind it, or nowhere
    start = 0
    while start < len(tokens) and _is_before(tokens[start], start):
        start += 1
    end = start
    while end < len(tokens) and not _ends_at(text, tokens, end) and end - start < _LONGEST_ANSWER:
        end += 1
    own = tokens[start:end]
    if not own or len(own) == len(tokens):
        return
    if all(token.proper or token.bare not in table.chatter for token in own):
        sure = len(own) >= 2 and all(token.proper for token in own) and _ends_at(text, tokens, end)
        yield Asked(text[own[0].start : own[-1].end], sure)


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    start: int
    end: int
    typed: str  # lower case
    bare: str
    proper: bool  # with a capital, in a text that is not all capitals

    def among(self, bare: frozenset[str], typed: frozenset[str]) -> bool:
        """A word typed with marks is looked for with them: "cổ" is not "có"."""
        return self.bare in bare if self.typed == self.bare else self.typed in typed


def _tokens(text: str) -> list[_Token]:
    shouted = text.isupper()
    found = ((match.start(), match.end(), match[0]) for match in _TOKEN.finditer(text))
    return [_Token(a, b, w.lower(), strip_marks(w.lower()), w[0].isupper() and not shouted) for a, b, w in found]


def _lead(tokens: list[_Token], at: int) -> int:
    """How many words from here on lead to a name ("công ty"), 0 if none do."""
    known = range(min(3, len(tokens) - at), 0, -1)
    return next((n for n in known if " ".join(t.bare for t in tokens[at : at + n]) in tables().talk.leads), 0)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", strip_marks(clean(text).lower()))
