"""Cutting a message into clauses."""

from __future__ import annotations

import pytest

from nlu.talk.clauses import MOST, clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("mua bán người là gì và bị phạt bao nhiêu năm", ("mua bán người là gì", "bị phạt bao nhiêu năm")),
        (
            "cho xin số đường dây nóng với lại báo tin có bị lộ không",
            ("cho xin số đường dây nóng", "báo tin có bị lộ không"),
        ),
        (
            "cho xin so duong day nong voi lai bao tin co bi lo khong",
            ("cho xin so duong day nong", "bao tin co bi lo khong"),
        ),
        ("học nghề ở đâu rồi cho em hỏi số tổng đài", ("học nghề ở đâu", "rồi cho em hỏi số tổng đài")),
        ("What is trafficking? And also can I stay anonymous?", ("What is trafficking?", "can I stay anonymous?")),
        ("cho em hỏi, báo tin có bị lộ không", ("cho em hỏi, báo tin có bị lộ không",)),
        ("lương 30.000.000 một tháng, bao ăn ở", ("lương 30.000.000 một tháng", "bao ăn ở")),
        ("con tôi đi Lào", ("con tôi đi Lào",)),
        ("bố và mẹ", ("bố và mẹ",)),
        ("", ()),
    ],
)
def test_where_it_is_cut(text: str, parts: tuple[str, ...]) -> None:
    assert clauses(text) == parts


def test_a_child_is_no_link_and_also_is_one() -> None:
    assert len(clauses("nhà em có hai đứa con nhỏ lắm anh ơi")) == 1
    assert len(clauses("bán thận có tội không còn đẻ thuê thì sao hả bạn")) == 2


def test_a_long_story_has_not_more_clauses_than_are_read() -> None:
    parts = clauses(", ".join(f"hôm nay có chuyện thứ {n}" for n in range(30)))
    assert len(parts) == MOST
    assert parts[-1].endswith("chuyện thứ 29")
