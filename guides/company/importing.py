"""From a table to companies: finds the columns by their Vietnamese or English titles, checks every row, says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from guides.company import licences
from guides.company.matching import Entry
from guides.company.names import parse
from guides.company.tables import Row, TableError, read_tables
from guides.company.words import tables
from nlu.normalise import strip_marks

_HEADER_WITHIN = 40  # rows: titles and who it is from stand above
_OLDEST = date(1990, 1, 1)
_LONGEST = {"name": 300, "short_name": 120, "licence": 40, "address": 400, "website": 200, "status": 200}
_WEBSITE = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?", re.IGNORECASE)
_DATE = re.compile(r"(?:ngay )?(\d{1,2})(?: thang |[/.\- ]+)(\d{1,2})(?: nam |[/.\- ]+)(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_NOTE_WIDTH = 2  # a row with fewer cells filled in is a heading or a remark


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` as the file's program counts it; `column`: its title there. `dropped`: the whole row is left out, else that cell."""

    row: int
    column: str
    why: str
    dropped: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds. Every entry's id is 0: the register gives them."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[int, ...] = ()  # rows that are headings or remarks
    columns: Mapping[str, str] = field(default_factory=dict)  # what is read → the title there

    @property
    def bad_share(self) -> float:
        """Of the rows that should be companies, 0 to 1."""
        bad = len({p.row for p in self.problems if p.dropped})
        return bad / (bad + len(self.entries)) if bad else 0.0


class _BadCell(Exception):
    pass


def read_companies(path: Path, published_on: date, status: str = "unknown") -> Read:
    """`status` is that of all companies in a list that has no such column. Raises TableError: no table, or none of companies."""
    found: list[Read] = []
    for rows in read_tables(path):
        if header := _header(rows):
            found.append(_Reading(rows, *header, published_on, status).read())
    if not found:
        raise TableError(
            "no row with column titles was found: one cell must be “Tên doanh nghiệp”, another for instance"
            " “Số giấy phép” or “Địa chỉ”"
        )
    best = max(found, key=lambda read: (len(read.columns), len(read.entries)))
    if not best.entries and not best.problems:
        raise TableError("there are column titles, and no company below them")
    return best


def _header(rows: Sequence[Row]) -> tuple[int, dict[str, int]] | None:
    """Where the column titles are, and which column is what."""
    for at, row in enumerate(rows[:_HEADER_WITHIN]):
        columns = _columns(row)
        if "name" in columns and len(columns) > 1:
            return at, columns
    return None


def _columns(row: Row) -> dict[str, int]:
    """What each cell of a row is the title of; the exact title counts first, then one that goes on ("Địa chỉ trụ sở (mới)")."""
    titles = [_bare(cell) for cell in row.cells]
    columns: dict[str, int] = {}
    for exactly in (True, False):
        for kind, known in tables().columns.items():
            for at, title in enumerate(titles):
                if kind in columns or at in columns.values() or not title or title in tables().not_columns:
                    continue
                if title in known if exactly else any(title.startswith(k + " ") for k in known if " " in k):
                    columns[kind] = at
    return columns


@dataclass(frozen=True)
class _Reading:
    rows: Sequence[Row]
    header: int
    columns: Mapping[str, int]
    published_on: date
    status: str

    def read(self) -> Read:
        entries: list[Entry] = []
        problems: list[Problem] = []
        remarks: list[int] = []
        seen: dict[str, int] = {}
        for row in self.rows[self.header + 1 :]:
            if self._cell(row, "name") == self._title("name"):  # the titles again, at the top of a page
                continue
            if self._is_remark(row):
                remarks.append(row.number)
                continue
            entry, wrong = self._entry(row)
            problems += wrong
            if entry is None:
                continue
            key = identity(entry)
            if key in seen:
                column = "licence" if entry.licence else "name"
                problems.append(Problem(row.number, self._title(column), f"the same as in row {seen[key]}"))
                continue
            seen[key] = row.number
            entries.append(entry)
        titles = {kind: self._title(kind) for kind in self.columns}
        return Read(tuple(entries), tuple(problems), tuple(remarks), titles)

    def _is_remark(self, row: Row) -> bool:
        filled = [at for at, cell in enumerate(row.cells) if cell]
        return len(filled) < _NOTE_WIDTH and filled != [self.columns["name"]]

    def _entry(self, row: Row) -> tuple[Entry | None, list[Problem]]:
        problems: list[Problem] = []
        values: dict[str, str] = {}
        for kind in self.columns:
            try:
                values[kind] = _check(kind, self._cell(row, kind))
            except _BadCell as wrong:
                problems.append(Problem(row.number, self._title(kind), str(wrong), dropped=kind in ("name", "licence")))
        try:
            licensed_on = self._day(values.get("licensed_on", ""))
        except _BadCell as wrong:
            licensed_on = None
            problems.append(Problem(row.number, self._title("licensed_on"), str(wrong)))
        if any(problem.dropped for problem in problems):
            return None, problems
        said = values.get("status", "")
        status = _status(said) if "status" in self.columns else self.status
        if said and status == "unknown":
            problems.append(
                Problem(row.number, self._title("status"), "not understood: told as it stands", dropped=False)
            )
        entry = Entry(
            id=0,
            licence=values.get("licence", ""),
            name=values["name"],
            status=status,
            short_name=values.get("short_name", ""),
            status_said=said,
            licensed_on=licensed_on,
            address=values.get("address", ""),
            website=values.get("website", ""),
        )
        return entry, problems

    def _day(self, said: str) -> date | None:
        if not said:
            return None
        day = _as_date(said)
        if not _OLDEST <= day <= self.published_on:
            raise _BadCell(f"the day is before {_OLDEST.year}, or after the day of the list")
        return day

    def _cell(self, row: Row, kind: str) -> str:
        at = self.columns[kind]
        return row.cells[at] if at < len(row.cells) else ""

    def _title(self, kind: str) -> str:
        return self._cell(self.rows[self.header], kind)


def identity(entry: Entry) -> str:
    """What makes two rows the same company: the licence, or the name where the list gives no licence."""
    return licences.key(entry.licence) or f"name {' '.join(parse(entry.name).words)} {sorted(parse(entry.name).forms)}"


def _check(kind: str, cell: str) -> str:
    """The cell, if it can be what it should be. Raises _BadCell."""
    if len(cell) > _LONGEST.get(kind, len(cell)):
        raise _BadCell(f"longer than {_LONGEST[kind]} characters")
    if kind == "name" and not parse(cell).words:
        raise _BadCell("no name" if cell else "empty")
    if kind == "licence" and not any(c.isdigit() for c in cell):
        raise _BadCell("no number" if cell else "empty")
    if kind == "website" and cell and not _WEBSITE.fullmatch(cell):
        raise _BadCell("no address of a website")
    return cell


def _as_date(said: str) -> date:
    bare = _bare(said, keep="/.-")
    try:
        if found := _ISO.fullmatch(said):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DATE.fullmatch(bare):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise _BadCell("no day (12/03/2020 or 2020-03-12)")


def _status(said: str) -> str:
    """One of our five words for the list's own."""
    bare = f" {_bare(said)} "
    for status, phrases in tables().statuses.items():
        for phrase in phrases:
            at = bare.find(f" {phrase} ")
            if at < 0:
                continue
            before = bare[:at].split()
            return "unknown" if any(word in tables().negations for word in before) else status
    return "unknown"


def _bare(cell: str, keep: str = "") -> str:
    bare = strip_marks(cell.lower())
    return " ".join("".join(c if c.isalnum() or c in keep else " " for c in bare).split())
