"""The training sentences as files: nlu/data/*.yml, in Rasa's format, one block an intent."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from nlu.model import ROOT
from nlu.normalise import clean, strip_marks

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
    """The words of at least three sentences, without marks, in lower case."""
    counts: dict[str, int] = {}
    for sentence, _ in sentences():
        for word in set(_WORD.findall(strip_marks(sentence.lower()))):
            counts[word] = counts.get(word, 0) + 1
    return frozenset(word for word, times in counts.items() if times >= 3)


def take(new: list[str], intent: str, held_out: set[str], folder: Path = FOLDER) -> Path:
    """Appends sentences to the intent's block; the file that was changed. Raises SentenceError, and then changes nothing."""
    have = {_plain(sentence): its for sentence, its in sentences(folder)}
    if intent not in have.values():
        raise SentenceError(f"there is no intent {intent}")
    lines = [" ".join(clean(sentence).split()) for sentence in new]
    for line in lines:
        if _plain(line) in have:
            raise SentenceError(f"already there, as {have[_plain(line)]}: {line}")
        if _plain(line) in held_out:
            raise SentenceError(f"held out for measuring, so it must not be trained on: {line}")
        if set(line) & set("[]{}"):
            raise SentenceError(f"brackets are Rasa's own marks: {line}")
    path = next(
        path for path in sorted(folder.glob("*.yml")) if f"- intent: {intent}\n" in path.read_text(encoding="utf-8")
    )
    text = path.read_text(encoding="utf-8").splitlines()
    end = text.index(f"- intent: {intent}") + 1
    while end < len(text) and not _INTENT.fullmatch(text[end].strip()):
        end += 1
    while not text[end - 1].strip():
        end -= 1
    text[end:end] = [_LINE + line for line in lines]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def _plain(sentence: str) -> str:
    return " ".join(sentence.casefold().split())
