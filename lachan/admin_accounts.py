"""`lachan admin`: units, officers, organisers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from lachan.admin_kit import Login, a_house, fail, out, show_once
from lachan.settings import Part

accounts = typer.Typer()

Unit = Annotated[int, typer.Argument(help="The unit's number (see `list-units`).")]


class Switch(StrEnum):
    """As it is typed."""

    ON = "on"
    OFF = "off"


@accounts.command("add-unit")
def add_unit(
    name: Annotated[str, typer.Argument(help="The unit's name.")],
    on_duty: Annotated[bool, typer.Option(help="New tips are sealed to the officers of units on duty.")] = True,
) -> None:
    """Make a unit of officers."""
    from tips.police.passwords import NameTaken

    with a_house(Part.INBOX) as house:
        try:
            number = house.officers.make_unit(name, on_duty)
        except NameTaken as error:
            fail(str(error))
        out.print(f"unit {number}: {name}", markup=False)


@accounts.command("list-units")
def list_units() -> None:
    """List the units: who is on duty, and how many officers each has."""
    with a_house(Part.INBOX) as house:
        table = Table("number", "unit", "on duty", "active officers")
        for unit in house.officers.units():
            table.add_row(str(unit.id), escape(unit.name), "yes" if unit.on_duty else "no", str(unit.officers))
        out.print(table)


@accounts.command("duty")
def duty(
    unit: Unit, switch: Annotated[Switch, typer.Argument(help="on: the unit gets new tips; off: it does not.")]
) -> None:
    """Put a unit on duty or off duty. It counts for tips that come from now on."""
    with a_house(Part.INBOX) as house:
        try:
            ready = house.officers.set_duty(unit, switch is Switch.ON)
        except LookupError as error:
            fail(f"{error}: see `lachan admin list-units`")
        out.print(f"unit {unit} is {switch.value} duty; {ready} officers get new tips")
        _warn_if_nobody(ready)


@accounts.command("add-officer")
def add_officer(
    login: Login,
    name: Annotated[str, typer.Argument(help="The officer's name, as colleagues see it.")],
    unit: Annotated[int, typer.Option(help="The unit's number (see `list-units`).")] = 1,
) -> None:
    """Enrol an officer; the password is shown once. The officer opens tips that come from now on."""
    from tips.police.passwords import generate_password

    password = generate_password()
    with a_house(Part.INBOX) as house:
        try:
            house.officers.enrol(login, name, unit, password)
        except (ValueError, LookupError) as error:
            fail(str(error))
    show_once(login, password)


@accounts.command("list-officers")
def list_officers() -> None:
    """List the officers, also those who left."""
    with a_house(Part.INBOX) as house:
        table = Table("login", "name", "unit", "active", "gets new tips")
        for one in house.officers.listed():
            yes = ["yes" if it else "no" for it in (one.active, one.on_duty)]
            table.add_row(*map(escape, (one.login, one.name, one.unit)), *yes)
        out.print(table)


@accounts.command("deactivate-officer")
def deactivate_officer(
    login: Login,
    force: Annotated[bool, typer.Option("--force", help="Also if some tips could then be opened by nobody.")] = False,
) -> None:
    """End an officer's access at once: no sign-in, no new tips, no recovery. It cannot be undone."""
    with a_house(Part.INBOX) as house:
        try:
            alone = house.officers.only_reader_of(login)
            if alone and not force:
                fail(
                    f"{alone} tips can be opened by this officer alone: let a colleague in on their pages first,"
                    " or say --force"
                )
            house.officers.deactivate(login)
        except LookupError as error:
            fail(str(error))
        out.print(f"deactivated: {login}", markup=False)
        out.print("Now let a colleague revoke this officer's access to each open tip: the tip then gets a new key.")
        _warn_if_nobody(sum(one.on_duty for one in house.officers.listed()))


@accounts.command("add-organiser")
def add_organiser(
    login: Login, group: Annotated[str, typer.Argument(help="The local group, as people know it.")]
) -> None:
    """Make an account for a women's group; the password is shown once."""
    from organiser.accounts import AccountError, create_organiser
    from tips.police.passwords import generate_password

    password = generate_password()
    with a_house(Part.ORGANISER) as house:
        try:
            create_organiser(house.citizen, login, group, password)
        except AccountError as error:
            fail(error.told)
    show_once(login, password)


@accounts.command("new-password")
def new_password(login: Login) -> None:
    """Give an organiser a new password. An officer's opens the officer's key: for that there is `recover-officer`."""
    from organiser.accounts import AccountError, set_password
    from tips.police.passwords import generate_password

    password = generate_password()
    with a_house(Part.ORGANISER) as house:
        try:
            set_password(house.citizen, login, password)
        except AccountError as error:
            fail(error.told)
    show_once(login, password)


def _warn_if_nobody(ready: int) -> None:
    if not ready:
        out.print("Nobody gets new tips now, so the line for tips is closed until somebody is on duty.")
