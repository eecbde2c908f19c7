"""Numbers of licences: "0123/AB-GP", as they stand in a list and as people type them, with a name or alone."""

from __future__ import annotations

import re

from guides.company.names import LONGEST
from nlu.normalise import clean, strip_marks

_WHOLE = re.compile(r"(?<![\w/])0*(\d{1,6})\s*/\s*(?:\d{2,4}\s*/\s*)?[a-z]+(?:\s*[-/]\s*[a-z]+)*(?: gp(?!\w))?")
_SAID = re.compile(
    r"(?<!\w)(?:giay phep|gpxkld|gp|licen[cs]e)(?: (?:so|number|no\.?|la|is))*\s*[:#]?\s*(?<!\d)0*(\d{1,6})(?![\d/])"
)
_ALONE = re.compile(r"\W*(?:so|no\.?|number)?\W*0*(\d{1,6})\W*")
_WORD_FOR_IT = re.compile(r"(?<!\w)(?:so )?(?:giay phep|gpxkld|gp|licen[cs]e)(?: (?:so|number|no))?(?!\w)")


def split(text: str) -> tuple[str, str]:
    """The number of a licence in a text, without leading zeros ("" if there is none), and the text without it."""
    text = clean(text[:LONGEST])
    bare = _bare(text)
    if found := _ALONE.fullmatch(bare):
        return found[1], ""
    found = _WHOLE.search(bare) or _SAID.search(bare)
    if not found:
        return "", text
    if len(bare) != len(text):  # some letter became two: only the bare form has these positions
        text = bare
    around = text[: found.start()] + " " + text[found.end() :]
    for word in reversed(list(_WORD_FOR_IT.finditer(_bare(around)))):
        around = around[: word.start()] + " " + around[word.end() :]
    return found[1], around


def said(text: str) -> str:
    """The number as it was typed, in a form that `split` reads again; "" if there is none."""
    found, _ = split(text)
    whole = _WHOLE.search(_bare(clean(text[:LONGEST])))
    return whole[0] if whole else f"gp {found}" if found else ""


def is_whole(text: str) -> bool:
    """Whether more than digits was typed ("123/AB-GP")."""
    return bool(_WHOLE.search(_bare(clean(text[:LONGEST]))))


def written_in(text: str, licence: str) -> bool:
    """Whether the whole of a listed licence's number stands in what was typed."""
    found = _WHOLE.search(_bare(clean(text[:LONGEST])))
    return found is not None and bool(key(licence)) and key(found[0]) == key(licence)


def number(licence: str) -> str:
    """What stands before the slash, without leading zeros; "" if there is no number."""
    found = re.search(r"\d+", licence)
    return (found[0].lstrip("0") or "0") if found else ""


def key(licence: str) -> str:
    """The same for two ways of writing a number: without zeros in front, spaces, marks, punctuation."""
    bare = re.sub(r"[\W_]+", " ", _bare(clean(licence)))
    return "".join(word.lstrip("0") if word.isdigit() else word for word in bare.split())


def _bare(text: str) -> str:
    return strip_marks(text.lower())
