"""Short answers as people type them. The words are data: phrases with commas or semicolons between them, in all languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from content.library import Library
from content.spelling import bare, says
from nlu.normalise import normalise
from tips.citizen import words

READS = 400  # characters of an answer that are looked at
_WORDS = "guide_danger.hears_"
_MOST_WORDS = 25  # a longer text tells something; no single word in it is the answer
_SHORT_QUESTION = 15


def is_one_of(library: Library, key: str, text: str) -> bool:
    """Nothing but one of the words `hears_<key>` of the guide for danger."""
    return is_phrase(library, f"{_WORDS}{key}", text)


def is_phrase(library: Library, phrase: str, text: str) -> bool:
    """Nothing but one of the words of that phrase."""
    return any(words.is_one_of(written, said) for said in _said(library, phrase) for written in _written(text))


def option(library: Library, text: str, *keys: str, within: str = _WORDS) -> str:
    """Which of the options a text names: the one with the longest of its words in it; "" for none.

    The words of an option are the phrase `within` + its key.
    """
    said = [bare(written) for written in _written(text)]
    if any(len(each.split()) > _MOST_WORDS for each in said):
        return ""
    found = [
        (len(w), key) for key in keys for w in _listed(library, f"{within}{key}") if any(says(each, w) for each in said)
    ]
    return max(found)[1] if found else ""


def is_wish(library: Library, text: str) -> bool:
    """What is no answer anywhere: to leave, to go to the menu, to ask something, the title of a button elsewhere."""
    if is_one_of(library, "leave", text):
        return True
    said = " ".join(text[:READS].casefold().split())
    shown = (topic.title for topic in library.topics.values() if topic.kind != "talk")
    titles = (words for title in shown for words in (title.vi, title.en))
    if any(title and title.casefold() == said for title in titles):
        return True
    begins = any(bare(text[:READS]).startswith(bare(begin)) for begin in _listed(library, f"{_WORDS}wish"))
    return begins or _asks(library, text)


def _asks(library: Library, text: str) -> bool:
    """A short question. A longer text may quote one."""
    count = len(text[:READS].split())
    if not 0 < count <= _SHORT_QUESTION:
        return False
    said = bare(text[:READS])
    return text.rstrip().endswith("?") or any(said.endswith(bare(w)) for w in _listed(library, f"{_WORDS}asking"))


def _written(text: str) -> tuple[str, str]:
    """As it was typed, and with its short words written out ("ko nói đc")."""
    text = text[:READS]
    return text, normalise(text)


def has_words(text: str) -> bool:
    return any(c.isalnum() for c in text[:READS])


def tidy(text: str, most: int) -> str:
    """At most so many characters in one line, composed, without what cannot be seen. Lone surrogates and control characters go."""
    composed = unicodedata.normalize("NFC", text[: most * 8])
    seen = "".join(" " if c.isspace() else c for c in composed if c.isspace() or unicodedata.category(c)[0] != "C")
    return re.sub(r" +", " ", seen).strip()[:most].rstrip()


def _listed(library: Library, key: str) -> Iterator[str]:
    """Each of the words of a phrase."""
    for said in _said(library, key):
        yield from (word for word in re.split("[,;]", said) if word.strip())


def _said(library: Library, key: str) -> tuple[str, ...]:
    """The words in every language: people mix them."""
    phrase = library.phrases[key]
    return (phrase.vi, phrase.en or "", *phrase.others.values())
