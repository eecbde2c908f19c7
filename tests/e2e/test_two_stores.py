"""A dump of both stores, without the keys: nothing of one equals, or is a hash of, anything of the other."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from db.stores import Store
from tests.kit.day import a_day, a_house

SHORTEST = 6  # bytes; shorter values (counts, marks, kinds) are equal by chance and tell nothing
_DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2s", "blake2b")


async def test_no_column_of_one_store_leads_to_the_other(tmp_path: Path) -> None:
    house = await a_day(tmp_path)
    citizens, police = _values(house.citizen), _values(house.police)
    assert {"talk", "tip_draft", "answer_watch", "attempt"} <= {table for table, _, _ in citizens}
    assert {"tip", "part", "grant", "message", "audit"} <= {table for table, _, _ in police}
    _meet_nowhere(citizens, police)
    _meet_nowhere(police, citizens)
    house.close()


async def test_the_police_store_alone_has_no_finer_time_than_the_hour_of_a_citizen(tmp_path: Path) -> None:
    house = await a_day(tmp_path)
    officers_own = {("audit", "at"), ("officer", "created_at"), ("original_request", "asked_at")}
    for table, column, value in _values(house.police):
        if isinstance(value, datetime) and (table, column) not in officers_own:
            assert (value.minute, value.second, value.microsecond) == (0, 0, 0), (table, column)
    house.close()


async def test_whoever_only_looks_leaves_no_row(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    before = (_values(house.citizen), _values(house.police))
    house.conversation.greeting("vi")
    assert (_values(house.citizen), _values(house.police)) == before
    house.close()


def test_a_store_that_leads_to_the_other_would_be_found() -> None:
    """The check itself: equal values, hashes of them in raw bytes and in letters, and cut ones are seen."""
    told = "7319402551"
    for trace in (
        told,
        hashlib.sha256(told.encode()).hexdigest(),
        hashlib.sha256(told.encode()).digest(),
        hashlib.blake2b(told.encode(), digest_size=16).hexdigest(),
        hashlib.md5(told.encode(), usedforsecurity=False).hexdigest().upper(),
        hashlib.sha256(told.encode()).hexdigest()[:32],
    ):
        with pytest.raises(AssertionError):
            _meet_nowhere([("talk", "ref", told)], [("tip", "id", trace)])


type Value = tuple[str, str, Any]


def _values(store: Store) -> list[Value]:
    """Every value of every column, by reflection: a new table is looked at without being named here."""
    metadata = MetaData()
    metadata.reflect(store.engine)
    found: list[Value] = []
    with store.read() as session:
        for table in metadata.sorted_tables:
            if table.name in ("alembic_version", "apscheduler_jobs"):
                continue
            for row in session.execute(select(table)):
                found += [(table.name, column.name, value) for column, value in zip(table.columns, row, strict=True)]
    return found


def _meet_nowhere(ones: list[Value], others: list[Value]) -> None:
    """No value of `ones`, and no hash of one, is a value of `others`, whole or at its beginning."""
    known: dict[bytes, tuple[str, str]] = {}
    for table, column, value in others:
        for form in _forms(value):
            known[form] = (table, column)
    for table, column, value in ones:
        for form in _forms(value):
            for trace in (form, *_hashes(form)):
                assert trace not in known, f"{table}.{column} leads to {known[trace]}"


def _forms(value: Any) -> Iterator[bytes]:
    """A value as bytes: as it is, and what its hexadecimal digits stand for."""
    if isinstance(value, str):
        raw = value.lower().encode()
    elif isinstance(value, bytes):
        raw = value
    else:  # times and numbers: looked at elsewhere
        return
    if len(raw) < SHORTEST:
        return
    yield raw
    try:
        digits = binascii.unhexlify(raw)
    except (binascii.Error, ValueError):
        return
    if len(digits) >= SHORTEST:
        yield digits


def _hashes(value: bytes) -> Iterator[bytes]:
    """Without a key: the usual digests, whole and cut to 16 and 32 bytes."""
    for name in _DIGESTS:
        digest = hashlib.new(name, value, usedforsecurity=False).digest()
        yield from {digest, digest[:16], digest[:32], digest.hex().encode(), digest.hex()[:32].encode()}
    for size in (16, 20, 32):
        digest = hashlib.blake2b(value, digest_size=size).digest()
        yield from (digest, digest.hex().encode())
