"""Content loads whole or not at all, and says where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from content import render
from content.library import ContentError, Library
from tests.content.kit import INTENTS, change


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


def test_there_are_forty_questions_and_an_answer_for_every_intent(library: Library) -> None:
    assert len(library.questions) >= 40
    assert set(INTENTS) == {topic.intent for topic in library.topics.values() if topic.intent}
    assert len(library.places) == 34


@pytest.mark.parametrize("intent", [name for name in INTENTS if name.startswith(("ask_", "check_"))])
def test_every_question_is_answered_with_its_source_and_the_day_it_was_checked(library: Library, intent: str) -> None:
    if library.topics[intent].kind == "talk":  # what is said comes from a service: the contest's, a guided talk's
        assert intent in {"ask_contest_rules", "ask_leaderboard", "ask_my_score", "check_offer", "check_company"}
        return
    (reply,) = render.answer(library, intent, "vi")
    assert "Nguồn:" in reply.note
    assert "Kiểm tra ngày" in reply.note
    assert reply.calls
    assert reply.buttons[-1].payload == "say:help"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_answer_can_be_rendered(library: Library, language: str) -> None:
    for name in library.topics:
        said = [show(library, name, language) for show in (render.answer, render.more, render.share)]
        for reply in (reply for replies in said for reply in replies):
            assert reply.text
            assert all(len(button.payload.encode()) <= 64 for button in reply.buttons)


def test_an_emergency_names_113_first_then_111_and_three_things(library: Library) -> None:
    (reply,) = render.answer(library, "emergency", "vi")
    assert [call.number for call in reply.calls] == ["113", "111", "+84981848484"]
    assert "113" in reply.text.splitlines()[0]
    assert reply.text.count("•") == 3
    assert reply.urgent


def test_a_statement_without_a_known_source_does_not_load(folder: Path) -> None:
    change(folder / "topics" / "ask_law.yml", "sources: [", "sources: [F99.99, ")
    with pytest.raises(ContentError, match=r"ask_law.yml.*F99\.99"):
        Library.load(folder)


def test_a_source_without_a_mark_does_not_load(folder: Path) -> None:
    change(folder / "sources.yml", "  mark: A\n", "")
    with pytest.raises(ContentError, match="needs a mark"):
        Library.load(folder)


def test_a_weak_mark_does_not_load(folder: Path) -> None:
    change(folder / "sources.yml", "mark: A", "mark: C")
    with pytest.raises(ContentError, match=r"sources\.yml"):
        Library.load(folder)


def test_a_hotline_that_is_switched_off_is_shown_nowhere(library: Library) -> None:
    assert not library.hotlines["1900969680"].enabled
    assert render.calls(library, ("1900969680", "113"), "vi") == render.calls(library, ("113",), "vi")


def test_an_unknown_phrase_is_an_error_and_not_a_key_on_the_screen(library: Library) -> None:
    with pytest.raises(KeyError):
        library.phrase("talk.no_such_phrase")
