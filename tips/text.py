"""Typed text made safe to keep and to show: nothing visible is lost, nothing invisible can mislead a reader."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Bidi controls can make a number or a name read backwards; the other four are invisible and would count as an answer.
_INVISIBLE = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\u00ad")
_JOINERS = {"\u200c", "\u200d"}  # kept: emoji and some scripts need them


@dataclass(frozen=True, slots=True)
class CleanText:
    """NFC text without control characters, stripped; `dropped` tells that something invisible was taken out."""

    text: str = field(repr=False)
    dropped: bool = False


def clean(raw: str) -> CleanText:
    """Cleans what a person typed. Tabs and line ends stay; half a surrogate pair becomes U+FFFD."""
    text = _LINE_ENDS.sub("\n", raw)
    if any(unicodedata.category(c) == "Cs" for c in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = "".join(c for c in text if not _is_hidden(c))
    seen = kept if any(not c.isspace() and c not in _JOINERS for c in kept) else ""
    return CleanText(unicodedata.normalize("NFC", seen).strip(), dropped=kept != text)


def shorten(text: str, limit: int) -> str:
    """The text in one line, cut after at most `limit` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _is_hidden(character: str) -> bool:
    return character in _INVISIBLE or (unicodedata.category(character) == "Cc" and character not in "\n\t")
