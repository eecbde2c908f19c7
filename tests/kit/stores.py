"""Data folders as a migration and a first start leave them: made once a process, as that takes half a second. Tests get copies."""

from __future__ import annotations

import shutil
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from lachan.first_start import Account, first_accounts
from lachan.house import House
from lachan.settings import Settings


def lay_stores(folder: Path, *names: str) -> None:
    """Puts the stores, migrated and empty, into a data folder: both, or those of these names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or ("citizen", "police"):
        shutil.copy(_migrated() / f"{name}.db", folder)


def lay_first_start(folder: Path, at: datetime) -> list[Account]:
    """Puts keys, canaries and stores with the first accounts into a data folder, as if it was started at that time."""
    made, accounts = _first_started(at)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return list(accounts)


@cache
def _kept() -> TemporaryDirectory[str]:
    """Gone when the process ends."""
    return TemporaryDirectory(prefix="lachan-tests-")


@cache
def _migrated() -> Path:
    folder = Path(_kept().name) / "migrated"
    house = House(Settings(data=folder, _env_file=None))  # type: ignore[call-arg]
    house.migrate()
    house.close()
    return folder


@cache
def _first_started(at: datetime) -> tuple[Path, list[Account]]:
    folder = Path(_kept().name) / f"{at:%Y%m%dT%H%M%S.%f}"
    lay_stores(folder)
    house = House(Settings(data=folder, _env_file=None), now=lambda: at)  # type: ignore[call-arg]
    accounts = first_accounts(house)
    house.close()
    return folder, accounts
