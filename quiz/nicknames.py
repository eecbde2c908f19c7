"""The names in use on one contest's board: which are taken, one made up, one hidden."""

from __future__ import annotations

from random import Random, SystemRandom

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.library import Library
from db.citizen import Attempt
from db.stores import Store
from quiz import names


def taken(session: Session, contest_id: int) -> set[str]:
    """The names in use, as `names.key` gives them."""
    used = select(Attempt.nickname).where(Attempt.contest_id == contest_id, Attempt.nickname != "")
    return {names.key(name) for name in session.scalars(used)}


def made_up(library: Library, in_use: set[str], random: Random) -> str:
    """ "Người chơi 4821": four digits, or six when those run short. The board is the same in every language."""
    for digits in (*[4] * 100, *[6] * 1000):
        name = library.phrase("contest.player", digits=f"{random.randrange(10**digits):0{digits}}")
        if names.key(name) not in in_use:
            return name
    raise RuntimeError("no free name among a million")


def hide(store: Store, library: Library, contest_id: int, attempt_id: int) -> None:
    """Puts a name made up in the place of one that offends or gives somebody away. An unknown attempt is left alone."""
    with store.begin() as session:
        attempt = session.get(Attempt, attempt_id)
        if attempt is not None and attempt.contest_id == contest_id and attempt.nickname:
            attempt.nickname = made_up(library, taken(session, contest_id), SystemRandom())
