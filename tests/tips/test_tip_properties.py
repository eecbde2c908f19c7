"""Whoever can write to the police's store swaps rows, columns and bits: 1,000 changes, 1,000 refusals."""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Table, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.police import Grant, Message, OldKey, OriginalKey, OriginalRequest, OriginalShare, Part, PoliceBase, Tip
from tests.tips.vault import FILM, PAPER, Vault, make_vault
from tips.envelope import (
    EnvelopeError,
    Kind,
    Label,
    open_inner,
    open_original,
    open_piece,
    peel,
    unseal_key,
)
from tips.police.officers import OpenedOfficer
from tips.police.opening import HeldTip, NoGrant, catch_up, hold, old_keys, open_part
from tips.police.originals import _reason_label
from tips.police.rekey import AccessReason

CHANGES = 1_000
WHY = "Cần xem nơi quay phim để tìm người bị giữ"

# What is sealed, and what says where a sealed thing belongs. Hours, statuses and marks are neither.
COLUMNS: dict[type[PoliceBase], tuple[str, ...]] = {
    Tip: ("id", "tip_key", "reply_key"),
    Grant: ("tip_id", "officer_id", "sealed_key"),
    Part: ("id", "tip_id", "position", "kind", "sealed_key", "body"),
    Message: ("id", "tip_id", "key_for_citizen", "key_for_tip", "body"),
    OriginalShare: ("part_id", "first_id", "second_id", "sealed"),
    OriginalRequest: ("id", "tip_id", "part_id", "first_id", "sealed_key", "body"),
    OriginalKey: ("request_id", "officer_id", "sealed_key"),
    OldKey: ("tip_id", "public_key", "sealed_key"),
}


class Store(NamedTuple):
    """A filled store, and what its rightful readers know."""

    vault: Vault
    officers: dict[int, OpenedOfficer]
    original_keys: dict[bytes, bytes]  # the content key of each original, by its body


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    vault = make_vault(Path(tmp_path_factory.mktemp("police")))
    lan, minh, thu, nam = officers = [vault.officer(login) for login in ("lan", "minh", "thu", "nam")]
    for number in range(3):
        tip_id = vault.tip(f"Chuyện {number}", files=(FILM, PAPER))
        earlier = vault.address(tip_id)
        for officer in (lan, minh):
            vault.inbox.answer(officer, tip_id, f"Trả lời {number} của {officer.id}")
        first, second = (line.part_id for line in vault.inbox.open(lan, tip_id).originals)
        vault.inbox.access.revoke(lan, tip_id, nam.id, AccessReason.MOVED)
        vault.inbox.originals.agree(minh, tip_id, vault.inbox.originals.ask(lan, tip_id, first, WHY))
        vault.inbox.originals.ask(thu, tip_id, second, f"{WHY} {number}")
        for address in (earlier, vault.address(tip_id)):
            vault.add(address, f"Thêm {number}")
    known = {officer.id: officer for officer in officers}
    with vault.store.read() as session:
        found = {
            session.get_one(Part, share.part_id).body: open_inner(
                peel(share.sealed, known[share.first_id].keys), known[share.second_id].keys
            )
            for share in session.scalars(select(OriginalShare))
        }
    yield Store(vault, known, found)
    vault.store.close()


def holding(store: Store, session: Session, tip_id: str) -> HeldTip:
    """The tip for whoever of the officers can open it, caught up. Raises NoGrant."""
    for officer in store.officers.values():
        try:
            held = hold(session, officer, tip_id)
        except NoGrant:
            continue
        catch_up(session, held)
        return held
    raise NoGrant


def read_tip(store: Store, session: Session, row: Tip) -> None:
    holding(store, session, row.id)


def read_grant(store: Store, session: Session, row: Grant) -> None:
    if row.officer_id not in store.officers:
        raise NoGrant
    hold(session, store.officers[row.officer_id], row.tip_id)


def read_part(store: Store, session: Session, row: Part) -> None:
    held = holding(store, session, row.tip_id)
    session.refresh(row)
    if row.kind == Kind.ORIGINAL:  # even whoever has its content key
        for key in store.original_keys.values():
            try:
                open_original(row.body, Label(row.tip_id, row.id, Kind.ORIGINAL, row.position), key)
            except EnvelopeError:
                continue
            return
        raise EnvelopeError
    open_part(row, held.keys)


def read_message_as_officer(store: Store, session: Session, row: Message) -> None:
    label = Label(row.tip_id, row.id, Kind.MESSAGE)
    open_piece(row.key_for_tip, row.body, label, holding(store, session, row.tip_id).keys)


def read_message_as_citizen(store: Store, session: Session, row: Message) -> None:
    if row.tip_id not in store.vault.codes:
        raise EnvelopeError
    label = Label(row.tip_id, row.id, Kind.MESSAGE)
    open_piece(row.key_for_citizen, row.body, label, store.vault.codes[row.tip_id].reply)


def read_share(store: Store, session: Session, row: OriginalShare) -> None:
    part = session.get(Part, row.part_id)
    if part is None:
        raise EnvelopeError
    key = open_inner(peel(row.sealed, store.officers[row.first_id].keys), store.officers[row.second_id].keys)
    open_original(part.body, Label(part.tip_id, part.id, Kind.ORIGINAL, part.position), key)


def read_request(store: Store, session: Session, row: OriginalRequest) -> None:
    open_piece(row.sealed_key, row.body, _reason_label(row), holding(store, session, row.tip_id).keys)


def read_key(store: Store, session: Session, row: OriginalKey) -> None:
    request = session.get(OriginalRequest, row.request_id)
    if request is None:
        raise EnvelopeError
    part = session.get_one(Part, request.part_id)
    key = unseal_key(row.sealed_key, store.officers[row.officer_id].keys)
    open_original(part.body, Label(part.tip_id, part.id, Kind.ORIGINAL, part.position), key)


def read_old_key(store: Store, session: Session, row: OldKey) -> None:
    held = holding(store, session, row.tip_id)
    if row.public_key not in [pair.public for pair in old_keys(session, held)]:
        raise EnvelopeError


type Reading = Callable[[Store, Session, Any], None]
READINGS: dict[type[PoliceBase], tuple[Reading, ...]] = {
    Tip: (read_tip,),
    Grant: (read_grant,),
    Part: (read_part,),
    Message: (read_message_as_officer, read_message_as_citizen),
    OriginalShare: (read_share,),
    OriginalRequest: (read_request,),
    OriginalKey: (read_key,),
    OldKey: (read_old_key,),
}
ONLY = {"key_for_citizen": (read_message_as_citizen,), "key_for_tip": (read_message_as_officer,)}


def refused(store: Store, session: Session, table: type[PoliceBase], column: str, rowid: int) -> bool:
    """Whether the row opens for none of those who would read it."""
    row = session.scalars(select(table).where(text("rowid = :rowid")).params(rowid=rowid)).one()
    for reading in ONLY.get(column, READINGS[table]):
        try:
            reading(store, session, row)
        except (EnvelopeError, NoGrant):
            continue
        return False
    return True


class Change(NamedTuple):
    """New values of one column, by rowid."""

    values: dict[int, Any]
    what: str


def a_change(chance: random.Random, rows: list[tuple[int, Any]], others: list[Any], column: str) -> Change | None:
    """A swap of two rows, a flip of one bit, or (of an id) another one; None if it would change nothing."""
    rowid, value = chance.choice(rows)
    what = chance.choice(("swap", "flip"))
    if what == "swap":
        other, theirs = chance.choice(rows)
        return Change({rowid: theirs, other: value}, "swap") if theirs != value else None
    return Change({rowid: flipped(chance, value, others, column)}, "flip")


def flipped(chance: random.Random, value: Any, others: list[Any], column: str) -> Any:
    if isinstance(value, bytes):
        changed = bytearray(value)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        return bytes(changed)
    if isinstance(value, int):
        return value + chance.choice((1, 2, 100)) if column == "position" else chance.choice(others)
    if column == "kind":
        return chance.choice([*(kind.value for kind in Kind if kind != value), "other"])
    at = chance.randrange(len(value))
    return value[:at] + chance.choice([c for c in string.hexdigits if c != value[at]]) + value[at + 1 :]


def write(session: Session, table: Table, column: str, change: Change) -> None:
    """As somebody with the file in hand: keys that refer to others are not looked at. Raises IntegrityError."""
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    say = text(f'UPDATE "{table.name}" SET {column} = :value WHERE rowid = :rowid')
    if len(change.values) == 2:  # a unique value cannot be at two places, not even for a moment
        rowid, value = next(iter(change.values.items()))
        between: Any = -1 if isinstance(value, int) else b"-" if isinstance(value, bytes) else "-"
        session.execute(say, {"rowid": rowid, "value": between})
    for rowid, value in reversed(change.values.items()):
        session.execute(say, {"rowid": rowid, "value": value})


def test_a_thousand_changes_are_a_thousand_refusals(filled: Store) -> None:
    chance = random.Random(20261124)
    places = [(table, column) for table, columns in COLUMNS.items() for column in columns]
    tried = Counter[tuple[str, str]]()
    while sum(tried.values()) < CHANGES:
        # Every column in turn, so that none is missed; rows and kinds of change by chance.
        table, column = places[sum(tried.values()) % len(places)]
        with filled.vault.store.engine.connect() as connection, Session(connection) as session:
            found = session.execute(text(f'SELECT rowid, {column} FROM "{table.__tablename__}"'))
            rows = [(int(rowid), value) for rowid, value in found if value != b""]  # an original has no key of its own
            others = list(filled.officers)
            change = a_change(chance, rows, others, column)
            before = dict(rows)
            if change is None or all(before[rowid] == value for rowid, value in change.values.items()):
                continue
            try:
                write(session, table.__table__, column, change)  # type: ignore[arg-type]
            except IntegrityError:
                session.rollback()
                continue  # the database itself refuses two rows of one name: nothing was changed
            for rowid in change.values:
                assert refused(filled, session, table, column, rowid), (table.__tablename__, column, change.what)
            session.rollback()
            tried[table.__tablename__, column] += 1
    assert len(tried) == len(places) and min(tried.values()) >= CHANGES // len(places)


@pytest.mark.parametrize("table", COLUMNS)
def test_without_a_change_every_row_opens(filled: Store, table: type[PoliceBase]) -> None:
    with filled.vault.store.engine.connect() as connection, Session(connection) as session:
        rows = session.scalars(select(table)).all()
        assert len(rows) >= 3
        for row in rows:
            for reading in READINGS[table]:
                reading(filled, session, row)
        session.rollback()


def test_every_byte_column_of_the_store_is_looked_at() -> None:
    """A column that is added later has to be thought of here."""
    aside = {
        "officer": {"public_key", "wrapped_key", "salt"},  # an officer's own; the password opens them
        "custodian": {"public_key", "wrapped_key", "salt"},
        "recovery_share": {"sealed"},  # test_tip_custodians.py
        "tip": {"lookup"},  # finds a tip, opens nothing
    }
    sealed = {table.__tablename__: set(columns) for table, columns in COLUMNS.items()}
    for table in PoliceBase.metadata.sorted_tables:
        names = {column.name for column in table.columns if str(column.type) in ("BLOB", "BYTEA")}
        assert names <= sealed.get(table.name, set()) | aside.get(table.name, set()), table.name
