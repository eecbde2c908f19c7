"""The normaliser, on anything that can be typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guides.company import licences
from guides.company.names import parse, same_marks
from guides.company.sounds import sound
from nlu.normalise import strip_marks

SYLLABLES = "hạt sương mai gió núi thuyền đồng bằng trăng khế quýt nghé mỹ thuý hoà xưa".split()
names = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=5).map(" ".join)
forms = st.sampled_from(["Công ty TNHH", "cty tnhh", "CÔNG TY TNHH MTV", "cong ty tnhh", "tnhh"])


@settings(max_examples=300)
@given(st.text(max_size=400))
def test_takes_any_text(text: str) -> None:
    name = parse(text)
    assert len(name.words) == len(name.marked)
    assert len(name.core) == len(name.core_marked)
    assert set(name.core) <= set(name.words)
    assert all(word and word == word.strip() for word in name.words)
    licences.split(text)
    sound(name.core)


@given(names, forms)
def test_the_form_in_law_is_taken_off_and_remembered(name: str, form: str) -> None:
    found = parse(f"{form} {name}")
    assert found.words == parse(name).words
    assert found.forms == {"tnhh"}


@given(names)
def test_marks_capitals_and_unicode_forms_lead_to_one_name(name: str) -> None:
    known = parse(name)
    for other in (name.upper(), name.title(), unicodedata.normalize("NFD", name), f" {name}, ", strip_marks(name)):
        assert parse(other).joined == known.joined
        assert same_marks(parse(other).core_marked, known.core_marked)


@given(names)
def test_a_name_run_together_is_the_same_name(name: str) -> None:
    together = name.replace(" ", "")
    assert parse(f"ctytnhh{together}").joined == parse(f"cty tnhh {together}").joined
    assert parse(together).joined == parse(name).joined


@pytest.mark.parametrize(
    ("typed", "listed", "same"),
    [
        ("hoang long", "hoàng long", True),
        ("hoà", "hòa", True),
        ("hoàng lộng", "hoàng long", False),
        ("hoằng long", "hoàng long", False),
        ("hoàng long", "hoang long", False),
        ("đo", "do", False),
    ],
)
def test_marks_make_names(typed: str, listed: str, same: bool) -> None:
    assert same_marks(tuple(typed.split()), tuple(listed.split())) is same


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0123/AB-GP", "123"),
        ("giấy phép số 45", "45"),
        ("GP: 7", "7"),
        ("so 12", "12"),
        ("licence number 88", "88"),
        ("Hạt Sương Mai", ""),
        ("lương 20 triệu", ""),
        ("0912345678", ""),
        ("sinh 12/03/2004", ""),
    ],
)
def test_numbers_of_licences(text: str, number: str) -> None:
    assert licences.split(text)[0] == number


@given(st.integers(1, 99999), st.sampled_from(["AB-GP", "MAU-GP", "XYZ"]), st.sampled_from(["", "0", "00"]))
def test_a_licence_is_the_same_however_it_is_written(number: int, letters: str, zeros: str) -> None:
    known = licences.key(f"{number}/{letters}")
    assert licences.key(f"{zeros}{number} / {letters.lower()}") == known
    assert licences.split(f"{zeros}{number}/{letters}")[0] == str(number)
