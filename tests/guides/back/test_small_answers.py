"""Short answers, and whoever is still abroad."""

from __future__ import annotations

from datetime import date

import pytest

from content.library import Library
from guides.back.guide import BackGuide
from guides.danger.guide import DangerGuide

LIBRARY = Library.load()
GUIDE = BackGuide(LIBRARY, lambda: date(2026, 11, 24))


@pytest.mark.parametrize(
    ("said", "age"), [("16", "under"), ("19", "adult"), ("mới 17", "under"), ("chưa", "under"), ("có", "adult")]
)
def test_an_age_in_a_word(said: str, age: str) -> None:
    at_age = GUIDE.press({"where": "home", "province": "Nghệ An"}, "vi", "where:home")
    assert at_age.kept is not None
    step = GUIDE.hear({**at_age.kept, "where": "home", "province": "Nghệ An"}, "vi", said)
    assert step is not None
    assert step.kept is not None
    assert step.kept["age"] == age


def test_whoever_is_threatened_abroad_gets_the_numbers_of_that_country() -> None:
    step = GUIDE.press({"where": "abroad", "country": "KH", "age": "adult"}, "vi", "threat:yes")
    numbers = [call.number for reply in step.replies for call in reply.calls]
    assert numbers[0] == "+84981848484"
    assert "117" in numbers
    assert "113" not in numbers


def test_a_cry_from_abroad_too() -> None:
    step = GUIDE.hear({"where": "abroad", "country": "LA"}, "vi", "cứu em với, họ đang đuổi theo em")
    assert step is not None
    assert step.urgent
    assert step.replies[0].calls[0].number == "+84981848484"


@pytest.mark.parametrize(("said", "who"), [("tôi", "me"), ("em", "me"), ("me", "me"), ("em gái", "other")])
def test_who_is_in_danger_in_a_word(said: str, who: str) -> None:
    step = DangerGuide(LIBRARY, lambda: date(2026, 11, 24)).hear({"speak": "yes", "where": "home"}, "vi", said)
    assert step is not None
    told = " ".join(reply.text for reply in step.replies)
    assert (step.kept is None or step.kept.get("who") == who) and told


def test_whoever_does_not_dare_to_speak_is_heard() -> None:
    step = DangerGuide(LIBRARY, lambda: date(2026, 11, 24)).hear({}, "vi", "ko nói đc")
    assert step is not None
    assert step.kept is not None
    assert step.kept["speak"] == "no"
