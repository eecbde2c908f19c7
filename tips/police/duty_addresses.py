"""Where the units on duty are told that somebody may be in danger (duty.py calls; here the addresses are kept)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import select

from db.police import DutyAddress, Unit
from db.stores import Store
from tips.police.audit import Act, record

LONGEST = 500


class BadAddress(ValueError):
    """An address that is not called; the message says why, and does not show it: it may hold a token."""


@dataclass(frozen=True, slots=True)
class AddressLine:
    """An address in the list: `host` only, since the rest may hold a token."""

    id: int
    unit: str
    host: str
    url: str = field(repr=False)


class DutyAddresses:
    """Adds, lists and removes addresses; every change is in the audit log, without the address."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def add(self, unit_id: int, url: str) -> int:
        """The new address's number. Raises BadAddress, and LookupError if there is no such unit."""
        url = url.strip()
        _host(url)
        with self._store.begin() as session:
            if session.get(Unit, unit_id) is None:
                raise LookupError("no such unit")
            address = DutyAddress(unit_id=unit_id, url=url)
            session.add(address)
            session.flush()
            record(session, self._now(), Act.DUTY_ADDRESS, unit=unit_id, added=address.id)
            return address.id

    def listed(self) -> list[AddressLine]:
        """All addresses, in the order in which they were added."""
        query = select(DutyAddress, Unit.name).join(Unit, Unit.id == DutyAddress.unit_id).order_by(DutyAddress.id)
        with self._store.read() as session:
            return [AddressLine(row.id, unit, _host(row.url), row.url) for row, unit in session.execute(query)]

    def remove(self, number: int) -> None:
        """Takes an address away, with its calls. Raises LookupError if there is none of that number."""
        with self._store.erase() as session:
            address = session.get(DutyAddress, number)
            if address is None:
                raise LookupError("no such address")
            session.delete(address)
            record(session, self._now(), Act.DUTY_ADDRESS, unit=address.unit_id, removed=number)


def _host(url: str) -> str:
    """The part of an address that may be shown. Raises BadAddress."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress("this is no address") from None
    if len(url) > LONGEST or any(sign.isspace() or not sign.isprintable() for sign in url):
        raise BadAddress(f"an address has at most {LONGEST} signs and no space")
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts))):
        raise BadAddress(
            "an address begins with https://; plain http:// is taken for this machine only (localhost, 127.0.0.1)"
        )
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"


def _loopback(parts: SplitResult) -> bool:
    try:
        return parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
