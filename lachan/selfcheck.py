"""Is the line for tips fit to be open? What could lose a tip, or leave nobody who can read it, is found before it is told.

The operator hears of faults in plain sentences at the start and by `lachan admin self-check`, and in the log by their kinds.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from db.stores import Store
from lachan.canaries import Health, master_health, pseudonyms_health
from lachan.certificates import CertificateError, days_left
from lachan.faults import Fault, FaultKind
from lachan.settings import EVERYDAY, Part, Settings
from lachan.store_checks import (
    CITIZEN_MOMENTS,
    POLICE_MOMENTS,
    Moment,
    can_seal_to,
    custodian_faults,
    newest,
    officer_faults,
    tips_on_their_way,
    write_citizen,
    write_police,
)
from tips.dropbox import Dropbox, DropboxError, NobodyOnDuty
from tips.police.store import SqlDropbox

# No clock is before this release. Too early a day makes the check weaker, no more; a day to come would close the line. A
# test asks for it as soon as a source in content/sources.yml was checked on a later day.
RELEASED = datetime(2026, 11, 24, tzinfo=UTC)
BEHIND = timedelta(minutes=10)  # by so much rows may be ahead: times of talks are whole ten minutes
OFF = timedelta(minutes=5)  # from what an https answer says
LOW_BYTES = 500_000_000
LOW_SHARE = 0.05
KEPT_FOR = timedelta(minutes=1)
ENDS_SOON = 30  # days
_HEARD_FOR = timedelta(hours=6)

log = logging.getLogger(__name__)
type DiskUsage = Callable[[Path], tuple[int, int, int]]  # total, used, free bytes, as shutil.disk_usage gives them


class HouseLike(Protocol):
    """What the check needs of the house."""

    @property
    def settings(self) -> Settings: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def citizen(self) -> Store: ...
    @property
    def police(self) -> Store: ...
    @property
    def dropbox(self) -> Dropbox: ...


class Checks(Protocol):
    """What a line asks."""

    def faults(self, told: datetime | None = None) -> list[Fault]: ...


class SelfCheck:
    """Looks at what the parts of this process need."""

    def __init__(
        self, house: HouseLike, parts: Iterable[Part] = EVERYDAY, *, disk_usage: DiskUsage = shutil.disk_usage
    ) -> None:
        chosen = set(parts)
        self._house = house
        self._bot = Part.BOT in chosen
        self._citizens = bool(chosen - {Part.INBOX, Part.INTAKE})
        # The bot asks the police's own machine, where there is one, instead of a store.
        self._asks = self._bot and not isinstance(house.dropbox, SqlDropbox)
        self._police = bool(chosen & {Part.INBOX, Part.INTAKE}) or (self._bot and not self._asks)
        self._intake = Part.INTAKE in chosen
        self._disk_usage = disk_usage

    def faults(self, told: datetime | None = None) -> list[Fault]:
        """All that is wrong; first what closes the line. `told`: the time that an https answer gave just now (aware)."""
        found = [*self._keys(), *self._disk(), *self._stores(), *self._certificates(), *self._clock(told)]
        return sorted(found, key=lambda fault: not fault.closes)

    def _keys(self) -> Iterator[Fault]:
        if not self._bot:
            return
        master = self._house.settings.citizen_key
        pseudonyms = master.with_name("pseudonym.key")
        for file, health in ((master, master_health), (pseudonyms, pseudonyms_health)):
            try:
                state = health(file)
            except OSError:
                state = Health.MISSING
            if state is Health.MISSING:
                yield Fault(
                    FaultKind.KEY_FILE_MISSING,
                    f"{file} is not there or cannot be read: restore it from your backup (the first start makes it)",
                )
            elif state is Health.WRONG:
                yield Fault(
                    FaultKind.KEY_FILE_WRONG, f"{file} is another key than the one it was: restore it from your backup"
                )

    def _disk(self) -> Iterator[Fault]:
        folder = self._house.settings.data.absolute()
        while not folder.exists():
            folder = folder.parent
        total, _, free = self._disk_usage(folder)
        if free < LOW_BYTES or free < LOW_SHARE * total:
            yield Fault(
                FaultKind.DISK_NEARLY_FULL,
                f"the disk of {self._house.settings.data} has {free / 1e6:,.0f} MB left ({free / max(total, 1):.0%}):"
                f" make room ({LOW_BYTES / 1e6:.0f} MB and {LOW_SHARE:.0%} are needed)",
            )

    def _stores(self) -> Iterator[Fault]:
        now = self._house.now()
        if self._citizens:
            try:
                write_citizen(self._house.citizen, now)
            except (SQLAlchemyError, OSError):
                yield _not_writable("the citizens' store")
        if self._police:
            try:
                write_police(self._house.police, now)
                yield from (*officer_faults(self._house.police), *custodian_faults(self._house.police))
            except (SQLAlchemyError, OSError):
                yield _not_writable("the police's store")
        if self._asks:
            yield from self._asked()

    def _asked(self) -> Iterator[Fault]:
        """Where the police have a machine of their own. That it is away for a while closes nothing: tips wait here."""
        try:
            recipients = self._house.dropbox.recipients()
        except NobodyOnDuty:
            yield Fault(FaultKind.NOBODY_ON_DUTY, "the police's machine says that no officer is on duty")
        except DropboxError:
            yield Fault(
                FaultKind.NOBODY_CAN_DECRYPT,
                "it is not known to whom tips can be sealed: the police's machine does not answer, and has not yet",
            )
        else:
            if not all(can_seal_to(one.public_key) for one in recipients):
                yield Fault(FaultKind.BAD_PUBLIC_KEY, "the police's machine gave a public key that is none")
        if waiting := tips_on_their_way(self._house.citizen):
            yield Fault(
                FaultKind.TIPS_WAITING, f"{waiting} tips are on their way to the police's machine: is it reachable?"
            )

    def _certificates(self) -> Iterator[Fault]:
        """With which the two machines know each other, where there are two."""
        speaks = self._bot and bool(self._house.settings.intake_url)
        mine = [name for name, is_mine in (("client.pem", speaks), ("server.pem", self._intake)) if is_mine]
        for name in mine:
            path = self._house.settings.intake_certificates / name
            try:
                left = days_left(path, self._house.now())
            except CertificateError as error:
                yield Fault(FaultKind.CERTIFICATE_ENDS, str(error))
                continue
            if left < ENDS_SOON:
                yield Fault(
                    FaultKind.CERTIFICATE_ENDS,
                    f"{path} counts for {left} more days: make new ones (docs/own-machine.md)",
                )

    def _clock(self, told: datetime | None) -> Iterator[Fault]:
        now = self._house.now()
        if told is not None and abs(told - now) > OFF:
            yield _clock_off(f"{_minutes(abs(told - now))} from what other machines say")
        elif now < RELEASED:
            yield _clock_off(f"before {RELEASED:%Y-%m-%d}, the day of this release")
        elif told is None:  # else the clock is right, and it is the rows that are of a time when it was not
            for name, store, moments in self._dated():
                try:
                    latest = newest(store, moments)
                except (SQLAlchemyError, OSError):
                    continue  # told already, as a store that cannot be written
                if latest is not None and latest - now > BEHIND:
                    yield _clock_off(f"{_minutes(latest - now)} behind the newest row of {name}")

    def _dated(self) -> Iterator[tuple[str, Store, tuple[Moment, ...]]]:
        if self._citizens:
            yield "the citizens' store", self._house.citizen, CITIZEN_MOMENTS
        if self._police:
            yield "the police's store", self._house.police, POLICE_MOMENTS


class Line:
    """Whether the line for tips is open; the last result is kept for a minute. Safe in threads.

    `steady`: seconds of a clock that nobody sets, so that a jump of the other one is seen.
    """

    def __init__(
        self, check: Checks, now: Callable[[], datetime], steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._check, self._now, self._steady = check, now, steady
        self._looking = threading.Lock()
        self._faults: list[Fault] | None = None
        self._at = now()
        self._heard: tuple[datetime, float] | None = None

    def is_open(self) -> bool:
        """Asked before a tip is begun. What was begun may be sent: the deposit itself says if it cannot be kept."""
        return not any(fault.closes for fault in self.faults())

    def faults(self) -> list[Fault]:
        """The faults of the last minute. While one thread looks anew, the others take what was found before."""
        if self._is_stale() and self._looking.acquire(blocking=self._faults is None):
            try:
                if self._is_stale():
                    self._look()
            finally:
                self._looking.release()
        return self._faults or []

    def heard(self, date_header: str) -> None:
        """The `Date` header of an https answer that came just now. One that is no date is not heard."""
        told = date_of(date_header)
        if told is not None:
            self._heard = told, self._steady()

    def _is_stale(self) -> bool:
        return self._faults is None or not timedelta(0) <= self._now() - self._at < KEPT_FOR

    def _look(self) -> None:
        at, before = self._now(), self._faults
        found = self._check.faults(self._told())
        self._at, self._faults = at, found
        _log(before, found)

    def _told(self) -> datetime | None:
        if self._heard is None:
            return None
        told, then = self._heard
        passed = timedelta(seconds=self._steady() - then)
        return told + passed if passed < _HEARD_FOR else None


def date_of(header: str) -> datetime | None:
    """The moment in an HTTP `Date` header, or None if it is none."""
    try:
        told = parsedate_to_datetime(header)
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _log(before: list[Fault] | None, after: list[Fault]) -> None:
    """Kinds only, and only what changed."""
    closing = sorted({fault.kind.value for fault in after if fault.closes})
    was = None if before is None else sorted({fault.kind.value for fault in before if fault.closes})
    if closing and closing != was:
        log.error("the line for tips is closed: %s", ", ".join(closing))
    elif was and not closing:
        log.warning("the line for tips is open again")


def _not_writable(name: str) -> Fault:
    return Fault(
        FaultKind.STORE_NOT_WRITABLE, f"{name} cannot be written, or has no tables yet: see its file or server"
    )


def _clock_off(how: str) -> Fault:
    return Fault(
        FaultKind.CLOCK_OFF, f"this machine's clock is off, {how}: set it (for instance `timedatectl set-ntp true`)"
    )


def _minutes(span: timedelta) -> str:
    return f"{span.total_seconds() / 60:,.0f} minutes"
