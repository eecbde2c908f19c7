"""What is said depends on the day: the test moves the clock over a change of a penalty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from content import render
from content.library import Library, vietnams_day
from tests.content.kit import TOPIC, change, lead

LAST, FIRST = date(2027, 6, 30), date(2027, 7, 1)
TWO_PENALTIES = """law:
  - vi: "Bộ luật Hình sự, Điều 150: 5–10 năm tù."
    en: "Penal Code, Article 150: 5–10 years in prison."
    sources: [BLHS.150]
    valid_to: 2027-06-30
  - vi: "Bộ luật Hình sự sửa đổi, Điều 150: 7–12 năm tù."
    en: "Amended Penal Code, Article 150: 7–12 years in prison."
    sources: [BLHS.NEW]
    valid_from: 2027-07-01
"""
TWO_LEADS = """lead:
  - {vi: "Khung cũ: 5–10 năm tù.", en: "Old: 5–10 years.", sources: [BLHS.150], valid_to: 2027-06-30}
  - {vi: "Khung mới: 7–12 năm tù.", en: "New: 7–12 years.", sources: [BLHS.NEW]}
"""


@pytest.fixture
def changed(folder: Path) -> Path:
    """A copy in which a penalty changes on 1 July 2027: in the lead and in the law."""
    with (folder / "sources.yml").open("a", encoding="utf-8") as sources:
        sources.write(
            '\nBLHS.NEW: {name: "Bộ luật Hình sự sửa đổi, Điều 150", mark: A, where: "Công báo", '
            'checked_on: 2026-11-24, valid_from: 2027-07-01, fact: "Khung mới."}\n'
        )
    path = folder / TOPIC
    text = path.read_text(encoding="utf-8")
    before, _, after = text.partition("lead:\n")
    path.write_text(before + TWO_LEADS + after[after.index("now:\n") :], encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    rest = text[text.index("law:\n") + 5 :]
    path.write_text(text[: text.index("law:\n")] + TWO_PENALTIES + rest[rest.index("calls:") :], encoding="utf-8")
    return folder


def _said(folder: Path, day: date, language: str = "vi") -> str:
    (reply,) = render.answer(Library.load(folder, day), "ask_law", language)
    return f"{reply.text}\n{reply.note}"


def test_a_penalty_that_changes_turns_itself_off_and_the_next_one_on(changed: Path) -> None:
    old, new = _said(changed, LAST), _said(changed, FIRST)
    assert "Khung cũ: 5–10 năm tù" in old and "Điều 150: 5–10 năm tù" in old
    assert "7–12" not in old and "sửa đổi" not in old
    assert "Khung mới: 7–12 năm tù" in new and "Điều 150: 7–12 năm tù" in new
    assert "5–10" not in new
    assert "7–12 years" in _said(changed, FIRST, "en")


def test_the_day_is_vietnams() -> None:
    assert vietnams_day(datetime(2027, 6, 30, 16, 59, tzinfo=UTC)) == LAST
    assert vietnams_day(datetime(2027, 6, 30, 17, 0, tzinfo=UTC)) == FIRST


def test_what_rests_only_on_an_expired_source_goes_with_it(folder: Path) -> None:
    change(folder / "sources.yml", "\nF1.40:\n", "\nF1.40:\n  valid_to: 2026-12-31\n")
    then, later = Library.load(folder, date(2026, 12, 31)), Library.load(folder, date(2027, 1, 1))
    alone = [s for t in then.topics.values() for s in t.statements() if set(s.sources) == {"F1.40"}]
    beside = [s for t in then.topics.values() for s in t.statements() if len(set(s.sources) - {"ADVICE"}) > 1]
    left = {s.vi for t in later.topics.values() for s in t.statements()}
    assert alone
    assert not {s.vi for s in alone} & left
    assert any("F1.40" in s.sources and s.vi in left for s in beside)
    assert all("F1.40" not in s.sources for t in later.topics.values() for s in t.statements())
    assert len(later.questions) < len(then.questions)


def test_a_topic_without_a_valid_lead_says_so_and_gives_a_person_to_call(folder: Path) -> None:
    lead(folder, "Đúng đến cuối năm.", more="  valid_to: 2026-12-31\n")
    library = Library.load(folder, date(2027, 1, 1))
    for language in ("vi", "en"):
        (reply,) = render.answer(library, "ask_law", language)
        assert reply.text == library.phrase("talk.being_updated", language)
        assert [call.number for call in reply.calls] == ["111"]
        assert reply.buttons[-1].payload == "say:help"
    assert not library.topics["ask_law"].informs


def test_a_hotline_that_has_ended_is_shown_nowhere(folder: Path) -> None:
    change(folder / "hotlines.yml", 'dial: "+84981848484"', 'dial: "+84981848484"\n  valid_to: 2026-12-31')
    assert render.calls(Library.load(folder, date(2026, 12, 31)), ("mofa",), "vi")
    assert not render.calls(Library.load(folder, date(2027, 1, 1)), ("mofa",), "vi")


def test_a_statement_may_name_its_article_and_its_own_day(folder: Path) -> None:
    lead(folder, "Có điều này.", more='  article: "Luật 53/2024/QH15, Điều 99"\n  checked_on: 2026-01-02\n')
    (reply,) = render.answer(Library.load(folder), "ask_law", "vi")
    assert "Luật 53/2024/QH15, Điều 99" in reply.note
    assert "02/01/2026" in reply.note


def test_a_source_that_ended_is_named_nowhere_and_breaks_nothing(folder: Path) -> None:
    from quiz import asking  # what a question's explanation names

    change(folder / "sources.yml", "\nTEL.111:\n", "\nTEL.111:\n  valid_to: 2026-12-31\n")
    library = Library.load(folder, date(2027, 1, 1))
    assert "TEL.111" not in library.sources
    then = Library.load(folder, date(2026, 12, 31)).questions
    shared = [key for key, question in then.items() if "TEL.111" in question.sources and key in library.questions]
    assert shared
    for key in shared:
        assert "TEL.111" not in library.questions[key].sources
        assert isinstance(asking._sources(library, library.questions[key], "vi"), str)
    for name in library.topics:
        for language in ("vi", "en"):
            assert render.answer(library, name, language) and render.more(library, name, language)
    lesson = then[shared[0]].sources  # as a room hands them over that keeps statements of its own
    statement = next(iter(library.topics["ask_law"].law)).model_copy(update={"sources": lesson})
    assert isinstance(render.sources_line(library, (statement,), "vi"), str)
