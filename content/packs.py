"""Languages besides Vietnamese and English: a folder content/languages/<code>/ that mirrors the files, with texts alone.

A file there has one key for each text, its path in the file that it mirrors: `lead`, `points.0`, `113.title`; of a list of
versions `lead.0`. language.yml says how the language is called and asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from content.files import At, Marked

FOLDER = "languages"
ABOUT = "language.yml"
BUILT_IN = ("vi", "en")  # their texts stand in the files themselves


@dataclass(frozen=True, slots=True)
class Translations:
    """By file, by path, by language."""

    texts: Mapping[str, Mapping[str, Mapping[str, str]]]

    def into(self, name: str, at: At, value: Any) -> Any:
        """A value of a file with its texts in other languages put beside the Vietnamese ones."""
        texts = self.texts.get(name)
        return _filled(value, at, texts) if texts else value


def codes(files: Mapping[str, Marked]) -> list[str]:
    """The languages for which there is a folder."""
    return sorted({name.split("/")[1] for name in files if name.startswith(f"{FOLDER}/") and name.count("/") > 1})


def read(files: Mapping[str, Marked]) -> Translations:
    """What the folders of languages hold."""
    texts: dict[str, dict[str, dict[str, str]]] = {}
    for code in codes(files):
        for name, marked in files.items():
            mirrored = name.removeprefix(f"{FOLDER}/{code}/")
            if mirrored in (name, ABOUT) or not isinstance(marked.value, dict):
                continue
            for key, text in marked.value.items():
                if isinstance(text, str) and text.strip():
                    texts.setdefault(mirrored, {}).setdefault(str(key), {})[code] = text
    return Translations(texts)


def wanted(value: Any, at: At = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """The paths of all texts of a file that a language can have, each with its Vietnamese and English."""
    if isinstance(value, dict) and isinstance(value.get("vi"), str):
        yield path(at), value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from wanted(item, (*at, str(key)))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from wanted(item, (*at, place))


def path(at: At) -> str:
    return ".".join(str(part) for part in at)


def _filled(value: Any, at: At, texts: Mapping[str, Mapping[str, str]]) -> Any:
    if isinstance(value, dict) and "vi" in value:
        found = texts.get(path(at))
        return {**value, "others": dict(found)} if found else value
    if isinstance(value, dict):
        return {key: _filled(item, (*at, str(key)), texts) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, (*at, place), texts) for place, item in enumerate(value)]
    return value
