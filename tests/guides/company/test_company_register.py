"""A list comes whole or not at all, whoever searches meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from db.citizen import Company, CompanyList
from db.migrate import Kind, upgrade
from db.stores import Store
from guides.company.matching import Entry
from guides.company.register import OverlappingImport, Register, SampleRefused
from tests.guides.company.conftest import NOW
from tests.kit.postgres import PostgresServer

DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'citizen.db'}"
    else:
        url = request.getfixturevalue("server").make(tmp_path.name)
    store = Store(url)
    upgrade(store, Kind.CITIZEN)
    yield Register(store, lambda: NOW)
    store.close()


def _entries(names: str, status: str = "licensed") -> list[Entry]:
    return [Entry(0, f"{ord(n)}/AB-GP", f"Công ty TNHH Gió Nồm {n}", status) for n in names]


def test_without_an_import_there_is_no_list(register: Register) -> None:
    assert register.listing() is None
    assert register.search("gió nồm a") is None
    assert register.entry(1) is None


def test_says_what_changed(register: Register) -> None:
    first = register.replace(_entries("ABC"), "một", DAY, sample=False)
    assert (len(first.new), first.before) == (3, None)
    second = [*_entries("A"), *_entries("B", "withdrawn"), *_entries("D")]
    changes = register.replace(second, "hai", DAY, sample=False)
    assert [e.name[-1] for e in changes.new] == ["D"]
    assert [e.name[-1] for e in changes.gone] == ["C"]
    assert [(old.status, new.status) for old, new in changes.status] == [("licensed", "withdrawn")]
    assert changes.before is not None
    assert changes.before.source == "một"
    answer = register.search("gió nồm b")
    assert answer is not None
    assert answer.finding.hit is not None
    assert answer.finding.hit.status == "withdrawn"
    assert answer.listing.source == "hai"


def test_a_dry_run_changes_nothing(register: Register) -> None:
    register.replace(_entries("AB"), "một", DAY, sample=False)
    changes = register.replace(_entries("A"), "hai", DAY, sample=False, dry_run=True)
    assert len(changes.gone) == 1
    listing = register.listing()
    assert listing is not None
    assert listing.source == "một"
    with register.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Company)) == 2


def test_a_company_keeps_its_id_and_no_id_comes_twice(register: Register) -> None:
    seen: dict[int, str] = {}
    for names in ("ABC", "AC", "ACD", "D", "ABCD"):
        register.replace(_entries(names), "nguồn", DAY, sample=False)
        with register.store.read() as session:
            for company in session.scalars(select(Company)):
                assert seen.setdefault(company.id, company.name) == company.name


def test_what_fails_halfway_leaves_the_last_list(register: Register) -> None:
    register.replace(_entries("AB"), "một", DAY, sample=False)
    broken = [*_entries("C"), replace(_entries("D")[0], name=None)]  # type: ignore[arg-type]
    with pytest.raises((SQLAlchemyError, TypeError, AttributeError)):
        register.replace(broken, "hai", DAY, sample=False)
    doubled = [*_entries("C"), replace(_entries("D")[0], status=None)]  # type: ignore[arg-type]
    with pytest.raises(SQLAlchemyError):
        register.replace(doubled, "hai", DAY, sample=False)
    answer = register.search("gió nồm a")
    assert answer is not None
    assert answer.finding.hit is not None
    assert answer.listing.source == "một"


def test_a_sample_never_replaces_a_real_list(register: Register) -> None:
    register.replace(_entries("A"), "mẫu", DAY, sample=True)
    register.replace(_entries("B"), "thật", DAY, sample=False)
    with pytest.raises(SampleRefused):
        register.replace(_entries("C"), "mẫu", DAY, sample=True)
    listing = register.listing()
    assert listing is not None
    assert not listing.sample


def test_another_import_meanwhile_is_told(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second import comes between this one's reading and its writing."""
    register.replace(_entries("A"), "một", DAY, sample=False)
    other = Register(register.store, lambda: NOW)
    begin = register.store.begin

    def overtaken() -> object:
        monkeypatch.setattr(register.store, "begin", begin)
        other.replace(_entries("B"), "hai", DAY, sample=False)
        return begin()

    monkeypatch.setattr(register.store, "begin", overtaken)
    with pytest.raises(OverlappingImport):
        register.replace(_entries("C"), "ba", DAY, sample=False)
    listing = register.listing()
    assert listing is not None
    assert listing.source == "hai"


def test_searches_see_one_list_or_the_other_while_it_is_replaced(register: Register) -> None:
    """Each list has two companies of one state; a mixture of both would show."""
    register.replace(_entries("AB"), "licensed", DAY, sample=False)
    stop, mixed, seen = threading.Event(), [], set()

    def look() -> None:
        mine = Register(register.store, lambda: NOW)  # as another process would
        while not stop.is_set():
            first, second = mine.search("gió nồm a"), mine.search("gió nồm b")
            assert first is not None
            assert second is not None
            for answer in (first, second):
                hit = answer.finding.hit
                seen.add(answer.listing.source)
                if hit is None or hit.status != answer.listing.source:
                    mixed.append(answer)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(20):
        status = ("withdrawn", "licensed")[turn % 2]
        register.replace(_entries("AB", status), status, DAY, sample=False)
    stop.set()
    for thread in threads:
        thread.join()
    assert mixed == []
    assert seen == {"licensed", "withdrawn"}


def test_a_list_of_twenty_thousand(store: Store) -> None:
    register = Register(store, lambda: NOW)
    names = ["gió", "nồm", "quýt", "khế", "nghé", "trăng", "thuyền", "lúa", "bến", "sương"]
    entries = [
        Entry(0, f"{n}/AB-GP", f"Công ty TNHH {' '.join(names[int(d)] for d in f'{n:05d}')}", "licensed")
        for n in range(20_000)
    ]
    start = time.perf_counter()
    register.replace(entries, "nguồn", DAY, sample=False)
    written = time.perf_counter()
    answer = register.search("gió quýt lúa nghé sương")
    loaded = time.perf_counter()
    again = register.search("gió quýt lúa nghé sưong")
    print(
        f"20,000: {written - start:.1f} s in, {loaded - written:.1f} s to load, {time.perf_counter() - loaded:.3f} s a search"
    )
    assert answer is not None
    assert answer.finding.hit is not None
    assert answer.finding.hit.licence == "2749/AB-GP"  # the syllables' places: 0 2 7 4 9
    assert again is not None
    assert again.finding.hit is None
    assert again.finding.near[0].entry.licence == "2749/AB-GP"
    with register.store.read() as session:
        assert session.scalar(select(func.count()).select_from(CompanyList)) == 1
