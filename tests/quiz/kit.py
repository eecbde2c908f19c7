"""A world for the quiz: a real SQLite store, the real content, a clock that tests move, seeded chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from content.library import Library
from content.model import Question
from db.citizen import Answer, Attempt, CitizenBase, Contest, Organiser
from db.stores import Store
from quiz.asking import Outcome
from quiz.contests import Contests, Plan
from quiz.floor import QuizFloor
from quiz.reports import Reports

START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 10:00 in Vietnam
LAN, HOA, MAI = "1" * 32, "2" * 32, "3" * 32


class World:
    """Everything that a test of the quiz needs."""

    def __init__(self, folder: Path, library: Library, at: datetime = START) -> None:
        self.url = f"sqlite:///{folder / 'citizens.db'}"
        self.at = at
        self.the_library = library
        self.store = Store(self.url)
        CitizenBase.metadata.create_all(self.store.engine)
        self.organiser = self.add_organiser("hoa", "Hội Phụ nữ xã Đại Phước")
        self.restart()

    def restart(self) -> None:
        """New services on the same file, as after a restart."""
        self.contests = Contests(self.store, self.library, self.now)
        self.reports = Reports(self.store, self.library)
        self.floor = QuizFloor(self.store, self.library, self.now, self.contests, Random(7))

    def now(self) -> datetime:
        return self.at

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)

    def library(self) -> Library:
        return self.the_library

    def add_organiser(self, login: str, group: str) -> int:
        row = Organiser(login=login, group_name=group, password_hash="-", created_at=self.at)
        with self.store.begin() as session:
            session.add(row)
        return row.id

    def plan(self, title: str = "Tìm hiểu luật", hours: float = 24, count: int = 5, wait: float = 0) -> Plan:
        opens = self.at + timedelta(hours=wait)
        return Plan(title, opens, opens + timedelta(hours=hours), count)

    def contest(self, title: str = "Tìm hiểu luật", hours: float = 24, count: int = 5) -> Contest:
        """An open contest."""
        return self.contests.open(self.contests.create(self.organiser, self.plan(title, hours, count)).id)

    def attempt(self, participant: str) -> Attempt:
        """The participant's newest attempt."""
        with self.store.read() as session:
            rows = session.query(Attempt).filter_by(participant=participant).order_by(Attempt.id.desc())
            return rows.limit(1).one()

    def answers(self) -> list[Answer]:
        with self.store.read() as session:
            return session.query(Answer).order_by(Answer.attempt_id, Answer.position).all()

    def question(self, participant: str, position: int) -> Question:
        return self.the_library.questions[self.attempt(participant).items[position]["question"]]

    def payload(self, participant: str, position: int, right: bool = True) -> str:
        """The button for a right or a wrong option."""
        attempt, question = self.attempt(participant), self.question(participant, position)
        option = question.answer if right else (question.answer + 1) % len(question.options)
        return f"quiz:a:{attempt.id}:{position}:{option}"

    def press(self, participant: str, position: int, right: bool = True) -> Outcome:
        return self.floor.press(participant, "vi", self.payload(participant, position, right))

    def enter(self, participant: str, name: str, contest: Contest | None = None) -> Outcome:
        return self.floor.join(participant, "vi", contest.id if contest else None, name)

    def play(self, participant: str, name: str, right: int, seconds: float, count: int = 5) -> Outcome:
        """Enters the open contest and answers all questions, `right` of them right, in `seconds` from start to end."""
        outcome = self.enter(participant, name)
        for position in range(count):
            self.later(seconds=seconds / count)
            outcome = self.press(participant, position, position < right)
        return outcome


def text(outcome: Outcome | None) -> str:
    """All that was said."""
    assert outcome is not None
    return "\n\n".join(reply.text for reply in outcome.replies)


def payloads(outcome: Outcome) -> list[str]:
    return [button.payload for reply in outcome.replies for button in reply.buttons]
