"""Officers and their keys, and the units they belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from db.police import Grant, Officer, Unit
from db.stores import Store
from tips.envelope import Cost, KeyPair
from tips.police.audit import Act, record
from tips.police.custodians import drop_shares, share_key
from tips.police.passwords import NameTaken as NameTaken
from tips.police.passwords import Passwords, checked_login, normal_login
from tips.police.passwords import WeakPassword as WeakPassword
from tips.police.passwords import generate_password as generate_password


@dataclass(frozen=True, slots=True)
class OpenedOfficer:
    """An officer who is signed in. Kept in memory only; `keys` open this officer's grants."""

    id: int
    name: str
    keys: KeyPair


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """An officer in the list."""

    login: str
    name: str
    unit: str
    active: bool
    on_duty: bool  # gets new tips: active, in a unit on duty


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the list; `officers` are the active ones."""

    id: int
    name: str
    on_duty: bool
    officers: int


class Officers:
    """Makes units and officers, and opens an officer's key. `cost` must be the one they were enrolled with."""

    def __init__(self, store: Store, now: Callable[[], datetime], cost: Cost | None = None) -> None:
        self._store = store
        self._now = now
        self._passwords = Passwords(cost)

    def make_unit(self, name: str, on_duty: bool = True) -> int:
        """A unit's id; one that is on duty gets new tips. Raises NameTaken."""
        try:
            with self._store.begin() as session:
                unit = Unit(name=name, on_duty=on_duty)
                session.add(unit)
                session.flush()
                record(session, self._now(), Act.MAKE_UNIT, unit=unit.id)
                return unit.id
        except IntegrityError:
            raise NameTaken("a unit of that name is there already") from None

    def set_duty(self, unit_id: int, on: bool) -> int:
        """Puts a unit on duty or off; gives how many active officers now get new tips. Raises LookupError."""
        with self._store.begin() as session:
            unit = session.get(Unit, unit_id)
            if unit is None:
                raise LookupError("no such unit")
            unit.on_duty = on
            record(session, self._now(), Act.DUTY, unit=unit_id, on=on)
            session.flush()
            ready = select(func.count()).select_from(Officer).join(Unit).where(Unit.on_duty, Officer.active)
            return session.scalar(ready) or 0

    def units(self) -> list[UnitLine]:
        """All units, in the order in which they were made."""
        counted = (
            select(Unit, func.count(Officer.id))
            .outerjoin(Officer, (Officer.unit_id == Unit.id) & Officer.active)
            .group_by(Unit.id)
            .order_by(Unit.id)
        )
        with self._store.read() as session:
            return [UnitLine(unit.id, unit.name, unit.on_duty, count) for unit, count in session.execute(counted)]

    def listed(self) -> list[OfficerLine]:
        """All officers, also those who left, in the order in which they were enrolled."""
        query = select(Officer, Unit).join(Unit, Unit.id == Officer.unit_id).order_by(Officer.id)
        with self._store.read() as session:
            return [
                OfficerLine(one.login, one.name, unit.name, one.active, one.active and unit.on_duty)
                for one, unit in session.execute(query)
            ]

    def enrol(self, login: str, name: str, unit_id: int, password: str) -> int:
        """The new officer's id. The key pair is made here and opens tips that come from now on.

        Raises WeakPassword, NameTaken, LookupError if there is no such unit, and ValueError for a login that is empty
        or longer than 64 characters.
        """
        normal, keys = checked_login(login), KeyPair.new()
        wrapped = self._passwords.wrap(keys.private, password)
        try:
            with self._store.begin() as session:
                if session.get(Unit, unit_id) is None:
                    raise LookupError("no such unit")
                officer = Officer(
                    login=normal,
                    name=name,
                    unit_id=unit_id,
                    public_key=keys.public,
                    wrapped_key=wrapped.wrapped_key,
                    salt=wrapped.salt,
                    created_at=self._now(),
                )
                session.add(officer)
                session.flush()
                share_key(session, officer.id, keys.private)
                record(session, self._now(), Act.ENROL, officer.id, unit=unit_id)
                return officer.id
        except IntegrityError:
            raise NameTaken("that login is there already") from None

    def unlock(self, login: str, password: str) -> OpenedOfficer | None:
        """The officer, if login and password are right and the officer is active; equal work in every other case.

        The sign-in is in the audit log, failed ones with the login only if it exists: it might be a mistyped password.
        If the custodians have changed since the last sign-in, the key is shared among the present ones.
        """
        with self._store.read() as session:
            officer = session.scalar(_active(login))
        keys = self._passwords.unwrap(officer, password)
        with self._store.begin() as session:
            if officer is None or keys is None:
                record(session, self._now(), Act.SIGN_IN_FAILED, login=officer.login if officer else "")
                return None
            record(session, self._now(), Act.SIGN_IN, officer.id)
            share_key(session, officer.id, keys.private)
            return OpenedOfficer(officer.id, officer.name, keys)

    def only_reader_of(self, login: str) -> int:
        """How many tips no other active officer could open. Raises LookupError if no active officer has that login."""
        with self._store.read() as session:
            officer = session.scalar(_active(login))
            if officer is None:
                raise LookupError("no active officer has that login")
            others = (
                select(Grant.tip_id)
                .join(Officer, Officer.id == Grant.officer_id)
                .where(Officer.active, Officer.id != officer.id)
            )
            alone = select(func.count()).where(Grant.officer_id == officer.id, Grant.tip_id.not_in(others))
            return session.scalar(alone) or 0

    def deactivate(self, login: str) -> None:
        """Ends an officer's access: no sign-in, no new tips, no way back by the custodians.

        Raises LookupError if no active officer has that login.
        """
        with self._store.erase() as session:
            officer = session.scalar(_active(login))
            if officer is None:
                raise LookupError("no active officer has that login")
            officer.active = False
            drop_shares(session, officer.id)
            record(session, self._now(), Act.DEACTIVATE, officer=officer.id)


def _active(login: str) -> Select[Officer]:
    return select(Officer).where(Officer.login == normal_login(login), Officer.active)
