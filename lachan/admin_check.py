"""`lachan admin self-check`: is the line for tips fit to be open?"""

from __future__ import annotations

from typing import Annotated

import typer

from lachan.admin_kit import a_house, out
from lachan.settings import EVERYDAY, Part, read_settings

check = typer.Typer()


@check.command("self-check")
def self_check(
    only: Annotated[
        list[Part] | None, typer.Option(help="What this part needs; may be given several times. Default: all.")
    ] = None,
    date: Annotated[
        str, typer.Option(help="The Date header of an https answer of just now, to compare the clock with.")
    ] = "",
) -> None:
    """Look at keys, clock, disk, stores and who is on duty: a sentence for each fault, and exit code 1 if one closes the line."""
    from lachan.house import House
    from lachan.selfcheck import SelfCheck, date_of

    told = date_of(date) if date else None
    if date and told is None:
        raise typer.BadParameter("this is no Date header, such as 'Tue, 24 Nov 2026 07:20:33 GMT'", param_hint="--date")
    house = House(read_settings())
    try:
        faults = SelfCheck(house, only or EVERYDAY).faults(told)
    finally:
        house.close()
    for fault in faults:
        out.print(f"{'fault' if fault.closes else 'warning'}: {fault.told}", markup=False)
    if any(fault.closes for fault in faults):
        out.print("The line for tips is closed.")
        raise typer.Exit(1)
    out.print("The line for tips is open.")


@check.command("clock-is-right")
def clock_is_right(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """After the clock ran ahead and was set right: rows that it dated in the future get the present moment.

    Until then the self-check takes the right clock for one that is behind.
    """
    from lachan.store_checks import CITIZEN_MOMENTS, POLICE_MOMENTS, bring_back

    if not yes:
        typer.confirm("Is this machine's clock right now?", abort=True)
    count = 0
    with a_house(Part.BOT) as house:
        for store, moments in ((house.police, POLICE_MOMENTS), (house.citizen, CITIZEN_MOMENTS)):
            count += bring_back(store, house.now(), moments)
    out.print(f"{count} rows were dated in the future and now have the present moment")
