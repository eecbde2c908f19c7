"""A round of practice: five questions, each explained after its answer, then a score and a kind word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random, SystemRandom

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.library import Library
from content.reply import Button, Reply
from db.citizen import Attempt
from db.stores import Store
from quiz import asking
from quiz.asking import Outcome
from quiz.attempts import Attempts, Run, Verdict
from quiz.draw import draw

ROUND = 5  # questions
STALE = timedelta(hours=24)  # an open round that is older is not gone on with when somebody asks for questions
REMEMBERED = 12  # rounds whose questions are not asked again, while there are others


class Practice:
    """Synchronous, owns its transactions. A round lives in the store, so a restart asks the same question again."""

    def __init__(
        self,
        store: Store,
        library: Callable[[], Library],
        now: Callable[[], datetime],
        random: Random | None = None,
        attempts: Attempts | None = None,
    ) -> None:
        self._store, self._library, self._now = store, library, now
        self._random = random or SystemRandom()
        self._attempts = attempts or Attempts(store, library, now)

    def start(self, participant: str, language: str) -> Outcome:
        """The first question of a new round; a round of today that is not finished goes on."""
        run = self._attempts.open_practice(participant)
        if run and run.going and self._now() - run.attempt.started_at < STALE:
            return self._ask(run, language, self._say("go_on", language) if run.answers else self._intro(language))
        if run:
            self._attempts.finish(run)
        if len(self._library().questions) < ROUND:
            return Outcome([Reply(self._say("too_few", language), buttons=(asking.menu(self._library(), language),))])
        return self._ask(self._new(participant), language, self._intro(language))

    def answer(self, participant: str, attempt_id: int, position: int, option: int, language: str) -> Outcome:
        """Right or wrong and why, then the next question or the score.

        An old or doubled press gives a clear sentence and the question that waits, never a second answer.
        """
        taken = self._attempts.answer(participant, attempt_id, position, option, _is_practice)
        if taken.run is None or taken.run.attempt.contest_id is not None:
            return self._offer("unknown", language)
        if taken.verdict is Verdict.TAKEN:
            explained = asking.explanation(self._library(), taken.run, position, language)
            after = self._ask(taken.run, language) if taken.run.going else self._score(taken.run, language)
            return Outcome([explained, *after.replies], after.floor)
        if not taken.run.going:
            return self._offer("over", language)
        word = "already" if taken.verdict is Verdict.ALREADY else "other"
        return self._ask(taken.run, language, self._say(word, language, number=position + 1))

    def resume(self, participant: str, language: str) -> Outcome | None:
        """The question that waits, as after a restart; None if no round is open."""
        run = self._attempts.open_practice(participant)
        return self._ask(run, language) if run and run.going else None

    def stop(self, participant: str, language: str) -> Outcome | None:
        """Ends the open round; None if there is none."""
        run = self._attempts.open_practice(participant)
        if run is None:
            return None
        self._attempts.finish(run)
        answered = len(run.answers)
        word = "stopped" if answered else "stopped_early"
        text = self._say(word, language, right=run.right, answered=answered)
        return Outcome([Reply(text, buttons=self._again(language))])

    def offer(self, language: str) -> Outcome:
        """No question waits: a new round as a button."""
        return self._offer("nothing_open", language)

    def _intro(self, language: str) -> str:
        return self._say("intro", language, count=ROUND)

    def _new(self, participant: str) -> Run:
        with self._store.begin() as session:
            recent = select(Attempt.items).where(Attempt.participant == participant).order_by(Attempt.id.desc())
            seen = {item["question"] for items in session.scalars(recent.limit(REMEMBERED)) for item in items}
            attempt = Attempt(
                contest_id=None,
                participant=participant,
                items=draw(self._library().questions, ROUND, self._random, seen),
                started_at=self._now(),
                finished_at=None,
            )
            session.add(attempt)
            session.flush()
            return self._attempts.run(session, attempt)

    def _ask(self, run: Run, language: str, before: str = "") -> Outcome:
        return Outcome([asking.question(self._library(), run, language, before)], "quiz")

    def _score(self, run: Run, language: str) -> Outcome:
        share = run.right / run.total
        kind = "kind_all" if share == 1 else "kind_most" if share >= 0.6 else "kind_some"
        text = self._say("score", language, total=run.total, right=run.right, kind=self._say(kind, language))
        return Outcome([Reply(text, buttons=self._again(language))])

    def _offer(self, word: str, language: str) -> Outcome:
        begin = Button(self._say("begin", language, count=ROUND), "quiz:start")
        return Outcome([Reply(self._say(word, language), buttons=(begin, asking.menu(self._library(), language)))])

    def _again(self, language: str) -> tuple[Button, ...]:
        again = Button(self._say("again", language, count=ROUND), "quiz:start")
        return (again, asking.menu(self._library(), language))

    def _say(self, key: str, language: str, **values: object) -> str:
        return self._library().phrase(f"quiz.{key}", language, **values)


def _is_practice(_session: Session, attempt: Attempt) -> bool:
    return attempt.contest_id is None
