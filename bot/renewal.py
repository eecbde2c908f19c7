"""When a person comes for the first time in a new period (db/pseudonyms.py), what is kept of them gets the new name.

The rows are renamed in one transaction, and the old name is in no file of the store afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from sqlalchemy import Column, Table, bindparam, delete, exists, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from db.citizen import Attempt, CitizenBase, LessonProgress, Talk, TipDraft
from db.stores import Store

Reseal = Callable[[Session, str, str], None]

_TALK, _DRAFT, _ATTEMPT, _LESSON = (
    CitizenBase.metadata.tables[kind.__tablename__] for kind in (Talk, TipDraft, Attempt, LessonProgress)
)
_OF_A_DRAFT: list[tuple[Table, Column[str]]] = [
    (table, foreign.parent)
    for table in CitizenBase.metadata.sorted_tables
    for foreign in table.foreign_keys
    if foreign.column is _DRAFT.c.ref
]  # its pictures, and whatever else comes to hang on it
_IS_THERE = select(
    or_(
        exists().where(_TALK.c.ref == bindparam("talk")),
        exists().where(_DRAFT.c.ref == bindparam("talk")),
        exists().where(_ATTEMPT.c.participant == bindparam("quiz")),
        exists().where(_LESSON.c.participant == bindparam("quiz")),
    )
)


class Renewal:
    """Synchronous; calls for one person must come one after the other."""

    def __init__(self, store: Store, reseal: Sequence[Reseal] = ()) -> None:
        """`reseal(session, old, new)`: each opens under a talk's old name what is sealed in the rows that have the new one, and
        seals it under the new. Whatever does not open they leave as it is.
        """
        self._store, self._reseal = store, reseal

    def carry(self, old_talk: str, new_talk: str, old_quiz: str, new_quiz: str) -> bool:
        """Renames the talk, the draft, the quiz's attempts and the lessons; False, after one read, if nothing has the old names.

        What is there under the new name already stays, and the old is deleted; of attempts only those in the same contest.
        """
        with self._store.glance() as connection:
            if not connection.scalar(_IS_THERE, {"talk": old_talk, "quiz": old_quiz}):
                return False
        with self._store.erase() as session:
            _carry_talk(session, old_talk, new_talk)
            _carry_draft(session, old_talk, new_talk)
            _carry_attempts(session, old_quiz, new_quiz)
            _carry_lessons(session, old_quiz, new_quiz)
            for reseal in self._reseal:
                reseal(session, old_talk, new_talk)
        return True


def _carry_talk(session: Session, old: str, new: str) -> None:
    """The engine's name for a talk would tell as well whose it was: it gets another, and what the engine knew fades there."""
    if not _has(session, _TALK, new):
        session.execute(update(_TALK).where(_TALK.c.ref == old).values(ref=new, engine_id=secrets.token_hex(16)))
    session.execute(delete(_TALK).where(_TALK.c.ref == old))


def _carry_draft(session: Session, old: str, new: str) -> None:
    """A picture never hangs on nothing: the renamed draft is there before it moves, the old one goes after."""
    if not _has(session, _DRAFT, new):
        renamed = [literal(new) if column is _DRAFT.c.ref else column for column in _DRAFT.columns]
        session.execute(insert(_DRAFT).from_select(_DRAFT.columns.keys(), select(*renamed).where(_DRAFT.c.ref == old)))
        for table, ref in _OF_A_DRAFT:
            session.execute(update(table).where(ref == old).values({ref.name: new}))
    session.execute(delete(_DRAFT).where(_DRAFT.c.ref == old))


def _carry_attempts(session: Session, old: str, new: str) -> None:
    mine, contest = _ATTEMPT.c.participant == old, _ATTEMPT.c.contest_id
    taken = select(contest).where(_ATTEMPT.c.participant == new, contest.is_not(None))
    free = or_(contest.is_(None), contest.not_in(taken))
    session.execute(update(_ATTEMPT).where(mine, free).values(participant=new))
    session.execute(delete(_ATTEMPT).where(mine))


def _carry_lessons(session: Session, old: str, new: str) -> None:
    mine = _LESSON.c.participant == old
    begun = select(_LESSON.c.lesson).where(_LESSON.c.participant == new)
    session.execute(update(_LESSON).where(mine, _LESSON.c.lesson.not_in(begun)).values(participant=new))
    session.execute(delete(_LESSON).where(mine))


def _has(session: Session, table: Table, ref: str) -> bool:
    return session.scalar(select(exists().where(table.c.ref == ref))) is True
