"""The library that everybody holds: always the newest edition that may be shown, and one and the same throughout a turn."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from content import files, stock
from content.check import FurtherRule, examine
from content.files import Live, Version
from content.finding import Finding
from content.library import FOLDER, Library, on, vietnams_day
from content.model import Hotline, Place, Question, Source, Tongue, Topic, Words
from content.stock import Stock

log = logging.getLogger(__name__)

_PINNED: ContextVar[tuple[Shelf, Library] | None] = ContextVar("pinned", default=None)


class Shelf(Library):
    """Satisfies `Library`: every attribute is the current edition's. Safe for many threads; `look` runs in one at a time.

    An edition is replaced when a file changed or the day did, whole or not at all: a folder in which the check finds an
    error changes nothing, is named in the log, and is looked at again once a file in it has changed.
    """

    def __init__(
        self,
        folder: Path,
        intents: Iterable[str],
        now: Callable[[], datetime],
        *further: FurtherRule,
        instead: Path = FOLDER,
    ) -> None:
        """`instead`: the content that came with the program, for a start with a folder that cannot be used.

        Raises ContentError if that cannot be used either.
        """
        self.folder = folder
        self._intents, self._now, self._further = tuple(intents), now, further
        self._looking = Lock()
        self._day = vietnams_day(now())
        self._digest = files.digest(folder)
        self._refused = ""
        first = self._examined() if folder != instead else None
        self._stock = first or stock.read(instead)
        self._current = on(self._stock, self._day)

    def look(self) -> bool:
        """Takes up what has changed; says whether another edition is live now. Some 0.5 s of work if a file changed."""
        with self._looking:
            taken = self._look_at_files()
            day = vietnams_day(self._now())
            if not taken and day == self._day:
                return False
            self._day = day
            self._current = on(self._stock, day)
            return True

    @property
    def edition(self) -> Library:
        """The edition that this task sees."""
        pinned = _PINNED.get()
        return pinned[1] if pinned and pinned[0] is self else self._current

    @property
    def live(self) -> Live:
        return Live(self._current.version, self._refused)

    def one_edition(self) -> AbstractContextManager[object]:
        return self._pinned()

    @contextmanager
    def _pinned(self) -> Iterator[None]:
        token = _PINNED.set((self, self.edition))
        try:
            yield
        finally:
            _PINNED.reset(token)

    def _look_at_files(self) -> bool:
        digest = files.digest(self.folder)
        if digest == self._digest:
            return False
        found = self._examined()
        if files.digest(self.folder) != digest:  # somebody is writing: what was read may be half of it
            return False
        self._digest = digest
        if found is None:
            return False
        self._stock = found
        log.info("content: version %s is live", found.version.hash)
        return True

    def _examined(self) -> Stock | None:
        """The stock if it may be shown; else says why not, in the log and to the pages."""
        examined = examine(self.folder, self._intents, vietnams_day(self._now()), *self._further)
        wrong = examined.wrong
        if examined.stock is not None and not wrong:
            self._refused = ""
            return examined.stock
        first: Finding = wrong[0]
        self._refused = f"{first.place}: {first.rule}"
        told = "content: a new version was refused, the old one stays: %s: %s (%d wrong)"
        log.error(told, first.place, first.rule, len(wrong))
        return None

    @property
    def topics(self) -> Mapping[str, Topic]:
        return self.edition.topics

    @property
    def questions(self) -> Mapping[str, Question]:
        return self.edition.questions

    @property
    def phrases(self) -> Mapping[str, Words]:
        return self.edition.phrases

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.edition.sources

    @property
    def hotlines(self) -> Mapping[str, Hotline]:
        return self.edition.hotlines

    @property
    def places(self) -> tuple[Place, ...]:
        return self.edition.places

    @property
    def tongues(self) -> Mapping[str, Tongue]:
        return self.edition.tongues

    @property
    def extra(self) -> Mapping[str, Any]:
        return self.edition.extra

    @property
    def version(self) -> Version:
        return self.edition.version

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Shelf({self.live.version.hash})"
