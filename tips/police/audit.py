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
    PHOTO = "photo"
    STATUS = "status"
    ANSWER = "answer"
    REFUSED = "refused"  # somebody without a grant tried
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
