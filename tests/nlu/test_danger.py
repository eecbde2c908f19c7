"""The danger net on its own labelled phrases (danger.jsonl) and on the training data."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from nlu.danger import LONG_TEXT, RULES, load
from nlu.normalise import strip_marks
from tests.kit.model import TrainedModel

HERE = Path(__file__).parent
DATA = RULES.parent / "data"
NET = load()


@dataclass(frozen=True)
class Phrase:
    text: str
    danger: bool
    why: str
    set: str


PHRASES = [Phrase(**json.loads(line)) for line in (HERE / "danger.jsonl").read_text(encoding="utf-8").splitlines()]


def share_urgent(texts: list[str]) -> float:
    return sum(NET.why(text) is not None for text in texts) / len(texts)


def training(emergency: bool) -> list[str]:
    texts = []
    for file in sorted(DATA.glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block and (block["intent"] == "emergency") is emergency:
                texts += [line[2:] for line in block["examples"].splitlines() if line.startswith("- ")]
    return texts


def test_the_phrases_are_balanced() -> None:
    assert len({phrase.text for phrase in PHRASES}) == len(PHRASES) == 320
    for name in ("dev", "test"):
        assert [p.danger for p in PHRASES if p.set == name].count(True) == 80
        assert [p.danger for p in PHRASES if p.set == name].count(False) == 80


def test_danger_is_found() -> None:
    assert share_urgent([p.text for p in PHRASES if p.danger]) >= 0.965  # measured: 0.975
    assert share_urgent([p.text for p in PHRASES if p.danger and p.set == "test"]) >= 0.93  # measured: 0.95


def test_near_misses_are_let_pass() -> None:
    assert share_urgent([p.text for p in PHRASES if not p.danger]) <= 0.05  # measured: 0.0375
    assert share_urgent([p.text for p in PHRASES if not p.danger and p.set == "test"]) <= 0.09  # measured: 0.075


def test_training_data() -> None:
    """Many of these cries name no danger ("xe này không đi về hướng nó nói"): the classifier stands behind the net."""
    assert share_urgent(training(emergency=True)) >= 0.75  # measured: 0.761
    assert (
        share_urgent(training(emergency=False)) <= 0.013
    )  # measured: 0.0120, most of it told of relatives or reported


async def test_net_and_classifier_together_hear_every_cry_that_was_held_out(trained: TrainedModel) -> None:
    folder = Path(__file__).parent / "heldout"
    rows = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    cries = [row["text"] for row in rows if row["intent"] == "emergency"]
    missed = [t for t in cries if not NET.why(t) and (await trained.engine.read(t)).intent != "emergency"]
    assert len(cries) >= 90
    assert len(missed) <= 1, missed  # measured: none


def test_the_verdict_is_the_same_without_marks() -> None:
    same = [NET.why(phrase.text) == NET.why(strip_marks(phrase.text)) for phrase in PHRASES]
    assert sum(same) / len(same) >= 0.97


@pytest.mark.parametrize(
    "spelling",
    [
        "em đang bị nhốt",
        "EM ĐANG BỊ NHỐT!!!",
        "em dang bi nhot",
        "e đag bị nhốt",
        "em đang bị nhốttttt",
        "em ddang bij nhoots",
        "em dang bi5 nhot61",
        "em đang\u200b bị nhốt",
        "em dnag bj nhot",
    ],
)
def test_every_way_of_typing(spelling: str) -> None:
    assert NET.why(spelling) == "locked up"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("cứu em với", "cry for help"),
        ("cứuuuu", "cry for help in one word"),
        ("họ trói tay em lại", "tied up or blindfolded"),
        ("nó đánh em", "beaten or tortured now"),
        ("em đang trốn trong tủ", "hiding"),
        ("đừng gọi lại nó nghe thấy", "must not be heard"),
        ("they won't let me leave", "English cry"),
        ("hồi trước em bị nhốt", None),
        ("phim có cảnh bị nhốt", None),
        ("tài khoản của em bị khóa", None),
        ("em không bị nhốt", None),
        ("", None),
    ],
)
def test_the_explanation_is_the_name_of_the_rule(text: str, rule: str | None) -> None:
    assert NET.why(text) == rule


def test_rules_are_few_and_named_once() -> None:
    names = [rule.name for rule in NET.danger + NET.calm]
    assert len(set(names)) == len(names) <= 45


def test_calm_words_yield_to_danger_now() -> None:
    assert NET.why("năm ngoái em bị nhốt") is None
    assert NET.why("em sang đây từ năm ngoái, luật thế nào em không biết, em đang bị nhốt")


def test_in_a_long_text_a_calm_word_counts_only_in_its_own_sentence() -> None:
    tale = "Năm ngoái tôi xem phim và đọc báo nhiều lắm. " * 6
    assert len(tale.split()) > LONG_TEXT
    assert NET.why(tale) is None
    assert NET.why(tale + "Họ nhốt tôi trong phòng. Xin cảm ơn.") == "locked up"


@pytest.mark.parametrize(
    "unit",
    [
        "em bi ",
        "dang ",
        "dang loi dua ",
        "no ",
        "neu a ",
        "co nguoi ",
        "gia bo ",
        "con cho ",
        "a",
        "uu",
        "khong cho em ",
    ],
)
def test_no_text_takes_long(unit: str) -> None:
    text = (unit * 1000)[:1000]
    start = time.perf_counter()
    NET.why(text)
    assert time.perf_counter() - start < 0.5  # about 0.01 measured


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("danger:\n", "dangers:\n", KeyError),  # a section is missing
        ("{them}", "{thme}", KeyError),  # a part that does not exist
        ("'nhan (?:len|trom) thoi'", "'nhan (?:len|trom thoi'", re.error),  # not a regular expression
        ("- name: hiding\n", "- nom: hiding\n", KeyError),
        ("parts:\n", "parts: [\n", yaml.YAMLError),
    ],
)
def test_a_wrong_file_raises(tmp_path: Path, old: str, new: str, error: type[Exception]) -> None:
    text = RULES.read_text(encoding="utf-8")
    assert old in text
    wrong = tmp_path / "danger.yml"
    wrong.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(error):
        load(wrong)


def test_no_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "danger.yml")
