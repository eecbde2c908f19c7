from __future__ import annotations

import pytest

from bot.language import asked_for, detect
from content.library import Library


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cho mình hỏi với", "vi"),
        ("cho minh hoi so dien thoai cong an", "vi"),
        ("bi lua di xkld", "vi"),
        ("what number should I call", "en"),
        ("Hello, I need help", "en"),
        ("ok", "vi"),
        ("asdf qwer", "vi"),
        ("My fiancé is in a café in Cambodia, please help him", "en"),
        ("chào bạn", "vi"),
        ("", "vi"),
        ("113", "vi"),
    ],
)
def test_the_first_message_decides(text: str, found: str) -> None:
    assert detect(text, None) == found


@pytest.mark.parametrize("text", ["hello", "help me", "what is it", "ok thanks", "yes"])
def test_one_short_message_never_switches(text: str) -> None:
    assert detect(text, "vi") == "vi"


@pytest.mark.parametrize("text", ["khong", "toi can giup", "so cong an"])
def test_a_short_message_without_marks_does_not_switch_either(text: str) -> None:
    assert detect(text, "en") == "en"


def test_a_long_message_and_vietnamese_letters_switch() -> None:
    assert detect("I would like to know how I can report this man to the police", "vi") == "en"
    assert detect("số điện thoại", "en") == "vi"


def test_the_detector_is_seeded() -> None:
    text = "zxcv bnm qwer tyui opas dfgh jklz"
    assert len({detect(text, None) for _ in range(20)}) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [("nói tiếng anh được không", "en"), ("speak english please", "en"), ("tieng viet di", "vi"), ("chào", None)],
)
def test_a_language_is_asked_for_by_its_name(text: str, language: str | None) -> None:
    assert asked_for(text, Library.load().tongues) == language
