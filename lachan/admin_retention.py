"""`lachan admin`: how long tips are kept, what goes next, holds and postponements. No command shows what a tip says."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lachan.admin_kit import a_house, fail, out
from lachan.settings import Part

if TYPE_CHECKING:
    from lachan.house import House
    from tips.police.retention import PurgeReport, Retention

retention = typer.Typer()

Tip = Annotated[str, typer.Argument(help="The tip's number (see `retention`), or its id from the page's address.")]
Reason = Annotated[
    str, typer.Option(help="Why, for the audit log. Name nobody in it, and say nothing of what the tip says.")
]
_MOST_ROWS = 100


@retention.command("purge")
def purge(dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False) -> None:
    """Destroy every tip whose time is over: the keys, then the rest. It cannot be undone. The app does it each day."""
    with a_house(Part.INBOX) as house:
        keeping = _retention(house)
        report = keeping.preview(house.now()) if dry_run else keeping.purge(house.now())
    _show(report, "would go" if dry_run else "purged")


@retention.command("hold")
def hold(tip: Tip, reason: Reason) -> None:
    """Put a tip under legal hold: it is not purged until it is released."""
    with a_house(Part.INBOX) as house, _sentences():
        _retention(house).hold(tip, reason)
    out.print("on legal hold")


@retention.command("release")
def release(tip: Tip, reason: Reason) -> None:
    """End a tip's legal hold. If its time is over, it goes with the next purge."""
    with a_house(Part.INBOX) as house, _sentences():
        _retention(house).release(tip, reason)
    out.print("released")


@retention.command("keep")
def keep(
    tip: Tip,
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="The day before which it is not purged.")
    ],
    reason: Reason,
) -> None:
    """Postpone: the tip is not purged before that day."""
    with a_house(Part.INBOX) as house, _sentences():
        _retention(house).keep(tip, until.date(), reason)
    out.print(f"kept until {until:%Y-%m-%d}")


@retention.command("retention")
def show_rules() -> None:
    """Show the rules (tips/police/retention.yml), and which tips go in the next days if nobody does anything."""
    from tips.police.retention import read_rules

    rules = read_rules()
    with a_house(Part.INBOX) as house:
        keeping, now = _retention(house), house.now()
        coming = {days: keeping.upcoming(now, days) for days in sorted(rules.warn_days)}
        lost = keeping.closed_without_a_day()
        report = keeping.preview(now)
    for rule in rules.rules:
        out.print(f"{rule.name}: {rule.days} days after {rule.since.replace('_', ' ')} ({', '.join(rule.statuses)})")
    out.print(f"drafts: {rules.drafts.hours} hours ({rules.drafts.purged_by})")
    for days, dues in coming.items():
        out.print(f"within {days} days: {len(dues)} tips")
    _show(report, "due now")
    if dues := coming[max(coming)]:
        table = Table("number", "rule", "goes on")
        for due in dues[:_MOST_ROWS]:
            table.add_row(str(due.number), due.rule, f"{due.on:%Y-%m-%d}")
        out.print(table)
    if lost:
        out.print(f"{lost} closed tips have no closing day and are not purged: open and close them once")


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    from tips.police.retention import NotKept, UnknownTip

    try:
        yield
    except (UnknownTip, NotKept) as error:
        fail(str(error))


def _retention(house: House) -> Retention:
    from tips.police.retention import Retention

    return Retention(house.police, house.now)


def _show(report: PurgeReport, what: str) -> None:
    rules = ", ".join(f"{name} {count}" for name, count in sorted(report.by_rule.items())) or "none"
    out.print(
        f"{what}: {report.tips} tips ({rules}) with {report.parts} parts;"
        f" kept: {report.on_hold} on legal hold, {report.postponed} postponed"
    )
