"""Replies as text: cut to a platform's limit, and whole menus as numbered lines where there are no buttons. Pure.

Lengths are UTF-16 units, which is how Telegram counts and the cautious reading of Zalo's "characters".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from content.library import Library
from content.reply import Call, Reply

type Words = Mapping[str, str]
"""The templates named in WORDS, of content/phrases/channel.yml, with their {…} still in."""

WORDS = ("call", "dial", "page", "choose", "note")
_HOLES = {name: "{" + name + "}" for name in ("number", "title", "url", "numbers", "note")}
SHORTEST_LIMIT = 32
_BREAKS = (re.compile(r"(?=\n\s*\n)"), re.compile(r"(?=\n)"), re.compile(r"(?<=[.!?…])[\"”’)\]]*(?=\s)"))
_SPACE = re.compile(r"(?=[^\S\u00a0\u202f])")
_ZWJ = "\u200d"


class _Templates(Mapping[str, str]):
    """Of the library as it is when one is asked for."""

    def __init__(self, library: Library, language: str) -> None:
        self._library, self._language = library, language

    def __getitem__(self, key: str) -> str:
        return self._library.phrase(f"channel.{key}", self._language, **_HOLES)

    def __iter__(self) -> Iterator[str]:
        return iter(WORDS)

    def __len__(self) -> int:
        return len(WORDS)


def words(library: Library, language: str) -> Words:
    """The templates in that language."""
    return _Templates(library, language)


def both(library: Library, key: str) -> str:
    """A phrase in Vietnamese and then in English: for where the person's language is not known."""
    return f"{library.phrase(key, 'vi')}\n\n{library.phrase(key, 'en')}"


def language(reply: Reply) -> str:
    """ "vi" or "en", by the share of letters with marks; "vi" where there is too little to tell.

    Good enough for the few words around a reply of ours, which always has its marks; not for what people type.
    """
    said = unicodedata.normalize("NFC", " ".join((reply.text, *(button.title for button in reply.buttons))))
    letters = [c for c in said if c.isalpha()]
    marked = sum(not c.isascii() for c in letters)
    return "en" if len(letters) >= 12 and marked < len(letters) / 12 else "vi"


def clean(text: str) -> str:
    """What a person typed, without what no store and no encoder takes: lone surrogates and NUL."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(reply: Reply, numbered: bool, limit: int, words: Words) -> list[str]:
    """A reply for a channel that has nothing but text: text, small print, calls, and with `numbered` the buttons."""
    blocks = [reply.body]
    if reply.file:
        blocks.append(reply.file.instead)
    if reply.note:
        blocks.append(words["note"].format(note=reply.note))
    if reply.calls:
        blocks.append("\n".join(call_line(call, words) for call in reply.calls))
    if numbered and reply.buttons:
        numbers = ", ".join(str(n) for n, _ in enumerate(reply.buttons, 1))
        lines = (f"{n}. {button.title}" for n, button in enumerate(reply.buttons, 1))
        blocks.append("\n".join((words["choose"].format(numbers=numbers), *lines)))
    return split("\n\n".join(block for block in blocks if block), limit)


def call_line(call: Call, words: Words) -> str:
    """A number to dial, or a page, as a line of text."""
    if call.number:
        return words["dial" if call.number in call.title else "call"].format(number=call.number, title=call.title)
    return words["page"].format(url=call.url, title=call.title)


def split(text: str, limit: int) -> list[str]:
    """Cuts a text (made NFC) into parts of at most `limit` units, numbered "(1/2) " if there is more than one.

    Cuts at the end of a paragraph, line, sentence or word, else between characters; inside a combining sequence only if
    that alone is longer than a part. Nothing but white space is lost. Raises ValueError below SHORTEST_LIMIT.
    """
    if limit < SHORTEST_LIMIT:
        raise ValueError(f"a part has at least {SHORTEST_LIMIT} units")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).rstrip()
    text = text[_blank_before(text) :]
    if units(text) <= limit:
        return [text] if text else []
    digits = 1
    while True:
        parts = list(_pieces(text, limit - len("(/) ") - 2 * digits))
        if len(parts) < 10**digits:
            return [f"({n}/{len(parts)}) {part}" for n, part in enumerate(parts, 1)]
        digits += 1


def _pieces(text: str, room: int) -> Iterator[str]:
    while units(text) > room:
        cut = _cut(text, _fitting(text, room))
        yield text[:cut].rstrip()
        text = text[cut + _blank_before(text[cut:]) :]
    if text:
        yield text


def _fitting(text: str, room: int) -> int:
    """How many characters of `text` fit."""
    count = min(len(text), room)
    while (excess := units(text[:count]) - room) > 0:
        count -= (excess + 1) // 2
    return count


def _cut(text: str, most: int) -> int:
    """Where to cut, 1 … most; a break in the first half would make too short a part."""
    head = text[: most + 1]  # one more, to see that a word ends exactly at `most`
    for pattern in _BREAKS:
        ends = [m.end() for m in pattern.finditer(head) if most // 2 < m.end() <= most]
        if ends and not joined(text, ends[-1]):
            return ends[-1]
    ends = [m.end() for m in _SPACE.finditer(head) if 0 < m.end() <= most]
    for end in reversed(ends):
        if not joined(text, end) and text[:end].strip():
            return end
    return next((end for end in range(most, 0, -1) if not joined(text, end)), most)


def _blank_before(text: str) -> int:
    """How many characters of white space are at the beginning; one that carries a combining mark is none."""
    count = 0
    while count < len(text) and text[count].isspace() and not joined(text, count + 1):
        count += 1
    return count


def joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of a position belong to one on the screen."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if unicodedata.category(right).startswith("M") or right == _ZWJ or left == _ZWJ:
        return True
    if "\U0001f3fb" <= right <= "\U0001f3ff" or "\U000e0020" <= right <= "\U000e007f":  # skin tones, flags of regions
        return True
    if _indicator(left) and _indicator(right):  # flags are pairs of letters
        before = next((n for n, c in enumerate(reversed(text[:at])) if not _indicator(c)), at)
        return before % 2 == 1
    return False


def _indicator(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
