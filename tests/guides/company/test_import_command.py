"""`import-companies` as an operator uses it, over a real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from db.stores import Store
from guides.company.register import Listing, Register
from lachan.companies import import_companies
from tests.guides.company.conftest import NOW, SAMPLE

type Run = Callable[..., Result]
HEADER = "Tên doanh nghiệp;Số giấy phép;Trạng thái\n"
ROWS = "".join(f"Công ty TNHH Gió Nồm {letter};{at}/AB-GP;Còn hiệu lực\n" for at, letter in enumerate("ABCDEFGHIJ", 1))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LACHAN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer()
    app.command("import-companies")(import_companies)

    def run(file: Path, *options: str, source: str = "Cục Mẫu", published: str = "2026-11-01") -> Result:
        return CliRunner().invoke(app, [str(file), "--source", source, "--published", published, *options])

    return run


@pytest.fixture
def register(tmp_path: Path, run: Run) -> Iterator[Register]:
    store = Store(f"sqlite:///{tmp_path / 'data' / 'citizen.db'}")
    yield Register(store, lambda: NOW)
    store.close()


def _file(tmp_path: Path, text: str, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def _listing(register: Register) -> Listing:
    listing = register.listing()
    assert listing is not None
    return listing


def test_imports_and_says_what_changed(run: Run, tmp_path: Path, register: Register) -> None:
    first = run(_file(tmp_path, HEADER + ROWS))
    assert first.exit_code == 0, first.output
    assert "There was no list before." in first.output
    assert "imported: 10 companies" in first.output
    later = ROWS.replace("Gió Nồm A;1/AB-GP;Còn hiệu lực", "Gió Nồm A;1/AB-GP;Thu hồi").replace(
        "Gió Nồm J;10/", "Gió Nồm K;11/"
    )
    second = run(_file(tmp_path, HEADER + later), published="15/11/2026")
    assert "1 new, 1 gone, 1 with another status" in second.output
    assert "licensed → withdrawn" in second.output
    assert _listing(register).published_on.isoformat() == "2026-11-15"
    older = run(_file(tmp_path, HEADER + ROWS), "--dry-run")
    assert "this list is older" in older.output
    assert "would be imported: 10 companies" in older.output
    assert _listing(register).published_on.isoformat() == "2026-11-15"


def test_bad_rows_are_shown_and_left_out(run: Run, tmp_path: Path, register: Register) -> None:
    done = run(_file(tmp_path, HEADER + ROWS * 1 + "Công ty TNHH Không Số;;Còn hiệu lực\n"), "--most-bad", "10")
    assert done.exit_code == 0, done.output
    row = next(line for line in done.output.splitlines() if "Số giấy phép" in line and "empty" in line)
    assert "12" in row
    assert "imported: 10 companies" in done.output


def test_too_many_bad_rows_keep_the_last_list(run: Run, tmp_path: Path, register: Register) -> None:
    run(_file(tmp_path, HEADER + ROWS))
    done = run(_file(tmp_path, HEADER + ROWS + "Công ty TNHH Không Số;;\n"), source="Nguồn khác")
    assert done.exit_code == 1
    assert "9.1% of the rows are bad, more than 5%" in done.output
    assert "the last list stays" in done.output
    assert _listing(register).source == "Cục Mẫu"


@pytest.mark.parametrize("text", ["", "một câu", "%PDF-1.7", HEADER])
def test_a_file_that_is_no_list_keeps_the_last_list(run: Run, tmp_path: Path, register: Register, text: str) -> None:
    run(_file(tmp_path, HEADER + ROWS))
    done = run(_file(tmp_path, text, "other.csv"))
    assert done.exit_code == 1
    assert "The last list stays." in done.output
    assert "Traceback" not in done.output
    assert _listing(register).source == "Cục Mẫu"


def test_the_shipped_file_is_a_sample_without_saying_so_and_replaces_no_real_list(
    run: Run, tmp_path: Path, register: Register
) -> None:
    done = run(SAMPLE, source="Bảng mẫu")
    assert "imported: 40 companies of a sample (made up)" in done.output
    assert _listing(register).sample
    run(_file(tmp_path, HEADER + ROWS))
    assert not _listing(register).sample
    refused = run(_file(tmp_path, SAMPLE.read_text(encoding="utf-8"), "copy.csv"))
    assert refused.exit_code == 1
    assert "a sample does not replace it" in refused.output
    assert not _listing(register).sample


def test_another_file_is_a_sample_if_it_is_said(run: Run, tmp_path: Path, register: Register) -> None:
    run(_file(tmp_path, HEADER + ROWS), "--sample")
    assert _listing(register).sample


@pytest.mark.parametrize(
    ("source", "published"),
    [("  ", "2026-11-01"), ("x" * 201, "2026-11-01"), ("Cục", "2999-01-01"), ("Cục", "gần đây")],
)
def test_options_that_cannot_be(run: Run, tmp_path: Path, register: Register, source: str, published: str) -> None:
    done = run(_file(tmp_path, HEADER + ROWS), source=source, published=published)
    assert done.exit_code != 0
    assert "Traceback" not in done.output
