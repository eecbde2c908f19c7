"""The first start: a first officer and a first organiser, whose passwords are shown once and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase

from db.citizen import Organiser
from db.police import Officer
from db.stores import Store
from lachan.house import House
from lachan.settings import Part
from organiser.accounts import create_organiser
from tips.police.officers import generate_password

UNIT = "Đội trực ban"
GROUP = "Hội Liên hiệp Phụ nữ"


@dataclass(frozen=True, slots=True)
class Account:
    """A new account, for the screen only."""

    where: str
    login: str
    password: str


def first_accounts(house: House, parts: Iterable[Part] = tuple(Part)) -> list[Account]:
    """Makes what is missing for these parts; empty on every later start."""
    made = []
    if Part.INBOX in parts and not _any(house.police, Officer):
        made.append(Account("/inbox", "canbo", generate_password()))
        unit = house.officers.make_unit(UNIT)
        house.officers.enrol(made[-1].login, "Cán bộ trực", unit, made[-1].password)
    if Part.ORGANISER in parts and not _any(house.citizen, Organiser):
        made.append(Account("/organiser", "hoiphunu", generate_password()))
        create_organiser(house.citizen, made[-1].login, GROUP, made[-1].password)
    return made


def _any(store: Store, table: type[DeclarativeBase]) -> bool:
    with store.read() as session:
        return bool(session.scalar(select(func.count()).select_from(table)))
