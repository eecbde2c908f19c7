"""The one door for the conversation: buttons, typed answers and wishes come in, an `Outcome` goes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from random import Random

from content.library import Library
from db.stores import Store
from quiz import matching
from quiz.asking import Floor, Outcome
from quiz.attempts import Attempts, Run
from quiz.boards import Boards
from quiz.contests import Contests
from quiz.joining import Joining
from quiz.practice import Practice
from quiz.reports import Reports
from quiz.taking import Taking

_ANSWER = re.compile(r"quiz:a:(\d{1,15}):(\d{1,3}):(\d)")
_CONTEST = re.compile(r"contest:(enter|board|submit):(\d{1,15})")


class QuizFloor:
    """Practice and contests for one participant (a pseudonym, `Pseudonyms.of("quiz", …)`). Synchronous."""

    def __init__(
        self,
        store: Store,
        library: Callable[[], Library],
        now: Callable[[], datetime],
        contests: Contests,
        random: Random | None = None,
    ) -> None:
        self._attempts = Attempts(store, library, now)
        reports = Reports(store, library)
        self._practice = Practice(store, library, now, random, self._attempts)
        self._taking = Taking(store, library, now, contests, self._attempts, reports)
        self._joining = Joining(store, library, now, contests, self._attempts, self._taking, random)
        self._boards = Boards(store, library, contests, self._attempts, reports)

    def press(self, participant: str, language: str, payload: str, floor: Floor = "") -> Outcome:
        """A button `quiz:…` or `contest:…`; `floor` is who has it now, kept where the button only shows something.

        Never raises for an old, doubled or made-up payload.
        """
        if answer := _ANSWER.fullmatch(payload):
            attempt, position, option = (int(number) for number in answer.groups())
            return self._answer(participant, language, attempt, position, option)
        if contest := _CONTEST.fullmatch(payload):
            return self._contest(participant, language, contest[1], int(contest[2]), floor)
        match payload:
            case "quiz:start":
                return self.start(participant, language)
            case "quiz:stop":
                return self.stop(participant, language)
            case "quiz:resume":
                return self.resume(participant, language) or self._practice.offer(language)
            case "contest:enter":
                return self.join(participant, language)
            case "contest:name:skip":
                return self._joining.skip_name(participant, language)
            case "contest:name:leave":
                return self._joining.leave(participant, language)
            case "contest:board":
                return self.board(participant, language, None, floor)
            case "contest:rules":
                return self.rules(language, floor)
            case "contest:score":
                return self.my_score(participant, language, floor)
        return self._practice.offer(language)

    def hear(self, participant: str, language: str, floor: str, text: str) -> Outcome | None:
        """A typed message while "quiz" or "nickname" has the floor. None: it is no answer, the dialogue may have it."""
        if floor == "nickname":
            return self._hear_name(participant, language, text)
        if matching.is_stop(text):
            return self.stop(participant, language)
        run = self._current(participant)
        if run is None or run.position is None:
            late = matching.names_a_place(text)
            return (self._taking.too_late(participant, language) or self._practice.offer(language)) if late else None
        if matching.is_go_on(text):
            return self.resume(participant, language)
        key, order = run.item(run.position)
        option = matching.match_option(text, self._attempts.library().questions[key], order)
        if option is None:
            return None
        return self._answer(participant, language, run.attempt.id, run.position, option)

    def start(self, participant: str, language: str) -> Outcome:
        """A round of practice."""
        return self._practice.start(participant, language)

    def stop(self, participant: str, language: str) -> Outcome:
        """Ends the round of practice; a contest's attempt is only left, and can be gone on with until it closes."""
        stopped = self._practice.stop(participant, language) or self._taking.pause(participant, language)
        return stopped or self._practice.offer(language)

    def resume(self, participant: str, language: str) -> Outcome | None:
        """The question that waits, as after a restart or after something else was talked about; None if none waits."""
        practice = self._practice.resume(participant, language)
        if practice is not None:
            return practice
        running = self._taking.running(participant)
        return self._taking.go_on(running[0], running[1], language) if running and running[0].going else None

    def join(
        self, participant: str, language: str, contest_id: int | None = None, nickname: str | None = None
    ) -> Outcome:
        """Enters a contest, or goes on with the one begun."""
        return self._joining.enter(participant, language, contest_id, nickname)

    def board(self, participant: str, language: str, contest_id: int | None = None, floor: Floor = "") -> Outcome:
        """A leaderboard; the floor stays."""
        return Outcome([self._boards.board(participant, language, contest_id)], floor)

    def my_score(self, participant: str, language: str, floor: Floor = "") -> Outcome:
        """One's own score; the floor stays."""
        return Outcome([self._boards.my_score(participant, language)], floor)

    def rules(self, language: str, floor: Floor = "") -> Outcome:
        """The rules and the open contests; the floor stays."""
        return Outcome([self._boards.rules(language)], floor)

    def forget(self, participant: str) -> int:
        """Deletes all of this participant's attempts and answers. Returns how many attempts there were."""
        return self._attempts.forget(participant)

    def purge(self) -> int:
        """Deletes rounds of practice older than half a year. Returns how many."""
        return self._attempts.purge_practice()

    def _answer(self, participant: str, language: str, attempt: int, position: int, option: int) -> Outcome:
        contest = self._taking.answer(participant, attempt, position, option, language)
        return contest or self._practice.answer(participant, attempt, position, option, language)

    def _contest(self, participant: str, language: str, act: str, contest_id: int, floor: Floor) -> Outcome:
        if act == "board":
            return self.board(participant, language, contest_id, floor)
        if act == "submit":
            handed_in = self._taking.submit(participant, contest_id, language)
            return handed_in or self.join(participant, language, contest_id)
        return self.join(participant, language, contest_id)

    def _hear_name(self, participant: str, language: str, text: str) -> Outcome | None:
        if matching.is_stop(text):
            return self._joining.leave(participant, language)
        if matching.is_skip(text):
            return self._joining.skip_name(participant, language)
        return self._joining.name(participant, language, text)

    def _current(self, participant: str) -> Run | None:
        practice = self._attempts.open_practice(participant)
        if practice is not None and practice.going:
            return practice
        running = self._taking.running(participant)
        return running[0] if running is not None else None
