"""How the danger net judges: its rules, calm words, weighed words, long texts, wrong files."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from nlu.danger import LONG_TEXT, MANY, READ, RULES, load, weigh

NET = load()


def test_rules_are_few_and_named_once() -> None:
    names = [rule.name for rule in NET.danger + NET.calm]
    assert len(set(names)) == len(names) <= 45


def test_every_rule_tells_officers_why() -> None:
    told = [NET.told(rule.name) for rule in NET.danger]
    assert all(told) and len(set(told)) == len(told)
    assert all(unicodedata.is_normalized("NFC", words) for words in told)
    assert NET.told("locked up") == "nói đang bị nhốt hoặc bị khóa bên trong"
    assert NET.told(MANY) and NET.told(MANY) not in told
    with pytest.raises(KeyError):
        NET.told("long ago")  # a calm rule puts nothing on top


def test_calm_words_yield_to_danger_now() -> None:
    assert NET.why("năm ngoái em bị nhốt") is None
    assert NET.why("em sang đây từ năm ngoái, luật thế nào em không biết, em đang bị nhốt")


@pytest.mark.parametrize(
    "text",
    [
        "cứu em với em đang bị nhốt trong phòng, báo tin có bị lộ tên không",
        "cuu em voi em dang bi nhot trong phong, bao tin co bi lo ten khong",
        "cuu em voi em dang bi nhot trong phong bao tin co bi lo ten khong",
        "báo tin có bị lộ tên không, em đang bị nhốt",
        "em đang bị nhốt cho hỏi thủ đoạn của họ là gì",
        "trước đây họ tử tế lắm nhưng giờ họ nhốt em",
        "truoc day ho tu te lam nhung gio ho nhot em",
        "em tưởng chuyện này chỉ có trong phim mà giờ em bị nhốt thật",
        "how do i report, they lock me in a room",
    ],
)
def test_a_calm_clause_leaves_a_cry_in_another_alone(text: str) -> None:
    assert NET.why(text)


@pytest.mark.parametrize(
    "text",
    [
        "hồi trước em bị nhốt, bị đánh, bị bỏ đói",
        "hoi truoc em bi nhot bi danh nhung gio em on roi",
        "vì sao nạn nhân bị đánh, bị nhốt mà không bỏ trốn",
        "giả sử em bị giữ lại, không cho về, thì em nên làm gì",
        "đây chỉ là thử bot thôi: em đang bị nhốt. bot trả lời sao",
        "phim có cô gái bị nhốt, bị đánh, sợ quá",
    ],
)
def test_a_calm_word_counts_for_what_hangs_on_it(text: str) -> None:
    assert NET.why(text) is None


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


def test_many_signs_are_danger_without_a_rule() -> None:
    lone = replace(NET, danger=(), signs=replace(NET.signs, points={"khoa": 20, "dao": 20}, base=-30, many=10))
    assert lone.why("cửa khóa, có dao, đêm nay") == MANY
    assert lone.why("khóa, dao") is None  # too few words to go by
    assert lone.why("khóa, khóa, khóa") is None  # a word counts once
    assert lone.why("năm ngoái: khóa, dao") is None  # beside a calm word only rules count


def test_few_signs_outweigh_a_rule() -> None:
    text = "em bị nhốt"
    assert NET.why(text) == "locked up"
    assert replace(NET, signs=replace(NET.signs, points={}, base=NET.signs.few - 1)).why(text) is None


def test_a_cry_in_the_middle_of_a_dictation_is_not_outweighed() -> None:
    dull = " ".join(["bạn cho hỏi trang này xem điểm ở đây"] * 5)
    assert NET.why(f"{dull} em đang bị nhốt cứu em với {dull}")


def test_signs_are_weighed_on_what_is_for_tuning_only(tmp_path: Path) -> None:
    """A word that only the lines for testing have gets no points; one of cries for tuning speaks for danger."""
    file = tmp_path / "phrases.jsonl"
    said = [("zyxdanger", True, "tune"), ("zyxcalm", False, "dev"), ("zyxtest", True, "test")]
    rows = [{"text": f"{word} {n}", "danger": danger, "half": half} for word, danger, half in said for n in range(20)]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    _, points = weigh([file], data=data)
    assert points["zyxdanger"] > 0 > points["zyxcalm"]
    assert "zyxtest" not in points


def test_a_phrase_that_is_trained_on_as_well_is_weighed_once(tmp_path: Path) -> None:
    rows = [
        {"text": f"{word} {n}", "danger": word == "zyx", "half": "tune"} for word in ("zyx", "abc") for n in range(9)
    ]
    file, data = tmp_path / "phrases.jsonl", tmp_path / "data"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    data.mkdir()
    alone = weigh([file], data=data)
    cries = "".join(f"    - zyx {n}\n" for n in range(9))
    (data / "help.yml").write_text(f"nlu:\n- intent: emergency\n  examples: |\n{cries}", encoding="utf-8")
    assert weigh([file], data=data) == alone


def test_words_with_marks_of_their_own_are_no_danger() -> None:
    assert NET.why("đám cưới chị em") is None
    assert NET.why("ho dam em") and NET.why("họ đâm em")


def test_of_a_very_long_text_both_ends_are_read() -> None:
    cry, filler = "em đang bị nhốt. ", "hôm nay trời đẹp. " * (READ // 6)
    assert NET.why(cry + filler) and NET.why(filler + cry)
    assert NET.why(filler + cry + filler) is None


@pytest.mark.parametrize("unit", ["a", "em bi ", "neu em, ", "ho chieu "])
def test_the_longest_text_comes_to_an_end(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    assert NET.why(text + ". Cứu em với, em đang bị nhốt")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("danger:\n", "dangers:\n", KeyError),  # a section is missing
        ("{them}", "{thme}", KeyError),  # a part that does not exist
        ("'nhan (?:len|trom) thoi'", "'nhan (?:len|trom thoi'", re.error),  # not a regular expression
        ("- name: hiding\n", "- nom: hiding\n", KeyError),
        ("  told: nói đang trốn\n", "", KeyError),
        ("reach: clause", "reach: sentence", ValueError),
        ("sense:\n", "senses:\n", KeyError),
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
