"""What a person may type instead of tapping a button: whole messages only, so "thôi" but not "thôi việc"."""

from __future__ import annotations

from enum import StrEnum

from tips.citizen.words import same, split


class Command(StrEnum):
    """What a typed message asks for. UNSURE: it could be two things, as "dung" is "đúng", "dừng" or "đừng"."""

    SKIP = "skip"
    BACK = "back"
    CANCEL = "cancel"
    DELETE = "delete"
    SEND = "send"
    EDIT = "edit"
    YES = "yes"
    NO = "no"
    DONE = "done"
    UNSURE = "unsure"


_PHRASES = {
    Command.SKIP: "bỏ qua, bỏ qua câu này, tiếp, tiếp theo, câu sau, skip, next",
    Command.BACK: "quay lại, trở lại, lùi lại, câu trước, back",
    Command.CANCEL: "huỷ, huỷ bỏ, huỷ tin, dừng, dừng lại, thôi, thoát, không báo nữa, cancel, stop, quit",
    Command.DELETE: "xoá, xoá hết, xoá tin, xoá ngay, delete, delete all",
    Command.SEND: "gửi, gửi tin, gửi luôn, gửi cho công an, send",
    Command.EDIT: "sửa, sửa lại, chỉnh, edit",
    Command.YES: "có, vâng, dạ, dạ vâng, đúng, đúng rồi, đồng ý, được, ừ, ok, oke, okay, yes, correct",
    Command.NO: "không, chưa, đừng, khoan, khoan đã, ko, no, not yet",
    Command.DONE: "xong, xong rồi, hết, hết rồi, không có, không có gì, không có ảnh, ko có, ko có gì, done, nothing, that is all",
}
_KNOWN = [(command, split(phrase)) for command, phrases in _PHRASES.items() for phrase in phrases.split(",")]
_POLITE = [split(word) for word in ("nhé", "nha", "ạ", "đi", "please")]


def command(text: str) -> Command | None:
    """The command that the whole text is, or None if it is something to tell."""
    typed = split(text)
    while len(typed) > 1 and any(same(typed[-1:], word) for word in _POLITE):
        typed.pop()
    found = {command for command, phrase in _KNOWN if same(typed, phrase)}
    return Command.UNSURE if len(found) > 1 else next(iter(found), None)
