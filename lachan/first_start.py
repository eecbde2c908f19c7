"""The first start: a first officer and a first organiser, whose passwords are shown once and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase

from db.citizen import Organiser
from db.police import Officer
from db.stores import Store
from lachan.canaries import make_canaries
from lachan.house import House
from lachan.selfcheck import SelfCheck
from lachan.settings import EVERYDAY, Part
from organiser.accounts import create_organiser
from tips.police.passwords import generate_password

UNIT = "Đội trực ban"
GROUP = "Hội Liên hiệp Phụ nữ"


@dataclass(frozen=True, slots=True)
class Account:
    """A new account, for the screen only."""

    where: str
    login: str
    password: str


def first_accounts(house: House, parts: Iterable[Part] = EVERYDAY) -> list[Account]:
    """Makes what is missing for these parts, also the keys' canaries; empty on every later start."""
    parts = set(parts)
    if Part.BOT in parts:
        _ = house.keys, house.names  # makes the key files on the first start
        make_canaries(house.settings.citizen_key, house.settings.citizen_key.with_name("pseudonym.key"))
    made = []
    if Part.INBOX in parts and not _any(house.police, Officer):
        made.append(Account("/inbox", "canbo", generate_password()))
        unit = house.officers.make_unit(UNIT)
        house.officers.enrol(made[-1].login, "Cán bộ trực", unit, made[-1].password)
    if Part.ORGANISER in parts and not _any(house.citizen, Organiser):
        made.append(Account("/organiser", "hoiphunu", generate_password()))
        create_organiser(house.citizen, made[-1].login, GROUP, made[-1].password)
    return made


def notes(house: House, parts: Iterable[Part] = EVERYDAY) -> list[str]:
    """A line for each thing that the operator should know at the start: faults first, then what can wait."""
    return [
        f"The line for tips is closed: {fault.told}." if fault.closes else f"Can wait: {fault.told}."
        for fault in SelfCheck(house, parts).faults()
    ]


def _any(store: Store, table: type[DeclarativeBase]) -> bool:
    with store.read() as session:
        return bool(session.scalar(select(func.count()).select_from(table)))
