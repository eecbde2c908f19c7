"""Words that mean one thing alone and another inside a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from content.library import Library
from guides.relative.guide import RelativeGuide

GUIDE = RelativeGuide(Library.load(), lambda: date(2026, 11, 24))


def heard(at: str, said: str, **words: str) -> dict[str, Any]:
    step = GUIDE.hear({"o": {}, "w": words, "at": at}, "vi", said)
    assert step is not None
    return dict(step.kept or {})


@pytest.mark.parametrize("said", ["làm tờ khai ở xã", "em bảo đi làm tờ giấy", "xong việc là nó mất tích"])
def test_a_sentence_does_not_finish(said: str) -> None:
    kept = heard("looks", said)
    assert kept["w"]["looks"] == said
    assert kept["at"] == "when"


def test_the_words_alone_finish() -> None:
    assert heard("looks", "làm tờ")["at"] == "summary"


@pytest.mark.parametrize("said", ["không mang gì", "ko mang gì", "khong mang gi", "không có"])
def test_no_papers(said: str) -> None:
    kept = heard("papers", said)
    assert kept["o"]["papers"] == "none"
    assert kept["at"] == "said"


@pytest.mark.parametrize("said", ["khoảng 20", "20", "20 tuổi", "tầm 18 20", "chừng 20t"])
def test_a_bare_age_completes_the_answer_before(said: str) -> None:
    kept = heard("place", said, who="nam")
    assert kept["w"] == {"who": f"nam, {said}"}
    assert kept["at"] == "place"


@pytest.mark.parametrize(
    ("said", "who"), [("khoảng 20 km từ cửa khẩu", "nam"), ("khoảng 20", "nam 20 tuổi"), ("quận 7", "nữ")]
)
def test_a_place_with_a_number_is_a_place(said: str, who: str) -> None:
    assert heard("place", said, who=who)["w"]["place"] == said
