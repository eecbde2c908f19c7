"""Names that people choose to show on a leaderboard: cleaned, short, one of a kind, and giving nobody away."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 20  # characters
_PHONE = re.compile(r"(?:\d[ .-]?){8,}")
_LINK = re.compile(r"https?:|www\.|@\w|\w/\w|\w\.(?:com|vn|net|org|me|ly|info|top|xyz)\b", re.IGNORECASE)
_TALK = (
    "là gì",
    "gì",
    "thế nào",
    "làm sao",
    "tại sao",
    "vì sao",
    "ở đâu",
    "bao nhiêu",
    "khi nào",
    "cho hỏi",
    "cho mình hỏi",
    "mình muốn",
    "tôi muốn",
    "em muốn",
    "giúp",
    "báo tin",
    "tố giác",
    "lừa đảo",
    "bị lừa",
    "what",
    "how",
    "where",
    "i want",
)
_GREETINGS = {"chào", "xin chào", "chào bạn", "hi", "hello", "alo", "menu", "help", "cảm ơn", "ok", "vâng", "dạ"}


def cleaned(text: str) -> str:
    """One line in NFC without control, invisible or direction-changing characters and without doubled spaces."""
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if sign.isspace() else sign for sign in composed)
    return " ".join("".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C").split())


def problem(name: str) -> str:
    """Why a cleaned name cannot stand on a board: "long", "short", "phone", "link"; or "" if it can."""
    if len(name) > LONGEST:
        return "long"
    if len(name) < 2 or not any(sign.isalpha() for sign in name):
        return "phone" if _PHONE.search(name) else "short"
    if _PHONE.search(name):
        return "phone"
    return "link" if _LINK.search(name) else ""


def key(name: str) -> str:
    """Equal for names that a reader would take for one: "Hoa  Sen" and "hoa sen"; "Lan" and "Lân" stay two."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_talk(text: str) -> bool:
    """A message that is no name, so that the dialogue may answer it: long, asking, greeting."""
    said = f" {' '.join(unicodedata.normalize('NFC', text).casefold().split())} "
    asks = any(f" {words} " in said for words in _TALK) or said.strip() in _GREETINGS
    return len(text) > 2 * LONGEST or "?" in text or len(text.split()) > 6 or asks
