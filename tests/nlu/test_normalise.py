"""normalise.py: one form for what people type."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.normalise import ABBREVIATIONS, clean, expand, normalise, strip_marks

# Ordinary Vietnamese typing, and what breaks careless code: loose marks, invisible characters, drawn-out runs.
_TYPED = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "aăâbcdđeêghiklmnoôơpqrstuưvxyzAĂĐỆ oàuýeẻóạ.,!?012₫k\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b\u200b\ufeff"
        ),
        st.characters(),
    ),
    max_size=60,
)


@settings(max_examples=500, deadline=None)
@given(_TYPED)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@settings(max_examples=500, deadline=None)
@given(_TYPED)
def test_composed_and_decomposed_text_are_the_same(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert normalise(composed) == normalise(decomposed)
    assert clean(composed) == clean(decomposed)
    assert strip_marks(composed) == strip_marks(decomposed)


@settings(max_examples=500, deadline=None)
@given(_TYPED)
def test_nothing_has_marks_after_stripping(text: str) -> None:
    bare = strip_marks(text)
    assert not any(unicodedata.combining(letter) for letter in unicodedata.normalize("NFD", bare))
    assert not set(bare) & set("đĐðÐ")
    assert strip_marks(bare) == bare


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạ "), max_size=60))
def test_stripping_keeps_the_number_of_letters(text: str) -> None:
    assert len(strip_marks(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("mua bán người", "mua ban nguoi"),
        ("Đường dây nóng ĐẦU TIÊN", "Duong day nong DAU TIEN"),
        ("đã đi đâu đó", "da di dau do"),
        ("Ðừng đi", "Dung di"),  # U+00D0, which old keyboards type for Đ
        ("ươ ƯỢ ễ ặ ỷ", "uo UO e a y"),
    ],
)
def test_letters_without_marks(text: str, bare: str) -> None:
    assert strip_marks(text) == bare


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("hoà", "hòa"),
        ("toả", "tỏa"),
        ("khoẻ", "khỏe"),
        ("loè", "lòe"),
        ("thuỷ", "thủy"),
        ("uỷ ban", "ủy ban"),
        ("luỹ", "lũy"),
        ("HOÀ BÌNH", "hòa bình"),
    ],
)
def test_both_ways_of_placing_the_tone_are_one(new: str, old: str) -> None:
    assert normalise(new) == old == normalise(old)


@pytest.mark.parametrize("text", ["hoàn", "toán", "khoẻn", "quỳ", "quý", "quỷ", "huỳnh", "toàn quyền"])
def test_the_tone_stays_where_there_is_one_way_only(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("trờiiii ơiiiii", "trời ơi"),
        ("alooooo", "alo"),
        ("HELPPPP", "help"),
        ("cứuuuu!!!!!", "cứu!"),
        ("sao???", "sao?"),
        ("xoong", "xoong"),  # two of a letter are a word
    ],
)
def test_drawn_out_letters_are_drawn_in(text: str, meant: str) -> None:
    assert normalise(text) == meant


@pytest.mark.parametrize("text", ["gọi 111", "gọi 113 ngay", "nợ 500000 đồng", "lương 1000 đô", "0900000000"])
def test_digits_are_not_drawn_in(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("cty xklđ này ko dc", "công ty xuất khẩu lao động này không được"),
        ("Cty XKLD này K ĐC", "công ty xuất khẩu lao động này không được"),
        ("sđt cuả ai v", "số điện thoại cuả ai vậy"),
        ("mk bít r", "mình biết rồi"),
        ("việc j zậy", "việc gì vậy"),
        ("mbn là gì", "mua bán người là gì"),
    ],
)
def test_abbreviations_are_written_out(text: str, meant: str) -> None:
    assert normalise(text) == meant


@pytest.mark.parametrize("text", ["a", "b", "C", "chỉ", "ct", "h?"])
def test_an_answer_of_one_letter_stays_one(text: str) -> None:
    assert normalise(text) == text.lower()


def test_a_short_word_inside_another_is_no_abbreviation() -> None:
    assert expand("kem koko dcx") == "kem koko dcx"
    assert expand("k̃ rồi") == "k̃ rồi"  # a loose mark belongs to its letter


@pytest.mark.parametrize("short", sorted(ABBREVIATIONS))
def test_every_abbreviation_ends_in_full_words(short: str) -> None:
    full = f"xin {ABBREVIATIONS[short]} xin"
    assert normalise(f"xin {short} xin") == full == normalise(full)
    assert short == clean(short).lower()


def test_cleaning_leaves_the_letters_alone() -> None:
    assert clean(" Em\u200b  bị \n NHỐT\ufeff ") == "Em bị NHỐT"
    assert clean("a\u200d\u0301") == "á"  # the mark meets its letter only when what hid between them is gone
    assert normalise("\u200b \n") == ""
