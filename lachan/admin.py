"""`lachan admin …`: accounts and units."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from lachan.settings import Part, read_settings

if TYPE_CHECKING:
    from lachan.house import House

admin = typer.Typer(help="Accounts: officers, units, organisers.", no_args_is_help=True)
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

Login = Annotated[str, typer.Argument(help="The name to sign in with.")]


@admin.command("add-unit")
def add_unit(
    name: Annotated[str, typer.Argument(help="The unit's name.")],
    on_duty: Annotated[bool, typer.Option(help="New tips are sealed to the officers of units on duty.")] = True,
) -> None:
    """Make a unit of officers."""
    from tips.police.officers import NameTaken

    with _house(Part.INBOX) as house:
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
    from tips.police.officers import NameTaken, generate_password

    password = generate_password()
    with _house(Part.INBOX) as house:
        try:
            house.officers.enrol(login, name, unit, password)
        except (NameTaken, LookupError) as error:
            _fail(str(error))
    _show_once(login, password)


@admin.command("add-organiser")
def add_organiser(
    login: Login, group: Annotated[str, typer.Argument(help="The local group, as people know it.")]
) -> None:
    """Make an account for a women's group; the password is shown once."""
    from organiser.accounts import AccountError, create_organiser
    from tips.police.officers import generate_password

    password = generate_password()
    with _house(Part.ORGANISER) as house:
        try:
            create_organiser(house.citizen, login, group, password)
        except AccountError as error:
            _fail(error.told)
    _show_once(login, password)


@admin.command("new-password")
def new_password(login: Login) -> None:
    """Give an organiser a new password. An officer's cannot be replaced: it opens the officer's key."""
    from organiser.accounts import AccountError, set_password
    from tips.police.officers import generate_password

    password = generate_password()
    with _house(Part.ORGANISER) as house:
        try:
            set_password(house.citizen, login, password)
        except AccountError as error:
            _fail(error.told)
    _show_once(login, password)


@contextlib.contextmanager
def _house(part: Part) -> Iterator[House]:
    """A house with the stores of that part, migrated."""
    from lachan.house import House

    house = House(read_settings())
    try:
        house.migrate([part])
        yield house
    finally:
        house.close()


def _show_once(login: str, password: str) -> None:
    out.print(f"login: {login}  password: {password}", markup=False)
    out.print("Write this down now: it is shown only once and kept nowhere.")


def _fail(sentence: str) -> None:
    err.print(sentence, markup=False)
    raise typer.Exit(1)
