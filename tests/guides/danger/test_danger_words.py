"""Answers as somebody in fear types them: short words, one word."""

from __future__ import annotations

from datetime import date

import pytest

from content.library import Library
from guides.danger import DangerGuide

LIBRARY = Library.load()
GUIDE = DangerGuide(LIBRARY, lambda: date(2026, 11, 24))


@pytest.mark.parametrize(
    "said", ["ko nói đc", "ko noi dc", "ko dám nói", "k noi dc", "hok nói đc", "nói ko được", "em ko gọi đc"]
)
def test_who_cannot_speak(said: str) -> None:
    step = GUIDE.hear({}, "vi", said)
    assert step is not None
    assert step.kept is not None
    assert step.kept["speak"] == "no"


@pytest.mark.parametrize(
    ("said", "who"),
    [(word, "me") for word in ("tôi", "em", "mình", "me", "em nè", "là em", "e", "mk")]
    + [(word, "other") for word in ("em gái", "chị", "bạn", "con", "e gái", "mẹ")]
    + [(word, "child") for word in ("con gái em", "con mình")],
)
def test_who_is_in_danger_in_a_word(said: str, who: str) -> None:
    step = GUIDE.hear({"speak": "yes", "where": "home"}, "vi", said)
    assert step is not None
    assert step.replies[0].text == LIBRARY.phrase(f"guide_danger.said_who_{who}")


@pytest.mark.parametrize("said", ["tôi", "con", "chị"])
def test_such_a_word_answers_no_other_question(said: str) -> None:
    step = GUIDE.hear({}, "vi", said)
    assert step is None or "who" not in (step.kept or {})
