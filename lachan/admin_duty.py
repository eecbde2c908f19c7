"""`lachan admin`: where the units on duty are told, without content, that somebody may be in danger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from lachan.admin_kit import a_house, fail, out
from lachan.settings import Part

if TYPE_CHECKING:
    from lachan.house import House
    from tips.police.duty_addresses import DutyAddresses

duty_addresses = typer.Typer()


@duty_addresses.command("add-duty-address")
def add_duty_address(
    unit: Annotated[int, typer.Argument(help="The unit's number (see `list-units`).")],
    url: Annotated[
        str, typer.Argument(help="https://…; leave it out to type it unseen, if it holds a token.", show_default=False)
    ] = "",
) -> None:
    """Add an https address that is called within seconds of a tip in danger, with one constant sentence and no content."""
    from tips.police.duty_addresses import BadAddress

    url = url or str(typer.prompt("Address", hide_input=True))
    with a_house(Part.INBOX) as house:
        try:
            number = _addresses(house).add(unit, url)
        except (BadAddress, LookupError) as error:
            fail(str(error))
    out.print(f"duty address {number} of unit {unit}")


@duty_addresses.command("list-duty-addresses")
def list_duty_addresses() -> None:
    """List the addresses; only their hosts, since the rest may hold a token."""
    with a_house(Part.INBOX) as house:
        table = Table("number", "unit", "host")
        for one in _addresses(house).listed():
            table.add_row(str(one.id), escape(one.unit), escape(one.host))
        out.print(table)


@duty_addresses.command("remove-duty-address")
def remove_duty_address(
    number: Annotated[int, typer.Argument(help="The address's number (see `list-duty-addresses`).")],
) -> None:
    """Take an address away; calls that are still to be made there are dropped."""
    with a_house(Part.INBOX) as house:
        try:
            _addresses(house).remove(number)
        except LookupError as error:
            fail(str(error))
    out.print(f"removed: duty address {number}")


def _addresses(house: House) -> DutyAddresses:
    from tips.police.duty_addresses import DutyAddresses

    return DutyAddresses(house.police, house.now)
