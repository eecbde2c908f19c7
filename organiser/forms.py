"""The form for a contest: what was typed, what it means, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.citizen import Contest
from quiz.contests import Plan
from web import times

FIELDS = ("title", "opens_at", "closes_at", "question_count")
_LOCAL = "%Y-%m-%dT%H:%M"  # what <input type="datetime-local"> sends and takes


@dataclass(frozen=True, slots=True)
class ContestForm:
    """The four fields as typed, and errors by field. `plan` is None when something cannot be read."""

    typed: dict[str, str]
    errors: dict[str, str]
    plan: Plan | None = None

    def refused(self, errors: dict[str, str]) -> ContestForm:
        """The same, with what the service says is wrong."""
        return ContestForm(self.typed, errors)


def proposed(now: datetime) -> ContestForm:
    """A form to begin with: from the next full hour, a week until eight in the evening, ten questions."""
    opens = now.astimezone(times.VIETNAM).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    closes = (opens + timedelta(days=7)).replace(hour=20)
    return _filled("", opens, closes, 10)


def of_contest(contest: Contest) -> ContestForm:
    """The form of a draft that is changed."""
    return _filled(contest.title, contest.opens_at, contest.closes_at, contest.question_count)


def read(form: Mapping[str, object]) -> ContestForm:
    """What was sent. Never raises: what cannot be read is an error beside its field, and stays as it was typed."""
    typed = {name: _text(form.get(name)) for name in FIELDS}
    opens, closes = _moment(typed["opens_at"]), _moment(typed["closes_at"])
    count = int(typed["question_count"]) if typed["question_count"].isdecimal() else None
    errors = {}
    if opens is None:
        errors["opens_at"] = "Chị chọn ngày và giờ mở."
    if closes is None:
        errors["closes_at"] = "Chị chọn ngày và giờ đóng."
    if count is None:
        errors["question_count"] = "Chị gõ số câu, ví dụ 10."
    if opens is None or closes is None or count is None:
        return ContestForm(typed, errors)
    return ContestForm(typed, errors, Plan(typed["title"], opens, closes, count))


def _filled(title: str, opens: datetime, closes: datetime, count: int) -> ContestForm:
    typed = {"title": title, "opens_at": _local(opens), "closes_at": _local(closes), "question_count": str(count)}
    return ContestForm(typed, {})


def _text(value: object) -> str:
    return value.strip()[:200] if isinstance(value, str) else ""


def _moment(typed: str) -> datetime | None:
    """A wall-clock time in Vietnam as an aware moment."""
    try:
        return datetime.strptime(typed[:16], _LOCAL).replace(tzinfo=times.VIETNAM)
    except ValueError:
        return None


def _local(at: datetime) -> str:
    return at.astimezone(times.VIETNAM).strftime(_LOCAL)
