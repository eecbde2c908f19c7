"""What a text is on its face, before anybody hears it: a number of the menu, a question, a code. Pure."""

from __future__ import annotations

from bot.turn import Floor, Turn
from tips.citizen.words import is_one_of, same, split
from tips.code import code_attempt, holds_code, looks_like_code

_MENU_DIGITS = 2
WITH_BUTTONS = {"web", "telegram"}  # channels where a number that is typed is no tap
_ASKING = set("không ko khong gì gi sao nào nao hả ha chưa chua đâu dau ai nhỉ".split())
_ERASE_WORDS = 6  # a longer text that speaks of erasing may be a question about it
_LETTERS = "ABCD"
_OPTION_COLONS = 5  # in `lesson:test:<course>:<place>:<right>:<option>`
_FORWARD = "tiếp, tiếp đi, thẻ tiếp, học tiếp, next"
_ALL = set("het sach data all everything".split())
_NOT_ALL = set("dung khong anh hinh clip video facebook fb zalo ho no don't not photo".split())
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


def means_all(text: str) -> bool:
    """Whether a short text that speaks of erasing speaks of everything, not of a picture or a message."""
    words = {word.plain for word in split(text)}
    return len(words) <= _ERASE_WORDS and bool(words & _ALL) and not words & _NOT_ALL


def wants_erasing(text: str) -> bool:
    """Nothing but the wish that all is gone: "xoá hết", "quên tôi đi". "Xoá tin" means one tip, and is no such wish."""
    typed = split(text)
    return any(same(typed, wish) for wish in _ERASE)


def _in_lesson(said: str, menu: tuple[str, ...]) -> str:
    """What a letter of a test's option, or "tiếp" in a lesson, stands for among the last buttons, or ""."""
    lessons = [payload for payload in menu if payload.startswith("lesson:")]
    if lessons and lessons[0].startswith("lesson:test:") and len(said) == 1 and said.upper() in _LETTERS:
        place = _LETTERS.index(said.upper())
        return lessons[place] if place < len(lessons) and lessons[place].count(":") == _OPTION_COLONS else ""
    forward = is_one_of(said, _FORWARD)
    return lessons[0] if forward and lessons and lessons[0].count(":") == 2 else ""


def near_code(text: str) -> bool:
    """A tip's code, or something that somebody may have meant as one."""
    return holds_code(text) or looks_like_code(text) or code_attempt(text)


def chosen(text: str, turn: Turn) -> str:
    """The payload that a typed number stands for, or "". In a tip a number is an answer where there are buttons to tap."""
    number = text.strip(" .)")
    if in_lesson := _in_lesson(number, turn.state.menu):
        return in_lesson
    if not (number.isascii() and number.isdigit() and len(number) <= _MENU_DIGITS):
        return ""
    if turn.floor in (Floor.TIP, Floor.CODE, Floor.NICKNAME) and turn.inbound.channel in WITH_BUTTONS:
        return ""
    menu = turn.state.menu
    return menu[int(number) - 1] if 1 <= int(number) <= len(menu) else ""
