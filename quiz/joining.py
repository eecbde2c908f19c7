"""Entering a contest: which one, under which name, and then the first question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random, SystemRandom

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from content.library import Library
from content.reply import Button, Reply
from db.citizen import Attempt, Contest
from db.stores import Store
from quiz import asking, names, nicknames, telling
from quiz.asking import Outcome
from quiz.attempts import Attempts
from quiz.contests import Contests, State
from quiz.draw import draw
from quiz.taking import Taking
from web import times

ASKED = timedelta(hours=1)  # so long after the asking a typed message is taken as a name


class Joining:
    """Synchronous, owns its transactions. An attempt without a name waits for one and is not in the contest yet."""

    def __init__(
        self,
        store: Store,
        library: Callable[[], Library],
        now: Callable[[], datetime],
        contests: Contests,
        attempts: Attempts,
        taking: Taking,
        random: Random | None = None,
    ) -> None:
        self._store, self._library, self._now = store, library, now
        self._contests, self._attempts, self._taking = contests, attempts, taking
        self._random = random or SystemRandom()

    def enter(
        self, participant: str, language: str, contest_id: int | None = None, nickname: str | None = None
    ) -> Outcome:
        """Enters that contest, or the only open one; with several open it asks which, with none it says what comes.

        Then asks for a name, unless `nickname` is given. Whoever began goes on, whoever has finished gets a result.
        """
        if contest_id is None:
            return self._enter_any(participant, language, nickname)
        self._contests.sweep()
        contest = self._contests.get(contest_id)
        if contest is None:
            return self._nothing("unknown", language)
        run = self._attempts.in_contest(participant, contest_id)
        if run is not None and run.attempt.nickname and (contest.state == State.CLOSED or not run.going):
            first = "closed" if contest.state == State.CLOSED else "done_before"
            return self._taking.result(run, contest, language, first)
        if contest.state != State.OPEN:
            return self._not_open(contest, language)
        if run is not None and run.going:
            return self._taking.go_on(run, contest, language)
        return self._let_in(participant, contest, language, nickname)

    def name(self, participant: str, language: str, text: str) -> Outcome | None:
        """Takes `text` as the name that was asked for. None if the message is no name, or the asking is long ago."""
        if names.is_talk(text):
            return None
        waiting = self._taking.waiting(participant)
        if waiting is None:
            return self.enter(participant, language)
        if self._now() - waiting[0].attempt.started_at > ASKED:
            return None
        return self._begin(participant, waiting[1], names.cleaned(text), language)

    def skip_name(self, participant: str, language: str) -> Outcome:
        """Goes on under a name made up: "Người chơi 4821"."""
        waiting = self._taking.waiting(participant)
        if waiting is None:
            return self.enter(participant, language)
        return self._begin(participant, waiting[1], None, language)

    def leave(self, participant: str, language: str) -> Outcome:
        """Does not enter after all."""
        waiting = self._taking.waiting(participant)
        if waiting is None:
            return self._nothing("unknown", language)
        closes = times.moment(waiting[1].closes_at)
        buttons = (
            telling.enter(self._library(), waiting[1], language),
            telling.practise(self._library(), language),
            asking.menu(self._library(), language),
        )
        return Outcome([Reply(self._say("left", language, closes=closes), buttons=buttons)])

    def _enter_any(self, participant: str, language: str, nickname: str | None) -> Outcome:
        running = self._taking.running(participant)
        if running is not None:
            return self._taking.go_on(running[0], running[1], language)
        contests = self._contests.open_now()
        if len(contests) == 1:
            return self.enter(participant, language, contests[0].id, nickname)
        return self._choose(contests, language) if contests else self._none_open(language)

    def _let_in(self, participant: str, contest: Contest, language: str, nickname: str | None) -> Outcome:
        running = self._taking.running(participant)
        if running is not None:
            return self._busy(running[1], language)
        self._wait(participant, contest)
        if nickname is not None:
            return self._begin(participant, contest, names.cleaned(nickname), language)
        terms = self._say(
            "terms",
            language,
            title=contest.title,
            group=self._contests.group_of(contest),
            count=contest.question_count,
            closes=times.moment(contest.closes_at),
        )
        return Outcome([Reply(terms), self._ask_name(self._say("ask_name", language), language)], "nickname")

    def _wait(self, participant: str, contest: Contest) -> None:
        """A row that says: this participant is asked for a name for this contest, and since when."""
        try:
            with self._store.begin() as session:
                attempt = _attempt(session, participant, contest.id)
                if attempt is None:
                    attempt = Attempt(contest_id=contest.id, participant=participant, nickname="", items=[])
                    session.add(attempt)
                if not attempt.nickname:
                    attempt.started_at = self._now()
        except IntegrityError:  # pressed twice at the same moment: the row is there
            return

    def _begin(self, participant: str, contest: Contest, name: str | None, language: str) -> Outcome:
        """Under `name`, or under one made up; the first question, and the clock runs."""
        wrong = names.problem(name) if name is not None else ""
        if name is not None and wrong:
            return self._ask_again(self._say(f"name_{wrong}", language, length=len(name)), language)
        with self._store.begin() as session:
            locked = session.get(Contest, contest.id, with_for_update=True)  # one entrance at a time: names stay unique
            attempt = _attempt(session, participant, contest.id)
            if locked is None or attempt is None or not self._contests.gate(session, attempt):
                return self._not_open(contest, language)
            in_use = nicknames.taken(session, contest.id)
            if attempt.nickname:
                run = self._attempts.run(session, attempt)
            elif name is not None and names.key(name) in in_use:
                return self._ask_again(self._say("name_taken", language, name=name), language)
            else:
                attempt.nickname = name or nicknames.made_up(self._library(), in_use, self._random)
                attempt.items, attempt.started_at = self._drawn(contest), self._now()
                session.flush()
                run = self._attempts.run(session, attempt)
        return self._taking.ask(run, language, self._say("welcome", language, name=run.attempt.nickname))

    def _drawn(self, contest: Contest) -> list[dict[str, object]]:
        questions = self._library().questions
        return draw(questions, min(contest.question_count, len(questions)), self._random)

    def _ask_name(self, text: str, language: str) -> Reply:
        skip = Button(self._say("skip_name", language), "contest:name:skip")
        return Reply(text, buttons=(skip, Button(self._say("leave", language), "contest:name:leave")))

    def _ask_again(self, text: str, language: str) -> Outcome:
        return Outcome([self._ask_name(text, language)], "nickname")

    def _choose(self, contests: list[Contest], language: str) -> Outcome:
        listed = telling.listed(self._library(), self._contests, contests, language)
        buttons = [telling.enter(self._library(), contest, language, "title") for contest in contests[:6]]
        text = self._say("choose", language, count=len(contests), list=listed)
        return Outcome([Reply(text, buttons=(*buttons, asking.menu(self._library(), language)))])

    def _none_open(self, language: str) -> Outcome:
        coming = self._contests.next_to_open()
        if coming is None:
            return self._nothing("none_open", language)
        group, opens = self._contests.group_of(coming), times.moment(coming.opens_at)
        return self._nothing("none_open_next", language, title=coming.title, group=group, opens=opens)

    def _not_open(self, contest: Contest, language: str) -> Outcome:
        closed = contest.closes_at <= self._now() or contest.state == State.CLOSED
        opens, closes = times.moment(contest.opens_at), times.moment(contest.closes_at)
        word = "closed" if closed else "not_open_yet"
        return self._nothing(word, language, title=contest.title, opens=opens, closes=closes)

    def _nothing(self, word: str, language: str, **values: object) -> Outcome:
        buttons = (telling.practise(self._library(), language), asking.menu(self._library(), language))
        return Outcome([Reply(self._say(word, language, **values), buttons=buttons)])

    def _busy(self, contest: Contest, language: str) -> Outcome:
        buttons = (
            telling.enter(self._library(), contest, language, "continue"),
            telling.submit(self._library(), contest, language),
            asking.menu(self._library(), language),
        )
        return Outcome([Reply(self._say("busy", language, title=contest.title), buttons=buttons)])

    def _say(self, key: str, language: str, **values: object) -> str:
        return self._library().phrase(f"contest.{key}", language, **values)


def _attempt(session: Session, participant: str, contest_id: int) -> Attempt | None:
    mine = Attempt.participant == participant
    return session.scalars(select(Attempt).where(Attempt.contest_id == contest_id, mine)).one_or_none()
