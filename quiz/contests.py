"""A contest's life: draft → open → closed, what may be in it, and which contest may be seen by whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from content.library import Library
from db.citizen import Attempt, Contest, Organiser
from db.stores import Store
from quiz.names import cleaned
from web import times

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(days=92)
PAST = timedelta(hours=1)  # an opening that is a little late is meant as now
FEWEST, MOST = 3, 30  # questions
TITLE = range(5, 101)  # characters

type Order = ColumnElement[Any] | InstrumentedAttribute[Any]


class State(StrEnum):
    """`draft` opens by itself when its time comes; nothing leads back."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class PlanError(ValueError):
    """What is wrong with a contest's particulars: field → a sentence for the organiser."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("a contest cannot be like that")
        self.fields = fields


class StateError(ValueError):
    """The contest's state does not allow it; `told` is a sentence for the organiser."""

    def __init__(self, told: str) -> None:
        super().__init__("not in this state")
        self.told = told


@dataclass(frozen=True, slots=True)
class Plan:
    """What an organiser decides. Moments are aware."""

    title: str
    opens_at: datetime
    closes_at: datetime
    question_count: int


class Timer(Protocol):
    """Opens and closes contests in time (quiz/clock.py)."""

    def set(self, contest: Contest) -> None: ...

    def drop(self, contest_id: int) -> None: ...


class Contests:
    """All contests. Synchronous, owns its transactions. `timer` may be set later; without one `sweep` does its work."""

    def __init__(self, store: Store, library: Callable[[], Library], now: Callable[[], datetime]) -> None:
        self._store, self._library, self._now = store, library, now
        self.timer: Timer | None = None

    def create(self, organiser_id: int, plan: Plan) -> Contest:
        """A new draft. Raises PlanError."""
        contest = Contest(organiser_id=organiser_id, state=State.DRAFT, created_at=self._now())
        _take(contest, self._checked(plan))
        with self._store.begin() as session:
            session.add(contest)
        return self._timed(contest)

    def change(self, contest_id: int, plan: Plan) -> Contest:
        """Changes a draft. Raises PlanError, or StateError when it is no draft any more."""
        plan = self._checked(plan)
        with self._store.begin() as session:
            contest = _in_state(session, contest_id, State.DRAFT, "Cuộc thi đã mở, nên không sửa được nữa.")
            _take(contest, plan)
        return self._timed(contest)

    def delete(self, contest_id: int) -> None:
        """Deletes a draft. Raises StateError when it is no draft any more."""
        with self._store.begin() as session:
            session.delete(_in_state(session, contest_id, State.DRAFT, "Cuộc thi đã mở, nên không xóa được nữa."))
        if self.timer is not None:
            self.timer.drop(contest_id)

    def open(self, contest_id: int) -> Contest:
        """Opens a draft now, before its time; an open contest stays open. Raises StateError for a closed one."""
        return self._lead(contest_id, State.OPEN, "Cuộc thi đã đóng, nên không mở được nữa.")

    def close(self, contest_id: int) -> Contest:
        """Closes an open contest now, for good; a closed one stays closed. Raises StateError for a draft."""
        return self._lead(contest_id, State.CLOSED, "Cuộc thi chưa mở, nên chưa đóng được.")

    def sweep(self) -> list[Contest]:
        """Opens and closes whatever is due by the clock; returns what changed. Costs one read when nothing is due."""
        now = self._now()
        with self._store.read() as session:
            if session.scalars(select(Contest.id).where(_due(now)).limit(1)).first() is None:
                return []
        with self._store.begin() as session:
            due = list(session.scalars(select(Contest).where(_due(now)).with_for_update()))
            for contest in due:
                contest.state = State.CLOSED if contest.closes_at <= now else State.OPEN
        return due

    def get(self, contest_id: int) -> Contest | None:
        with self._store.read() as session:
            return session.get(Contest, contest_id)

    def listed(self, group_name: str) -> list[Contest]:
        """The contests of all organisers of one group, newest first."""
        self.sweep()
        return self._select(Organiser.group_name == group_name, order=(Contest.id.desc(),))

    def of_group(self, group_name: str, contest_id: int) -> Contest | None:
        """That contest, if it is of this group."""
        self.sweep()
        return next(iter(self._select(Organiser.group_name == group_name, Contest.id == contest_id)), None)

    def open_now(self) -> list[Contest]:
        """Contests that take answers at this moment, the one that closes first leading."""
        self.sweep()
        return self._select(Contest.state == State.OPEN, order=(Contest.closes_at, Contest.id))

    def next_to_open(self) -> Contest | None:
        """The draft that opens first."""
        self.sweep()
        return next(iter(self._select(Contest.state == State.DRAFT, order=(Contest.opens_at, Contest.id))), None)

    def pending(self) -> list[Contest]:
        """All that will still open or close."""
        return self._select(Contest.state != State.CLOSED)

    def group_of(self, contest: Contest) -> str:
        """The name of the group that runs it."""
        with self._store.read() as session:
            return session.scalars(select(Organiser.group_name).where(Organiser.id == contest.organiser_id)).one()

    def gate(self, session: Session, attempt: Attempt) -> bool:
        """Whether the attempt's contest takes answers now: by its state and by the clock."""
        contest = session.get(Contest, attempt.contest_id) if attempt.contest_id is not None else None
        return contest is not None and contest.state == State.OPEN and self._now() < contest.closes_at

    def _lead(self, contest_id: int, state: State, otherwise: str) -> Contest:
        """To the next state by hand; the moment that was planned for it becomes now."""
        now = self._now()
        before = State.DRAFT if state is State.OPEN else State.OPEN
        with self._store.begin() as session:
            contest = session.get(Contest, contest_id, with_for_update=True)
            if contest is not None and contest.state == state:
                return contest  # pressed twice, or the clock was faster
            contest = _in_state(session, contest_id, before, otherwise)
            if state is State.OPEN:
                contest.opens_at = min(contest.opens_at, now)
            else:
                contest.closes_at = min(contest.closes_at, now)
            contest.state = state
        self.sweep()  # a draft whose closing time has passed closes at once
        return self._timed(self.get(contest_id) or contest)

    def _checked(self, plan: Plan) -> Plan:
        plan = replace(plan, title=cleaned(plan.title))
        errors = problems(plan, self._now(), len(self._library().questions))
        if errors:
            raise PlanError(errors)
        return plan

    def _timed(self, contest: Contest) -> Contest:
        if self.timer is not None:
            self.timer.set(contest)
        return contest

    def _select(self, *where: ColumnElement[bool], order: Sequence[Order] = (Contest.id,)) -> list[Contest]:
        with self._store.read() as session:
            query = select(Contest).join(Organiser, Organiser.id == Contest.organiser_id).where(*where)
            return [*session.scalars(query.order_by(*order))]


def problems(plan: Plan, now: datetime, bank: int) -> dict[str, str]:
    """What is wrong with the plan, by field; empty if nothing. `bank` is the number of questions there are."""
    found: dict[str, str] = {}
    most = min(MOST, bank)
    if len(plan.title) not in TITLE:
        found["title"] = (
            f"Tên cuộc thi dài từ {TITLE.start} đến {TITLE.stop - 1} chữ cái; tên này có {len(plan.title)}."
        )
    if not FEWEST <= plan.question_count <= most:
        found["question_count"] = f"Chọn từ {FEWEST} đến {most} câu; ngân hàng đang có {bank} câu."
    if plan.opens_at < now - PAST:
        found["opens_at"] = "Giờ mở đã qua. Muốn mở ngay thì chị chọn giờ hiện tại."
    if plan.closes_at <= now:
        found["closes_at"] = f"Giờ đóng phải ở sau lúc này ({times.moment(now)})."
    elif plan.closes_at <= plan.opens_at:
        found["closes_at"] = "Giờ đóng phải sau giờ mở."
    elif plan.closes_at - max(plan.opens_at, now) < SHORTEST:
        found["closes_at"] = "Cuộc thi cần mở ít nhất 10 phút để mọi người kịp làm."
    elif plan.closes_at - plan.opens_at > LONGEST:
        found["closes_at"] = "Cuộc thi dài nhất 3 tháng. Chị chia thành nhiều đợt nhé."
    return found


def _due(now: datetime) -> ColumnElement[bool]:
    to_open = and_(Contest.state == State.DRAFT, Contest.opens_at <= now)
    return or_(to_open, and_(Contest.state != State.CLOSED, Contest.closes_at <= now))


def _in_state(session: Session, contest_id: int, state: State, otherwise: str) -> Contest:
    contest = session.get(Contest, contest_id, with_for_update=True)
    if contest is None or contest.state != state:
        raise StateError(otherwise)
    return contest


def _take(contest: Contest, plan: Plan) -> None:
    contest.title, contest.question_count = plan.title, plan.question_count
    contest.opens_at, contest.closes_at = plan.opens_at, plan.closes_at
