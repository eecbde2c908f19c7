"""What an officer does with tips. Each act opens the tip's key first; its audit row is in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.police import Message, Officer, Part
from db.stores import Store
from tips.attachments import Attachment
from tips.envelope import Kind, Label, new_id, seal_message
from tips.police.audit import Act, hour, record
from tips.police.coarsen import day
from tips.police.files import FileLine, FileSort, files_of, open_file
from tips.police.listing import Cursor, Page, Urgent, page_of, urgent_of
from tips.police.officers import OpenedOfficer
from tips.police.opening import HeldTip, catch_up, holding, read_addition, read_answer, read_report, why_danger
from tips.police.originals import OriginalLine, Originals, originals_of
from tips.police.rekey import Access, OfficerLine, who_could, who_opens
from tips.police.status import TipStatus
from tips.report import Answer, Report
from tips.text import clean

PAGE = 50
MAX_ANSWER = 4_000  # characters


class MoveNotAllowed(ValueError):
    """A status that the tip cannot have next (`TipStatus.moves`)."""


class AnswerRefused(ValueError):
    """An answer without a word, or with more than 4,000 characters."""


@dataclass(frozen=True, slots=True)
class AdditionLine:
    """What the citizen added later; `text` is None if it does not open."""

    received_hour: datetime
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What an officer answered; `answer` is None if it does not open."""

    sent_hour: datetime
    officer: str
    answer: Answer | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenTip:
    """A tip that an officer reads. `report` is None if it does not open, although the tip's key does."""

    tip_id: str
    received_hour: datetime
    danger: bool
    status: TipStatus
    lane: str  # why it is in the slow lane (tips/lanes.py); "": it is not
    report: Report | None = field(repr=False)
    danger_why: tuple[str, ...] = field(repr=False)  # sentences for officers
    files: tuple[FileLine, ...]
    originals: tuple[OriginalLine, ...]
    additions: tuple[AdditionLine, ...]
    answers: tuple[AnswerLine, ...]
    officers: tuple[OfficerLine, ...]  # who can open it
    others: tuple[OfficerLine, ...]  # who may be let in

    @property
    def photos(self) -> tuple[FileLine, ...]:
        """The pictures among the files."""
        return tuple(file for file in self.files if file.sort is FileSort.PICTURE)


class Inbox:
    """All that the inbox's pages call. Every method but `list` and `urgent` raises NoGrant if the officer cannot open the tip.

    `originals` opens files as they came, `access` says who may open a tip.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self.originals = Originals(store, now)
        self.access = Access(store, now)

    def list(
        self,
        officer: OpenedOfficer,
        after: Cursor | None = None,
        limit: int = PAGE,
        statuses: Sequence[TipStatus] = (),
        slow_only: bool = False,
    ) -> Page:
        """A page of all tips, or of the slow lane's; what they say only where the officer holds a grant."""
        with self._store.begin() as session:
            page = page_of(session, officer, after, limit, statuses, slow_only)
            record(session, self._now(), Act.LIST, officer.id, readable=sum(line.readable for line in page.lines))
            return page

    def urgent(self, officer: OpenedOfficer) -> Urgent:
        """What the officer's open page rings for. Nothing is opened, so nothing is in the audit log."""
        with self._store.read() as session:
            return urgent_of(session, officer.id)

    def open(self, officer: OpenedOfficer, tip_id: str) -> OpenTip:
        """A tip with all that is in it but the files themselves."""
        with self._holding(officer, tip_id) as (session, held):
            catch_up(session, held)
            tip, keys = held
            texts = Part.kind.in_((Kind.REPORT, Kind.ADDITION))
            parts = session.scalars(select(Part).where(Part.tip_id == tip_id, texts).order_by(Part.position)).all()
            messages = session.execute(
                select(Message, Officer.name)
                .join(Officer, Officer.id == Message.officer_id)
                .where(Message.tip_id == tip_id)
                .order_by(Message.sent_hour)
            )
            answers = [AnswerLine(m.sent_hour, name, read_answer(m, keys)) for m, name in messages]
            answers.sort(key=lambda a: (a.sent_hour, a.answer.written_at if a.answer else a.sent_hour))
            report = next((read_report(p, keys) for p in parts if p.kind == Kind.REPORT), None)
            record(session, self._now(), Act.OPEN, officer.id, tip_id)
            return OpenTip(
                tip_id=tip.id,
                received_hour=tip.received_hour,
                danger=tip.danger,
                status=TipStatus(tip.status),
                lane=tip.lane,
                report=report,
                danger_why=why_danger(tip.danger, report),
                files=files_of(session, tip_id, keys),
                originals=originals_of(session, officer, held),
                additions=tuple(
                    AdditionLine(p.received_hour, read_addition(p, keys)) for p in parts if p.kind == Kind.ADDITION
                ),
                answers=tuple(answers),
                officers=who_opens(session, tip_id),
                others=who_could(session, tip_id),
            )

    def file(self, officer: OpenedOfficer, tip_id: str, part_id: str) -> Attachment:
        """A cleaned copy. Raises LookupError if the tip has no such file, EnvelopeError, AttachmentError."""
        with self._holding(officer, tip_id) as (session, held):
            catch_up(session, held)
            part = session.get(Part, part_id)
            if part is None or part.tip_id != tip_id or part.kind != Kind.FILE:
                raise LookupError("no such file in this tip")
            record(session, self._now(), Act.FILE, officer.id, tip_id, part=part_id)
            return open_file(part, held.keys)

    def change_status(self, officer: OpenedOfficer, tip_id: str, to: TipStatus) -> None:
        """Moves a tip on. Raises MoveNotAllowed."""
        with self._holding(officer, tip_id) as (session, held):
            was = TipStatus(held.tip.status)
            if to not in was.moves:
                raise MoveNotAllowed(f"{was} does not go to {to}")
            held.tip.status = to.value
            held.tip.closed_on = day(self._now()) if to is TipStatus.CLOSED else None
            record(session, self._now(), Act.STATUS, officer.id, tip_id, was=was.value, to=to.value)

    def answer(self, officer: OpenedOfficer, tip_id: str, text: str) -> str:
        """Writes to the citizen; only the code and the tip's officers open it. Gives its id. Raises AnswerRefused."""
        cleaned = clean(text).text
        if not cleaned or len(cleaned) > MAX_ANSWER:
            raise AnswerRefused(f"an answer has 1 to {MAX_ANSWER} characters")
        with self._holding(officer, tip_id) as (session, held):
            now = self._now()
            label = Label(tip_id, new_id(), Kind.MESSAGE)
            for_citizen, for_tip, body = seal_message(
                Answer(cleaned, now).to_bytes(), label, held.tip.reply_key, held.keys.public
            )
            session.add(
                Message(
                    id=label.piece_id,
                    tip_id=tip_id,
                    officer_id=officer.id,
                    sent_hour=hour(now),
                    key_for_citizen=for_citizen,
                    key_for_tip=for_tip,
                    body=body,
                )
            )
            record(session, now, Act.ANSWER, officer.id, tip_id, message=label.piece_id)
            return label.piece_id

    def _holding(self, officer: OpenedOfficer, tip_id: str) -> AbstractContextManager[tuple[Session, HeldTip]]:
        return holding(self._store, self._now, officer, tip_id)
