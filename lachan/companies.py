"""`lachan content import-companies`: puts a new list of licensed companies in the place of the last one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lachan.admin_kit import a_house, fail, out
from lachan.settings import Part

if TYPE_CHECKING:
    from guides.company.importing import Problem, Read
    from guides.company.matching import Entry
    from guides.company.register import Changes

_MOST_ROWS = 40  # of each table on the screen; the counts are always whole
SHIPPED_SAMPLE = Path(__file__).parent.parent / "content" / "companies" / "sample.csv"


class Status(StrEnum):
    """What a list without a column for it says of all its companies."""

    LICENSED = "licensed"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def import_companies(
    file: Annotated[
        Path, typer.Argument(help="The list, as CSV or XLSX (docs/companies.md).", exists=True, dir_okay=False)
    ],
    source: Annotated[str, typer.Option(help="Who published it, as people are shown it.")],
    published: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="The day of the list, which every answer names.")
    ],
    status: Annotated[
        Status, typer.Option(help="State of all licences, for a list that has no column for it.")
    ] = Status.UNKNOWN,
    most_bad: Annotated[
        float, typer.Option(min=0, max=100, help="Percent of rows that may be bad; with more the last list stays.")
    ] = 5.0,
    sample: Annotated[bool, typer.Option("--sample", help="The companies are made up: every answer says so.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Import the list of licensed companies, whole or not at all. Says which rows are bad, and what changed."""
    from guides.company.importing import read_companies
    from guides.company.register import OverlappingImport, Register, SampleRefused
    from guides.company.tables import TableError

    source = " ".join(source.split())
    if not 1 <= len(source) <= 200:
        fail("--source: who published the list, in 1 to 200 characters")
    day = published.date()
    if day > datetime.now(UTC).date():
        fail("--published: that day has not come yet")
    try:
        read = read_companies(file, day, status.value)
    except TableError as error:
        fail(f"{file.name}: {error}. The last list stays.")
    _show_read(read)
    if not read.entries:
        fail("No row could be read: nothing is imported, the last list stays.")
    if read.bad_share * 100 > most_bad:
        fail(
            f"{read.bad_share:.1%} of the rows are bad, more than {most_bad:g}%: nothing is imported, the last list stays."
            " Mend the file, or raise --most-bad if these rows may be left out."
        )
    made_up = sample or _is_shipped(file)
    with a_house(Part.ORGANISER) as house:
        register = Register(house.citizen, house.now)
        try:
            changes = register.replace(read.entries, source, day, sample=made_up, dry_run=dry_run)
        except (SampleRefused, OverlappingImport) as error:
            fail(f"{error}. The last list stays.")
    _show_changes(changes, day)
    kind = "companies of a sample (made up)" if made_up else "companies"
    out.print(f"{'would be imported' if dry_run else 'imported'}: {len(read.entries)} {kind}", markup=False)


def _is_shipped(file: Path) -> bool:
    return SHIPPED_SAMPLE.exists() and file.read_bytes() == SHIPPED_SAMPLE.read_bytes()


def _show_read(read: Read) -> None:
    out.print("columns: " + ", ".join(f"{kind} = “{title}”" for kind, title in read.columns.items()), markup=False)
    if read.remarks:
        out.print(f"{len(read.remarks)} rows are headings or remarks", markup=False)
    if read.problems:
        bad = len({problem.row for problem in read.problems if problem.dropped})
        out.print(f"{bad} rows left out, {sum(not p.dropped for p in read.problems)} cells left out or not understood")
        out.print(_problems(read.problems))


def _problems(problems: Sequence[Problem]) -> Table:
    table = Table("row", "column", "why", "left out")
    for problem in problems[:_MOST_ROWS]:
        table.add_row(str(problem.row), problem.column, problem.why, "row" if problem.dropped else "cell")
    if len(problems) > _MOST_ROWS:
        table.add_row("…", "", f"{len(problems) - _MOST_ROWS} more", "")
    return table


def _show_changes(changes: Changes, day: date) -> None:
    before = changes.before
    if before is None:
        out.print("There was no list before.")
        return
    out.print(
        f"last list: {before.source}, {before.published_on:%Y-%m-%d}{' (sample)' if before.sample else ''}",
        markup=False,
    )
    if day < before.published_on:
        out.print("Look: this list is older than the last one.")
    out.print(
        f"{len(changes.new)} new, {len(changes.gone)} gone, {len(changes.status)} with another status,"
        f" {len(changes.renamed)} with another name"
    )
    rows = [
        *(("new", _called(entry), entry.status) for entry in changes.new),
        *(("gone", _called(entry), entry.status) for entry in changes.gone),
        *(("status", _called(new), f"{old.status} → {new.status}") for old, new in changes.status),
        *(("name", _called(new), f"was {old.name}") for old, new in changes.renamed),
    ]
    if not rows:
        return
    table = Table("what", "company", "status")
    for row in rows[:_MOST_ROWS]:
        table.add_row(*row)
    if len(rows) > _MOST_ROWS:
        table.add_row("…", f"{len(rows) - _MOST_ROWS} more", "")
    out.print(table)


def _called(entry: Entry) -> str:
    return f"{entry.name} ({entry.licence})" if entry.licence else entry.name
