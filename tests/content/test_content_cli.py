"""`lachan content …` as an editor uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from content.files import FOLDER, digest, names
from content.library import Library
from lachan.content_cli import content
from lachan.settings import Settings
from tests.content.kit import TOPIC, lead


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LACHAN_CONTENT", raising=False)
    monkeypatch.chdir(tmp_path)


def _run(*arguments: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(content, [str(argument) for argument in arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_check_names_place_rule_and_remedy_and_fails(folder: Path) -> None:
    lead(folder, "Bạn đến Công an huyện nhé.")
    told = _run("check", folder, code=1)
    assert f"wrong: content/{TOPIC}:" in told
    assert "T2 district office: districts are gone since 2025" in told
    assert "1 wrong" in told


def test_check_as_of_another_day_warns_and_does_not_fail(folder: Path) -> None:
    lead(folder, "Đúng đến cuối năm.", more="  valid_to: 2026-12-31\n")
    told = _run("check", folder, "--day", "2027-02-01")
    assert "look: " in told
    assert "expired" in told
    assert "look: " not in _run("check", folder, "--day", "2027-02-01", "--no-warnings")


def test_check_of_files_that_cannot_be_read_fails_with_a_sentence(folder: Path) -> None:
    (folder / TOPIC).write_text("- [", encoding="utf-8")
    assert "not YAML" in _run("check", folder, code=1)


def test_list_has_a_row_for_each_topic(folder: Path) -> None:
    rows = _run("list", folder, "--markdown").splitlines()
    library = Library.load(folder)
    assert len([row for row in rows if row.startswith("|")]) == len(library.topics) + 2
    row = next(row for row in rows if row.startswith("| ask_law |"))
    assert "F1.01" in row
    assert "2026-11-24" in row
    assert _run("list", folder)


def test_a_copy_is_whole_can_be_started_with_and_is_never_written_over(tmp_path: Path) -> None:
    target = tmp_path / "own"
    assert f"LACHAN_CONTENT={target}" in _run("copy", target)
    assert names(target) == names(FOLDER)
    assert Library.load(target).version.hash == Library.load(FOLDER).version.hash
    before = digest(target)
    assert "not empty" in CliRunner().invoke(content, ["copy", str(target)]).output
    assert digest(target) == before
    assert _run("check", target)


def test_the_setting_is_what_is_checked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LACHAN_CONTENT", str(folder))
    assert Settings().content == folder
    lead(folder, "Bạn đến Công an huyện nhé.")
    assert "T2 district office" in _run("check", code=1)


def test_schemas_are_written(tmp_path: Path) -> None:
    _run("schema", tmp_path / "schema")
    made = json.loads((tmp_path / "schema" / "topic.json").read_text(encoding="utf-8"))
    assert made == json.loads((FOLDER / "schema" / "topic.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", ["offer/rules.yml", "abroad.yml", "lessons/x.yml"])
def test_files_of_other_rooms_are_read_before_anybody_asks_for_them(folder: Path, file: str) -> None:
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("wrong: {vi: a, en: b}\n", encoding="utf-8")
    assert f"wrong: content/{file}: schema:" in _run("check", folder, code=1)
