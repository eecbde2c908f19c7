"""The training sentences as files: nlu/data/*.yml, in Rasa's format, one block an intent."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

from nlu.model import ROOT
from nlu.normalise import clean, normalise, strip_marks

FOLDER = ROOT / "nlu" / "data"
_INTENT = re.compile(r"- intent: (\w+)")
_LINE = "    - "
_WORD = re.compile(r"\w+")


class SentenceError(ValueError):
    """A sentence cannot be taken in; the message says why."""


def sentences(folder: Path = FOLDER) -> list[tuple[str, str]]:
    """All of them as (sentence, intent), in the order of the files."""
    found, intent = [], ""
    for path in sorted(folder.glob("*.yml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if begins := _INTENT.fullmatch(line.strip()):
                intent = begins[1]
            elif line.startswith(_LINE):
                found.append((line.removeprefix(_LINE).strip(), intent))
    return found


@cache
def known_words() -> frozenset[str]:
    """What people commonly say, in lower case, as typed and without marks: the words of at least three sentences, and the
    pairs of words, with a space between, of at least two."""
    words, pairs, in_normal_form = Counter[str](), Counter[str](), cache(normalise)
    for sentence, _ in sentences():
        typed = _WORD.findall(clean(sentence).lower())
        bare = [strip_marks(word) for word in typed]
        words.update({*typed, *bare, *map(in_normal_form, typed)})
        pairs.update({" ".join(pair) for said in (typed, bare) for pair in pairwise(said)})
    return frozenset(word for word, times in words.items() if times >= 3) | {
        pair for pair, times in pairs.items() if times >= 2
    }


def take(new: list[str], intent: str, held_out: set[str], folder: Path = FOLDER) -> Path:
    """Appends sentences to the intent's block; the file that was changed. Raises SentenceError, and then changes nothing.

    `held_out`: texts that measure understanding. What differs only in marks, capitals or punctuation is the same.
    """
    held = {_plain(text) for text in held_out}
    have = {_plain(sentence): its for sentence, its in sentences(folder)}
    if intent not in have.values():
        raise SentenceError(f"there is no intent {intent}")
    lines = [" ".join(clean(sentence).split()) for sentence in new]
    for line in lines:
        if _plain(line) in have:
            raise SentenceError(f"already there, as {have[_plain(line)]}: {line}")
        if _plain(line) in held:
            raise SentenceError(f"held out for measuring, so it must not be trained on: {line}")
        if set(line) & set("[]{}"):
            raise SentenceError(f"brackets are Rasa's own marks: {line}")
        have[_plain(line)] = intent
    path = next(
        path for path in sorted(folder.glob("*.yml")) if f"- intent: {intent}\n" in path.read_text(encoding="utf-8")
    )
    _write(path, _with_lines(path.read_text(encoding="utf-8").splitlines(), intent, lines))
    return path


def _plain(sentence: str) -> str:
    """What makes two sentences the same: their words, without marks, capitals and punctuation."""
    return " ".join(_WORD.findall(strip_marks(clean(sentence).casefold())))


def _with_lines(text: list[str], intent: str, lines: list[str]) -> list[str]:
    """The file's lines with new sentences at the end of the intent's (first) block."""
    end = text.index(f"- intent: {intent}") + 1
    while end < len(text) and not _INTENT.fullmatch(text[end].strip()):
        end += 1
    while not text[end - 1].strip():
        end -= 1
    return [*text[:end], *(_LINE + line for line in lines), *text[end:]]


def _write(path: Path, lines: list[str]) -> None:
    """Whole or not at all: the training data must survive a power cut."""
    draft = path.with_suffix(".new")
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(path)
