"""Names that change every 30 days, and the key file that goes on with them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.keys import KeyFileError, KeyRing
from db.pseudonyms import PERIOD, Pseudonyms

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NUMBER = 692  # a period in 2026
PERSON = ("talk", "telegram", "7001002003")


class Clock:
    """Aware UTC time that stands still until it is moved."""

    def __init__(self, number: int = NUMBER) -> None:
        self.go_to(number)

    def __call__(self) -> datetime:
        return self.at

    def go_to(self, number: int) -> None:
        """To the middle of a period."""
        self.at = EPOCH + PERIOD * number + timedelta(days=15)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "pseudonym.key"


def step(key: bytes, steps: int = 1) -> bytes:
    """The key so many periods later, as db/pseudonyms.py says it."""
    for _ in range(steps):
        key = hashlib.blake2b(key, digest_size=32, person=b"lachan-next").digest()
    return key


def test_names_change_with_the_period_and_the_last_ones_are_still_known(path: Path, clock: Clock) -> None:
    names = Pseudonyms(path, clock)
    first = names.of(*PERSON)
    assert names.of(*PERSON) == first != names.before(*PERSON)
    clock.go_to(NUMBER + 1)
    assert names.of(*PERSON) != first
    assert names.before(*PERSON) == first
    clock.go_to(NUMBER + 2)
    assert first not in (names.of(*PERSON), names.before(*PERSON))


def test_a_period_is_thirty_whole_days_since_1970(path: Path, clock: Clock) -> None:
    assert timedelta(days=30) == PERIOD
    names, seen = Pseudonyms(path, clock), list[str]()
    for days, microseconds in ((0, 0), (29, 0), (30, -1), (30, 0), (60, -1), (60, 0)):
        clock.at = EPOCH + PERIOD * NUMBER + timedelta(days=days, microseconds=microseconds)
        seen.append(names.of(*PERSON))
    assert [seen.index(name) for name in seen] == [0, 0, 0, 3, 3, 5]


def test_people_channels_and_purposes_have_nothing_in_common(path: Path, clock: Clock) -> None:
    names = Pseudonyms(path, clock)
    people = [PERSON, ("quiz", *PERSON[1:]), ("talk", "zalo", PERSON[2]), ("talk", "a", "bc"), ("talk", "ab", "c")]
    given = {give(*person) for person in people for give in (names.of, names.before)}
    assert len(given) == 10
    assert all(len(name) == 32 and int(name, 16) for name in given)


def test_the_file_is_made_once_for_its_owner_alone(path: Path, clock: Clock) -> None:
    name = Pseudonyms(path, clock).of(*PERSON)
    content = path.read_bytes()
    assert (len(content), int.from_bytes(content[:8], "big")) == (40, NUMBER - 1)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Pseudonyms(path, clock).of(*PERSON) == name
    assert path.read_bytes() == content
    clock.go_to(NUMBER + 1)
    Pseudonyms(path, clock)
    assert path.stat().st_mode & 0o777 == 0o600
    other = Pseudonyms(path.with_name("other.key"), clock)
    assert other.of(*PERSON) != Pseudonyms(path, clock).of(*PERSON)


def test_names_are_made_under_the_key_of_the_period(path: Path, clock: Clock) -> None:
    names = Pseudonyms(path, clock)
    kept = path.read_bytes()[8:]
    assert names.before(*PERSON) == KeyRing(kept).pseudonym(*PERSON)
    assert names.of(*PERSON) == KeyRing(step(kept)).pseudonym(*PERSON)


def test_no_key_older_than_the_last_period_is_left(path: Path, clock: Clock) -> None:
    names = Pseudonyms(path, clock)
    old, old_name = path.read_bytes()[8:], names.before(*PERSON)
    clock.go_to(NUMBER + 1)
    names.renew()
    content = path.read_bytes()
    assert content == NUMBER.to_bytes(8, "big") + step(old)
    assert all(old not in file.read_bytes() for file in path.parent.iterdir())
    later = [step(content[8:], steps) for steps in range(100)]  # all that the file leads to
    assert old_name not in [KeyRing(key).pseudonym(*PERSON) for key in later]


def test_after_a_long_pause_it_is_as_if_there_had_been_none(path: Path, clock: Clock) -> None:
    visiting = Pseudonyms(path, clock)
    other = path.with_name("other.key")
    other.write_bytes(path.read_bytes())
    for number in range(NUMBER, NUMBER + 14):
        clock.go_to(number)
        visiting.renew()
    assert Pseudonyms(other, clock).of(*PERSON) == visiting.of(*PERSON)
    assert other.read_bytes() == path.read_bytes()
    assert int.from_bytes(path.read_bytes()[:8], "big") == NUMBER + 12


@pytest.mark.parametrize("back", [1, 2, 500, NUMBER, NUMBER + 5])  # the last two: 1970, and before it
def test_a_clock_that_is_set_back_breaks_nothing(path: Path, clock: Clock, back: int) -> None:
    running = Pseudonyms(path, clock)
    given, content = (running.before(*PERSON), running.of(*PERSON)), path.read_bytes()
    clock.go_to(NUMBER - back)
    for names in (running, Pseudonyms(path, clock)):
        assert (names.before(*PERSON), names.of(*PERSON)) == given
    assert path.read_bytes() == content
    clock.go_to(NUMBER + 1)
    assert running.before(*PERSON) == given[1]


def test_a_first_start_before_1970_gives_names_as_well(path: Path, clock: Clock) -> None:
    clock.go_to(-3)
    names = Pseudonyms(path, clock)
    name = names.of(*PERSON)
    assert Pseudonyms(path, clock).of(*PERSON) == name
    clock.go_to(NUMBER)
    assert names.of(*PERSON) != name


@pytest.mark.parametrize("size", [0, 8, 39, 41])
def test_a_damaged_file_is_said_and_left_alone(path: Path, clock: Clock, size: int) -> None:
    path.parent.mkdir()
    path.write_bytes(b"k" * size)
    with pytest.raises(KeyFileError, match=r"pseudonym\.key holds no period and key of 40 bytes: restore it"):
        Pseudonyms(path, clock)
    assert path.read_bytes() == b"k" * size


def test_two_on_one_file_agree_through_a_change(path: Path) -> None:
    early, late = Clock(), Clock()
    one, two = Pseudonyms(path, early), Pseudonyms(path, late)
    assert one.of(*PERSON) == two.of(*PERSON)
    early.go_to(NUMBER + 1)  # its clock goes a little before
    assert one.before(*PERSON) == two.of(*PERSON)
    late.go_to(NUMBER + 1)
    assert (one.of(*PERSON), one.before(*PERSON)) == (two.of(*PERSON), two.before(*PERSON))
    early.go_to(NUMBER + 4)
    late.go_to(NUMBER + 3)  # behind the file
    one.renew()
    content = path.read_bytes()
    two.renew()
    assert path.read_bytes() == content
    assert one.before(*PERSON) == two.before(*PERSON)


def test_many_that_start_and_change_together_agree(path: Path) -> None:
    clock, together, given = Clock(), threading.Barrier(8), list[tuple[str, str]]()

    def work() -> None:
        together.wait()
        names = Pseudonyms(path, clock)
        first = names.of(*PERSON)
        if together.wait() == 0:
            clock.go_to(NUMBER + 3)
        together.wait()
        given.append((first, names.of(*PERSON)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 8 and len(set(given)) == 1
    assert [file.name for file in path.parent.iterdir()] == ["pseudonym.key"]


def test_whoever_reads_while_it_changes_reads_the_old_file_whole(path: Path, clock: Clock) -> None:
    names, old = Pseudonyms(path, clock), path.read_bytes()
    with path.open("rb", buffering=0) as reader:
        start = reader.read(8)
        clock.go_to(NUMBER + 1)
        names.renew()
        assert start + reader.read() == old != path.read_bytes()


def test_what_cannot_be_written_changes_nothing(path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    names = Pseudonyms(path, clock)
    name, content = names.of(*PERSON), path.read_bytes()
    clock.go_to(NUMBER + 1)

    def full(_handle: int) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="full"):
            names.of(*PERSON)
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == ["pseudonym.key"]
    assert names.before(*PERSON) == name


DIES = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
import db.keys
from db.pseudonyms import Pseudonyms
real, left = os.fsync, int(sys.argv[3])
def fsync(handle):
    global left
    left -= 1
    os._exit(9) if left < 0 else real(handle)
os.fsync = fsync
Pseudonyms(Path(sys.argv[1]), lambda: datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.parametrize("synced", [0, 1], ids=["with a half-written file", "with the new file in its place"])
def test_a_process_that_dies_amid_a_change_leaves_a_whole_file(path: Path, clock: Clock, synced: int) -> None:
    """Before the file is moved to its place, and after it, when only the folder was not yet on the disk."""
    name, old = Pseudonyms(path, clock).of(*PERSON), path.read_bytes()
    clock.go_to(NUMBER + 1)
    command = [sys.executable, "-c", DIES, str(path), clock.at.isoformat(), str(synced)]
    assert subprocess.run(command, cwd=Path(__file__).parents[2], env={**os.environ}, check=False).returncode == 9
    assert path.read_bytes() == (NUMBER.to_bytes(8, "big") + step(old[8:]) if synced else old)
    assert len(list(path.parent.iterdir())) == 2 - synced
    assert Pseudonyms(path, clock).before(*PERSON) == name
    assert [file.name for file in path.parent.iterdir()] == ["pseudonym.key"]  # what was left is swept
