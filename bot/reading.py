"""What a text is on its face, before anybody hears it: a number of the menu, a question, a code. Pure."""

from __future__ import annotations

from bot.turn import Floor, Turn
from tips.citizen.words import same, split
from tips.code import code_attempt, holds_code, looks_like_code

_MENU_DIGITS = 2
WITH_BUTTONS = {"web", "telegram"}  # channels where a number that is typed is no tap
_ASKING = set("không ko khong gì gi sao nào nao hả ha chưa chua đâu dau ai nhỉ".split())
_ERASE_WORDS = 6  # a longer text that speaks of erasing may be a question about it
_ERASE = [
    split(f"{wish} {end}")
    for wishes, ends in (
        (
            "xoá, xoá hết, xoá ngay, xoá sạch, xoá tất cả, xoá mọi thứ, xoá dữ liệu, xoá hết dữ liệu, xoá dấu vết, "
            "xoá hết dấu vết, xoá hết dữ liệu của tôi, xoá dữ liệu của tôi, xoá hết giúp em, xoá hết giúp tôi, quên hết",
            ("", "đi", "ngay", "ngay đi", "nhé", "đi em"),
        ),
        (
            "quên tôi, quên em, quên mình, quên cháu, quên anh, quên chị",
            ("đi", "ngay", "ngay đi"),
        ),  # "quen em nhé" is to meet
        (
            "delete all, delete everything, erase everything, forget me, delete my data, delete all my data",
            ("", "please", "now"),
        ),
    )
    for wish in wishes.split(",")
    for end in ends
]


def is_question(text: str) -> bool:
    """People on phones rarely type a question mark."""
    words = text.casefold().rstrip(" .!").split()
    return "?" in text or bool(words and words[-1] in _ASKING)


def is_plain_wish(text: str) -> bool:
    """A short order, as "xóa hết": done at once. A button or a longer text is asked back."""
    return 0 < len(text.split()) <= _ERASE_WORDS and not is_question(text)


def wants_erasing(text: str) -> bool:
    """Nothing but the wish that all is gone: "xoá hết", "quên tôi đi". "Xoá tin" means one tip, and is no such wish."""
    typed = split(text)
    return any(same(typed, wish) for wish in _ERASE)


def is_one_of(text: str, words: str) -> bool:
    """Nothing but one of `words`, which have commas between them."""
    typed = split(text)
    return any(same(typed, split(word)) for word in words.split(","))


def near_code(text: str) -> bool:
    """A tip's code, or something that somebody may have meant as one."""
    return holds_code(text) or looks_like_code(text) or code_attempt(text)


def chosen(text: str, turn: Turn) -> str:
    """The payload that a typed number stands for, or "". In a tip a number is an answer where there are buttons to tap."""
    number = text.strip(" .)")
    if not (number.isascii() and number.isdigit() and len(number) <= _MENU_DIGITS):
        return ""
    if turn.floor in (Floor.TIP, Floor.CODE, Floor.NICKNAME) and turn.inbound.channel in WITH_BUTTONS:
        return ""
    menu = turn.state.menu
    return menu[int(number) - 1] if 1 <= int(number) <= len(menu) else ""
