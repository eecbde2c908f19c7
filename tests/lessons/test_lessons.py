"""Lessons in cards and a course with its test, over a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from content.library import ContentError, Library
from content.reply import Reply
from db.citizen import LessonProgress
from db.migrate import Kind, upgrade
from db.stores import Store
from lessons.floor import PAGE, LessonFloor
from lessons.progress import KEPT, Progress
from lessons.shelf import lessons_of

LIBRARY = Library.load()
ANNA, BINH = "a" * 32, "b" * 32


def lesson(lesson_id: str, cards: int = 5, **more: Any) -> dict[str, Any]:
    return {
        "id": lesson_id,
        "title": {"vi": f"Bài {lesson_id}", "en": f"Lesson {lesson_id}"},
        "cards": [
            {"vi": f"Thẻ {n} của {lesson_id}.", "en": f"Card {n} of {lesson_id}.", "sources": ["F1.01"]}
            for n in range(1, cards + 1)
        ],
        **more,
    }


def course(*lessons: str, questions: int = 5) -> dict[str, Any]:
    question = {
        "text": {"vi": "Đâu là số 113?", "en": "Which is 113?"},
        "options": [{"vi": "112", "en": "112"}, {"vi": "113", "en": "113"}],
        "answer": 1,
        "why": {"vi": "Vì thế.", "en": "That is why.", "sources": ["TEL.113"]},
    }
    words = {"vi": "Khóa", "en": "Course"}
    return {
        "id": "reception",
        "title": words,
        "lead": words,
        "lessons": list(lessons),
        "test": [question] * questions,
        "passes": 4,
    }


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


class School:
    def __init__(self, folder: Path) -> None:
        self.clock, self.store = Clock(), Store(f"sqlite:///{folder / 'citizen.db'}")
        upgrade(self.store, Kind.CITIZEN)
        self.progress = Progress(self.store, self.clock)
        self.floor = LessonFloor(lambda: self.library, self.progress)
        self.library = LIBRARY
        self.has(lesson("papers"), lesson("offers", cards=8))

    def has(self, *lessons: dict[str, Any], courses: tuple[dict[str, Any], ...] = ()) -> None:
        files = {f"lessons/{value['id']}.yml": value for value in lessons}
        self.library = replace(LIBRARY, extra=files | {f"courses/{value['id']}.yml": value for value in courses})

    def press(self, payload: str, who: str = ANNA, language: str = "vi") -> Reply:
        return self.floor.press(who, language, payload)[-1]

    def taps(self, shown: Reply, title: str, who: str = ANNA) -> Reply:
        (payload,) = [button.payload for button in shown.buttons if button.title == title]
        return self.press(payload, who)


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(tmp_path)


def titles(reply: Reply) -> list[str]:
    return [button.title for button in reply.buttons]


def test_a_lesson_is_read_card_by_card_to_its_end(school: School) -> None:
    shown = school.taps(school.press("lesson:list"), "Bài papers")
    for card in range(1, 6):
        assert f"thẻ {card}/5" in shown.text
        assert f"Thẻ {card} của papers." in shown.text
        assert "53/2024/QH15" in shown.note
        shown = school.taps(shown, "Thẻ tiếp" if card < 5 else "Học xong")
    assert "học xong bài “Bài papers”" in shown.text
    assert titles(school.press("lesson:list"))[:2] == ["Bài offers", "✓ Bài papers"]


def test_it_goes_on_where_it_was_left(school: School) -> None:
    school.press("lesson:papers:3")
    assert "Bài papers (thẻ 3/5)" in titles(school.press("lesson:list"))
    assert "thẻ 3/5" in school.press("lesson:papers").text
    assert "thẻ 2/5" in school.taps(school.press("lesson:papers"), "Thẻ trước").text
    assert "thẻ 1/5" in school.press("lesson:papers", who=BINH).text  # everybody has their own


def test_what_was_finished_stays_finished_and_begins_anew(school: School) -> None:
    school.press("lesson:papers:end")
    assert "thẻ 1/5" in school.press("lesson:papers").text
    assert "✓ Bài papers" in titles(school.press("lesson:list"))


def test_a_long_list_has_pages(school: School) -> None:
    school.has(*(lesson(f"number_{n}") for n in range(PAGE + 2)))
    first = school.press("lesson:list")
    second = school.taps(first, "Bài khác")
    assert (len(first.buttons), len(second.buttons)) == (PAGE + 2, 4)
    assert titles(school.taps(second, "Bài khác")) == titles(first)


@pytest.mark.parametrize(
    "payload",
    ["lesson:", "lesson:gone", "lesson:gone:2", "lesson:course:gone", "lesson:test:gone:0:0", "lesson:course"],
)
def test_what_is_gone_leads_to_the_list(school: School, payload: str) -> None:
    said, listed = school.floor.press(ANNA, "vi", payload)
    assert "không còn nữa" in said.text
    assert "Bài papers" in titles(listed)


@pytest.mark.parametrize("card", ["0", "99", "-1", "x", "²", "1000000"])
def test_a_card_that_nobody_made_is_one_that_there_is(school: School, card: str) -> None:
    assert "/5" in school.press(f"lesson:papers:{card}").text


def test_a_course_counts_its_lessons_and_its_test_can_be_passed(school: School) -> None:
    official = {"audience": "official"}
    school.has(lesson("papers"), lesson("one", **official), lesson("two", **official), courses=(course("one", "two"),))
    assert titles(school.press("lesson:list"))[0] == "Bài papers"
    assert "Bài one" not in titles(school.press("lesson:list"))
    shown = school.press("lesson:one:end")
    assert "thẻ 1/5" in school.taps(shown, "Bài kế tiếp").text
    shown = school.taps(shown, "Về khóa tập huấn")
    assert "1/2 bài" in shown.text
    shown = school.taps(shown, "Kiểm tra cuối khóa")
    for place, option in enumerate("ABBBB", 1):
        assert f"Câu {place}/5" in shown.text
        shown = school.taps(shown, option)
    assert "đúng 4/5 câu: đạt" in shown.text
    assert "Kết quả tốt nhất: 4/5" in school.taps(shown, "Về khóa tập huấn").text


def test_a_failed_test_can_be_taken_again_and_the_best_counts(school: School) -> None:
    school.has(lesson("one"), lesson("two"), courses=(course("one", "two"),))
    shown = school.press("lesson:test:reception:5:2")
    assert "cần 4 câu" in shown.text
    assert "Câu 1/5" in school.taps(shown, "Làm lại bài kiểm tra").text
    school.press("lesson:test:reception:5:5")
    school.press("lesson:test:reception:5:1")
    assert school.progress.of(ANNA)["reception"].best == 5
    assert school.progress.of(ANNA)["reception"].done


def test_an_answer_is_explained_and_the_next_question_follows(school: School) -> None:
    school.has(lesson("one"), lesson("two"), courses=(course("one", "two"),))
    told, asked = school.floor.press(ANNA, "vi", "lesson:test:reception:0:0:0")
    assert told.text == "Chưa đúng. Đáp án là: 113. Vì thế."
    assert "Câu 2/5" in asked.text
    again = school.floor.press(ANNA, "vi", "lesson:test:reception:0:0:0")  # tapped twice: the same
    assert again == [told, asked]


def test_progress_is_forgotten_on_wish_and_after_a_year(school: School) -> None:
    school.press("lesson:papers:2")
    school.press("lesson:papers:2", who=BINH)
    school.floor.forget(ANNA)
    assert school.progress.of(ANNA) == {}
    school.clock.time += KEPT - timedelta(days=1)
    assert school.progress.purge() == 0
    school.clock.time += timedelta(days=2)
    assert school.progress.purge() == 1
    with school.store.read() as session:
        assert session.query(LessonProgress).count() == 0


def test_wrong_files_are_told_by_name(school: School) -> None:
    school.has(lesson("papers", cards=4))
    with pytest.raises(ContentError, match=r"lessons/papers\.yml: cards"):
        lessons_of(school.library)
    school.has(lesson("one"), courses=(course("one", "missing"),))
    with pytest.raises(ContentError, match="there is no lesson missing"):
        lessons_of(school.library)


def test_without_lessons_it_says_so(school: School) -> None:
    school.has()
    assert "chưa có bài" in school.press("lesson:list").text
    assert "chưa có bài" in school.floor.courses(ANNA, "vi")[0].text
