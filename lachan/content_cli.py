"""`lachan content …`: for whoever writes what the bot says."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from content import schemas, tables
from content.check import examine
from content.files import FOLDER, names
from content.finding import ContentError
from content.library import Library, vietnams_today
from lachan.companies import import_companies
from lachan.intents import intents
from lachan.settings import read_settings

content = typer.Typer(help="What the bot says: files below content/.", no_args_is_help=True)
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

content.command("import-companies")(import_companies)

Folder = Annotated[
    Path | None, typer.Argument(help="A folder of content; default: the one that is set (LACHAN_CONTENT).")
]


@content.command("check")
def check(
    folder: Folder = None,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of this day; default: today.")] = None,
    warnings: Annotated[bool, typer.Option(help="Also what is only to be looked at.")] = True,
) -> None:
    """Check all content; each finding names file, line, rule and remedy. Exit code 1 if something is wrong."""
    from lachan.content_rules import RULES  # knows all rooms: only where content is checked

    examined = examine(_folder(folder), intents(), _day(day), *RULES)
    for finding in examined.findings:
        if warnings or not finding.warning:
            print(f"{'look' if finding.warning else 'wrong'}: {finding}")
    wrong = len(examined.wrong)
    if stock := examined.stock:
        count = f"{len(stock.topics)} topics, {len(stock.questions)} questions, {len(stock.sources)} sources: "
    else:
        count = ""
    print(f"{count}{wrong} wrong, {len(examined.findings) - wrong} to look at")
    if wrong:
        raise typer.Exit(1)


@content.command("list")
def show(
    folder: Folder = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a table to paste.")] = False,
) -> None:
    """List all topics: kind, languages, sources, the day on which they were checked."""
    try:
        library = Library.load(_folder(folder))
    except ContentError as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from None
    rows = tables.rows(library)
    if markdown:
        print(tables.markdown(rows))
        return
    table = Table(*tables.HEAD)
    for row in rows:
        table.add_row(*row)
    out.print(table)


@content.command("schema")
def schema(
    folder: Annotated[Path, typer.Argument(help="Where they go; default: content/schema/.")] = FOLDER / "schema",
) -> None:
    """Write the JSON Schemas that help an editor while typing, made from the types that read the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in schemas.all_of_them().items():
        (folder / name).write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(folder / name)


@content.command("copy")
def copy(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> None:
    """Copy what the bot says, to edit it without a release; then set LACHAN_CONTENT to that folder."""
    if folder.exists() and any(folder.iterdir()):
        err.print(f"{folder} is not empty; name a new folder, so that nothing of yours is overwritten", markup=False)
        raise typer.Exit(1)
    for name in names(FOLDER):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(FOLDER / name, target)
    shutil.copytree(FOLDER / "schema", folder / "schema", dirs_exist_ok=True)
    print(f"copied to {folder}; start with LACHAN_CONTENT={folder.resolve()}")


def _folder(folder: Path | None) -> Path:
    return folder or read_settings().content


def _day(day: datetime | None) -> date:
    return day.date() if day else vietnams_today()
