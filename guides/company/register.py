"""The list of licensed companies that was imported last: replaced whole or not at all, searched from memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import delete, insert, select, true
from sqlalchemy.orm import Session

from db.citizen import Company, CompanyList
from db.stores import Store
from guides.company.importing import identity
from guides.company.matching import Entry, Finding, Index

_IDS_A_LIST = (
    100_000  # a list's new companies get ids that no list before had: an old button never shows another company
)


class SampleRefused(Exception):
    """A sample would have replaced a real list."""


class OverlappingImport(Exception):
    """Another list came in meanwhile."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is known of the list itself. `sample`: made up, for trials; every answer says so."""

    version: int
    source: str
    published_on: date
    sample: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What another list changes: companies that are new, those that are gone, and (before, after) of changed states."""

    new: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    status: tuple[tuple[Entry, Entry], ...]
    renamed: tuple[tuple[Entry, Entry], ...]
    before: Listing | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and in which list."""

    listing: Listing
    finding: Finding


@dataclass(frozen=True)
class _Loaded:
    listing: Listing
    index: Index
    by_id: dict[int, Entry]


@dataclass
class Register:
    """Synchronous; safe in several threads and beside other processes on the same store."""

    store: Store
    now: Callable[[], datetime]
    _loaded: _Loaded | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def listing(self) -> Listing | None:
        """The list that is in force; None: none was imported."""
        loaded = self._current()
        return loaded.listing if loaded else None

    def search(self, typed: str) -> Answer | None:
        """What the list says to a name or a licence's number; None: no list was imported."""
        loaded = self._current()
        return Answer(loaded.listing, loaded.index.search(typed)) if loaded else None

    def listed_in(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Where a listed name begins and ends among the words of a sentence; None if there is none."""
        loaded = self._current()
        return loaded.index.listed_in(words) if loaded else None

    def entry(self, id: int) -> tuple[Listing, Entry | None] | None:
        """A company by its id; no company if the list in force has none of that id. None: no list was imported."""
        loaded = self._current()
        return (loaded.listing, loaded.by_id.get(id)) if loaded else None

    def replace(
        self, entries: Sequence[Entry], source: str, published_on: date, *, sample: bool, dry_run: bool = False
    ) -> Changes:
        """Puts a list in the place of the last one, in one transaction, and says what changed. `dry_run`: only says it.

        Raises SampleRefused, and OverlappingImport if another one was quicker. Ids of the entries are given here: a company of
        the last list keeps its own.
        """
        with self.store.read() as session:
            before, old = _read(session)
        if sample and before and not before.sample:
            raise SampleRefused("a real list is in force: a sample does not replace it")
        known = {identity(entry): entry for entry in old}
        version = before.version + 1 if before else 1
        fresh = [_with_id(e, known.get(identity(e)), version * _IDS_A_LIST + at) for at, e in enumerate(entries)]
        if not dry_run:
            listing = Listing(version, source, published_on, sample)
            with self.store.begin() as session:  # short: citizens' messages wait for it
                _write(session, listing, before, fresh, self.now())
        return _changes(before, known, fresh)

    def _current(self) -> _Loaded | None:
        """The list in memory, read anew if another one was imported meanwhile."""
        with self.store.glance() as connection:
            version = connection.execute(select(CompanyList.id).order_by(CompanyList.id.desc()).limit(1)).scalar()
        loaded = self._loaded
        if version is None:
            return None
        if loaded and loaded.listing.version == version:
            return loaded
        with self._lock:  # one thread makes the index, the others wait for it
            if self._loaded is None or self._loaded.listing.version != version:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> _Loaded | None:
        with self.store.read() as session:
            listing, entries = _read(session)
        if listing is None:
            return None
        return _Loaded(listing, Index(entries), {entry.id: entry for entry in entries})


def _read(session: Session) -> tuple[Listing | None, list[Entry]]:
    """List and companies in one statement: an import between two would give the one list's date to the other's companies."""
    rows = session.execute(select(CompanyList, Company).join(Company, true(), isouter=True).order_by(Company.id)).all()
    if not rows:
        return None, []
    head: CompanyList = rows[0][0]
    return (
        Listing(head.id, head.source, head.published_on, head.sample),
        [_entry(row[1]) for row in rows if row[1] is not None],
    )


def _write(session: Session, listing: Listing, before: Listing | None, entries: Sequence[Entry], now: datetime) -> None:
    """Of two imports at once the second fails, here or on the list's id, and nothing of it stays."""
    if session.scalar(select(CompanyList.id)) != (before.version if before else None):
        raise OverlappingImport("another list was imported at the same time: look at the list, then try again")
    session.execute(delete(Company))
    session.execute(delete(CompanyList))
    session.add(
        CompanyList(
            id=listing.version,
            source=listing.source,
            published_on=listing.published_on,
            imported_at=now,
            sample=listing.sample,
        )
    )
    session.flush()
    if entries:
        session.execute(insert(Company), [_columns(entry) for entry in entries])


def _with_id(entry: Entry, known: Entry | None, fresh: int) -> Entry:
    same = known is not None and known.name == entry.name
    return replace(entry, id=known.id if known is not None and same else fresh)


def _changes(before: Listing | None, known: dict[str, Entry], fresh: Sequence[Entry]) -> Changes:
    now = {identity(entry): entry for entry in fresh}
    both = [(known[key], entry) for key, entry in now.items() if key in known]
    return Changes(
        new=tuple(entry for key, entry in now.items() if key not in known),
        gone=tuple(entry for key, entry in known.items() if key not in now),
        status=tuple((old, new) for old, new in both if old.status != new.status),
        renamed=tuple((old, new) for old, new in both if old.name != new.name),
        before=before,
    )


def _entry(row: Company) -> Entry:
    return Entry(
        id=row.id,
        licence=row.licence,
        name=row.name,
        status=row.status,
        short_name=row.short_name,
        status_said=row.status_said,
        licensed_on=row.licensed_on,
        address=row.address,
        website=row.website,
    )


def _columns(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "licence": entry.licence,
        "name": entry.name,
        "short_name": entry.short_name,
        "status": entry.status,
        "status_said": entry.status_said,
        "licensed_on": entry.licensed_on,
        "address": entry.address,
        "website": entry.website,
    }
