"""Replies as text: cutting loses nothing, breaks no character and keeps the limit."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.text import both, clean, joined, language, plain, split, units, words
from content.reply import Button, Call, Reply
from tests.kit.memory import channel_library

LIBRARY = channel_library()
VI, EN = words(LIBRARY, "vi"), words(LIBRARY, "en")
PIECES = [
    "Cảnh giác ",
    "với lời mời.",
    "\n",
    "\n\n",
    " ",
    "đ",
    "ế",
    "e\u0302\u0301",
    "👩‍👧",
    "👍\U0001f3fd",
    "🇻🇳",
    "a\u0300" * 3,
    "113",
    "…",
]
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=60).map("".join)
NUMBER = re.compile(r"^\((\d+)/(\d+)\) ")


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", text.replace("\r\n", "\n")) if not c.isspace())


@settings(deadline=None)
@given(texts, st.integers(32, 120))
def test_parts_fit_are_numbered_and_lose_nothing(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < units(part) <= limit for part in parts)
    if len(parts) > 1:
        found = [NUMBER.match(part) for part in parts]
        assert [(m[1], m[2]) for m in found if m] == [(str(n), str(len(parts))) for n in range(1, len(parts) + 1)]
        parts = [NUMBER.sub("", part, count=1) for part in parts]
    assert bare("".join(parts)) == bare(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=80).map("".join), st.integers(32, 60))
def test_no_part_begins_or_ends_inside_a_character(text: str, limit: int) -> None:
    for part in (NUMBER.sub("", part, count=1) for part in split(text, limit)):
        assert not unicodedata.category(part[0]).startswith("M")
        assert part[0] not in "\u200d\U0001f3fd"
        assert part[-1] != "\u200d"
        assert sum("\U0001f1e6" <= c <= "\U0001f1ff" for c in part) % 2 == 0


@settings(deadline=None)
@given(st.text(max_size=200), st.integers(32, 120))
def test_decomposed_and_composed_text_are_cut_alike(text: str, limit: int) -> None:
    assert split(unicodedata.normalize("NFD", text), limit) == split(unicodedata.normalize("NFC", text), limit)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("  \n ", []),
        ("Vừa đủ.", ["Vừa đủ."]),
        ("Đoạn một dài vừa phải\n\nĐoạn hai cũng thế", ["(1/2) Đoạn một dài vừa phải", "(2/2) Đoạn hai cũng thế"]),
        ("Dòng một dài vừa phải.\nDòng hai: a. b.", ["(1/2) Dòng một dài vừa phải.", "(2/2) Dòng hai: a. b."]),
        ("Câu một dài vừa phải. Câu hai cũng vậy", ["(1/2) Câu một dài vừa phải.", "(2/2) Câu hai cũng vậy"]),
        ("một hai ba bốn năm sáu bảy tám chín", ["(1/2) một hai ba bốn năm sáu bảy", "(2/2) tám chín"]),
        ("x" * 40, ["(1/2) " + "x" * 26, "(2/2) " + "x" * 14]),
    ],
)
def test_cuts_where_a_reader_would(text: str, parts: list[str]) -> None:
    assert split(text, 32) == parts


def test_a_character_of_several_stays_whole() -> None:
    family = "👩\u200d👩\u200d👧"
    assert split(family * 10, 32) == [f"({n}/4) {family * 3}" for n in (1, 2, 3)] + [f"(4/4) {family}"]
    assert split("🇻🇳" * 10, 32) == ["(1/2) " + "🇻🇳" * 6, "(2/2) " + "🇻🇳" * 4]
    marked = "q\u0323\u0302"  # has no composed form
    assert all(not unicodedata.combining(part[6]) for part in split(marked * 20, 32))
    assert joined("q\u0323", 1)
    assert not joined("🇻🇳🇻🇳", 2)


def test_more_than_nine_parts_still_fit() -> None:
    parts = split("từ " * 200, 40)
    assert len(parts) > 9
    assert all(units(part) <= 40 for part in parts)
    assert parts[-1].startswith(f"({len(parts)}/{len(parts)}) ")


def test_the_limit_counts_utf16_units() -> None:
    assert [units(part) for part in split("😀" * 30, 32)] == [32, 32, 14]


def test_a_limit_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        split("abc", 31)


FULL = Reply(
    "Khoan chuyển tiền.",
    note="Luật 53/2024/QH15, Điều 3.",
    calls=(Call("Gọi 113", number="113"), Call("Tổng đài", number="111"), Call("Tra công ty", url="https://dolab.vn")),
    buttons=(Button("Làm câu đố", "quiz:start"), Button("Danh mục", "say:help")),
)


def test_a_reply_without_buttons_is_all_text() -> None:
    (text,) = plain(FULL, True, 2000, VI)
    assert text == (
        "Khoan chuyển tiền.\n\n— Luật 53/2024/QH15, Điều 3.\n\n"
        "☎ Gọi 113\n☎ Tổng đài: 111\nTra công ty: https://dolab.vn\n\n"
        "Trả lời 1, 2 để chọn:\n1. Làm câu đố\n2. Danh mục"
    )


def test_without_numbers_the_buttons_are_left_to_the_channel() -> None:
    assert "Danh mục" not in plain(FULL, False, 2000, VI)[0]
    assert plain(Reply("Chào bạn {tên}."), True, 2000, VI) == ["Chào bạn {tên}."]


def test_english_words() -> None:
    assert plain(Reply("Hello", buttons=(Button("Menu", "say:help"),)), True, 2000, EN)[0].endswith(
        "Reply 1 to choose:\n1. Menu"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đang nguy hiểm thì gọi 113 ngay.", "vi"),
        ("If you are in danger, call 113 now. The Vietnam Women's Union (Hội Phụ nữ) can help too.", "en"),
        ("113", "vi"),
        ("OK", "vi"),
    ],
)
def test_language_of_a_reply(text: str, expected: str) -> None:
    assert language(Reply(text)) == language(Reply(unicodedata.normalize("NFD", text))) == expected


def test_the_phrases_are_of_the_language_that_they_say() -> None:
    for key in ("channel.trouble", "channel.group"):
        assert language(Reply(LIBRARY.phrase(key, "vi"))) == "vi"
        assert language(Reply(LIBRARY.phrase(key, "en"))) == "en"
        assert both(LIBRARY, key).count("\n\n") == 1


def test_what_no_store_takes_is_cleaned() -> None:
    assert clean("a\ud83d b\0 \U0001f600 ế") == "a\ufffd b \U0001f600 ế"
