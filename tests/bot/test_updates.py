"""The journal of the messengers: each update once, in order, sealed, and gone when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot.updates import Updates
from content.reply import Button, Call, Reply
from db.citizen import CitizenBase, InboundUpdate
from db.keys import KeyRing
from db.stores import Store

SAID = {"message": {"chat": {"id": 42}, "text": "có người bị nhốt ở bến xe"}}
ANSWER = [
    Reply("Mã của bạn: 1234", note="giữ kỹ", buttons=(Button("Xong", "code:close"),)),
    Reply("Gọi", calls=(Call("Gọi 113", number="113"),), urgent=True, clears=True),
]


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 6, 7, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/citizen.db")
    CitizenBase.metadata.create_all(store.engine)
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def updates(store: Store, clock: Clock) -> Updates:
    return Updates(store, KeyRing(b"k" * 32), clock)


def _written(updates: Updates, update_id: str = "700", channel: str = "telegram", content: Any = SAID) -> int:
    (number,) = updates.write(channel, [(update_id, content)])
    assert number is not None
    return number


def test_an_update_is_written_once(updates: Updates) -> None:
    number = _written(updates)
    assert updates.write("telegram", [("700", SAID)]) == [None]
    updates.answered(number, ANSWER)
    assert updates.write("telegram", [("700", SAID)]) == [None]
    updates.done(number)
    assert updates.write("telegram", [("700", SAID)]) == [None]


def test_channels_and_ids_do_not_meet(updates: Updates) -> None:
    first, other = _written(updates), _written(updates, channel="zalo")
    (_, second) = updates.write("telegram", [("700", SAID), ("701", SAID)])
    assert [kept.number for kept in updates.unfinished("telegram")] == [first, second]
    assert [kept.number for kept in updates.unfinished("zalo")] == [other]


def test_what_comes_together_is_numbered_in_its_order_and_copies_of_it_are_none(updates: Updates) -> None:
    ids = ["9", "8", "9", "7"]
    numbers = updates.write("telegram", [(each, {"id": each}) for each in ids])
    assert numbers[2] is None
    assert [kept.content["id"] for kept in updates.unfinished("telegram")] == ["9", "8", "7"]
    assert sorted(n for n in numbers if n is not None) == [kept.number for kept in updates.unfinished("telegram")]


def test_a_number_is_never_given_twice(updates: Updates, clock: Clock) -> None:
    first = _written(updates)
    updates.done(first)
    clock.at += timedelta(days=3)
    assert updates.purge() == 1
    assert _written(updates) > first


def test_from_waiting_over_answered_to_done(updates: Updates) -> None:
    number = _written(updates)
    kept = updates.load(number)
    assert kept is not None
    assert (kept.content, kept.answer, kept.tries) == (SAID, None, 0)
    updates.tried(number)
    updates.answered(number, ANSWER)
    kept = updates.load(number)
    assert kept is not None
    assert kept.answer == tuple(ANSWER)
    assert kept.tries == 1
    updates.done(number)
    assert updates.load(number) is None
    assert updates.unfinished("telegram") == []


def test_another_process_finds_what_was_left(updates: Updates, store: Store, clock: Clock) -> None:
    numbers = [_written(updates, str(each), content={"n": each}) for each in range(3)]
    updates.done(numbers[0])
    updates.answered(numbers[1], ANSWER)
    left = Updates(store, KeyRing(b"k" * 32), clock).unfinished("telegram")
    assert [(kept.content["n"], kept.answer) for kept in left] == [(1, tuple(ANSWER)), (2, None)]


def test_what_does_not_open_is_left_alone(updates: Updates, store: Store, clock: Clock) -> None:
    number = _written(updates)
    stranger = Updates(store, KeyRing(b"x" * 32), clock)
    assert stranger.unfinished("telegram") == []
    assert stranger.load(number) is None
    assert updates.load(number) is not None


@pytest.mark.parametrize("column", ["sealed", "answer"])
def test_what_belongs_to_another_row_does_not_open(updates: Updates, store: Store, column: str) -> None:
    numbers = [_written(updates, each) for each in ("1", "2")]
    for number in numbers:
        updates.answered(number, ANSWER)
    with store.begin() as session:
        other = session.scalar(select(getattr(InboundUpdate, column)).where(InboundUpdate.number == numbers[0]))
        session.execute(update(InboundUpdate).where(InboundUpdate.number == numbers[1]).values({column: other}))
    assert updates.load(numbers[0]) is not None
    assert updates.load(numbers[1]) is None


def test_an_answer_is_no_update(updates: Updates, store: Store) -> None:
    number = _written(updates)
    updates.answered(number, ANSWER)
    with store.begin() as session:
        session.execute(update(InboundUpdate).values(sealed=InboundUpdate.answer))
    assert updates.load(number) is None


def test_done_updates_are_forgotten_after_two_days_and_others_are_not(updates: Updates, clock: Clock) -> None:
    updates.done(_written(updates))
    _written(updates, "701")
    clock.at += timedelta(days=1)
    updates.done(_written(updates, "702"))
    assert updates.purge() == 0
    clock.at += timedelta(days=1, minutes=10)
    assert updates.purge() == 1
    assert updates.write("telegram", [("701", SAID), ("702", SAID)]) == [None, None]
    (waiting,) = updates.unfinished("telegram")
    assert timedelta(days=2) < updates.age(waiting) < timedelta(days=2, hours=1)
    clock.at += timedelta(days=29)
    assert updates.purge() == 2
    assert updates.unfinished("telegram") == []


def test_of_many_at_once_one_is_written(updates: Updates) -> None:
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda n: updates.write("telegram", [(str(n % 5), SAID)]), range(40)))
    assert sum(number != [None] for number in won) == 5


def test_the_store_has_no_id_no_word_and_no_exact_time(updates: Updates, store: Store, tmp_path: Path) -> None:
    number = _written(updates, "2d758cb5e222177a4e35", "zalo", {"chat": "6ede9afa66b88fe6d6a9", "text": "KHONGDUOCLO"})
    updates.answered(number, [Reply("Ma cua ban: KHONGDUOCLO")])
    with store.read() as session:
        row = session.execute(text("SELECT key, seen_at FROM inbound_update")).one()
    assert len(row.key) == 32
    assert "06:00:00" in row.seen_at
    planted = (b"2d758cb5e222177a4e35", b"6ede9afa66b88fe6d6a9", b"KHONGDUOCLO")
    for file in tmp_path.iterdir():
        assert not [each for each in planted if each in file.read_bytes()]


def test_when_it_is_done_nothing_of_it_is_in_any_file(updates: Updates, store: Store, tmp_path: Path) -> None:
    number = _written(updates)
    updates.answered(number, ANSWER)
    with store.read() as session:
        sealed = session.execute(select(InboundUpdate.sealed, InboundUpdate.answer)).one()
    assert all(any(each in file.read_bytes() for file in tmp_path.iterdir()) for each in sealed)
    updates.done(number)
    updates.scrub()
    assert not any(each in file.read_bytes() for file in tmp_path.iterdir() for each in sealed)


def test_scrubbing_that_failed_is_made_up_for(updates: Updates, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    scrubbed: list[int] = []

    def scrub() -> None:
        scrubbed.append(1)
        if len(scrubbed) == 1:
            raise OSError

    monkeypatch.setattr(store, "scrub", scrub)
    updates.scrub()
    assert scrubbed == []
    updates.done(_written(updates))
    with pytest.raises(OSError):
        updates.scrub()
    updates.scrub()
    updates.scrub()
    assert scrubbed == [1, 1]
