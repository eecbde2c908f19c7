"""Stores, keys and migrations."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from db.citizen import CitizenBase, Talk
from db.keys import KeyFileError, KeyRing
from db.migrate import Kind, head, upgrade
from db.police import PoliceBase
from db.stores import Store

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(f"sqlite:///{tmp_path / 'deep' / 'citizen.db'}")
    upgrade(store, Kind.CITIZEN)
    return store


@pytest.mark.parametrize("kind", list(Kind))
def test_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path, kind: Kind) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(store, kind)
    upgrade(store, kind)  # a second start changes nothing
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, kind.metadata) == []
        assert context.get_current_revision() == head(kind)


def test_an_address_of_sqlites_own_is_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Store(f"sqlite:///file:{tmp_path}/deep/x.db?mode=ro&uri=true").close()
    assert list(tmp_path.iterdir()) == []


def test_the_two_stores_share_no_table() -> None:
    assert not CitizenBase.metadata.tables.keys() & PoliceBase.metadata.tables.keys()


def test_the_polices_store_has_no_column_for_a_citizen() -> None:
    columns = {column.name for table in PoliceBase.metadata.tables.values() for column in table.columns}
    assert not columns & {"ref", "chat", "chat_id", "sender", "channel", "user_id", "phone", "ip", "participant"}


def _talk(ref: str) -> Talk:
    return Talk(ref=ref, engine_id="e", menu=b"", seen_at=NOW)


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.begin() as session:
        session.add(_talk("a" * 32))
        session.flush()
        raise RuntimeError
    with store.read() as session:
        assert session.get(Talk, "a" * 32) is None


def test_moments_come_back_aware_and_naive_ones_are_refused(store: Store) -> None:
    with store.begin() as session:
        session.add(_talk("a" * 32))
    with store.read() as session:
        assert session.get_one(Talk, "a" * 32).seen_at == NOW
    with pytest.raises(StatementError, match="without a time zone"), store.begin() as session:
        session.add(Talk(ref="b" * 32, engine_id="e", menu=b"", seen_at=NOW.replace(tzinfo=None)))


def test_an_error_of_the_database_does_not_quote_values(store: Store) -> None:
    with pytest.raises(Exception) as raised, store.begin() as session:
        session.add(_talk("SECRETREF"))
        session.flush()
        session.execute(text("INSERT INTO talk (ref) VALUES (:ref)"), {"ref": "SECRETREF"})
    assert "SECRETREF" not in str(raised.value)


def test_many_writers_wait_for_each_other_instead_of_failing(store: Store) -> None:
    def write(number: int) -> None:
        for i in range(20):
            with store.begin() as session:
                session.add(_talk(f"{number:04d}{i:028d}"))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        assert session.scalar(text("SELECT count(*) FROM talk")) == 160


def test_a_key_file_is_made_once_and_read_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "citizen.key"
    first = KeyRing.from_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert KeyRing.from_file(path).key("a") == first.key("a")
    path.write_bytes(b"short")
    with pytest.raises(KeyFileError, match="backup"):
        KeyRing.from_file(path)


def test_two_processes_that_start_together_get_one_key(tmp_path: Path) -> None:
    path, keys = tmp_path / "keys" / "citizen.key", list[bytes]()
    threads = [threading.Thread(target=lambda: keys.append(KeyRing.from_file(path).key("a"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert [file.name for file in path.parent.iterdir()] == ["citizen.key"]


def test_what_is_sealed_opens_only_where_it_belongs() -> None:
    ring = KeyRing(b"k" * 32)
    sealed = ring.seal("menu", b"words", "row 1")
    assert b"words" not in sealed
    assert ring.open("menu", sealed, "row 1") == b"words"
    for purpose, altered, bound in (
        ("menu", sealed, "row 2"),
        ("other", sealed, "row 1"),
        ("menu", sealed[:-1], "row 1"),
    ):
        with pytest.raises(ValueError, match="does not open"):
            ring.open(purpose, altered, bound)


def test_what_was_erased_is_in_no_file_of_the_store(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'citizen.db'}")
    upgrade(store, Kind.CITIZEN)
    for number in range(30):
        with store.begin() as session:
            session.add(_talk(f"{number:032d}"))
    with store.begin() as session:
        session.add(_talk("GONE" * 8))
    with store.erase() as session:
        session.delete(session.get_one(Talk, "GONE" * 8))
    assert all(b"GONE" not in file.read_bytes() for file in tmp_path.iterdir())


def test_keys_and_pseudonyms_of_two_purposes_have_nothing_in_common() -> None:
    ring = KeyRing(b"k" * 32)
    assert len({ring.key("a"), ring.key("b"), KeyRing(b"l" * 32).key("a")}) == 3
    assert ring.pseudonym("talk", "telegram", "1") != ring.pseudonym("quiz", "telegram", "1")
    assert ring.pseudonym("talk", "telegram", "1") != ring.pseudonym("talk", "zalo", "1")
    assert ring.pseudonym("talk", "a", "bc") != ring.pseudonym("talk", "ab", "c")
    assert len(ring.pseudonym("talk", "telegram", "1")) == 32
