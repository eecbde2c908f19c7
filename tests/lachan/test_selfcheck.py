"""The self-check over a real house: each fault is made and found, nothing is found where all is well."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select, update

from db.citizen import InboundUpdate
from db.keys import KeyRing
from db.police import Audit, Officer, PurgeReport, Unit
from db.pseudonyms import PERIOD, Pseudonyms
from db.stores import Store
from lachan.canaries import canary_of, make_canaries
from lachan.faults import WARNINGS, Fault, FaultKind
from lachan.first_start import first_accounts, notes
from lachan.house import House
from lachan.selfcheck import LOW_BYTES, RELEASED, Line, SelfCheck, date_of
from lachan.settings import EVERYDAY, Part, Settings
from tests.kit.stores import lay_first_start
from tips.dropbox import MemoryDropbox, Recipient
from tips.envelope import KeyPair
from tips.police.custodians import Custodians

ROOMY = (10**12, 0, 10**12)


class Clock:
    def __init__(self) -> None:
        self.at = RELEASED + timedelta(days=30, hours=5)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    """After a first start."""
    lay_first_start(tmp_path / "data", clock())
    house = House(Settings(data=tmp_path / "data"), clock)
    yield house
    house.close()


def check(house: House, *parts: Part, usage: tuple[int, int, int] = ROOMY) -> SelfCheck:
    return SelfCheck(house, parts or EVERYDAY, disk_usage=lambda _: usage)


def kinds(house: House, *parts: Part, told: datetime | None = None) -> list[FaultKind]:
    """What closes the line."""
    return [fault.kind for fault in check(house, *parts).faults(told) if fault.closes]


def change(house: House, **values: object) -> None:
    with house.police.begin() as session:
        session.execute(update(Officer).values(**values))


def test_all_is_well_after_the_first_start(house: House) -> None:
    assert [fault.kind for fault in check(house).faults()] == [FaultKind.FEW_CUSTODIANS]
    assert [fault.kind for fault in check(house, Part.BOT).faults()] == [FaultKind.FEW_CUSTODIANS]
    assert kinds(house, Part.ORGANISER) == kinds(house, Part.INBOX) == []
    assert first_accounts(house) == []


def test_looking_leaves_nothing_behind(house: House) -> None:
    with house.police.read() as session:
        before = len(session.scalars(select(Audit)).all())
    for _ in range(3):
        check(house).faults()
    with house.police.read() as session, house.citizen.read() as others:
        assert not session.scalars(select(PurgeReport)).all()
        assert not others.scalars(select(InboundUpdate)).all()
        assert len(session.scalars(select(Audit)).all()) == before


def test_nobody_on_duty(house: House) -> None:
    house.officers.set_duty(1, False)
    assert kinds(house) == [FaultKind.NOBODY_ON_DUTY]
    house.officers.set_duty(1, True)
    assert kinds(house) == []
    house.officers.deactivate("canbo")
    assert kinds(house) == [FaultKind.NOBODY_ON_DUTY]


@pytest.mark.parametrize("public", [b"", b"x" * 31, b"\0" * 32, b"\1" + b"\0" * 31])
def test_a_public_key_that_is_no_key(house: House, public: bytes) -> None:
    change(house, public_key=public)
    assert kinds(house) == [FaultKind.BAD_PUBLIC_KEY, FaultKind.NOBODY_CAN_DECRYPT]
    house.officers.enrol("lan", "Lan", 1, "một mật khẩu dài")  # one good key does not help: tips go to all on duty
    assert kinds(house) == [FaultKind.BAD_PUBLIC_KEY]
    (fault,) = (fault for fault in check(house).faults() if fault.closes)
    assert "canbo" in fault.told and "lan" not in fault.told.split("canbo")[0]


@pytest.mark.parametrize("values", [{"wrapped_key": b""}, {"wrapped_key": b"x" * 71}, {"salt": b""}])
def test_wrapped_keys_that_are_missing(house: House, values: dict[str, bytes]) -> None:
    change(house, **values)
    assert kinds(house) == [FaultKind.NOBODY_CAN_DECRYPT]
    house.officers.enrol("lan", "Lan", 1, "một mật khẩu dài")
    assert kinds(house) == []
    warned = [fault for fault in check(house).faults() if fault.kind is FaultKind.LOCKED_OUT_OFFICER]
    assert len(warned) == 1 and "canbo" in warned[0].told


@pytest.mark.parametrize("name", ["citizen.key", "pseudonym.key"])
def test_a_key_file_that_is_missing_swapped_or_damaged(house: House, tmp_path: Path, name: str) -> None:
    file = house.settings.citizen_key.with_name(name)
    right = file.read_bytes()
    other = House(Settings(data=tmp_path / "other"), house.now)
    _ = other.keys, other.names
    swapped = other.settings.citizen_key.with_name(name).read_bytes()
    file.unlink()
    assert kinds(house) == [FaultKind.KEY_FILE_MISSING]
    assert not file.exists()
    for wrong in (swapped, right[:-1], right + b"x", b"", right[:-1] + bytes([right[-1] ^ 1])):
        file.write_bytes(wrong)
        assert kinds(house) == [FaultKind.KEY_FILE_WRONG]
        first_accounts(House(house.settings, house.now), [Part.BOT]) if wrong == swapped else None
        assert kinds(house) == [FaultKind.KEY_FILE_WRONG]  # a start does not make peace with it
    assert kinds(house, Part.INBOX) == []  # the police's pages use no key of the citizens' side
    file.write_bytes(right)
    assert kinds(house) == []


def test_a_key_made_anew_in_the_place_of_a_lost_one_is_found(house: House) -> None:
    house.settings.citizen_key.unlink()
    later = House(house.settings, house.now)
    first_accounts(later, [Part.BOT])
    assert house.settings.citizen_key.exists()
    assert kinds(later) == [FaultKind.KEY_FILE_WRONG]


def test_the_pseudonyms_key_moves_on_and_is_still_the_right_one(house: House, clock: Clock) -> None:
    file = house.settings.citizen_key.with_name("pseudonym.key")
    first = file.read_bytes()
    for _ in range(5):
        clock.at += 7 * PERIOD
        Pseudonyms(file, clock)
        assert file.read_bytes() != first
        assert FaultKind.KEY_FILE_WRONG not in kinds(house)
    file.write_bytes(first)  # out of an old backup: it leads to the same keys
    assert FaultKind.KEY_FILE_WRONG not in kinds(house)


def test_a_canary_tells_no_key_and_is_made_once(house: House) -> None:
    master = house.settings.citizen_key
    pseudonyms = master.with_name("pseudonym.key")
    for file in (master, pseudonyms):
        canary = canary_of(file)
        content = canary.read_bytes()
        assert canary.stat().st_mode & 0o777 == 0o600
        assert file.read_bytes()[-32:] not in content
        assert KeyRing.from_file(master).key("canary") not in content
        make_canaries(master, pseudonyms)
        assert canary.read_bytes() == content
        canary.write_bytes(content[:-1])
        assert kinds(house) == [FaultKind.KEY_FILE_WRONG]
        canary.write_bytes(b"\xff" * len(content))
        assert kinds(house) == [FaultKind.KEY_FILE_WRONG]
        canary.unlink()
        assert kinds(house) == []
        canary.write_bytes(content)


def test_the_clock(house: House, clock: Clock) -> None:
    right = clock.at
    clock.at = right - timedelta(minutes=9)
    assert kinds(house) == []
    clock.at = right - timedelta(minutes=11)
    assert kinds(house) == [FaultKind.CLOCK_OFF]
    assert kinds(house, told=clock.at + timedelta(minutes=4)) == []  # the clock is right, the rows are of another time
    assert kinds(house, told=clock.at - timedelta(minutes=6)) == [FaultKind.CLOCK_OFF]
    assert kinds(house, told=clock.at + timedelta(minutes=6)) == [FaultKind.CLOCK_OFF]
    clock.at = RELEASED - timedelta(days=1)
    assert kinds(house, told=clock.at) == [FaultKind.CLOCK_OFF]


def test_the_day_of_the_release_is_of_this_release(house: House) -> None:
    checked = [source.checked_on for source in house.library.sources.values() if source.checked_on]
    assert max(checked) <= RELEASED.date(), "raise RELEASED in lachan/selfcheck.py to this day"
    assert datetime.now(UTC) >= RELEASED, "every line for tips would be closed until then"


def test_each_store_dates_the_clock(house: House, clock: Clock) -> None:
    clock.at += timedelta(hours=1)
    with house.citizen.begin() as session:
        session.add(InboundUpdate(key="a" * 32, channel="check", seen_at=clock.at))
    clock.at -= timedelta(minutes=30)
    assert kinds(house) == kinds(house, Part.ORGANISER) == [FaultKind.CLOCK_OFF]
    assert kinds(house, Part.INBOX) == []
    with house.citizen.begin() as session:
        session.execute(delete(InboundUpdate))
    assert kinds(house) == []


@pytest.mark.parametrize(
    ("total", "free", "full"),
    [
        (10**12, 10**12 // 20, False),
        (10**12, 10**12 // 20 - 1, True),
        (2 * 10**9, LOW_BYTES, False),
        (2 * 10**9, LOW_BYTES - 1, True),
        (0, 0, True),
    ],
)
def test_the_disk(house: House, total: int, free: int, full: bool) -> None:
    found = [fault.kind for fault in check(house, usage=(total, total - free, free)).faults() if fault.closes]
    assert found == ([FaultKind.DISK_NEARLY_FULL] if full else [])


def test_the_disk_of_a_folder_that_is_not_made_yet(tmp_path: Path, clock: Clock) -> None:
    asked: list[Path] = []

    def usage(folder: Path) -> tuple[int, int, int]:
        asked.append(folder)
        return ROOMY

    house = House(Settings(data=tmp_path / "not" / "there"), clock)
    SelfCheck(house, [Part.ORGANISER], disk_usage=usage).faults()
    assert asked == [tmp_path] or asked == [tmp_path / "not" / "there"]


@pytest.mark.parametrize("name", ["citizen", "police"])
def test_a_store_that_cannot_be_written(house: House, name: str) -> None:
    good: Store = getattr(house, name)
    file = good.engine.url.database
    house.__dict__[name] = Store(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert kinds(house) == [FaultKind.STORE_NOT_WRITABLE]
    house.__dict__[name].close()
    house.__dict__[name] = good
    assert kinds(house) == []


def test_before_the_first_start(tmp_path: Path, clock: Clock) -> None:
    house = House(Settings(data=tmp_path / "data"), clock)
    assert kinds(house) == [FaultKind.KEY_FILE_MISSING] * 2 + [FaultKind.STORE_NOT_WRITABLE] * 2
    house.close()


def test_custodians_are_a_warning(house: House) -> None:
    keepers = Custodians(house.police, house.now)
    for login in ("mai", "hoa", "tuyet"):
        assert [fault.kind for fault in check(house).faults()] == [FaultKind.FEW_CUSTODIANS]
        keepers.enrol(login, login, f"câu dài của {login}")
    (fault,) = check(house).faults()
    assert fault.kind is FaultKind.NO_WAY_BACK and "canbo" in fault.told and not fault.closes
    house.officers.enrol("lan", "Lan", 1, "một mật khẩu dài")  # enrolled after them: the shares are made at once
    (fault,) = check(house).faults()
    assert "lan" not in fault.told
    house.officers.deactivate("canbo")
    assert check(house).faults() == []


def test_where_the_police_have_a_machine_of_their_own(house: House) -> None:
    there = MemoryDropbox()
    apart = SimpleNamespace(settings=house.settings, now=house.now, citizen=house.citizen, police=None, dropbox=there)

    def found() -> list[FaultKind]:
        return [fault.kind for fault in SelfCheck(apart, [Part.BOT], disk_usage=lambda _: ROOMY).faults()]

    assert found() == [FaultKind.NOBODY_ON_DUTY]
    there.on_duty.append(Recipient(1, KeyPair.new().public))
    assert found() == []
    there.on_duty.append(Recipient(2, b"\0" * 32))
    assert found() == [FaultKind.BAD_PUBLIC_KEY]
    there.failing = True
    assert found() == [FaultKind.NOBODY_CAN_DECRYPT]


def test_the_start_tells_the_operator(house: House) -> None:
    first = notes(house)
    assert any("`lachan admin add-custodian`" in line for line in first)
    assert not any("closed" in line for line in first)
    house.officers.set_duty(1, False)
    assert "The line for tips is closed: no active officer" in notes(house)[0]


class Checks:
    """A check whose faults the test sets; counts how often somebody looked."""

    def __init__(self) -> None:
        self.now: list[Fault] = []
        self.told: list[datetime | None] = []

    def faults(self, told: datetime | None = None) -> list[Fault]:
        self.told.append(told)
        return self.now


def fault(kind: FaultKind) -> Fault:
    return Fault(kind, "cán bộ canbo")


def test_the_line_keeps_what_it_found_for_a_minute(clock: Clock) -> None:
    checks = Checks()
    line = Line(checks, clock)
    assert line.is_open() and line.is_open()
    checks.now = [fault(FaultKind.CLOCK_OFF)]
    clock.at += timedelta(seconds=59)
    assert line.is_open() and len(checks.told) == 1
    clock.at += timedelta(seconds=1)
    assert not line.is_open() and len(checks.told) == 2
    clock.at -= timedelta(seconds=90)  # a clock that was set back is looked at anew
    checks.now = [fault(kind) for kind in WARNINGS]
    assert line.is_open() and len(checks.told) == 3


def test_the_log_has_kinds_only_and_each_change_once(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    checks = Checks()
    line = Line(checks, clock)
    with caplog.at_level(logging.INFO, "lachan.selfcheck"):
        for found in ([], [FaultKind.CLOCK_OFF], [FaultKind.CLOCK_OFF], [FaultKind.FEW_CUSTODIANS], []):
            checks.now = [fault(kind) for kind in found]
            line.is_open()
            clock.at += timedelta(minutes=2)
    assert [record.getMessage() for record in caplog.records] == [
        "the line for tips is closed: clock_off",
        "the line for tips is open again",
    ]


def test_nobody_waits_for_a_slow_look(clock: Clock) -> None:
    checks, looking, go = Checks(), threading.Event(), threading.Event()
    line = Line(checks, clock)
    assert line.is_open()
    clock.at += timedelta(minutes=2)

    def slow(told: datetime | None = None) -> list[Fault]:
        looking.set()
        assert go.wait(10)
        return [fault(FaultKind.CLOCK_OFF)]

    checks.faults = slow  # type: ignore[method-assign]
    thread = threading.Thread(target=line.is_open)
    thread.start()
    assert looking.wait(10)
    assert line.is_open()  # what was found before
    go.set()
    thread.join(10)
    assert not line.is_open()


def test_what_other_machines_say_of_the_time(clock: Clock) -> None:
    checks, steady = Checks(), [100.0]
    line = Line(checks, clock, lambda: steady[0])
    line.heard("no date")
    line.is_open()
    line.heard("Tue, 24 Nov 2026 07:20:33 GMT")
    clock.at += timedelta(days=400)  # the clock jumps
    steady[0] += 90
    line.is_open()
    steady[0] += 7 * 3600
    clock.at += timedelta(hours=7)
    line.is_open()
    heard = date_of("Tue, 24 Nov 2026 07:20:33 GMT")
    assert heard and checks.told == [None, heard + timedelta(seconds=90), None]


def test_units_off_duty_are_not_looked_at(house: House) -> None:
    other = house.officers.make_unit("off", on_duty=False)
    house.officers.enrol("lan", "Lan", other, "một mật khẩu dài")
    with house.police.begin() as session:
        session.execute(update(Officer).where(Officer.login == "lan").values(public_key=b""))
        assert session.scalar(select(Unit.on_duty).where(Unit.id == other)) is False
    assert kinds(house) == []
