"""Typed text, and what lies in the envelopes."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tips.report import Answer, Report, ReportError
from tips.text import clean, shorten

words = st.text(max_size=60)


@pytest.mark.parametrize(
    ("raw", "text", "dropped"),
    [
        ("  Chào bạn \n", "Chào bạn", False),
        ("một\r\nhai\u2028ba", "một\nhai\nba", False),
        ("số\x00 09\x1b12", "số 0912", True),
        ("\u202e2190\u202c gọi", "2190 gọi", True),
        ("\u2066\u2069\u200b\ufeff", "", True),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", False),
        ("\u200d", "", False),
        ("hoa\u0300", "hoà", False),
        ("a\ud800b", "a\ufffdb", False),
        ("\ud83d\ude00", "😀", False),
    ],
)
def test_cleaning(raw: str, text: str, dropped: bool) -> None:
    cleaned = clean(raw)
    assert (cleaned.text, cleaned.dropped) == (text, dropped)


@given(st.text())
def test_nothing_that_can_be_seen_is_lost_and_nothing_hidden_stays(raw: str) -> None:
    text = clean(raw).text
    assert clean(text).text == text
    text.encode()
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text)
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    letters = [c for c in unicodedata.normalize("NFC", raw) if c.isalnum() and unicodedata.category(c) != "Cs"]
    assert [c for c in text if c.isalnum()] == letters


def test_shortening() -> None:
    assert shorten("một\nhai", 20) == "một hai"
    assert shorten("x" * 30, 10) == "x" * 9 + "…"


@given(words, words, st.booleans(), st.lists(words, max_size=3))
def test_a_report_comes_back_whole(what: str, who: str, danger: bool, provinces: list[str]) -> None:
    report = Report(language="en", danger=danger, what=what, who=who, provinces=tuple(provinces))
    assert Report.from_bytes(report.to_bytes()) == report


def test_the_first_line_is_the_first_thing_told() -> None:
    assert Report(where="Lào Cai", who="Hùng").first_line() == "Lào Cai"
    assert Report(what="x " * 500).first_line().endswith("…")
    assert Report().first_line() == ""


def test_an_answer_comes_back_whole() -> None:
    answer = Answer("Cảm ơn bạn", datetime(2026, 11, 24, 7, 21, 5, 3, tzinfo=UTC))
    assert Answer.from_bytes(answer.to_bytes()) == answer


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"[]", b"{}", b'{"format":2,"provinces":[]}', b'{"format":1,"provinces":[],"what":5}', b"null"],
)
def test_other_bytes_are_no_report_and_no_answer(data: bytes) -> None:
    with pytest.raises(ReportError):
        Report.from_bytes(data)
    with pytest.raises(ReportError):
        Answer.from_bytes(data)


def test_words_show_in_no_repr() -> None:
    values = (Report(what="bí mật"), clean("bí mật"), Answer("bí mật", datetime.now(UTC)))
    assert not any("bí mật" in repr(value) for value in values)
