"""`lachan admin …`: accounts, duty, custodians, retention, self-check. Whoever operates it reads no tips."""

from __future__ import annotations

import typer

from lachan.admin_accounts import accounts
from lachan.admin_check import check
from lachan.admin_custodians import custodians
from lachan.admin_duty import duty_addresses
from lachan.admin_retention import retention
from lachan.certificates import certificates

admin = typer.Typer(
    help="Accounts, duty, custodians, retention, self-check. Whoever operates it reads no tips.", no_args_is_help=True
)
admin.command("make-certificates")(certificates)
for _room in (accounts, duty_addresses, custodians, retention, check):
    admin.add_typer(_room)
