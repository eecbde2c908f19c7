"""The editor's check finds what it is there for, and says where."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from content.check import check
from content.files import FOLDER
from content.library import Library
from content.model import Words
from tests.content.kit import INTENTS, TODAY, TOPIC, change, found, lead, rules


def test_the_content_has_nothing_wrong() -> None:
    assert [str(f) for f in check(FOLDER, INTENTS, TODAY) if not f.warning] == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Danh tính của bạn được bảo mật tuyệt đối.", "promise of safety"),
        ("a" * 700, "first bubble too long"),
        ("Luật mo\u0301i.", "not NFC"),
        ("Xem ở http://example.gov.vn nhé.", "address"),
        ("Xem ở https://khong-co-mien nhé.", "address"),
        (" ".join(["từ"] * 26) + ".", "long sentence"),
        ("Bạn cần tiến hành việc này.", "office word"),
    ],
)
def test_what_is_wrong_with_a_text_is_found(folder: Path, text: str, rule: str) -> None:
    lead(folder, text)
    assert rule in rules(folder)


def test_a_finding_names_file_line_rule_and_remedy(folder: Path) -> None:
    lead(folder, "Theo Luật 66/2011/QH12 thì khác.")
    line = (folder / TOPIC).read_text(encoding="utf-8").splitlines().index(
        '  vi: "Theo Luật 66/2011/QH12 thì khác."'
    ) + 1
    told = next(str(f) for f in found(folder) if f.rule.startswith("T1"))
    assert told.startswith(f"content/{TOPIC}:{line}: T1 old law: the law in force is 53/2024/QH15")


def test_all_faults_of_the_shape_are_told_at_once_with_their_lines(folder: Path) -> None:
    change(folder / TOPIC, "kind: topic", "kind: tropic")
    change(folder / "hotlines.yml", 'dial: "113"', "dail: 113")
    wrong = [f for f in check(folder, INTENTS, TODAY) if f.rule == "schema"]
    assert {(f.file, f.line > 1) for f in wrong} == {(f"content/{TOPIC}", True), ("content/hotlines.yml", True)}


@pytest.mark.parametrize("broken", ["- [", "text: only", "- {id: x}", "\tx: 1", "- {id: [}"])
def test_a_file_that_is_no_yaml_or_of_another_shape_is_named(folder: Path, broken: str) -> None:
    (folder / "questions" / "luat.yml").write_text(broken, encoding="utf-8")
    assert "schema" in rules(folder, "questions/luat.yml")


def test_a_key_that_stands_twice_is_found(folder: Path) -> None:
    with (folder / TOPIC).open("a", encoding="utf-8") as file:
        file.write("owner: somebody-else\n")
    assert "twice the same key" in rules(folder)


def test_a_statement_without_a_source_is_found(folder: Path) -> None:
    change(folder / TOPIC, "sources: [F1.01]", "sources: []")
    assert "schema" in rules(folder)


def test_a_source_that_is_not_there_is_found_wherever_it_is_named(folder: Path) -> None:
    (folder / "lessons").mkdir(exist_ok=True)
    (folder / "lessons" / "x.yml").write_text('cards: [{vi: "a", en: "b", sources: [F99.99]}]', encoding="utf-8")
    assert "unsourced" in rules(folder, "lessons/x.yml")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("calls: [", 'calls: ["999", ', "unknown number"),
        ("next: [", "next: [ask_nothing, ", "unknown topic"),
        ("kind: topic", "kind: topic\nguide: no_such_guide", "unknown guide"),
        ('title: {vi: "Luật nói gì"', f'title: {{vi: "{"Luật " * 10}"', "title too long"),
    ],
)
def test_names_that_lead_nowhere_and_long_titles_are_found(folder: Path, old: str, new: str, rule: str) -> None:
    change(folder / TOPIC, old, new)
    assert rule in rules(folder)


def test_an_intent_without_an_answer_and_an_answer_without_an_intent_are_found(folder: Path) -> None:
    (folder / TOPIC).rename(folder / "topics" / "ask_lore.yml")
    change(folder / "topics" / "ask_lore.yml", "intent: ask_law", "intent: ask_lore")
    assert "missing" in rules(folder)
    assert "unknown intent" in rules(folder, "topics/ask_lore.yml")


def test_two_cases_must_not_claim_the_same_words(folder: Path) -> None:
    text = (folder / TOPIC).read_text(encoding="utf-8")
    for name in ("one", "two"):
        case = f"case: law_{name}\nof: ask_law\nwords: [luật cũ]"
        path = folder / "topics" / f"law_{name}.yml"
        path.write_text(text.replace("intent: ask_law", case), encoding="utf-8")
    assert "twice the same words" in rules(folder, "topics/law_two.yml")


def test_phrases_fill_the_same_gaps_in_both_languages(folder: Path) -> None:
    with (folder / "phrases" / "talk.yml").open("a", encoding="utf-8") as file:
        file.write('extra: {vi: "Về {where}", en: "Back to {place}"}\n')
    assert "different gaps" in rules(folder, "phrases/talk.yml")


def test_a_missing_english_text_is_found(folder: Path) -> None:
    lead(folder, "Chỉ có tiếng Việt.")
    change(folder / TOPIC, '  en: "An English text."\n', "")
    assert "no English" in rules(folder)


def test_only_the_right_option_of_a_question_must_be_true(folder: Path) -> None:
    question = (
        '- {{id: luat-99, level: D, text: {{vi: "Báo ở đâu?", en: "Report where?"}}, answer: {answer}, '
        'options: [{{vi: "{bad.vi}", en: "{bad.en}"}}, {{vi: "Công an xã", en: "Commune police"}}], '
        'why: {{vi: "Ở xã.", en: "There."}}, article: {{vi: "Điều 27", en: "Article 27"}}, sources: [F1.01]}}\n'
    )
    path = folder / "questions" / "luat.yml"
    before = path.read_text(encoding="utf-8")
    for bad in (Words(vi="Công an huyện", en="Police"), Words(vi="Công an", en="District police")):
        path.write_text(before + question.format(answer=1, bad=bad), encoding="utf-8")
        assert rules(folder, "questions/luat.yml") == set()
        path.write_text(before + question.format(answer=0, bad=bad), encoding="utf-8")
        assert rules(folder, "questions/luat.yml") == {"T2 district office"}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("30 July", "30 {long}", "option too long"),
        ("It is 30 July, by", "It is 30 July. {long} {long} {long} {long} {long}", "why too long"),
        ("30 July", "20 November", "twice the same option"),
        (', en: "30 July"}}', "}}", "no English"),
        ("    en: Which day is Vietnam's national day against human trafficking?\n", "", "no English"),
        ('{{vi: "30/7", en: "30 July"}}', '"ngày 30/7"', "schema"),
        ('{{vi: "Luật 53/2024/QH15", en: "Law 53/2024/QH15"}}', "Luật 53/2024/QH15", "schema"),
    ],
)
def test_questions_are_checked_in_english_as_in_vietnamese(folder: Path, old: str, new: str, rule: str) -> None:
    path = folder / "questions" / "luat.yml"
    assert rules(folder, "questions/luat.yml") == set()
    change(path, old.format(), new.format(long="July, " * 10))
    assert rule in rules(folder, "questions/luat.yml")


def test_a_plain_option_is_the_same_in_all_languages(folder: Path) -> None:
    change(folder / "questions" / "luat.yml", '{vi: "30/7", en: "30 July"}', '"30/7"')
    assert rules(folder, "questions/luat.yml") == set()
    option = Library.load(folder).questions["luat-03"].options[0]
    assert [option.say(language) for language in ("vi", "en", "zz")] == ["30/7"] * 3


def test_days_give_warnings_and_never_stop_anything(folder: Path) -> None:
    lead(folder, "Đúng đến cuối năm.", more="  valid_to: 2026-12-31\n  checked_on: 2025-10-01\n")
    assert {"expires soon", "checked long ago"} <= rules(folder)
    assert {"expired", "nothing holds"} <= rules(folder, day=date(2027, 1, 1))
    later = check(folder, INTENTS, TODAY + timedelta(days=4000))
    assert any(f.rule == "review is due" for f in later)
    assert all(f.warning for f in later)


def test_versions_that_overlap_or_leave_a_gap_are_found(folder: Path) -> None:
    two = """lead:
  - {vi: "Cũ.", en: "Old.", sources: [F1.01], valid_to: 2026-12-31}
  - {vi: "Mới.", en: "New.", sources: [F1.01], valid_from: %s}
"""
    original = (folder / TOPIC).read_text(encoding="utf-8")
    for begins, rule in (("2026-12-01", "versions overlap"), ("2027-02-01", "versions leave a gap")):
        (folder / TOPIC).write_text(original, encoding="utf-8")
        lead(folder, "ZZ")
        text = (folder / TOPIC).read_text(encoding="utf-8")
        start = text.index("lead:")
        end = text.index("now:")
        (folder / TOPIC).write_text(text[:start] + two % begins + text[end:], encoding="utf-8")
        assert rule in rules(folder)
    text = (folder / TOPIC).read_text(encoding="utf-8").replace("2027-02-01", "2027-01-01")
    (folder / TOPIC).write_text(text, encoding="utf-8")
    assert not {"versions overlap", "versions leave a gap"} & rules(folder)
