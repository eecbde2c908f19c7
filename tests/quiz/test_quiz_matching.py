"""Typed answers: letters, numbers, words of an option; and what is no answer."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.library import Library
from content.model import Question, Words
from quiz.matching import LETTERS, fold, is_go_on, is_skip, is_stop, match_option, names_a_place

BANK = list(Library.load().questions.values())
DISTRICT = Question(
    id="x-01",
    level="D",
    text=Words(vi="Cấp nào?", en="Which level?"),
    options=(
        Words(vi="Cấp xã", en="The commune"),
        Words(vi="Cấp tỉnh", en="The province"),
        Words(vi="Cấp huyện", en="The district"),
        Words(vi="Dừng lại, tra ở dolab, hỏi 111", en="Stop, look it up at dolab, ask 111", others={"zz": "Ding dong"}),
    ),
    answer=2,
    why=Words(vi="…", en="…"),
    article=Words(vi="…", en="…"),
    sources=("F1.01",),
)
ORDER = [2, 0, 3, 1]  # A huyện, B xã, C dừng lại, D tỉnh


def _with(*options: str) -> Question:
    """The question with other options, the same in both languages."""
    return DISTRICT.model_copy(update={"options": tuple(Words(vi=option, en=option) for option in options)})


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("A", 2),
        ("b", 0),
        (" c. ", 3),
        ("(D)", 1),
        ("1", 2),
        ("４", 1),  # full width
        ("câu 2", 0),
        ("cau 2", 0),
        ("Đáp án C", 3),
        ("dap an c ạ", 3),
        ("đáp án là B nhé", 0),
        ("em chọn b ạ", 0),
        ("mình chọn câu A", 2),
        ("ý d", 1),
        ("B. Cấp xã", 0),
        ("b cap xa", 0),
        ("Cấp huyện", 2),
        ("cap huyen", 2),
        ("CẤP TỈNH!", 1),
        ("dừng lại, tra ở dolab", 3),
        ("dung lai tra o dolab hoi 111", 3),
        ("The district", 2),
        ("THE PROVINCE!", 1),
        ("stop look it up", 3),
        ("ding dong", 3),
        ("B. the commune", 0),
        ("b the commune", 0),
        ("answer B", 0),
        ("the answer is c", 3),
        ("I think it's B", 0),
        ("option 2 please", 0),
        ("number 1", 2),
        ("b i think", 0),
    ],
)
def test_answers(said: str, option: int) -> None:
    assert match_option(said, DISTRICT, ORDER) == option


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "?",
        "5",
        "0",
        "12",
        "E",
        "ạ",
        "à",
        "đ",
        "cấp",  # begins three of them
        "the",
        "B. The province",
        "B. Cấp xã The commune",
        "a victim",
        "is it a crime",
        "i think i need help",
        "câu 2 là gì",
        "B. Cấp tỉnh",  # letter and words contradict each other
        "bị lừa bán thì gọi ai",
        "a b",
        "luật mới có hiệu lực khi nào",
        "113",
    ],
)
def test_no_answers(said: str) -> None:
    assert match_option(said, DISTRICT, ORDER) is None


def test_a_place_that_the_question_does_not_have() -> None:
    short = DISTRICT.model_copy(update={"options": DISTRICT.options[:3]})
    assert match_option("D", short, [0, 1, 2]) is None
    assert match_option("4", short, [0, 1, 2]) is None


def test_the_words_of_an_option_come_before_numbers() -> None:
    numbers = _with("3", "1", "2")
    assert match_option("3", numbers, [0, 1, 2]) == 0
    assert match_option("C", numbers, [0, 1, 2]) == 2


def test_options_that_differ_in_their_marks_only() -> None:
    marks = _with("Cho vay", "Chờ vây", "Khác")
    assert match_option("chờ vây", marks, [0, 1, 2]) == 1
    assert match_option("cho vay", marks, [0, 1, 2]) == 0
    assert match_option("chó váy", marks, [0, 1, 2]) is None


def test_words_that_are_two_options_in_two_languages_are_none() -> None:
    both = (Words(vi="Tin", en="News"), Words(vi="Thiếc", en="Tin"))
    assert match_option("tin", DISTRICT.model_copy(update={"options": both}), [0, 1]) is None


@given(data=st.data(), question=st.sampled_from(BANK), language=st.sampled_from(["vi", "en"]))
def test_every_question_can_be_answered_in_every_way(data: st.DataObject, question: Question, language: str) -> None:
    order = data.draw(st.permutations(range(len(question.options))))
    place = data.draw(st.integers(0, len(order) - 1))
    option = order[place]
    words = question.options[option].say(language)
    bare = fold(words)
    ways = [words, words.upper(), unicodedata.normalize("NFD", words), f"{LETTERS[place]}. {words}"]
    shown = [one.say(each) for one in question.options for each in ("vi", "en")]
    same = [one for one in question.options if bare in (fold(one.say(each)) for each in ("vi", "en"))]
    ways += [bare] if len(same) == 1 else []
    for said in ways:
        assert match_option(said, question, order) == option
    if not any(LETTERS[place].lower() == fold(one) or str(place + 1) == fold(one) for one in shown):
        for said in (LETTERS[place], LETTERS[place].lower(), f"câu {place + 1}", f"I think it's {LETTERS[place]}"):
            assert match_option(said, question, order) == option


@given(said=st.text(), question=st.sampled_from(BANK))
def test_anything_typed_is_an_option_or_none(said: str, question: Question) -> None:
    found = match_option(said, question, list(range(len(question.options))))
    assert found is None or 0 <= found < len(question.options)
    assert isinstance(is_stop(said), bool)
    assert isinstance(names_a_place(said), bool)


@pytest.mark.parametrize(
    "said", ["dừng", "Dừng lại nhé", "thôi", "thoi", "STOP", "nghỉ", "Thôi, không thi", "Enough, please"]
)
def test_leaving(said: str) -> None:
    assert is_stop(said)


@pytest.mark.parametrize("said", ["dừng lại, tra ở dolab", "không", "thôi miên là gì", ""])
def test_staying(said: str) -> None:
    assert not is_stop(said)


def test_skipping_and_going_on() -> None:
    assert is_skip("Bỏ qua")
    assert is_skip("Đặt tên giúp mình")
    assert not is_skip("Bông")
    assert is_go_on("làm tiếp nhé")
    assert not is_go_on("tiếp tay là gì")


def test_places_without_a_question() -> None:
    assert names_a_place("câu b ạ")
    assert not names_a_place("b cấp xã")
    assert not names_a_place("xin chào")
