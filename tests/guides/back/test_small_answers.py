"""Short answers, and whoever is still abroad."""

from __future__ import annotations

from datetime import date

import pytest

from content.library import Library
from guides.back.guide import BackGuide

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


@pytest.mark.parametrize("said", ["rồi", "có rồi", "có", "e 19t"])
def test_a_bare_yes_to_the_question_of_age(said: str) -> None:
    step = GUIDE.hear({"where": "abroad", "country": "KH"}, "vi", said)
    assert step is not None
    assert step.kept is not None
    assert step.kept["age"] == "adult"
    assert step.kept["country"] == "KH"


@pytest.mark.parametrize(
    "said",
    ["có, họ vẫn nhắn tin", "có", "rồi", "họ có tìm em không em sợ lắm", "vẫn nhắn tin dọa", "họ có tìm em không"],
)
def test_fear_of_them_is_a_threat_and_the_talk_goes_on(said: str) -> None:
    last = GUIDE.hear({"where": "abroad", "country": "KH", "age": "adult"}, "vi", said)
    assert last is not None
    assert last.urgent
    assert len(last.replies) == 2  # the steps there, what one is entitled to
    numbers = [call.number for call in last.replies[0].calls]
    assert numbers[0] == "+84981848484"
    assert "117" in numbers
    if said not in ("có", "rồi"):
        earlier = GUIDE.hear({"where": "abroad", "country": "KH"}, "vi", said)
        assert earlier is not None
        assert earlier.kept is not None
        assert earlier.kept["country"] == "KH"
        assert "age" not in earlier.kept


@pytest.mark.parametrize("said", ["chưa", "không", "họ không tìm em nữa", "không ai nhắn"])
def test_no_threat_any_more(said: str) -> None:
    step = GUIDE.hear({"where": "abroad", "country": "KH", "age": "adult"}, "vi", said)
    assert step is not None
    assert not step.urgent


def test_a_cry_from_abroad_keeps_the_country_and_names_no_number_of_home() -> None:
    step = GUIDE.hear({"where": "abroad", "country": "KH"}, "vi", "cứu em với, họ đang đánh em")
    assert step is not None
    assert step.kept is not None
    assert (step.kept["country"], step.kept["threat"]) == ("KH", "yes")
    assert "113" not in " ".join(reply.text for reply in step.replies)
    assert all(call.number not in ("113", "111") for reply in step.replies for call in reply.calls)


def test_the_questions_abroad_keep_the_numbers_of_the_country() -> None:
    step = GUIDE.press({"where": "abroad"}, "vi", "country:KH")
    assert [call.number for call in step.replies[-1].calls][:1] == ["+84981848484"]
