"""The lessons and the course that ship: what a card may be, what it rests on, and that all of it can be read to its end."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from content import render
from content.library import Library
from content.model import ADVICE
from content.text_rules import LONGEST_SENTENCE
from content.traps import traps_in
from lessons.floor import LessonFloor
from lessons.model import Lesson
from lessons.progress import Progress
from lessons.shelf import lessons_of
from tests.lessons.test_lessons import School

LIBRARY = Library.load()
LESSONS = lessons_of(LIBRARY)
ALL = list(LESSONS.lessons.values())
CITIZENS = LESSONS.of_citizens()
OFFICIALS = [lesson for lesson in ALL if lesson.audience == "official"]
(COURSE,) = LESSONS.courses.values()
LONGEST_CARD, LONGEST_TITLE, MOST_SENTENCES = 350, 30, {"vi": 4, "en": 5}
TRICKS = {
    "ask_scam_compound", "ask_labour_export", "ask_marriage_brokering", "ask_adoption", "ask_surrogacy", "ask_organ_trade",
    "ask_forced_labour", "fishing_boat", "ask_online_kidnapping", "ask_online_grooming", "sextortion",
    "ask_sexual_exploitation", "lured_by_friends", "ask_study_abroad_scam", "border_crossing", "second_deception",
}  # fmt: skip
_DO = re.compile(
    r"\b(đừng|khoan|bạn|hãy|gọi|hỏi|nhắn|nhớ|thử|tìm|ghi|làm|nói|xem|lưu|chụp|dạy|giữ|mở|viết|dùng|mời|lo|chỉ)\b",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"\b(điều \d|luật|bộ luật|nghị định|phạt tù|bị phạt|113|111|\d{3,} người|năm 20\d\d)\b", re.IGNORECASE
)


def named(lesson: Lesson) -> str:
    return lesson.id


def test_there_are_enough_of_them() -> None:
    assert len(CITIZENS) >= 14
    assert len(OFFICIALS) == len(COURSE.lessons) == 5
    assert {lesson.id for lesson in OFFICIALS} == set(COURSE.lessons)


def test_every_trick_has_its_lesson_and_no_topic_two() -> None:
    about = [lesson.about for lesson in CITIZENS if lesson.about]
    assert set(about) >= TRICKS
    assert len(about) == len(set(about))
    assert {name for name in about if name not in LIBRARY.topics} == set()
    assert not any(lesson.about for lesson in OFFICIALS)


@pytest.mark.parametrize("path", sorted(Path("content/lessons").glob("*.yml")), ids=lambda path: path.stem)
def test_a_file_is_called_as_its_lesson(path: Path) -> None:
    assert LIBRARY.extra[f"lessons/{path.name}"]["id"] == path.stem
    assert path.stem not in ("list", "course", "test"), "a word of the buttons"


@pytest.mark.parametrize("lesson", ALL, ids=named)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_cards_are_short_and_in_both_languages(lesson: Lesson, language: str) -> None:
    assert lesson.title.speaks(language)
    assert len(lesson.title.say(language)) <= LONGEST_TITLE
    for card in lesson.cards:
        assert card.speaks(language)
        text = card.say(language)
        assert len(text) <= LONGEST_CARD, text
        assert len([part for part in re.split(r"(?<=[.!?])\s+", text) if part]) <= MOST_SENTENCES[language], text
        assert max(len(part.split()) for part in re.split(r"[.!?:;]\s+", text)) <= LONGEST_SENTENCE, text
        assert not list(traps_in(text)), text


@pytest.mark.parametrize("lesson", ALL, ids=named)
def test_every_card_names_sources_that_there_are(lesson: Lesson) -> None:
    for card in lesson.cards:
        assert set(card.sources) <= set(LIBRARY.sources), card.vi
        if any(source != ADVICE for source in card.sources):
            assert "Nguồn: " in render.sources_line(LIBRARY, (card,), "vi")


@pytest.mark.parametrize("lesson", ALL, ids=named)
def test_advice_alone_stands_under_what_to_do_and_not_under_facts(lesson: Lesson) -> None:
    for card in lesson.cards:
        if set(card.sources) == {ADVICE}:
            assert _DO.search(card.vi), card.vi
            assert not _FACT.search(card.vi), card.vi


@pytest.mark.parametrize("lesson", ALL, ids=named)
def test_a_lesson_has_one_thing_to_remember_and_one_to_try(lesson: Lesson) -> None:
    for vi, en in (("Nhớ một điều:", "Remember one thing:"), ("Thử ngay:", "Try it now:")):
        assert sum(vi in card.vi for card in lesson.cards) == 1
        assert sum(en in (card.en or "") for card in lesson.cards) == 1
    assert "Thử ngay:" in lesson.cards[-1].vi


@pytest.mark.parametrize("lesson", ALL, ids=named)
def test_people_are_addressed_as_they_should_be(lesson: Lesson) -> None:
    said = " ".join(card.vi for card in lesson.cards)
    if lesson.audience == "official":
        assert "anh/chị" in said.lower()
        assert not re.search(r"\bbạn\b", said)
    else:
        assert "anh/chị" not in said.lower()
        assert re.search(r"\b(bạn|em)\b", said)


def test_the_word_for_hiding_is_one_that_the_talk_knows() -> None:
    words = LIBRARY.phrase("talk.hide_words", "vi").split(", ")
    (card,) = [card for card in LESSONS.lessons["when_held"].cards if "“ẩn”" in card.vi]
    assert "ẩn" in words and "“hide”" in (card.en or "")


def test_the_course_asks_ten_and_the_answers_are_spread() -> None:
    assert (len(COURSE.test), COURSE.passes) == (10, 8)
    answers = [question.answer for question in COURSE.test]
    assert set(Counter(answers).values()) <= {2, 3}
    assert set(answers) == {0, 1, 2, 3}
    assert all(one != other for one, other in pairwise(answers))
    assert sum(question.text.vi.startswith("Tình huống") for question in COURSE.test) == 4


def test_no_option_is_given_away_by_its_length() -> None:
    longest = sum(len(q.options[q.answer].vi) == max(len(option.vi) for option in q.options) for q in COURSE.test)
    assert longest <= len(COURSE.test) / 2


@pytest.mark.parametrize("number", range(10))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_question_is_sourced_whole_and_fits_a_bubble(number: int, language: str) -> None:
    question = COURSE.test[number]
    for words in (question.text, question.why, *question.options):
        assert words.speaks(language)
        assert not list(traps_in(words.say(language)))
    assert set(question.why.sources) <= set(LIBRARY.sources) - {ADVICE}
    assert len({option.say(language) for option in question.options}) == 4
    assert len(question.text.say(language)) + sum(len(o.say(language)) + 4 for o in question.options) <= 600


def test_the_course_never_names_the_time_limit_that_is_not_confirmed() -> None:
    said = [card.vi for lesson in OFFICIALS for card in lesson.cards]
    said += [words.vi for q in COURSE.test for words in (q.text, q.why, *q.options)]
    assert not [text for text in said if re.search(r"\b0?3 ngày|ba ngày|three days|3 days", text)]


def test_the_course_tells_the_table_of_article_37() -> None:
    """Who gets how many of the ten kinds, as L53.37 has them."""
    fact = LIBRARY.sources["L53.37"].fact
    assert "cả mười" in fact and "a, b, c, d, đ, g" in fact
    cards = [card.vi for card in LESSONS.lessons["reception_support"].cards if card.sources == ("L53.37",)]
    for who, what in (
        ("Nạn nhân là công dân Việt Nam", "cả mười"),
        ("Người dưới 18 tuổi đi cùng họ", "tám chế độ đầu, đến học văn hóa"),
        ("đang được xác định, ở trong nước", "bảy chế độ đầu, từ thiết yếu đến tâm lý"),
        ("còn ở nước ngoài", "bốn chế độ đầu"),
        ("Người nước ngoài bị mua bán tại Việt Nam", "sáu chế độ"),
    ):
        assert [card for card in cards if who in card and what in card], who


@pytest.mark.parametrize("language", ["vi", "en"])
def test_all_of_them_are_read_to_the_end_and_the_test_is_passed(tmp_path: Path, language: str) -> None:
    school = School(tmp_path)
    progress = Progress(school.store, school.clock)
    floor = LessonFloor(lambda: LIBRARY, progress)
    who = "a" * 32
    for lesson in ALL:
        for number, _ in enumerate(lesson.cards, 1):
            (shown,) = floor.press(who, language, f"lesson:{lesson.id}:{number}")
            assert len(shown.text) <= 600
            assert all(len(button.payload.encode()) <= 64 for button in shown.buttons)
        floor.press(who, language, f"lesson:{lesson.id}:end")
    assert "5/5" in (said := floor.courses(who, language)[0].text) or "5 of 5" in said
    payload = f"lesson:test:{COURSE.id}:0:0"
    for question in COURSE.test:
        shown = floor.press(who, language, payload)[-1]
        payload = next(button.payload for button in shown.buttons if button.payload.endswith(f":{question.answer}"))
    result = floor.press(who, language, payload)[-1]
    assert ("10/10" if language == "vi" else "10 of 10") in result.text
    assert progress.of(who)[COURSE.id].done
