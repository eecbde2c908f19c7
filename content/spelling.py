"""Words as people type them: without marks, in small letters, with single spaces."""

from __future__ import annotations

import re
import unicodedata

_NO_WORD = re.compile(r"[^\w]+")


def bare(text: str) -> str:
    """ " bị bán lên tàu cá " with a space around each word: " bi ban len tau ca "."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(c for c in apart if not unicodedata.combining(c))
    return f" {_NO_WORD.sub(' ', letters).strip()} "


def says(text: str, words: str) -> bool:
    """Whether these words, as whole words and in this order, are in a text that is bare already."""
    return bare(words) in text
