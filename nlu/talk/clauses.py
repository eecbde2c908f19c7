"""Cuts a message into clauses, so that two wishes in one message can be heard apart. Pure.

It only cuts; whether two clauses are two wishes is judged by their readings (nlu/talk/wishes.py).
"""

from __future__ import annotations

import re

from nlu.normalise import clean, strip_marks

SHORTEST = 3  # words; what is shorter goes with its neighbour
MOST = 8  # clauses of a text; the rest stays in the last
_PAUSE = re.compile(r"[.?!;,…:]+[)\"”’]*$|^[-–—]+$")
_EDGES = '.?!;,…:-–— "“”()'
# Said between two wishes and to none of them; without marks, longest first.
_LINKS = tuple(
    tuple(link.split())
    for link in (
        "ngoai ra thi", "va ngoai ra", "va dong thoi", "voi lai la", "a ma nay", "and by the way", "one more thing",
        "voi lai", "vs lai", "ngoai ra", "dong thoi", "nhan tien", "tien the", "tien day", "a ma", "them nua",
        "and also", "by the way", "va", "also", "and", "plus",
    )
)  # fmt: skip
# Begins a wish and belongs to it: "… cho em hỏi", "… rồi cho mình xin", "… em muốn hỏi".
_OPENING = re.compile(
    r"(?:roi |voi |vs |thi |luon )?(?:cho|xin cho) (?:\w+ ){0,2}?(?:hoi|xin|biet)\b"
    r"|(?:em|minh|toi|tui|con|chau|e|t|m|chi|co|bac|chu) (?:cung |con )?(?:muon|mun|can) (?:hoi|biet)\b"
    r"|roi (?:cho|chi|ke) \w+"
)
_BARE_OPENING = re.compile(r"(?:\w+ )?(?:cho|xin) (?:\w+ )?(?:hoi|biet)(?: chut| xiu| ty| voi| la)?")  # "cho em hỏi,"
_BUT_ALSO = "còn"  # without its mark it may be a child, or the speaker


def clauses(text: str) -> tuple[str, ...]:
    """The clauses of a text, as typed, without the words and signs between them; each of at least three words.

    A text that is one clause, or too short for two, comes back whole; an empty one as ().
    """
    words = clean(text).split()
    if len(words) < 2 * SHORTEST:
        return (" ".join(words),) if words else ()
    return _whole(_cut(words))


def _cut(words: list[str]) -> list[list[str]]:
    """The words between the cuts."""
    bare = _bare(words).split(" ")
    parts: list[list[str]] = [[]]
    place = 0
    while place < len(words):
        link = _link(words, bare, place)
        begins = bool(link) or bool(_OPENING.match(" ".join(bare[place : place + 6])))
        if parts[-1] and begins and not _only_opening(parts[-1]):
            parts.append([])
        if link and len(parts) > 1 and not parts[-1]:
            place += link
            continue
        parts[-1].append(words[place])
        if _PAUSE.search(words[place]):
            parts.append([])
        place += 1
    return [part for part in parts if part]


def _bare(words: list[str]) -> str:
    """Lower case, without marks and signs; as many words as there were."""
    return " ".join(strip_marks(word.lower()).strip(_EDGES) for word in words)


def _link(words: list[str], bare: list[str], place: int) -> int:
    """How many words the link that begins here has, or 0."""
    if words[place].lower().strip(_EDGES) == _BUT_ALSO:
        return 1
    return next((len(link) for link in _LINKS if tuple(bare[place : place + len(link)]) == link), 0)


def _only_opening(part: list[str]) -> bool:
    """ "rồi | cho em hỏi" is one opening."""
    return len(part) < SHORTEST - 1


def _whole(parts: list[list[str]]) -> tuple[str, ...]:
    """Short parts go to the part after them, the last to the one before; not more than `MOST`."""
    merged: list[list[str]] = []
    waiting: list[str] = []
    for part in parts:
        waiting += part
        if len(waiting) >= SHORTEST and not _BARE_OPENING.fullmatch(_bare(waiting)):
            merged.append(waiting)
            waiting = []
    if waiting and merged:
        merged[-1] = merged[-1] + waiting
    elif waiting:
        merged.append(waiting)
    if len(merged) > MOST:
        merged[MOST - 1 :] = [[word for part in merged[MOST - 1 :] for word in part]]
    return tuple(" ".join(part).strip(_EDGES.replace("?", "")) for part in merged)
