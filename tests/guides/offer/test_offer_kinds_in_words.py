"""A kind that is told in words, and what weighs in offers for a child or the body."""

from __future__ import annotations

import pytest

from guides.offer.answers import Answers
from guides.offer.weighing import Grade, Verdict, weigh


def verdict(tables, person) -> Verdict:
    return weigh(tables, Answers.of(person.step.kept, tables))


def rules(tables, person) -> set[str]:
    return {rule.id for rule in verdict(tables, person).against}


@pytest.mark.parametrize(("said", "kind"), [("cho con", "child"), ("bán thận", "body"), ("em muốn bán thận", "body")])
def test_the_first_question_is_answered_by_it(tells, tables, said: str, kind: str) -> None:
    for person in (tells(said), tells("")):
        if person.question == "what":
            assert person.says(said) is not None
        assert person.question == "who"
        assert verdict(tables, person).kind == kind


@pytest.mark.parametrize("kind", ["cho con", "bán thận", "đẻ thuê"])
@pytest.mark.parametrize(
    ("said", "rule"),
    [("họ giữ căn cước của em", "papers_kept_body"), ("em bị ép", "forced"), ("bố mẹ ép em", "forced")],
)
def test_papers_held_and_force_count_and_decide(tells, tables, kind: str, said: str, rule: str) -> None:
    person = tells(kind)
    assert person.says(said) is not None
    assert rule in rules(tables, person)
    assert verdict(tables, person).suspicious


@pytest.mark.parametrize(
    ("kind", "rule", "grade"),
    [
        ("bán thận", "minor_body", Grade.CLEAR),
        ("đẻ thuê", "minor_body", Grade.CLEAR),
        ("cho con", "minor", Grade.UNSURE),
    ],
)
def test_a_minor_counts(tells, tables, kind: str, rule: str, grade: Grade) -> None:
    person = tells(kind)
    assert person.says("em 17 tuổi") is not None
    assert rule in rules(tables, person)
    assert verdict(tables, person).grade is grade


def test_force_that_is_denied_is_no_sign(tells, tables) -> None:
    person = tells("bán thận")
    person.says("em không bị ép, tự em muốn")
    assert "forced" not in rules(tables, person)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("bán thận sang trung quốc", "organ_abroad"),
        ("đẻ thuê bên trung quốc", "surrogacy_abroad"),
        ("cho con sang trung quốc", "body_abroad"),
    ],
)
def test_pregnancy_is_no_word_about_organs(tells, tables, said: str, rule: str) -> None:
    against = verdict(tables, tells(said)).against
    assert rule in {each.id for each in against}
    assert any("mang thai" in each.says.vi for each in against) == (rule != "organ_abroad")


def test_the_result_in_two_letters(tells) -> None:
    person = tells("bán thận")
    step = person.says("kq")
    assert step is not None
    assert step.kept is None
