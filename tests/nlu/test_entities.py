"""nlu.entities on its labelled files, and rule by rule where a mistake would be worst."""

from __future__ import annotations

import json
import time
import unicodedata
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.engine import Meaning
from nlu.entities import Kind, find, lunar
from nlu.entities.gazetteer import DATA, load
from nlu.entities.numbers import value
from nlu.entities.reading import Reading
from nlu.entities.scoring import TODAY, scores
from nlu.rasa_engine import RasaEngine
from tests.nlu.contract_kit import Actions

FILES = sorted((Path(__file__).parent / "entities").glob("*.jsonl"))
PLACES = Path(__file__).parents[2] / "content" / "places.yml"
# The first day of the lunar year in Vietnam; in 2007 and 2030 China's is a day later.
TET = """2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-17 2008-02-07 2009-01-26
2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25
2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02 2031-01-23
2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12""".split()


def values(text: str, kind: Kind) -> list[Any]:
    return [each.value for each in find(text, TODAY) if each.kind is kind]


def test_there_is_a_file_for_every_kind() -> None:
    assert {path.stem for path in FILES} == set(Kind)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_files_are_what_they_should_be(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({row["text"] for row in rows}) == len(rows) >= 120
    assert sum(not row["entities"] for row in rows) >= 0.3 * len(rows)
    assert sum(row["text"].isascii() for row in rows) >= 0.45 * len(rows)
    assert all(each["text"] in row["text"] for row in rows for each in row["entities"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_entities_are_found(path: Path) -> None:
    assert scores(path).f1 >= 0.92


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("ba", 3), ("mười", 10), ("mười lăm", 15), ("hai mươi", 20), ("hai mươi mốt", 21), ("hai mốt", 21), ("bốn tư", 44),
        ("ba chục", 30), ("một trăm linh năm", 105), ("một trăm hai mươi", 120), ("nam tram", 500), ("muoi hai", 12),
        ("chín mươi chín", 99), ("50.000.000", 50e6), ("1,5", 1.5), ("1.500", 1500), ("1,500", 1500), ("30", 30),
    ],
)  # fmt: skip
def test_number_words(written: str, number: float) -> None:
    assert value(written) == number


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("hai mươi lăm triệu rưỡi", 25.5e6, "VND"), ("1 tỷ 2", 1.2e9, "VND"), ("3tr5", 3.5e6, "VND"), ("2k đô", 2000, "USD"),
        ("ba chuc trieu", 30e6, "VND"), ("$500", 500, "USD"), ("3000 te", 3000, "CNY"), ("30 triệu 1 tháng", 30e6, "VND"),
        ("nửa tỷ", 500e6, "VND"), ("bay trieu tu", 7.4e6, "VND"), ("500k", 500e3, "VND"), ("20 man", 200e3, "JPY"),
    ],
)  # fmt: skip
def test_money(text: str, amount: float, currency: str) -> None:
    assert values(text, Kind.MONEY) == [{"amount": amount, "currency": currency}]


def test_a_range_of_money() -> None:
    assert values("lương 30-40tr", Kind.MONEY) == [{"amount": 30_000_000, "currency": "VND", "up_to": 40_000_000}]


@pytest.mark.parametrize(
    "text", ["2 triệu người", "mấy chục triệu", "100k follow", "12 đồng nghiệp", "5 ngan hang", "0912345678"]
)
def test_what_is_no_money(text: str) -> None:
    assert values(text, Kind.MONEY) == []


@pytest.mark.parametrize("tet", TET)
def test_tet(tet: str) -> None:
    day = date.fromisoformat(tet)
    assert lunar.to_date(1, 1, day.year) == day
    assert lunar.last_day(12, day.year - 1) == day - timedelta(days=1)


def test_leap_months_and_days_that_are_not() -> None:
    assert lunar.to_date(1, 6, 2025, leap=True) == date(2025, 7, 25)
    assert lunar.to_date(1, 2, 2023, leap=True) == date(2023, 3, 22)
    with pytest.raises(ValueError, match="month"):
        lunar.to_date(1, 6, 2026, leap=True)
    with pytest.raises(ValueError, match="day"):
        lunar.to_date(31, 1, 2026)


def test_every_day_has_one_lunar_day() -> None:
    for year in range(1950, 2060):
        months = [lunar.to_date(1, month, year) for month in range(1, 13)]
        assert months == sorted(months)
        assert (lunar.to_date(1, 1, year + 1) - months[0]).days in (353, 354, 355, 383, 384, 385)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0912 345 678", "+84912345678"), ("o912.345.678", "+84912345678"), ("+84 912 345 678", "+84912345678"),
        ("0084912345678", "+84912345678"), ("84912345678", "+84912345678"), ("+855 12 345 678", "+85512345678"),
        ("024 3825 1234", "+842438251234"), ("gọi 111", "111"), ("tong dai 1900 1234", "19001234"),
    ],
)  # fmt: skip
def test_phone(text: str, number: str) -> None:
    assert values(text, Kind.PHONE) == [number]


@pytest.mark.parametrize(
    "text", ["cccd 001203012345", "stk 0912345678", "50.000.000", "ngày 05/10/2026", "phong 113", "số 113 Nguyễn Trãi"]
)
def test_what_is_no_phone(text: str) -> None:
    assert values(text, Kind.PHONE) == []


@pytest.mark.parametrize(
    "text", ["anh Đức tốt lắm", "chị Nga ơi", "ăn cam", "đi tàu về", "xa hội", "sinh nhật em", "hòa bình", "ba lần"]
)
def test_what_is_no_place(text: str) -> None:
    assert values(text, Kind.PLACE) == []


def test_a_commune_of_many_is_settled_by_its_province() -> None:
    [alone] = values("em ở xã Tân Lập", Kind.PLACE)
    assert alone == {"type": "commune", "name": "Xã Tân Lập"}
    first, second = values("em ở xã Tân Tiến, Lạng Sơn", Kind.PLACE)
    assert first["province"] == second["name"] == "Lạng Sơn"


def test_content_has_the_same_provinces() -> None:
    ours = yaml.safe_load((DATA / "places.yml").read_text(encoding="utf-8"))["provinces"]
    theirs = yaml.safe_load(PLACES.read_text(encoding="utf-8"))
    assert {p["name"]: set(p.get("former", ())) for p in ours} == {p["name"]: set(p.get("former", ())) for p in theirs}


def test_every_unit_is_there() -> None:
    table = load()
    assert sum(map(len, table.communes.values())) == 3321
    assert sum(map(len, table.districts.values())) == 696


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_positions_are_those_of_the_text_as_typed(form: Any) -> None:
    text = unicodedata.normalize(form, "Chị ơi, hôm qua em ở Lào Cai, mất ba chục triệu; nó gọi 0912 345 678")
    found = find(text, TODAY)
    assert [each.kind for each in found] == [Kind.TIME, Kind.PLACE, Kind.MONEY, Kind.PHONE]
    assert all(text[each.start : each.end] == each.text for each in found)
    wanted = ["hôm qua", "Lào Cai", "ba chục triệu", "0912 345 678"]
    assert [unicodedata.normalize("NFC", each.text) for each in found] == wanted


def test_upper_case_and_no_marks_give_the_same_values() -> None:
    for text in ("HÔM QUA EM Ở LÀO CAI, MẤT BA CHỤC TRIỆU", "hom qua em o lao cai, mat ba chuc trieu"):
        assert [each.value for each in find(text, TODAY)] == [
            {"from": "2026-11-23", "to": "2026-11-23"},
            {"type": "province", "code": "15", "name": "Lào Cai"},
            {"amount": 30_000_000, "currency": "VND"},
        ]


def test_the_longest_wins() -> None:
    assert [each.kind for each in find("em 2k9", TODAY)] == [Kind.AGE]
    assert [each.text for each in find("ở thành phố Hồ Chí Minh", TODAY)] == ["thành phố Hồ Chí Minh"]


@given(
    st.text(
        alphabet=st.sampled_from("0123456789 .,-/+()$okđdtrhômquaừsinhtuổiÂấ\u0301\u0323\u200bİ½ﬁ \nXã"), max_size=80
    )
)
def test_any_text_is_read(text: str) -> None:
    found = find(text, TODAY)
    assert all(text[each.start : each.end] == each.text != "" for each in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    json.dumps([each.value for each in found])


@given(st.text(max_size=60))
def test_a_reading_has_one_length(text: str) -> None:
    reading = Reading(text)
    assert len(reading.shown) == len(reading.low) == len(reading.bare)


def test_long_and_odd_texts_take_no_longer() -> None:
    for unit in ("1 ", "hai ", "0", "o", "a", "xã ", "ngày 1/1 ", "công ty A ", "30-", "+84 "):
        text = unit * (4000 // len(unit))
        find(text[:50], TODAY)
        start = time.perf_counter()
        find(text, TODAY)
        assert time.perf_counter() - start < 1.0, unit


async def test_a_meaning_gives_its_values_and_hides_its_words(engine: RasaEngine) -> None:
    meaning = await engine.read("hôm qua em sang Cam")
    assert [(found.kind, found.text, found.value) for found in meaning.entities(TODAY)] == [
        ("time", "hôm qua", {"from": "2026-11-23", "to": "2026-11-23"}),
        ("place", "Cam", {"type": "country", "code": "KH", "name": "Campuchia"}),
    ]
    assert "Cam" not in repr(meaning)
    assert Meaning("greet", 1.0).entities() == []


async def test_an_action_can_ask_for_the_values(engine: RasaEngine, actions: Actions) -> None:
    await engine.turn("talk", "xin chào, em 17 tuổi", "vi")
    assert [found.value for found in actions.asked[0].meaning.entities(TODAY)] == [17]
