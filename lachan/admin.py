"""`lachan admin …`: accounts and units."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from lachan.settings import Settings

admin = typer.Typer(help="Accounts: officers, units, organisers.", no_args_is_help=True)
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

Login = Annotated[str, typer.Argument(help="The name to sign in with.")]


@admin.command("add-unit")
def add_unit(
    name: Annotated[str, typer.Argument(help="The unit's name.")],
    on_duty: Annotated[bool, typer.Option(help="New tips are sealed to the officers of units on duty.")] = True,
) -> None:
    """Make a unit of officers."""
    from lachan.house import House
    from tips.police.officers import NameTaken

    house = House(Settings())
    house.migrate()
    try:
        number = house.officers.make_unit(name, on_duty)
    except NameTaken as error:
        _fail(str(error))
    out.print(f"unit {number}: {name}", markup=False)


@admin.command("add-officer")
def add_officer(
    login: Login,
    name: Annotated[str, typer.Argument(help="The officer's name, as colleagues see it.")],
    unit: Annotated[int, typer.Option(help="The unit's number (see `add-unit`).")] = 1,
) -> None:
    """Enrol an officer; the password is shown once. The officer opens tips that come from now on."""
    from lachan.house import House
    from tips.police.officers import NameTaken, generate_password

    house = House(Settings())
    house.migrate()
    password = generate_password()
    try:
        house.officers.enrol(login, name, unit, password)
    except (NameTaken, LookupError) as error:
        _fail(str(error))
    out.print(f"login: {login}  password: {password}", markup=False)
    out.print("Write this down now: it is shown only once and kept nowhere.")


@admin.command("add-organiser")
def add_organiser(
    login: Login, group: Annotated[str, typer.Argument(help="The local group, as people know it.")]
) -> None:
    """Make an account for a women's group; the password is shown once."""
    from lachan.house import House
    from organiser.accounts import AccountError, create_organiser
    from tips.police.officers import generate_password

    house = House(Settings())
    house.migrate()
    password = generate_password()
    try:
        create_organiser(house.citizen, login, group, password)
    except AccountError as error:
        _fail(error.told)
    out.print(f"login: {login}  password: {password}", markup=False)
    out.print("Write this down now: it is shown only once and kept nowhere.")


def _fail(sentence: str) -> None:
    err.print(sentence, markup=False)
    raise typer.Exit(1)
