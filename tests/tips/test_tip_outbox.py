"""The outbox and its courier: nothing is lost, nothing held up, nothing legible."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from db.citizen import CitizenBase, OutboxTip
from db.keys import KeyRing
from db.stores import Store
from tips import wire
from tips.citizen.courier import Away, Courier
from tips.citizen.outbox import FIRST_PAUSE, LONGEST_PAUSE, Outbox, pause
from tips.dropbox import DropboxError, SealedGrant, SealedPart, SealedTip
from tips.envelope import Kind, new_id


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 7, 20, 33, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class Police:
    """The other end of the line: takes packed tips, and is away or refuses when told to."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.away = False
        self.refuse: set[str] = set()
        self.tried = 0

    def __call__(self, packed: bytes) -> None:
        self.tried += 1
        if self.away:
            raise Away
        tip = wire.TIP.unpack(packed)
        if tip.id in self.refuse:
            raise DropboxError
        self.got.append(tip.id)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def police() -> Police:
    return Police()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'citizen.sqlite'}")
    CitizenBase.metadata.create_all(store.engine)
    yield store
    store.close()


@pytest.fixture
def outbox(store: Store, clock: Clock) -> Outbox:
    return Outbox(store, KeyRing(b"m" * 32), clock)


@pytest.fixture
def courier(outbox: Outbox, police: Police, clock: Clock) -> Courier:
    return Courier(outbox, police, clock)


def a_tip(body: bytes = b"sealed body of a tip") -> SealedTip:
    tip_id = new_id()
    part = SealedPart(new_id(), tip_id, Kind.REPORT, 0, b"k" * 80, body)
    return SealedTip(tip_id, False, os.urandom(32), b"r" * 32, b"t" * 32, (SealedGrant(1, b"g" * 80),), (part,))


def rows(store: Store) -> list[OutboxTip]:
    with store.read() as session:
        return list(session.scalars(select(OutboxTip)))


def test_a_tip_is_kept_until_it_is_there(outbox: Outbox, courier: Courier, police: Police) -> None:
    tip = a_tip()
    outbox.put(tip)
    assert (outbox.count(), outbox.holds(tip.lookup), outbox.holds(b"x" * 32)) == (1, True, False)
    assert courier.run_once() == 1
    assert (outbox.count(), outbox.holds(tip.lookup), police.got) == (0, False, [tip.id])
    assert courier.run_once() == 0


def test_the_same_tip_again_changes_nothing(outbox: Outbox, store: Store, clock: Clock) -> None:
    tip = a_tip()
    outbox.put(tip)
    (row,) = rows(store)
    clock.move(hours=3)
    outbox.put(replace(tip, danger=True))
    assert [(r.id, r.sealed, r.next_at) for r in rows(store)] == [(row.id, row.sealed, row.next_at)]


def test_another_tip_of_the_same_code_is_refused_without_values(outbox: Outbox) -> None:
    tip = a_tip()
    outbox.put(tip)
    with pytest.raises(DropboxError) as caught:
        outbox.put(replace(a_tip(), lookup=tip.lookup))
    assert str(caught.value) == "the citizens' store failed: IntegrityError"
    assert outbox.count() == 1


def test_a_tip_that_could_never_arrive_is_refused_at_once(outbox: Outbox) -> None:
    with pytest.raises(DropboxError):
        outbox.put(replace(a_tip(), grants=()))
    assert outbox.count() == 0


def test_rows_tell_an_hour_and_nothing_else(outbox: Outbox, store: Store) -> None:
    tip = a_tip()
    outbox.put(tip)
    (row,) = rows(store)
    assert row.next_at == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert tip.id not in (row.id, row.lookup)
    assert tip.lookup.hex()[:32] not in (row.id, row.lookup)
    for clear in (tip.id.encode(), tip.lookup, tip.parts[0].body):
        assert clear not in row.sealed
    other = Outbox(store, KeyRing(b"n" * 32), lambda: datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert not other.holds(tip.lookup)  # the columns are keyed
    with pytest.raises(ValueError, match="does not open"):
        other.packed(row.id)


def test_a_delivered_tip_leaves_no_byte_in_the_files(
    outbox: Outbox, courier: Courier, store: Store, tmp_path: Path
) -> None:
    outbox.put(a_tip())
    sealed = rows(store)[0].sealed

    def in_files() -> bool:
        return any(sealed[:64] in path.read_bytes() for path in tmp_path.glob("citizen.sqlite*"))

    assert in_files()
    courier.run_once()
    assert not in_files()


def test_rows_do_not_open_in_each_other_s_place(outbox: Outbox, courier: Courier, police: Police, store: Store) -> None:
    first, second = a_tip(), a_tip()
    outbox.put(first)
    outbox.put(second)
    with store.begin() as session:
        one, two = session.scalars(select(OutboxTip)).all()
        one.sealed, two.sealed = two.sealed, one.sealed
    assert courier.run_once() == 0
    assert (police.got, outbox.count()) == ([], 2)  # kept, for whoever can mend it


def test_earlier_hours_go_first(outbox: Outbox, courier: Courier, police: Police, clock: Clock) -> None:
    police.away = True
    hours = list[set[str]]()
    for _ in range(3):
        tips = [a_tip() for _ in range(5)]
        for tip in tips:
            outbox.put(tip)
        hours.append({tip.id for tip in tips})
        clock.move(hours=1)
    police.away = False
    order = [outbox.packed(row) for row in outbox.due(100)]
    ids = [wire.TIP.unpack(packed).id for packed in order if packed]
    assert [set(ids[:5]), set(ids[5:10]), set(ids[10:])] == hours
    assert courier.run_once() == 15


def test_pauses_double_up_to_ten_minutes() -> None:
    for tries in range(1, 200):
        steady = min(FIRST_PAUSE * 2 ** min(tries - 1, 30), LONGEST_PAUSE)
        drawn = {pause(tries) for _ in range(20)}
        assert min(drawn) >= steady * 0.75 and max(drawn) <= steady * 1.25
        assert len(drawn) > 1  # machines that lost each other do not all come back at once
    assert (timedelta(seconds=5), timedelta(minutes=10)) == (FIRST_PAUSE, LONGEST_PAUSE)


def test_a_refused_tip_waits_longer_each_time_and_holds_up_no_other(
    outbox: Outbox, courier: Courier, police: Police, store: Store, clock: Clock
) -> None:
    poison = a_tip()
    outbox.put(poison)
    police.refuse = {poison.id}
    waits = list[float]()
    for tries in range(1, 10):
        other = a_tip()
        outbox.put(other)
        assert courier.run_once() == 1 and police.got[-1] == other.id
        (row,) = rows(store)
        assert row.tries == tries
        waits.append((row.next_at - clock()).total_seconds())
        before = police.tried
        courier.run_once()
        assert police.tried == before  # its time has not come
        clock.at = row.next_at
    assert waits[0] < 7 and 450 <= waits[-1] <= 750
    police.refuse.clear()
    assert courier.run_once() == 1 and police.got[-1] == poison.id


def test_a_machine_that_is_away_is_only_knocked_at(
    outbox: Outbox, courier: Courier, police: Police, clock: Clock
) -> None:
    police.away = True
    tips = [a_tip() for _ in range(50)]
    for tip in tips:
        outbox.put(tip)
        courier.run_once()
    assert police.tried <= 4  # those that were under way together
    for _ in range(3600):
        clock.move(seconds=1)
        courier.run_once()
    assert 45 <= police.tried <= 4 * 100
    police.away = False
    clock.move(minutes=13)
    courier.run_once()
    assert sorted(police.got) == sorted(tip.id for tip in tips)


def test_an_unforeseen_failure_loses_nothing(outbox: Outbox, clock: Clock) -> None:
    fails = [True]

    def send(packed: bytes) -> None:
        if fails.pop() if fails else False:
            raise RuntimeError("a word of somebody")

    outbox.put(a_tip())
    courier = Courier(outbox, send, clock)
    assert courier.run_once() == 0 and outbox.count() == 1
    clock.move(seconds=10)
    assert courier.run_once() == 1 and outbox.count() == 0


def test_log_lines_tell_nothing_of_a_tip(
    outbox: Outbox, clock: Clock, caplog: pytest.LogCaptureFixture, store: Store
) -> None:
    def send(packed: bytes) -> None:
        raise RuntimeError("a word of somebody")

    tip = a_tip()
    outbox.put(tip)
    (row,) = rows(store)
    Courier(outbox, send, clock).run_once()
    assert "RuntimeError" in caplog.text
    assert not any(word in caplog.text for word in ("somebody", tip.id, row.id, row.lookup))


def test_two_processes_on_one_store(tmp_path: Path, store: Store, outbox: Outbox, police: Police, clock: Clock) -> None:
    tips = [a_tip() for _ in range(40)]
    for tip in tips:
        outbox.put(tip)
    stores = [Store(f"sqlite:///{tmp_path / 'citizen.sqlite'}") for _ in range(2)]
    couriers = [Courier(Outbox(store, KeyRing(b"m" * 32), clock), police, clock) for store in stores]
    together([courier.run_once for courier in couriers])
    assert set(police.got) == {tip.id for tip in tips}
    assert outbox.count() == 0
    for other in stores:
        other.close()


def test_threads_of_one_process_send_nothing_twice(outbox: Outbox, courier: Courier, police: Police) -> None:
    tips = [a_tip() for _ in range(60)]

    def put(some: list[SealedTip]) -> None:
        for tip in some:
            outbox.put(tip)
            courier.run_once()

    together([lambda n=n: put(tips[n::6]) for n in range(6)])  # type: ignore[misc]
    assert outbox.count() == 0  # whoever came while another was at it had it look again
    assert sorted(police.got) == sorted(tip.id for tip in tips)


def test_no_small_tip_waits_for_a_big_one(outbox: Outbox, clock: Clock) -> None:
    free, small_came = threading.Event(), threading.Event()
    at_once, most = [0], [0]

    def send(packed: bytes) -> None:
        if len(packed) < wire.BIG:
            small_came.set()
            return
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        assert free.wait(20)
        at_once[0] -= 1

    for _ in range(3):
        outbox.put(a_tip(bytes(wire.BIG + 1)))
    courier = Courier(outbox, send, clock)
    courier.nudge()
    outbox.put(a_tip())
    courier.nudge()
    assert small_came.wait(20)
    free.set()
    together([courier.run_once, courier.run_once])
    while outbox.count():
        courier.run_once()
    assert most == [1]


def together(works: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
