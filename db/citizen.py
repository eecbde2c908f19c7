"""Tables of the citizens' store: who has the floor in a talk, quiz and contest data. Never a tip's words in clear.

`ref` is everywhere a pseudonym (db/keys.py), 32 hexadecimal digits; no platform id, name or number is in any column.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.types import UtcDateTime


class CitizenBase(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: JSON(), list[Any]: JSON(), bytes: LargeBinary()}


class Talk(CitizenBase):
    """One conversation, as far as the next message needs it."""

    __tablename__ = "talk"
    ref: Mapped[str] = mapped_column(String(32), primary_key=True)
    engine_id: Mapped[str] = mapped_column(String(32))  # what Rasa calls this talk: random, new each session
    language: Mapped[str] = mapped_column(String(2), default="vi")
    floor: Mapped[str] = mapped_column(String(16), default="")  # "", "tip", "code", "quiz", "nickname"
    menu: Mapped[bytes]  # sealed: payloads of the last buttons ("2" means the second) and the topic at hand
    misses: Mapped[int] = mapped_column(default=0)  # messages not understood in a row
    seen_at: Mapped[datetime] = mapped_column(index=True)


class InboundUpdate(CitizenBase):
    """An update of a platform, written down before it is acknowledged. Its words are sealed, and go when it is done.

    A row is kept for two days after that, so that no update is taken twice.
    """

    __tablename__ = "inbound_update"
    __table_args__ = {"sqlite_autoincrement": True}
    number: Mapped[int] = mapped_column(primary_key=True)  # the order in which updates came
    key: Mapped[str] = mapped_column(String(32), unique=True)  # keyed hash of channel and update id
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(8), default="waiting", index=True)  # waiting, answered, done
    sealed: Mapped[bytes] = mapped_column(default=b"")  # the update as it came
    answer: Mapped[bytes] = mapped_column(default=b"")  # the replies, sealed, until they were sent
    tries: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Screen(CitizenBase):
    """Which messages on a person's screen a messenger lets the bot take back; sealed, for two days."""

    __tablename__ = "screen"
    ref: Mapped[str] = mapped_column(String(32), primary_key=True)
    sealed: Mapped[bytes]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class AnswerWatch(CitizenBase):
    """Somebody wants to be told, in a chat, that an answer came; sealed: the chat and how the answer is found. For 30 days."""

    __tablename__ = "answer_watch"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # random
    sealed: Mapped[bytes]
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # when to tell it; none: nothing came yet
    expires_at: Mapped[datetime] = mapped_column(index=True)


class OutboxTip(CitizenBase):
    """A sealed tip on its way to the police's own machine; gone when it is there."""

    __tablename__ = "outbox_tip"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # random, not the tip's
    lookup: Mapped[str] = mapped_column(
        String(32), unique=True
    )  # keyed hash: is the tip of this code still on its way?
    sealed: Mapped[bytes]  # the sealed tip once more, under a key outside the store
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(index=True)


class Duty(CitizenBase):
    """What the citizens' side knows of the police's when that cannot be asked: to whom tips are sealed. One row."""

    __tablename__ = "duty"
    id: Mapped[int] = mapped_column(primary_key=True)
    recipients: Mapped[bytes]  # sealed
    asked_at: Mapped[datetime]


class TipDraft(CitizenBase):
    """A tip being told, sealed under a key outside the store; gone when sent, left or 24 hours old."""

    __tablename__ = "tip_draft"
    ref: Mapped[str] = mapped_column(String(32), primary_key=True)
    sealed: Mapped[bytes]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class TipDraftFile(CitizenBase):
    """An attachment of a draft: the cleaned copy and the original, sealed like the draft."""

    __tablename__ = "tip_draft_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(ForeignKey("tip_draft.ref", ondelete="CASCADE"), index=True)
    sealed: Mapped[bytes]
    original: Mapped[bytes | None]


class Organiser(CitizenBase):
    """A woman of a local group who runs contests."""

    __tablename__ = "organiser"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    group_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


class Contest(CitizenBase):
    """A law contest. `state`: draft, open, closed (quiz/contests.py)."""

    __tablename__ = "contest"
    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id"))
    title: Mapped[str] = mapped_column(String(120))
    question_count: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="draft", index=True)
    created_at: Mapped[datetime]


class Attempt(CitizenBase):
    """One run through drawn questions: practice (no contest) or a contest, one for each participant."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("contest_id", "participant"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    participant: Mapped[str] = mapped_column(
        String(32), index=True
    )  # pseudonym for the purpose "quiz", not a talk's ref
    nickname: Mapped[str] = mapped_column(String(40), default="")
    items: Mapped[list[Any]]  # [{"question": id, "order": [2, 0, 1]}]: drawn once, so a restart asks the same
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Answer(CitizenBase):
    """One answer; the key makes a second answer to the same item impossible."""

    __tablename__ = "answer"
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    option: Mapped[int]  # index in the question's own order, not the shuffled one
    correct: Mapped[bool]
    answered_at: Mapped[datetime]


class Miss(CitizenBase):
    """A text that was not understood, anonymised (bot/misses.py): of nobody, at no hour. For 90 days after it was last said."""

    __tablename__ = "miss"
    id: Mapped[int] = mapped_column(primary_key=True)  # random: numbers in turn would tell in which order people came
    text: Mapped[str] = mapped_column(String(320), unique=True)
    language: Mapped[str] = mapped_column(String(2))
    readings: Mapped[list[Any]]  # likeliest intents, best first
    times: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)


class UnkeptMiss(CitizenBase):
    """How many texts of a day were not understood and could not be made anonymous: only counted."""

    __tablename__ = "unkept_miss"
    day: Mapped[date] = mapped_column(primary_key=True)
    times: Mapped[int]


class CompanyList(CitizenBase):
    """The list of licensed companies that was imported last. One row."""

    __tablename__ = "company_list"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(200))  # what a person is shown: who published it
    published_on: Mapped[date]
    imported_at: Mapped[datetime]
    sample: Mapped[bool]  # made up, for trials: every answer says so


class Company(CitizenBase):
    """A company of that list, as it stands there. Public data."""

    __tablename__ = "company"
    id: Mapped[int] = mapped_column(primary_key=True)
    licence: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(300))
    short_name: Mapped[str] = mapped_column(String(120), default="")
    status: Mapped[str] = mapped_column(String(16))  # licensed, suspended, withdrawn, expired, unknown
    status_said: Mapped[str] = mapped_column(String(200), default="")  # in the list's own words
    licensed_on: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(400), default="")
    website: Mapped[str] = mapped_column(String(200), default="")


class LessonProgress(CitizenBase):
    """How far somebody came in a lesson, under the pseudonym of the quiz. Gone after a year, or when the person wants it."""

    __tablename__ = "lesson_progress"
    participant: Mapped[str] = mapped_column(String(32), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(48), primary_key=True)
    card: Mapped[int]  # the last card that was read, from 1
    done: Mapped[bool] = mapped_column(default=False)
    best: Mapped[int | None]  # of a closing test: right answers
    seen_on: Mapped[date] = mapped_column(index=True)


class Handover(CitizenBase):
    """A wish to be contacted by the local Women's Union: only what the person agreed to, sealed. Gone 30 days after it is taken."""

    __tablename__ = "handover"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # random
    province: Mapped[str] = mapped_column(String(80), index=True)  # of the 34; where the wish goes
    sealed: Mapped[bytes]  # what is wanted, the commune, how to be reached, and the sentence that was agreed to
    asked_on: Mapped[date]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("organiser.id"))
    taken_on: Mapped[date | None]
    expires_on: Mapped[date] = mapped_column(index=True)
