"""The first start: a first officer and a first organiser, whose passwords are shown once and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from db.citizen import Organiser
from db.police import Officer
from lachan.house import House
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


def first_accounts(house: House) -> list[Account]:
    """Makes what is missing; empty on every later start."""
    made = []
    with house.police.read() as session:
        officers = session.scalar(select(func.count()).select_from(Officer))
    if not officers:
        made.append(Account("/inbox", "canbo", generate_password()))
        unit = house.officers.make_unit(UNIT)
        house.officers.enrol(made[-1].login, "Cán bộ trực", unit, made[-1].password)
    with house.citizen.read() as session:
        organisers = session.scalar(select(func.count()).select_from(Organiser))
    if not organisers:
        made.append(Account("/organiser", "hoiphunu", generate_password()))
        create_organiser(house.citizen, made[-1].login, GROUP, made[-1].password)
    return made
