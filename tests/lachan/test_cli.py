"""The command line as a person uses it, over the real engine."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lachan.cli import app
from tests.kit.model import LACHAN, TrainedModel


@pytest.fixture
def environment(trained: TrainedModel, tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "LACHAN_DATA": str(trained.stock(tmp_path / "data")), "COLUMNS": "200"}


@pytest.fixture
def data(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same folder for commands that run in this process: starting another takes seconds."""
    monkeypatch.setenv("LACHAN_DATA", environment["LACHAN_DATA"])
    monkeypatch.setenv("COLUMNS", environment["COLUMNS"])
    return Path(environment["LACHAN_DATA"])


def _here(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == code, (done.output, done.exception)
    return done


def _lachan(
    environment: dict[str, str], *arguments: str, stdin: str = "", code: int = 0
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [LACHAN, *arguments], env=environment, input=stdin, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_chat_answers_one_json_object_a_line(environment: dict[str, str]) -> None:
    said = ["chào bạn", '{"payload": "say:ask_hotline"}', '{"wrong": 1}', "lua di xkld"]
    lines = _lachan(environment, "chat", "--json", stdin="\n".join(said)).stdout.splitlines()
    answers = [json.loads(line) for line in lines]
    assert len(answers) == 4
    assert answers[1]["replies"][0]["calls"][0] == {"title": "Gọi 113", "number": "113"}
    assert "text, payload or file" in answers[2]["error"]
    assert "khoan nộp tiền" in answers[3]["replies"][0]["text"]


def test_chat_speaks_with_people(environment: dict[str, str]) -> None:
    out = _lachan(environment, "chat", stdin="mua bán người là gì\n\n").stdout
    assert "phần mềm trả lời tự động" in out
    assert "1." in out


def test_eval_prints_figures_by_style(environment: dict[str, str], data: Path, tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    rows = [
        {"text": "bán thận có phạm tội không", "intent": "ask_organ_trade", "style": "standard"},
        {"text": "ban than co toi ko", "intent": "ask_organ_trade", "style": "unaccented"},
        {"text": "chào bạn", "intent": "goodbye", "style": "standard"},
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    report = json.loads(_lachan(environment, "eval", str(file), "--json").stdout)
    assert report["count"] == 3
    assert report["accuracy"] == pytest.approx(2 / 3, abs=1e-3)
    assert report["by_style"]["unaccented"]["accuracy"] == 1.0
    assert report["confusions"] == [{"meant": "goodbye", "understood": "greet", "count": 1}]
    table = _here("eval", str(file)).stdout
    assert "macro-F1" in table
    assert "goodbye" in table


def test_eval_names_the_line_that_is_wrong(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"text": "a", "intent": "greet"}\nnonsense\n', encoding="utf-8")
    assert "line 2" in _lachan(environment, "eval", str(file), code=1).stderr


def test_the_first_talk_begins_with_a_training(trained: TrainedModel) -> None:
    out, err = trained.first_talk
    assert "trained" in err
    assert json.loads(out)["replies"]


@pytest.mark.slow
def test_a_model_that_was_not_trained_here_is_trained_anew(environment: dict[str, str]) -> None:
    model = Path(environment["LACHAN_DATA"]) / "models" / "lachan.tar.gz"
    model.write_bytes(model.read_bytes() + b"x")
    answer = _lachan(environment, "chat", "--json", stdin="chào")
    assert "trained" in answer.stderr
    assert json.loads(answer.stdout)["replies"]


def test_content_check_is_clean(data: Path) -> None:
    assert "0 wrong" in _here("content", "check").stdout


def test_accounts_are_made_once(environment: dict[str, str], data: Path) -> None:
    assert _here("admin", "add-unit", "Đội 1").exit_code == 0
    assert "password:" in _lachan(environment, "admin", "add-officer", "lan", "Trần Thị Lan").stdout
    assert "already" in _here("admin", "add-officer", "lan", "Trần Thị Lan", code=1).stderr
    assert "no such unit" in _here("admin", "add-officer", "hoa", "Hoa", "--unit", "9", code=1).stderr
    assert "password:" in _here("admin", "add-organiser", "hoi", "Hội phụ nữ xã").stdout
    assert "đã có người dùng" in _here("admin", "add-organiser", "hoi", "Hội", code=1).stderr


def test_rasas_server_is_declined_with_a_sentence(environment: dict[str, str]) -> None:
    assert "lachan run" in _lachan(environment, "rasa", "shell", code=2).stdout


def test_a_wrong_setting_is_named(environment: dict[str, str]) -> None:
    assert "port" in _lachan({**environment, "LACHAN_PORT": "many"}, "chat", code=2).stderr


@pytest.mark.parametrize("command", ["run", "chat", "train", "eval", "bench", "content", "admin", "nlu"])
def test_help_says_what_a_command_does(command: str) -> None:
    assert "Usage" in _here(command, "--help").stdout
