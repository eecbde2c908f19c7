"""Every text that a person may read, in whatever file below content/ it stands, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from content import packs
from content.files import RULES_ONLY, At, Marked

_NO_TEXTS = ("sources.yml", "places.yml", RULES_ONLY)  # `fact` says what a source says, in its words
_ASKED = ("text", "why", "article")
_LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Said:
    """One text in one language."""

    marked: Marked
    at: At
    language: str
    text: str

    @property
    def is_law(self) -> bool:
        """A line of law: there the law's own words count."""
        return "law" in self.at


@dataclass(frozen=True, slots=True)
class Pair:
    """A text with its languages, as it stands in a file."""

    marked: Marked
    at: At
    vi: str
    en: str | None


def pairs(files: Iterable[Marked]) -> Iterator[Pair]:
    """All that has a text in Vietnamese and should have one in English."""
    for marked in files:
        if marked.name in _NO_TEXTS or marked.name.startswith(f"{packs.FOLDER}/"):
            continue
        yield from _pairs(marked, marked.value, ())


def said(files: Iterable[Marked]) -> Iterator[Said]:
    """All texts; of a question the right option alone, since the others are meant to be wrong."""
    for marked in files:
        if marked.name.startswith("questions/") and isinstance(marked.value, list):
            yield from _asked(marked, marked.value)
        elif marked.name.startswith(f"{packs.FOLDER}/") and isinstance(marked.value, dict):
            language = marked.name.split("/")[1]
            asks = marked.name.split("/")[2] == "questions"  # which option is the right one is not said there
            texts = {key: t for key, t in marked.value.items() if not (asks and ".options." in str(key))}
            yield from (Said(marked, (str(k),), language, t) for k, t in texts.items() if isinstance(t, str))
        elif marked.name not in _NO_TEXTS:
            for pair in _pairs(marked, marked.value, ()):
                yield Said(marked, (*pair.at, "vi"), "vi", pair.vi)
                if pair.en is not None:
                    yield Said(marked, (*pair.at, "en"), "en", pair.en)


def _pairs(marked: Marked, value: Any, at: At) -> Iterator[Pair]:
    if isinstance(value, dict) and isinstance(value.get("vi"), str):
        english = value.get("en")
        yield Pair(marked, at, value["vi"], english if isinstance(english, str) and english.strip() else None)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _pairs(marked, item, (*at, str(key)))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _pairs(marked, item, (*at, place))


def _asked(marked: Marked, questions: list[Any]) -> Iterator[Said]:
    for place, question in enumerate(questions):
        if not isinstance(question, dict):
            continue
        for key in _ASKED:
            for language, text in _languages(question.get(key)).items():
                yield Said(marked, (place, key, language), language, text)
        options, right = question.get("options"), question.get("answer")
        if isinstance(options, list) and isinstance(right, int) and 0 <= right < len(options):
            asked = _languages(question.get("text"))  # an option means something only with its question
            for language, text in _languages(options[right]).items():
                whole = f"{asked.get(language, '').rstrip(' ?')}: {text}"
                yield Said(marked, (place, "options", right, language), language, whole)


def _languages(value: Any) -> dict[str, str]:
    """A text by language; a plain one is the same in all."""
    texts = value if isinstance(value, dict) else dict.fromkeys(_LANGUAGES, value)
    return {language: text for language in _LANGUAGES if isinstance(text := texts.get(language), str)}
