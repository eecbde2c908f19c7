"""The audit log: one row for each act, in the act's own transaction, so that neither is there without the other."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from db.police import Audit


class Act(StrEnum):
    """What was done. As in the column `audit.act`."""

    MAKE_UNIT = "make_unit"
    ENROL = "enrol"
    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    LIST = "list"  # a page of the list was seen, with the first lines of what the officer may read
    OPEN = "open"
    FILE = "file"  # a cleaned copy was seen or fetched
    ASK_ORIGINAL = "ask_original"
    AGREE_ORIGINAL = "agree_original"
    DECLINE_ORIGINAL = "decline_original"  # by another officer, or taken back by the one who asked
    ORIGINAL = "original"  # a file as it came was fetched
    GRANT = "grant"
    REVOKE = "revoke"
    STATUS = "status"
    ANSWER = "answer"
    REFUSED = "refused"  # somebody without a grant tried
    DUTY = "duty"  # a unit goes on duty, or off
    DEACTIVATE = "deactivate"
    ADD_CUSTODIAN = "add_custodian"
    REPLACE_CUSTODIAN = "replace_custodian"
    RECOVER = "recover"  # two custodians gave an officer a new password
    RECOVER_FAILED = "recover_failed"
    DUTY_ADDRESS = "duty_address"  # one was added or removed
    HOLD = "hold"
    RELEASE = "release"
    KEEP = "keep"
    PURGE = "purge"
    CLOCK_RIGHT = "clock_right"  # rows that a clock ahead had dated in the future got this moment
    REOPENED = "reopened"  # the citizen added to a closed tip; `at` is the hour only


def record(
    session: Session,
    at: datetime,
    act: Act,
    officer_id: int | None = None,
    tip_id: str | None = None,
    **detail: Any,
) -> None:
    """Adds a row. `detail` holds JSON values and never a word of a tip or an answer."""
    session.add(Audit(at=at, officer_id=officer_id, act=act.value, tip_id=tip_id, detail=detail))


def hour(moment: datetime) -> datetime:
    """The whole hour that a citizen's moment is rounded down to."""
    return moment.replace(minute=0, second=0, microsecond=0)
