"""The figures of a contest: results, the board, how each question went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from content.library import Library
from db.citizen import Answer, Attempt, Contest
from db.stores import Store
from quiz.contests import State
from quiz.ranking import Result, Standing, rank


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """How one question went; `worst_option` is the wrong one chosen most ("" if nobody chose a wrong one)."""

    question: str
    text: str
    asked: int
    right: int
    worst_option: str
    worst_count: int

    @property
    def share(self) -> int:
        """Right answers in whole per cent."""
        return round(100 * self.right / self.asked)


@dataclass(frozen=True, slots=True)
class Report:
    """A contest as its organisers see it. `standings` has everybody who began, also those who are still answering."""

    contest: Contest
    standings: list[Standing]
    questions: list[QuestionFigures]

    @property
    def finished(self) -> int:
        return sum(standing.result.finished for standing in self.standings)

    @property
    def average(self) -> float | None:
        """Mean share of right answers of those who finished, 0 to 1; None without any."""
        done = [standing.result for standing in self.standings if standing.result.finished]
        return sum(result.right / result.total for result in done) / len(done) if done else None


class Reports:
    """Reads figures; never writes."""

    def __init__(self, store: Store, library: Callable[[], Library]) -> None:
        self._store, self._library = store, library

    def board(self, contest: Contest) -> list[Standing]:
        """Who stands where, as everybody may see it: while the contest is open, only those who have finished."""
        with self._store.read() as session:
            return rank(r for r in _results(session, contest.id) if r.finished or contest.state == State.CLOSED)

    def report(self, contest: Contest) -> Report:
        """All figures, for the contest's organisers."""
        with self._store.read() as session:
            standings = rank(_results(session, contest.id))
            questions = _questions(session, contest.id, self._library())
        return Report(contest, standings, questions)

    def entrants(self, contest_ids: list[int]) -> Mapping[int, int]:
        """How many have begun each contest."""
        query = select(Attempt.contest_id, Attempt.nickname).where(Attempt.contest_id.in_(contest_ids))
        with self._store.read() as session:
            return Counter(contest for contest, name in session.execute(query) if contest is not None and name)


def _results(session: Session, contest_id: int) -> list[Result]:
    """One for each attempt that has begun: whoever gave no name yet is not in the contest."""
    right = func.sum(case((Answer.correct, 1), else_=0))
    query = (
        select(Attempt, right, func.count(Answer.position), func.max(Answer.answered_at))
        .outerjoin(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.contest_id == contest_id, Attempt.nickname != "")
        .group_by(Attempt.id)
    )
    return [
        Result(
            attempt_id=attempt.id,
            participant=attempt.participant,
            name=attempt.nickname,
            right=int(correct or 0),
            answered=answered,
            total=len(attempt.items),
            started_at=attempt.started_at,
            last_at=last_at,
            finished=attempt.finished_at is not None,
        )
        for attempt, correct, answered, last_at in session.execute(query)
    ]


def _questions(session: Session, contest_id: int, library: Library) -> list[QuestionFigures]:
    """Of every question that was answered, the one that most people got wrong first."""
    query = (
        select(Attempt.id, Attempt.items, Answer.position, Answer.option, Answer.correct)
        .join(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.contest_id == contest_id)
    )
    right: Counter[str] = Counter()
    wrong: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for _, items, position, option, correct in session.execute(query):
        question = items[position]["question"]
        right[question] += correct
        wrong[question].update([] if correct else [option])
    figures = [_figures(question, count, wrong[question], library) for question, count in right.items()]
    return sorted(figures, key=lambda one: (one.right - one.asked, one.right / one.asked, one.question))


def _figures(question: str, right: int, wrong: Counter[int], library: Library) -> QuestionFigures:
    known = library.questions.get(question)
    worst, count = wrong.most_common(1)[0] if wrong else (None, 0)
    option = known.options[worst] if known and worst is not None and worst < len(known.options) else ""
    return QuestionFigures(
        question=question,
        text=known.text if known else question,
        asked=right + wrong.total(),
        right=right,
        worst_option=option,
        worst_count=count,
    )
