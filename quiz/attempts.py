"""Attempts and answers as rows: one INSERT an answer, and its key (attempt, position) makes a second one impossible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, CursorResult, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from content.library import Library
from content.model import Question
from db.citizen import Answer, Attempt
from db.stores import Store


class Verdict(StrEnum):
    """What became of an answer. Only TAKEN wrote a row."""

    TAKEN = "taken"
    ALREADY = "already"  # this item has an answer
    OTHER = "other"  # another item is being asked, or there is no such option
    OVER = "over"  # the attempt is finished
    SHUT = "shut"  # the contest takes no more answers
    UNKNOWN = "unknown"  # this participant has no such attempt


@dataclass(frozen=True, slots=True)
class Run:
    """An attempt as far as it has come; `position` is the item being asked, None at the end."""

    attempt: Attempt
    answers: Mapping[int, Answer]
    position: int | None

    @property
    def total(self) -> int:
        return len(self.attempt.items)

    @property
    def right(self) -> int:
        return sum(answer.correct for answer in self.answers.values())

    @property
    def going(self) -> bool:
        """Whether a question waits for an answer."""
        return self.attempt.finished_at is None and self.position is not None

    def item(self, position: int) -> tuple[str, list[int]]:
        """The question's id and the order of its options on the screen. Raises IndexError."""
        item = self.attempt.items[position]
        return item["question"], item["order"]


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer's verdict, and the attempt after it (None only for UNKNOWN)."""

    verdict: Verdict
    run: Run | None


Gate = Callable[[Session, Attempt], bool]


class Attempts:
    """All attempts of the citizens' store. Methods are synchronous and own their transactions."""

    def __init__(self, store: Store, library: Callable[[], Library], now: Callable[[], datetime]) -> None:
        self.store, self.library, self.now = store, library, now

    def run(self, session: Session, attempt: Attempt) -> Run:
        """The attempt with its answers. An item whose question left the bank, or lost an option, is not asked."""
        rows = session.scalars(select(Answer).where(Answer.attempt_id == attempt.id))
        answers = {row.position: row for row in rows}
        questions = self.library().questions
        left = (p for p, item in enumerate(attempt.items) if p not in answers and _usable(item, questions))
        return Run(attempt, answers, next(left, None))

    def find(self, participant: str, attempt_id: int) -> Run | None:
        """The attempt, if it is this participant's."""
        return self._one(Attempt.id == attempt_id, Attempt.participant == participant)

    def open_practice(self, participant: str) -> Run | None:
        """The round of practice that is not finished."""
        return self._one(
            Attempt.participant == participant, Attempt.contest_id.is_(None), Attempt.finished_at.is_(None)
        )

    def in_contest(self, participant: str, contest_id: int) -> Run | None:
        """The one attempt in that contest; without items as long as no name was given."""
        return self._one(Attempt.participant == participant, Attempt.contest_id == contest_id)

    def answer(
        self,
        participant: str,
        attempt_id: int,
        position: int,
        option: int,
        gate: Gate = lambda _session, _attempt: True,
    ) -> Taken:
        """Takes one answer; `option` is an index in the question's own order. `gate` is asked in the same transaction.

        The last answer finishes the attempt. Never raises for a wrong, old or doubled press: the verdict tells.
        """
        try:
            with self.store.begin() as session:
                attempt = session.get(Attempt, attempt_id)
                if attempt is None or attempt.participant != participant:
                    return Taken(Verdict.UNKNOWN, None)
                run = self.run(session, attempt)
                verdict = self._judge(run, position, option, gate(session, attempt))
                return Taken(verdict, self._write(session, run, option) if verdict is Verdict.TAKEN else run)
        except IntegrityError:  # the same item was answered at the same moment
            return Taken(Verdict.ALREADY, self.find(participant, attempt_id))

    def finish(self, run: Run) -> None:
        """Ends an attempt as it is; one that has ended keeps its time."""
        with self.store.begin() as session:
            attempt = session.get(Attempt, run.attempt.id)
            if attempt is not None and attempt.finished_at is None:
                attempt.finished_at = self.now()

    def end_practice(self, participant: str) -> None:
        """Ends whatever round of practice is open."""
        run = self.open_practice(participant)
        if run is not None:
            self.finish(run)

    def forget(self, participant: str) -> int:
        """Deletes all attempts and answers of one participant, contests too. Returns how many attempts."""
        return self._delete(Attempt.participant == participant)

    def purge_practice(self, older_than: timedelta = timedelta(days=180)) -> int:
        """Deletes rounds of practice that were begun longer ago than that. Returns how many."""
        return self._delete(Attempt.contest_id.is_(None), Attempt.started_at < self.now() - older_than)

    def _judge(self, run: Run, position: int, option: int, gate_is_open: bool) -> Verdict:
        if run.attempt.finished_at is not None:
            return Verdict.OVER
        if not gate_is_open:
            return Verdict.SHUT
        if position in run.answers:
            return Verdict.ALREADY
        if position != run.position or option not in run.item(position)[1]:
            return Verdict.OTHER
        return Verdict.TAKEN

    def _write(self, session: Session, run: Run, option: int) -> Run:
        assert run.position is not None
        question = self.library().questions[run.item(run.position)[0]]
        now = self.now()
        session.add(
            Answer(
                attempt_id=run.attempt.id,
                position=run.position,
                option=option,
                correct=option == question.answer,
                answered_at=now,
            )
        )
        session.flush()
        after = self.run(session, run.attempt)
        if after.position is None:
            run.attempt.finished_at = now
        return after

    def _one(self, *where: ColumnElement[bool]) -> Run | None:
        with self.store.read() as session:
            attempt = session.scalars(select(Attempt).where(*where).order_by(Attempt.id.desc()).limit(1)).first()
            return self.run(session, attempt) if attempt is not None else None

    def _delete(self, *where: ColumnElement[bool]) -> int:
        with self.store.begin() as session:
            result = session.execute(delete(Attempt).where(*where))
            assert isinstance(result, CursorResult)
            return result.rowcount


def _usable(item: dict[str, object], questions: Mapping[str, Question]) -> bool:
    question = questions.get(str(item["question"]))
    order = item["order"]
    return question is not None and isinstance(order, list) and sorted(order) == list(range(len(question.options)))
