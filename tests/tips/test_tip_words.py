"""Provinces and commands, as people type them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.model import Place
from tests.tips.kit import make_library
from tips.citizen.commands import Command, command
from tips.citizen.places import Places, Province

LIBRARY = make_library()
PLACES = Places(LIBRARY.places)


def names(text: str) -> list[str]:
    return [province.name for province in PLACES.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lào Cai", ["Lào Cai"]),
        ("o lao cai gan cho", ["Lào Cai"]),
        ("LÀO CAI!", ["Lào Cai"]),
        ("quán ở Thanh Hoá", ["Thanh Hóa"]),
        ("thanh hóa", ["Thanh Hóa"]),
        ("tphcm", ["Thành phố Hồ Chí Minh"]),
        ("TP.HCM, quận 1", ["Thành phố Hồ Chí Minh"]),
        ("sai gon", ["Thành phố Hồ Chí Minh"]),
        ("Đăk Lăk", ["Đắk Lắk"]),
        ("đa nang", ["Đà Nẵng"]),
        ("vinh long", ["Vĩnh Long"]),
        ("ga vinh", ["Nghệ An"]),
        ("xã Vĩnh Lộc", []),
        ("từ Nghệ An qua Lao Bảo", ["Nghệ An", "Quảng Trị"]),
        ("Lào Cai, Lào Cai, Sa Pa", ["Lào Cai"]),
        ("bên Lào", []),
        ("hanoi", []),
        ("Thuế", []),
        ("", []),
    ],
)
def test_provinces(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_former_names_are_said_with_todays() -> None:
    assert PLACES.find("ha giang") == (Province("Tuyên Quang", "Hà Giang"),)
    assert PLACES.find("Bà Rịa - Vũng Tàu") == (Province("Thành phố Hồ Chí Minh", "Bà Rịa - Vũng Tàu"),)


@given(st.sampled_from(LIBRARY.places), st.sampled_from(["{}", "ở {} ạ", "gần chợ, {}."]))
def test_every_name_is_found_with_marks_and_without(place: Place, frame: str) -> None:
    for name in (place.name, *place.former, *place.also):
        bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
        for typed in (name, name.upper(), bare.replace("đ", "d").replace("Đ", "D")):
            assert names(frame.format(typed)) == [place.name]


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    PLACES.find(text)
    command(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("bỏ qua", Command.SKIP),
        ("Bo qua nhe", Command.SKIP),
        ("quay lại đi", Command.BACK),
        ("hủy", Command.CANCEL),
        ("huỷ", Command.CANCEL),
        ("dừng lại", Command.CANCEL),
        ("dừng", Command.CANCEL),
        ("thôi", Command.CANCEL),
        ("xoá hết", Command.DELETE),
        ("Gửi đi!", Command.SEND),
        ("đúng rồi ạ", Command.YES),
        ("đúng", Command.YES),
        ("đừng", Command.NO),
        ("dung", Command.UNSURE),
        ("Cancel", Command.CANCEL),
        ("thôi việc rồi bị giữ lại", None),
        ("bỏ qua biên giới Campuchia", None),
        ("cô", None),
        ("", None),
    ],
)
def test_commands_are_whole_messages(text: str, meant: Command | None) -> None:
    assert command(text) is meant
