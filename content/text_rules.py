"""Rules for every text, wherever below content/ it stands: traps, languages, Unicode, links, reading ease, gaps."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from content import packs
from content.files import RULES_ONLY, At, Marked
from content.finding import Finding
from content.spelling import bare
from content.texts import Pair, Said, pairs, said
from content.traps import sentences, traps_in

LONGEST_SENTENCE = 25  # words
ENGLISH_IS_ASKED = True  # whether a text without English is an error; else a warning
_LIST = 6  # commas: a list of words is no sentence
_LINK = re.compile(r"\bhttps?://[^\s\"'<>)\]”’]*|\bwww\.[^\s\"'<>)\]”’]+", re.IGNORECASE)
_CLAUSES = re.compile(r"[!?:;…](?:\s|$)|\.(?:\s|$)")


def findings(files: Mapping[str, Marked]) -> Iterator[Finding]:
    plain = _plain_words(files)
    for marked in files.values():
        for at in marked.doubled:
            yield marked.finding(at, "twice the same key", f"{at[-1]} is there already, and only one counts")
        yield from _links(marked, marked.value, ())
    for text in said(files.values()):
        yield from _text(text, plain)
    for pair in pairs(files.values()):
        yield from _languages(pair)
    for code in packs.codes(files):
        if code not in packs.BUILT_IN:
            yield from _pack(code, files)


def _text(said: Said, plain: Mapping[str, str]) -> Iterator[Finding]:
    marked, at, text = said.marked, said.at, said.text
    if unicodedata.normalize("NFC", text) != text:
        yield marked.finding(at, "not NFC", "save the file in composed Unicode")
    for rule, remedy in traps_in(text):
        yield marked.finding(at, rule, f"{remedy}: “{text[:60]}”")
    if said.is_law or "options" in at:
        return
    for sentence in sentences(text):
        for clause in _CLAUSES.split(sentence):
            count = len(clause.split())
            if count > LONGEST_SENTENCE and clause.count(",") < _LIST:
                remedy = f"{count} words, at most {LONGEST_SENTENCE}: “{clause.strip()[:40]}…”"
                yield marked.finding(at, "long sentence", remedy, warning=True)
    spoken = f" {unicodedata.normalize('NFC', re.sub(r'[^\w]+', ' ', text)).casefold().strip()} "
    for word, better in plain.items():
        if f" {word} " in spoken:
            yield marked.finding(at, "office word", f"“{word}”: better “{better}”", warning=True)


def _languages(pair: Pair) -> Iterator[Finding]:
    if pair.en is None:
        remedy = f"write the English (en) of “{pair.vi[:40]}”"
        yield pair.marked.finding(pair.at, "no English", remedy, warning=not ENGLISH_IS_ASKED)
    elif pair.marked.name.startswith("phrases/") and gaps(pair.vi) != gaps(pair.en):
        yield pair.marked.finding(pair.at, "different gaps", "both languages fill in the same {names}")


def _pack(code: str, files: Mapping[str, Marked]) -> Iterator[Finding]:
    """What a further language lacks, has too much of, or fills in otherwise."""
    for name, mirrored in sorted(files.items()):
        if name.startswith(f"{packs.FOLDER}/") or name == RULES_ONLY:
            continue
        wanted = dict(packs.wanted(mirrored.value))
        pack = files.get(f"{packs.FOLDER}/{code}/{name}")
        texts = pack.value if pack and isinstance(pack.value, dict) else {}
        lacking = [path for path in wanted if not isinstance(texts.get(path), str)]
        if lacking:
            file = f"{mirrored.shown.removesuffix(name)}{packs.FOLDER}/{code}/{name}"
            shown = ", ".join(lacking[:5]) + (f" and {len(lacking) - 5} more" if len(lacking) > 5 else "")
            remedy = f"{len(lacking)} of {len(wanted)} texts are missing: {shown}"
            yield Finding(file, f"incomplete language {code}", remedy, warning=True)
        for path, text in texts.items():
            at = (str(path),)
            if pack and path not in wanted:
                yield pack.finding(at, f"unknown text in {code}", f"{name} has no {path}", warning=True)
            elif pack and name.startswith("phrases/") and gaps(str(text)) != gaps(wanted[path]["vi"]):
                yield pack.finding(at, "different gaps", "all languages fill in the same {names}")


def gaps(text: str) -> frozenset[str] | None:
    """The names that are filled in; None if the braces make no sense."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    except ValueError:
        return None


def _links(marked: Marked, value: object, at: At) -> Iterator[Finding]:
    """Addresses anywhere in a file: https, with a host that can be one."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _links(marked, item, (*at, str(key)))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _links(marked, item, (*at, place))
    elif isinstance(value, str):
        found = _LINK.findall(value) or ([value] if at and at[-1] == "url" and value else [])
        for link in found:
            if not _well_formed(link):
                yield marked.finding(at, "address", f"links are https://… with a host: {link[:60]}")


def _well_formed(link: str) -> bool:
    if link.casefold().startswith("www."):
        link = f"https://{link}"
    try:
        parts = urlsplit(link.rstrip(".,;:!?"))
        host = parts.hostname or ""
        return parts.scheme == "https" and bool(re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", host)) and parts.port is None
    except ValueError:
        return False


def _plain_words(files: Mapping[str, Marked]) -> dict[str, str]:
    """Words of offices and what people say instead, both as they are written."""
    marked = files.get(RULES_ONLY)
    listed = marked.value if marked and isinstance(marked.value, list) else []
    good = (e for e in listed if isinstance(e, dict) and isinstance(e.get("word"), str) and bare(e["word"]).strip())
    return {entry["word"].casefold(): str(entry.get("plain", "")) for entry in good}
