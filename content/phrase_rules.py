"""Rules for content/phrases/: what the program says by name is there, with no gap that nobody fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from content import files
from content.files import FOLDER, Marked
from content.finding import Finding
from content.text_rules import gaps

_BELOW = "phrases/"


def findings(folder: Mapping[str, Marked]) -> Iterator[Finding]:
    """Against the phrases that came with the program: those are the ones that its code asks for, and fills in."""
    home = next((marked.shown.removesuffix(marked.name) for marked in folder.values()), "")
    for name, shipped in _shipped().items():
        marked = folder.get(name)
        if marked is None:
            yield Finding(f"{home}{name}", "missing phrase", "the file is missing: the bot says what is in it")
            continue
        there = marked.value if isinstance(marked.value, dict) else {}
        for key, filled in shipped.items():
            if key not in there:
                yield marked.finding((), "missing phrase", f"{key} is missing: the bot says it")
            elif unknown := _gaps(there[key]) - filled:
                yield marked.finding((key,), "different gaps", f"nobody fills in {{{', '.join(sorted(unknown))}}}")


@cache
def _shipped() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """By file, by key, the names that are filled in."""
    read = (files.read(FOLDER, name) for name in files.names(FOLDER) if name.startswith(_BELOW))
    return {
        marked.name: {str(key): _gaps(words) for key, words in marked.value.items()}
        for marked in read
        if isinstance(marked, Marked) and isinstance(marked.value, dict)
    }


def _gaps(words: Any) -> frozenset[str]:
    """Of the Vietnamese; that the other languages have the same is another rule."""
    return gaps(str(words.get("vi", ""))) or frozenset() if isinstance(words, dict) else frozenset()
