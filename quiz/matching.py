"""Reads what people type instead of pressing a button: "B", "câu 2", "đáp án c ạ", the words of an option, "thôi"."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from content.model import Question, Words

LETTERS = "ABCD"
_BEFORE = {
    "em",
    "minh",
    "toi",
    "chi",
    "chon",
    "dap",
    "an",
    "dapan",
    "da",
    "cau",
    "y",
    "phuong",
    "so",
    "tra",
    "loi",
    "la",
    "option",
    "answer",
    "choice",
    "letter",
    "number",
    "question",
    "i",
    "choose",
    "pick",
    "think",
    "the",
    "my",
    "is",
    "it",
    "s",
}
_AFTER = {"ạ", "a", "nhé", "nhe", "nha", "nhỉ", "thôi", "đó", "ấy", "em", "please", "thanks", "i", "think"}
_STOP = {
    "dung",
    "dung lai",
    "thoi",
    "nghi",
    "thoat",
    "ket thuc",
    "khong lam nua",
    "khong choi nua",
    "khong thi nua",
    "thoi khong thi",
    "not now",
    "stop",
    "stop here",
    "i want to stop",
    "quit",
    "exit",
    "enough",
    "no more",
}
_SKIP = {"bo qua", "skip", "khong", "ko", "tuy", "tuy ban", "dat ten giup minh", "pick one for me", "you choose"}
_GO_ON = {
    "tiep",
    "tiep tuc",
    "lam tiep",
    "thi tiep",
    "cau tiep",
    "nhac lai",
    "continue",
    "go on",
    "next",
    "repeat",
    "again",
}


def match_option(text: str, question: Question, order: Sequence[int]) -> int | None:
    """The option that `text` names, as an index in the question's own order; None if the message does not answer.

    `order` is the order on the screen (Attempt.items): "A" and "1" are its first. The words of an option count in every
    language, with or without diacritics, also their beginning if it is two words or more and fits one option only.
    """
    by_words = _by_words(text, question)
    if by_words is not None:
        return by_words
    place, rest = _named_place(text)
    if place is None or place >= len(order):
        return None
    option = order[place]
    if all(word in _AFTER for word in rest) or _begins(question.options[option], fold(" ".join(rest))):
        return option
    return None


def names_a_place(text: str) -> bool:
    """Whether the message is "B", "câu 2" or the like, whatever the question was."""
    place, rest = _named_place(text)
    return place is not None and all(word in _AFTER for word in rest)


def is_stop(text: str) -> bool:
    """Whether the person wants to leave the quiz."""
    return _plain(text) in _STOP


def is_skip(text: str) -> bool:
    """Whether the person wants no name of their own."""
    return _plain(text) in _SKIP


def is_go_on(text: str) -> bool:
    """Whether the person asks for the question again."""
    return _plain(text) in _GO_ON


def fold(text: str) -> str:
    """Lower case, without diacritics, punctuation or doubled spaces: "Cấp xã!" becomes "cap xa"."""
    lower = unicodedata.normalize("NFKD", text).casefold().replace("đ", "d")
    bare = "".join(mark for mark in lower if not unicodedata.combining(mark))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare).split())


def _by_words(text: str, question: Question) -> int | None:
    options = [_spellings(option) for option in question.options]
    same = [i for i, option in enumerate(options) if any(_words(one) == _words(text) for one in option)]
    if len(same) == 1:
        return same[0]
    said = fold(text)
    folded = [i for i, option in enumerate(options) if said and any(fold(one) == said for one in option)]
    if folded or len(said.split()) < 2:
        return folded[0] if len(folded) == 1 else None
    begun = [i for i, option in enumerate(question.options) if _begins(option, said)]
    return begun[0] if len(begun) == 1 else None


def _begins(option: Words, said: str) -> bool:
    return bool(said) and any(f"{fold(one)} ".startswith(f"{said} ") for one in _spellings(option))


def _spellings(option: Words) -> tuple[str, ...]:
    """An option in all languages: people type in another than they read."""
    return (option.vi, *([option.en] if option.en else []), *option.others.values())


def _named_place(text: str) -> tuple[int | None, list[str]]:
    """The place on the screen that is named, from 0, and the words after it."""
    words = _words(text)
    while len(words) > 1 and fold(words[0]) in _BEFORE:
        words = words[1:]
    return (_place(words[0]), words[1:]) if words else (None, [])


def _place(word: str) -> int | None:
    if len(word) != 1:
        return None
    if word.upper() in LETTERS:
        return LETTERS.index(word.upper())
    return int(word) - 1 if word in "1234" else None


def _words(text: str) -> list[str]:
    """Lower-case words with their diacritics; anything else separates them."""
    lower = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign if sign.isalnum() else " " for sign in lower).split()


def _plain(text: str) -> str:
    words = _words(text)
    while len(words) > 1 and words[-1] in _AFTER - {"thôi"}:
        words = words[:-1]
    return fold(" ".join(words))
