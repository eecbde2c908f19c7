"""The figures of a contest: results, the board, how each question went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from content.library import Library
from db.citizen import Answer, Attempt, Contest
from db.stores import Store
from quiz.contests import State
from quiz.ranking import Result, Standing, place_of, rank

SLOW = 0.2  # seconds
PAUSE = 15


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """How one question went, in Vietnamese; `worst_option` is the wrong one chosen most ("" if nobody chose a wrong one)."""

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


@dataclass(frozen=True, slots=True)
class Board:
    """A leaderboard as everybody may see it, and where one participant stands; `of` is how many stand on it."""

    standings: list[Standing]
    own: Standing | None
    of: int


class Reports:
    """Reads figures; never writes.

    Of a contest with tens of thousands of entrants a board takes a second, so it is kept for a while: `PAUSE` times as
    long as it took. Small contests are always fresh.
    """

    def __init__(self, store: Store, library: Callable[[], Library]) -> None:
        self._store, self._library = store, library
        self._kept: dict[int, tuple[str, float, list[Standing]]] = {}

    def board(self, contest: Contest, participant: str = "") -> Board:
        """While the contest is open, only those who have finished; afterwards everybody who began."""
        standings = self._standings(contest)
        own = next((standing for standing in standings if standing.result.participant == participant), None)
        if own is not None or not participant:
            return Board(standings, own, len(standings))
        with self._store.read() as session:
            results = _results(session, contest.id, Attempt.participant == participant)
        mine = [result for result in results if _shown(contest, result)]
        if not mine:
            return Board(standings, None, len(standings))
        return Board(standings, Standing(place_of(standings, mine[0]), mine[0]), len(standings) + 1)

    def report(self, contest: Contest) -> Report:
        """All figures, for the contest's organisers."""
        with self._store.read() as session:
            standings = rank(_results(session, contest.id))
            questions = _questions(session, contest.id, self._library())
        return Report(contest, standings, questions)

    def entrants(self, contest_ids: list[int]) -> Mapping[int, int]:
        """How many have begun each contest."""
        begun = (Attempt.contest_id.in_(contest_ids), Attempt.nickname != "")
        query = select(Attempt.contest_id, func.count()).where(*begun).group_by(Attempt.contest_id)
        with self._store.read() as session:
            return {contest: count for contest, count in session.execute(query) if contest is not None}

    def _standings(self, contest: Contest) -> list[Standing]:
        state, until, kept = self._kept.get(contest.id, ("", 0.0, []))
        began = monotonic()
        if state == contest.state and began < until:
            return kept
        with self._store.read() as session:
            standings = rank(result for result in _results(session, contest.id) if _shown(contest, result))
        took = monotonic() - began
        if took > SLOW:
            self._kept[contest.id] = (contest.state, monotonic() + PAUSE * took, standings)
        return standings


def _shown(contest: Contest, result: Result) -> bool:
    return result.finished or contest.state == State.CLOSED


def _results(session: Session, contest_id: int, *where: ColumnElement[bool]) -> list[Result]:
    """One for each attempt that has begun: whoever gave no name yet is not in the contest."""
    begun = (Attempt.contest_id == contest_id, Attempt.nickname != "", *where)
    given = (
        select(
            Answer.attempt_id.label("attempt"),
            func.sum(case((Answer.correct, 1), else_=0)).label("correct"),
            func.count().label("answered"),
            func.max(Answer.answered_at).label("last_at"),
        )
        .where(Answer.attempt_id.in_(select(Attempt.id).where(*begun)))
        .group_by(Answer.attempt_id)
        .subquery()
    )
    query = (
        select(
            Attempt.id,
            Attempt.participant,
            Attempt.nickname,
            func.coalesce(given.c.correct, 0),
            func.coalesce(given.c.answered, 0),
            func.json_array_length(Attempt.items),
            Attempt.started_at,
            given.c.last_at,
            Attempt.finished_at.is_not(None),
        )
        .outerjoin(given, given.c.attempt == Attempt.id)
        .where(*begun)
    )
    return [Result(*row) for row in session.execute(query)]


def _questions(session: Session, contest_id: int, library: Library) -> list[QuestionFigures]:
    """Of every question that was answered, the one that most people got wrong first."""
    asked = {
        attempt: [item["question"] for item in items]
        for attempt, items in session.execute(select(Attempt.id, Attempt.items).where(Attempt.contest_id == contest_id))
    }
    answers = (
        select(Answer.attempt_id, Answer.position, Answer.option, Answer.correct)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Attempt.contest_id == contest_id)
    )
    right: Counter[str] = Counter()
    wrong: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for attempt, position, option, correct in session.execute(answers):
        question = asked[attempt][position]
        right[question] += correct
        if not correct:
            wrong[question][option] += 1
    figures = [_figures(question, count, wrong[question], library) for question, count in right.items()]
    return sorted(figures, key=lambda one: (one.right - one.asked, one.right / one.asked, one.question))


def _figures(question: str, right: int, wrong: Counter[int], library: Library) -> QuestionFigures:
    known = library.questions.get(question)
    worst, count = wrong.most_common(1)[0] if wrong else (None, 0)
    option = known.options[worst].vi if known and worst is not None and worst < len(known.options) else ""
    return QuestionFigures(
        question=question,
        text=known.text.vi if known else question,
        asked=right + wrong.total(),
        right=right,
        worst_option=option,
        worst_count=count,
    )
