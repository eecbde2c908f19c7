"""A store with the shipped sample in it, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from content.library import Library
from db.migrate import Kind, upgrade
from db.stores import Store
from guides.company.guide import CompanyGuide
from guides.company.importing import read_companies
from guides.company.matching import Entry
from guides.company.register import Register

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SAMPLE = Path(__file__).parents[3] / "content" / "companies" / "sample.csv"
PUBLISHED = date(2026, 11, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'citizen.db'}")
    upgrade(store, Kind.CITIZEN)
    yield store
    store.close()


@pytest.fixture
def register(store: Store) -> Register:
    """Without a list."""
    return Register(store, lambda: NOW)


@pytest.fixture(scope="session")
def entries() -> tuple[Entry, ...]:
    return read_companies(SAMPLE, PUBLISHED).entries


@pytest.fixture
def filled(register: Register, entries: tuple[Entry, ...]) -> Register:
    register.replace(entries, "Bảng mẫu của dự án", PUBLISHED, sample=True)
    return register


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture
def guide(library: Library, filled: Register) -> CompanyGuide:
    return CompanyGuide(library, filled)
