"""The editor's check finds what it is there for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from content.check import check
from content.library import Library
from content.model import Statement, Words

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


def _rules(library: Library, text: str) -> set[str]:
    """What is found when `ask_law` says this."""
    topic = library.topics["ask_law"].model_copy(update={"lead": Statement(vi=text, sources=("F1.01",))})
    changed = replace(library, topics={**library.topics, "ask_law": topic})
    return {f.rule for f in check(changed, library.topics, TODAY) if f.file == "topics/ask_law.yml"}


def test_the_content_is_clean(library: Library) -> None:
    assert [str(f) for f in check(library, library.topics, TODAY)] == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Theo Luật 66/2011/QH12 thì khác.", "old law"),
        ("Bạn đến Công an huyện nhé.", "abolished office"),
        ("Bộ Lao động – Thương binh và Xã hội lo việc này.", "abolished ministry"),
        ("Tra ở dolab.gov.vn nhé.", "old address"),
        ("Gọi 18001567 nhé.", "old number"),
        ("Nghị định 144/2021 phạt nặng.", "old decree"),
        ("Bạn sẽ không bị xử lý.", "promise of immunity"),
        ("Danh tính của bạn được bảo mật tuyệt đối.", "promise of safety"),
        ("Nạn nhân được hỗ trợ 3 triệu đồng.", "amount of support"),
        (" ".join(["từ"] * 26) + ".", "long sentence"),
        ("a" * 700, "first bubble too long"),
        ("Luật mo\u0301i.", "not NFC"),
    ],
)
def test_what_is_wrong_is_found(library: Library, text: str, rule: str) -> None:
    assert rule in _rules(library, text)


def test_the_old_law_may_be_named_as_old(library: Library) -> None:
    assert "old law" not in _rules(library, "Luật này thay Luật 66/2011/QH12.")


def test_a_topic_whose_review_is_due_is_a_warning(library: Library) -> None:
    findings = check(library, library.topics, date(2030, 1, 1))
    assert findings
    assert all(f.warning and f.rule == "review is due" for f in findings)


def test_an_intent_without_an_answer_is_found(library: Library) -> None:
    assert any(f.rule == "missing" for f in check(library, [*library.topics, "ask_something_new"], TODAY))


def test_phrases_fill_the_same_gaps_in_both_languages(library: Library) -> None:
    phrases = {**library.phrases, "talk.menu": Words(vi="Về {where}", en="Back to {place}")}
    assert any(f.rule == "different gaps" for f in check(replace(library, phrases=phrases), library.topics, TODAY))
