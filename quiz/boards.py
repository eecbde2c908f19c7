"""What participants may look up: a leaderboard, their own score, the rules."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from content.library import Library
from content.reply import Button, Reply
from db.citizen import Attempt, Contest
from db.stores import Store
from quiz import asking, telling
from quiz.attempts import Attempts, Run
from quiz.contests import Contests, State
from quiz.ranking import Standing
from quiz.reports import Board, Reports
from web import times

TOP = 10
LATEST = 3  # contests in one's own score


class Boards:
    """Reads only. Others appear under the names that they chose, never as anything else."""

    def __init__(
        self, store: Store, library: Callable[[], Library], contests: Contests, attempts: Attempts, reports: Reports
    ) -> None:
        self._store, self._library = store, library
        self._contests, self._attempts, self._reports = contests, attempts, reports

    def board(self, participant: str, language: str, contest_id: int | None = None) -> Reply:
        """The first ten and one's own place; without an id of the contest one was in last, or else of the newest."""
        self._contests.sweep()
        contest = self._contests.get(contest_id) if contest_id is not None else self._latest(participant)
        if contest is None or contest.state == State.DRAFT:
            return Reply(self._say("board_none", language), buttons=self._ways_on(None, language))
        found = self._reports.board(contest, participant)
        over = contest.state == State.CLOSED
        closes = times.moment(contest.closes_at)
        head = self._say("board", language, title=contest.title)
        when = self._say("board_closed" if over else "board_open", language, closes=closes)
        lines = [self._line(standing, participant, language) for standing in found.standings[:TOP]]
        empty = self._say("board_empty_closed" if over else "board_empty", language)
        own = self._own_place(found, language)
        text = "\n\n".join(part for part in (head, "\n".join(lines) or empty, own, when) if part)
        run = self._attempts.in_contest(participant, contest.id)
        return Reply(text, buttons=self._ways_on(None if over or _done(run) else contest, language))

    def my_score(self, participant: str, language: str) -> Reply:
        """One's latest contests and one's last round of practice."""
        self._contests.sweep()
        entered = self._entered(participant)[:LATEST]
        lines = [self._own_line(participant, contest, language) for contest in entered]
        practice = self._practice(participant)
        if practice is not None:
            values = {"right": practice.right, "total": practice.total}
            lines.append(self._say("score_practice", language, **values))
        shown = [telling.board(self._library(), contest, language) for contest in entered[:1]]
        text = "\n\n".join(lines) or self._say("score_none", language)
        return Reply(text, buttons=(*shown, *self._ways_on(None, language)))

    def rules(self, language: str) -> Reply:
        """The rules that hold for all contests, and which are open or come next."""
        contests = self._contests.open_now()
        if contests:
            listed = telling.listed(self._library(), self._contests, contests, language)
            now = self._say("rules_open", language, list=listed)
        else:
            now = self._coming(language)
        enter = Button(self._say("enter", language), "contest:enter")
        buttons = ((enter,) if contests else ()) + self._ways_on(None, language)
        return Reply(f"{self._say('rules', language)}\n\n{now}", buttons=buttons)

    def _own_line(self, participant: str, contest: Contest, language: str) -> str:
        found = self._reports.board(contest, participant)
        own = found.own
        if own is not None:
            score = self._say(
                "score_line", language, **telling.score(self._library(), own.result, language), title=contest.title
            )
            return f"{score} {telling.place(self._library(), contest, own, found.of, language)}"
        run = self._attempts.in_contest(participant, contest.id)
        number = run.position + 1 if run is not None and run.position is not None else contest.question_count
        closes = times.moment(contest.closes_at)
        values = {"title": contest.title, "number": number, "total": contest.question_count, "closes": closes}
        return self._say("score_going", language, **values)

    def _line(self, standing: Standing, participant: str, language: str) -> str:
        values = telling.score(self._library(), standing.result, language)
        line = self._say("board_line", language, place=standing.place, **values)
        return self._say("board_mine", language, line=line) if standing.result.participant == participant else line

    def _own_place(self, found: Board, language: str) -> str:
        """One's place when it is not among those shown."""
        if found.own is None or found.own in found.standings[:TOP]:
            return ""
        values = telling.score(self._library(), found.own.result, language)
        return self._say("board_you", language, place=found.own.place, of=found.of, **values)

    def _coming(self, language: str) -> str:
        coming = self._contests.next_to_open()
        if coming is None:
            return self._say("rules_none", language)
        values = {"group": self._contests.group_of(coming), "opens": times.moment(coming.opens_at)}
        return self._say("rules_next", language, title=coming.title, **values)

    def _ways_on(self, contest: Contest | None, language: str) -> tuple[Button, ...]:
        library = self._library()
        enter = (telling.enter(library, contest, language),) if contest is not None else ()
        return (*enter, telling.practise(library, language), asking.menu(library, language))

    def _latest(self, participant: str) -> Contest | None:
        entered = self._entered(participant)
        if entered:
            return entered[0]
        query = select(Contest).where(Contest.state != State.DRAFT).order_by(Contest.opens_at.desc(), Contest.id.desc())
        with self._store.read() as session:
            return session.scalars(query.limit(1)).first()

    def _entered(self, participant: str) -> list[Contest]:
        """The contests that this participant has begun, the latest first."""
        query = (
            select(Contest)
            .join(Attempt, Attempt.contest_id == Contest.id)
            .where(Attempt.participant == participant, Attempt.nickname != "")
            .order_by(Attempt.started_at.desc())
        )
        with self._store.read() as session:
            return list(session.scalars(query))

    def _practice(self, participant: str) -> Run | None:
        mine = (Attempt.participant == participant, Attempt.contest_id.is_(None), Attempt.finished_at.is_not(None))
        with self._store.read() as session:
            runs = session.scalars(select(Attempt).where(*mine).order_by(Attempt.id.desc()).limit(5))
            whole = (run for run in (self._attempts.run(session, attempt) for attempt in runs) if len(run.answers))
            return next(whole, None)

    def _say(self, key: str, language: str, **values: object) -> str:
        return self._library().phrase(f"contest.{key}", language, **values)


def _done(run: Run | None) -> bool:
    return run is not None and bool(run.attempt.nickname) and not run.going
