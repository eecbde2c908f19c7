"""The hand-over through its port: nothing is kept before a plain yes, exactly what was shown after it."""

from __future__ import annotations

import pytest

from guides.handover.wishes import Wishes
from tests.guides.handover.conftest import GROUP

TOLD = ("vay vốn", "Đồng Nai", "xã Bình An", "0912345678", "buổi tối sau 8 giờ")


def test_it_says_first_what_is_passed_on_to_whom_and_for_how_long(talks) -> None:
    intro, asked = talks().step.replies
    for said in ("Không bắt buộc", "không cần nói tên", "Ai đọc", "60 ngày", "30 ngày", "Rút lại", "Đồng ý, gửi đi"):
        assert said in intro.text, said
    assert "53/2024/QH15" in intro.note
    assert asked.text.endswith("gõ vài chữ.")


def test_to_the_end_with_buttons(talks, rows, wishes: Wishes) -> None:
    person = talks()
    person.tap("Học nghề")
    person.tap("Chọn trong danh sách")
    while "Gia Lai" not in person.titles:
        person.tap("Tỉnh khác")
    person.tap("Gia Lai")
    person.tap("Bỏ qua")
    person.says("0912 345 678")
    person.tap("Buổi tối")
    assert rows() == [], "nothing before the yes"
    shown = person.last.text
    for said in ("• Cần: Học nghề", "• Nơi ở: Gia Lai", "• Liên lạc: 0912 345 678", "• Giờ tiện: Buổi tối", "60 ngày"):
        assert said in shown, said
    step = person.tap("Đồng ý, gửi đi")
    assert step.kept is None and not step.tip and not step.urgent
    (row,) = rows()
    assert (row.province, row.taken_by, row.asked_on.isoformat()) == ("Gia Lai", None, "2026-11-24")
    assert row.expires_on.isoformat() == "2027-01-23"
    assert wishes.take(row.id, 1)
    wish = wishes.open(row.id, GROUP).wish
    assert (wish.wants, wish.commune, wish.reach, wish.time) == ("Học nghề", "", "0912 345 678", "Buổi tối")
    assert wish.agreed == shown


def test_to_the_end_in_words(talks, rows, wishes: Wishes) -> None:
    person = talks()
    person.says(*TOLD)
    assert rows() == []
    step = person.says("đồng ý gửi đi")
    assert step.kept is None
    (row,) = rows()
    assert row.province == "Đồng Nai"


def test_to_the_end_in_english(talks, rows) -> None:
    person = talks("", "en")
    assert "In danger, call 113 first" in person.step.replies[0].text
    person.says("I want to learn a trade", "ha noi", "skip", "my sister's Zalo", "any time")
    assert "my sister's Zalo" in person.last.text
    person.tap("I agree, send")
    assert len(rows()) == 1


def test_what_was_said_at_once_is_not_asked_again(talks) -> None:
    person = talks("mình ở Kon Tum muốn vay vốn, gọi mình số 0912345678")
    assert "xã, phường nào" in person.last.text
    person.says("bỏ qua", "bỏ qua")
    for said in ("Vay vốn", "Quảng Ngãi", "0912 345 678", "không nói"):
        assert said in person.last.text


@pytest.mark.parametrize(
    ("typed", "province"),
    [
        ("Kon Tum", "Quảng Ngãi"),
        ("tinh ha giang", "Tuyên Quang"),
        ("tp hcm", "Thành phố Hồ Chí Minh"),
        ("Sài Gòn", "Thành phố Hồ Chí Minh"),
        ("huế", "Huế"),
        ("hòa bình", "Phú Thọ"),
        ("Vinh", "Nghệ An"),
        ("mình ở Biên Hòa", "Đồng Nai"),
        ("bà rịa vũng tàu", "Thành phố Hồ Chí Minh"),
        ("Bình Dương cũ", "Thành phố Hồ Chí Minh"),
        ("Đắk Nông", "Lâm Đồng"),
        ("daklak", "Đắk Lắk"),
    ],
)
def test_provinces_as_people_call_them(talks, typed: str, province: str) -> None:
    person = talks()
    person.tap("Việc làm")
    person.says(typed)
    assert person.step.kept["province"] == province


def test_every_province_and_every_former_one_is_understood(talks, library) -> None:
    for place in library.places:
        for name in (place.name, *place.former):
            person = talks()
            person.tap("Việc làm")
            person.says(name)
            assert person.step.kept.get("province") == place.name, name
            assert (f"{name} nay thuộc {place.name}" in person.last.text) is (name != place.name)


def test_every_province_is_on_a_button(talks, library) -> None:
    person, seen = talks(), set()
    person.tap("Việc làm")
    person.tap("Chọn trong danh sách")
    for _ in range(5):
        seen |= {b.title for b in person.last.buttons if ":p:" in b.payload}
        person.tap("Tỉnh khác")
    assert seen == {place.name for place in library.places}


@pytest.mark.parametrize("typed", ["Atlantis", "Campuchia", "thôn ba"])
def test_a_province_that_there_is_not_is_asked_again(talks, typed: str) -> None:
    person = talks()
    person.tap("Việc làm")
    assert "chưa nhận ra tỉnh" in person.says(typed).replies[-1].text
    assert "Việc" not in person.says("Gia Lai").replies[-1].text


def test_two_provinces_are_no_answer(talks) -> None:
    person = talks()
    person.tap("Việc làm")
    assert "mấy tỉnh" in person.says("Gia Lai hoặc Lào Cai").replies[-1].text
    assert "province" not in person.step.kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("o912.345.678", "0912 345 678"),
        ("+84 912 345 678", "0912 345 678"),
        ("+855 12 345 678", "+855 12 345 678"),
        ("0912345678, gọi sau 8 giờ tối nhé", "0912345678, gọi sau 8 giờ tối nhé"),
        ("nhắn Zalo của chị gái em", "nhắn Zalo của chị gái em"),
        ("gặp ở nhà văn hóa thôn, chiều thứ bảy", "gặp ở nhà văn hóa thôn, chiều thứ bảy"),
    ],
)
def test_ways_to_be_reached(talks, typed: str, kept: str) -> None:
    person = talks()
    person.says(*TOLD[:3], typed)
    assert person.step.kept["reach"] == kept
    person.tap("Bỏ qua")
    assert f"• Liên lạc: {kept}" in person.last.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("091234567", "thiếu hoặc thừa số"),
        ("09123456789123", "thiếu hoặc thừa số"),
        ("1900 1234", "số tổng đài"),
        ("x" * 121, "nhiều nhất 120"),
        ("gọi chị hàng xóm " * 9, "nhiều nhất 120"),
    ],
)
def test_what_nobody_can_be_reached_by_is_asked_again(talks, typed: str, told: str) -> None:
    person = talks()
    person.says(*TOLD[:3])
    assert told in person.says(typed).replies[-1].text
    assert "reach" not in person.step.kept


def test_a_number_at_another_question_is_kept_for_its_own_and_reaches_no_engine(talks) -> None:
    for before in ((), TOLD[:1], TOLD[:2]):
        person = talks()
        person.says(*before)
        assert person.says("gọi cho em số 0912345678 với ạ?") is not None
        assert person.step.kept["reach"] == "0912 345 678"
    person = talks()
    person.says(*TOLD)
    assert person.says("số cũ của em là 0987654321 mất rồi?") is not None
    assert person.step.kept["reach"] == "0912 345 678"


@pytest.mark.parametrize("asked", range(6))
@pytest.mark.parametrize(
    "text",
    [
        "lãi suất bao nhiêu vậy",
        "ai đọc được lời nhắn này?",
        "cho em hỏi luật này",
        "báo tin",
        "113",
        "?!",
        "xin chào",
    ],
)
def test_a_question_in_the_middle_is_the_engines(talks, asked: int, text: str) -> None:
    person = talks()
    person.says(*TOLD[:asked]) if asked else None
    kept = person.step.kept
    assert person.says(text) is None
    assert person.step.kept == kept


@pytest.mark.parametrize("asked", range(6))
@pytest.mark.parametrize("text", ["thôi", "Thôi không gửi", "dừng lại", "huỷ"])
def test_leaving_at_every_question(talks, rows, asked: int, text: str) -> None:
    person = talks()
    person.says(*TOLD[:asked]) if asked else None
    step = person.says(text)
    assert step.kept is None and "không gửi gì" in step.replies[-1].text
    assert rows() == []


def test_refused_at_the_end(talks, rows) -> None:
    for refuse in (lambda p: p.tap("Không gửi"), lambda p: p.says("không đồng ý"), lambda p: p.says("chưa")):
        person = talks()
        person.says(*TOLD)
        step = refuse(person)
        assert step.kept is None and "không gửi gì" in step.replies[-1].text
        assert rows() == []


@pytest.mark.parametrize("text", ["ok", "ừ", "được", "hôm nay trời đẹp", "👍"])
def test_only_a_plain_yes_is_a_yes(talks, rows, text: str) -> None:
    person = talks()
    person.says(*TOLD)
    person.says(text)
    assert rows() == []
    assert person.step.kept is not None


def test_a_yes_to_what_was_shown_before_is_none(talks, rows) -> None:
    person = talks()
    person.says(*TOLD)
    (old,) = [b.payload for b in person.last.buttons if b.title == "Đồng ý, gửi đi"]
    person.tap("Sửa lại")
    person.tap("Liên lạc")
    person.says("0987654321")
    step = person.press(old)
    assert rows() == [] and "đã đổi" in step.replies[-1].text
    assert "0987 654 321" in step.replies[-1].text
    person.tap("Đồng ý, gửi đi")
    assert len(rows()) == 1


def test_each_answer_can_be_changed(talks) -> None:
    person = talks()
    person.says(*TOLD)
    for part, said in (
        ("Cần", "việc làm"),
        ("Tỉnh, thành", "Lào Cai"),
        ("Xã, phường", "xã Bát Xát"),
        ("Giờ tiện", "trưa"),
    ):
        person.tap("Sửa lại")
        person.tap(part)
        person.says(said)
    for said in ("Việc làm", "xã Bát Xát, Lào Cai", "0912 345 678", "trưa"):
        assert said in person.last.text


def test_not_knowing_where_or_not_wanting_to_be_called_ends_it_kindly(talks, rows) -> None:
    person = talks()
    person.tap("Việc làm")
    assert "chưa gửi được" in person.tap("Không biết").replies[-1].text
    person = talks()
    person.says(*TOLD[:3])
    step = person.tap("Không để lại")
    assert step.kept is None and "không gửi gì" in step.replies[-1].text
    assert {call.number for call in step.replies[-1].calls} == {"111"}
    assert rows() == []


@pytest.mark.parametrize("text", ["ko", "không", "Không nói ạ", "em ko biết nữa", "bỏ qua nha", "mình k nhớ"])
def test_skipping_in_peoples_own_words(talks, text: str) -> None:
    person = talks()
    person.says(*TOLD[:2], text)
    assert person.step.kept["commune"] == ""
    person.says("0912345678", text)
    assert person.step.kept["time"] == ""
    assert "Giờ tiện: không nói" in person.last.text


def test_without_a_telephone_there_are_other_ways(talks) -> None:
    person = talks()
    person.says(*TOLD[:3])
    assert "hẹn gặp ở một chỗ" in person.says("em không có điện thoại").replies[-1].text
    assert "reach" not in person.step.kept
    person.says("qua cô Tư chi hội trưởng")
    assert person.step.kept["reach"] == "qua cô Tư chi hội trưởng"
