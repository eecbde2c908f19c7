"""How far the police are with a tip, and which way it may go from there."""

from __future__ import annotations

from enum import StrEnum


class TipStatus(StrEnum):
    """As in the column `tip.status`."""

    NEW = "new"
    READING = "reading"
    WORKING = "working"
    PASSED_ON = "passed_on"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """What officers read."""
        return _LABELS[self]

    @property
    def moves(self) -> tuple[TipStatus, ...]:
        """Where an officer may move a tip from here."""
        return _MOVES[self]


OPEN = (TipStatus.NEW, TipStatus.READING, TipStatus.WORKING)  # somebody here still has to act

_LABELS = {
    TipStatus.NEW: "Mới",
    TipStatus.READING: "Đang đọc",
    TipStatus.WORKING: "Đang xử lý",
    TipStatus.PASSED_ON: "Đã chuyển",
    TipStatus.CLOSED: "Đã khép lại",
}
_MOVES = {
    TipStatus.NEW: (TipStatus.READING, TipStatus.WORKING, TipStatus.PASSED_ON, TipStatus.CLOSED),
    TipStatus.READING: (TipStatus.WORKING, TipStatus.PASSED_ON, TipStatus.CLOSED),
    TipStatus.WORKING: (TipStatus.PASSED_ON, TipStatus.CLOSED),
    TipStatus.PASSED_ON: (TipStatus.WORKING, TipStatus.CLOSED),
    TipStatus.CLOSED: (TipStatus.WORKING,),
}
