"""`lachan admin`: the custodians, two of whom together give an officer a new password (docs/officers.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from lachan.admin_kit import Login, a_house, ask_password, err, fail, out, show_once
from lachan.settings import Part

if TYPE_CHECKING:
    from lachan.house import House
    from tips.police.custodians import Custodians

custodians = typer.Typer()

Name = Annotated[str, typer.Argument(help="The custodian's name.")]


@custodians.command("add-custodian")
def add_custodian(login: Login, name: Name) -> None:
    """Enrol a custodian, who types a password unseen, twice. Three make recovery ready; custodians read no tips."""
    password = ask_password(login, new=True)
    with a_house(Part.INBOX) as house:
        try:
            _custodians(house).enrol(login, name, password)
        except ValueError as error:
            fail(str(error))
        _say_what_is_missing(house)


@custodians.command("list-custodians")
def list_custodians() -> None:
    """List the custodians, also those who were replaced, and the officers whom they could not help yet."""
    with a_house(Part.INBOX) as house:
        table = Table("login", "name", "active", "officers' keys")
        for one in _custodians(house).listed():
            table.add_row(escape(one.login), escape(one.name), "yes" if one.active else "no", str(one.officers))
        out.print(table)
        _say_what_is_missing(house)


@custodians.command("replace-custodian")
def replace_custodian(
    old: Annotated[str, typer.Argument(help="The login of the custodian who leaves.")], login: Login, name: Name
) -> None:
    """Put a new custodian in the place of one who leaves, whose key and shares are destroyed."""
    password = ask_password(login, new=True)
    with a_house(Part.INBOX) as house:
        try:
            _custodians(house).replace(old, login, name, password)
        except (ValueError, LookupError) as error:
            fail(str(error))
        _say_what_is_missing(house)


@custodians.command("recover-officer")
def recover_officer(
    login: Annotated[str, typer.Argument(help="The login of the officer who lost the password.")],
) -> None:
    """Give an officer a new password, which is shown once: two custodians type theirs. Old tips open again."""
    from tips.police.custodians import RecoveryNotReady, RecoveryRefused

    two = []
    for which in ("first", "second"):
        custodian = str(typer.prompt(f"Login of the {which} custodian"))
        two.append((custodian, ask_password("this custodian")))
    with a_house(Part.INBOX) as house:
        try:
            password = _custodians(house).recover(login, *two)
        except (RecoveryRefused, RecoveryNotReady) as error:
            fail(str(error))
    show_once(login, password)
    out.print("The old password opens nothing any more. Whoever is signed in with it stays so until signing out.")


def _custodians(house: House) -> Custodians:
    from tips.police.custodians import Custodians

    return Custodians(house.police, house.now)


def _say_what_is_missing(house: House) -> None:
    from lachan.store_checks import custodian_faults

    for fault in custodian_faults(house.police):
        err.print(f"note: {fault.told}", markup=False)
