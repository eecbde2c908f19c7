"""A participant's way through the questions of a contest: asked, noted, paused, handed in; the result at the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from content.library import Library
from content.reply import Button, Reply
from db.citizen import Attempt, Contest
from db.stores import Store
from quiz import asking, telling
from quiz.asking import Outcome
from quiz.attempts import Attempts, Run, Verdict
from quiz.contests import Contests, State
from quiz.reports import Reports
from web import times


class Taking:
    """Synchronous. Nothing here says whether an answer was right before the last one is given."""

    def __init__(
        self,
        store: Store,
        library: Callable[[], Library],
        now: Callable[[], datetime],
        contests: Contests,
        attempts: Attempts,
        reports: Reports,
    ) -> None:
        self._store, self._library, self._now = store, library, now
        self._contests, self._attempts, self._reports = contests, attempts, reports

    def running(self, participant: str) -> tuple[Run, Contest] | None:
        """The attempt that this participant has begun and not finished, in a contest that is open."""
        return self._open_attempt(participant, named=True)

    def waiting(self, participant: str) -> tuple[Run, Contest] | None:
        """The attempt that waits for a name, in a contest that is open."""
        return self._open_attempt(participant, named=False)

    def answer(self, participant: str, attempt_id: int, position: int, option: int, language: str) -> Outcome | None:
        """Notes an answer and asks the next question; after the last one the result. None: no such contest attempt.

        The clock is looked at in the transaction that writes the answer. Old and doubled presses change nothing.
        """
        taken = self._attempts.answer(participant, attempt_id, position, option, self._contests.gate)
        contest = self._contest_of(taken.run)
        if taken.run is None or contest is None:
            return None
        if taken.verdict is Verdict.SHUT:
            return self.result(taken.run, contest, language, "shut")
        if taken.verdict is Verdict.TAKEN:
            said = self._say("noted", language, number=position + 1)
            after = self.ask(taken.run, language, said) if taken.run.going else None
            return after or self.result(taken.run, contest, language, "")
        if not taken.run.going:
            return self.result(taken.run, contest, language, "done_before")
        if taken.verdict is Verdict.ALREADY:
            return self.ask(taken.run, language, self._say("already", language, number=position + 1))
        return self.ask(taken.run, language, self._library().phrase("quiz.other", language))

    def ask(self, run: Run, language: str, before: str = "") -> Outcome:
        """The question that waits. A round of practice ends: "A" can mean one question only."""
        self._attempts.end_practice(run.attempt.participant)
        return Outcome([asking.question(self._library(), run, language, before)], "quiz")

    def go_on(self, run: Run, contest: Contest, language: str) -> Outcome:
        """The question that waits, after a pause or a restart."""
        return self.ask(run, language, self._say("go_on", language, title=contest.title))

    def pause(self, participant: str, language: str) -> Outcome | None:
        """Leaves the floor; the attempt stays open. None if none is running."""
        found = self.running(participant)
        if found is None or found[0].position is None:
            return None
        run, contest = found
        values = {"number": found[0].position + 1, "total": run.total, "closes": times.moment(contest.closes_at)}
        buttons = (
            telling.enter(self._library(), contest, language, "continue"),
            telling.submit(self._library(), contest, language),
            asking.menu(self._library(), language),
        )
        return Outcome([Reply(self._say("paused", language, **values), buttons=buttons)])

    def submit(self, participant: str, contest_id: int, language: str) -> Outcome | None:
        """Hands in what was answered so far. None if this participant has not begun that contest."""
        run = self._attempts.in_contest(participant, contest_id)
        contest = self._contests.get(contest_id)
        if run is None or contest is None or not run.attempt.nickname:
            return None
        if not run.going:
            return self.result(run, contest, language, "done_before")
        if contest.state != State.OPEN or contest.closes_at <= self._now():
            return self.result(run, contest, language, "closed")
        self._attempts.finish(run)
        return self.result(run, contest, language, "")

    def too_late(self, participant: str, language: str) -> Outcome | None:
        """For an answer typed after the end: the result of the contest that closed meanwhile; None if none did."""
        query = (
            select(Attempt)
            .join(Contest, Contest.id == Attempt.contest_id)
            .where(Attempt.participant == participant, Attempt.finished_at.is_(None), Attempt.nickname != "")
            .where(Contest.state == State.CLOSED)
            .order_by(Attempt.id.desc())
        )
        with self._store.read() as session:
            attempt = session.scalars(query.limit(1)).first()
            run = self._attempts.run(session, attempt) if attempt is not None else None
        contest = self._contest_of(run)
        return self.result(run, contest, language, "shut") if run is not None and contest is not None else None

    def result(self, run: Run, contest: Contest, language: str, first: str) -> Outcome:
        """Score and place, after the sentence `first` ("" for none)."""
        self._contests.sweep()
        contest = self._contests.get(contest.id) or contest
        library, board = self._library(), self._reports.board(contest, run.attempt.participant)
        own = board.own
        said = self._say(first, language, title=contest.title, closes=times.moment(contest.closes_at)) if first else ""
        score = telling.result(library, own.result, language, done=not first) if own else ""
        place = telling.place(library, contest, own, board.of, language) if own else ""
        text = "\n\n".join(part for part in (said, score, place) if part)
        return Outcome([Reply(text, buttons=self._afterwards(contest, language))])

    def _afterwards(self, contest: Contest, language: str) -> tuple[Button, ...]:
        library = self._library()
        return (
            telling.board(library, contest, language),
            telling.practise(library, language),
            asking.menu(library, language),
        )

    def _contest_of(self, run: Run | None) -> Contest | None:
        contest_id = run.attempt.contest_id if run is not None and run.attempt.nickname else None
        return self._contests.get(contest_id) if contest_id is not None else None

    def _open_attempt(self, participant: str, named: bool) -> tuple[Run, Contest] | None:
        self._contests.sweep()
        query = (
            select(Attempt, Contest)
            .join(Contest, Contest.id == Attempt.contest_id)
            .where(Attempt.participant == participant, Attempt.finished_at.is_(None), Contest.state == State.OPEN)
            .where(Attempt.nickname != "" if named else Attempt.nickname == "")
            .order_by(Attempt.started_at.desc(), Attempt.id.desc())
        )
        with self._store.read() as session:
            found = session.execute(query.limit(1)).first()
            return (self._attempts.run(session, found[0]), found[1]) if found is not None else None

    def _say(self, key: str, language: str, **values: object) -> str:
        return self._library().phrase(f"contest.{key}", language, **values)
