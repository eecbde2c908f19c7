"""Why a tip waits in the slow lane: the codes that travel with it, and what officers are told.

A code says something of the tip only, never of who sent it. Nothing in the slow lane is lost or hidden: it stands behind the
other tips, with its reason. A code that is not known here (of a newer version) is not slow: in doubt a tip stays in front.
"""

from __future__ import annotations

from enum import StrEnum


class Lane(StrEnum):
    """As in the column `tip.lane`. FRONT is no slow lane."""

    FRONT = ""
    MANY = "many"
    ALIKE = "alike"
    UNREADABLE = "unreadable"
    EMPTY = "empty"


SLOW = tuple(lane for lane in Lane if lane is not Lane.FRONT)

_TOLD = {
    Lane.MANY: "Một người gửi nhiều tin trong một giờ; những tin đầu vẫn nằm ở làn thường.",
    Lane.ALIKE: "Lời kể gần giống nhiều tin khác vừa đến; những tin đầu vẫn nằm ở làn thường.",
    Lane.UNREADABLE: "Nhiều tin đến cùng lúc, và máy hầu như không nhận ra từ nào trong tin này. Có thể là ngôn ngữ khác.",
    Lane.EMPTY: "Nhiều tin đến cùng lúc, và tin này chỉ có vài chữ, không nơi chốn, không tệp.",
}


def told(lane: str) -> str:
    """A sentence for officers, in Vietnamese: why a tip is in its lane. "" for a tip that is in none."""
    return _TOLD[Lane(lane)] if is_slow(lane) else ""


def is_slow(lane: str) -> bool:
    """Whether a tip with this code stands behind the others."""
    return lane in SLOW
