"""With the code: answers are read, the tip grows, nothing is lost and nothing goes unasked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, update

from db.police import Message, Tip
from tests.tips.kit import ANNA, BINH, STORY, House, files_in, payloads, picture, said
from tips.citizen.outcome import MAX_TOLD, Outcome
from tips.code import make_code
from tips.dropbox import DropboxError
from tips.police.officers import OpenedOfficer

MENU = ["code:read", "code:add:text", "code:add:photo", "code:watch", "code:close"]


@pytest.fixture
def code(house: House, officer: OpenedOfficer) -> str:
    return house.tell(STORY)


@pytest.fixture
def hear(house: House) -> Callable[..., Outcome]:
    return lambda text, danger=False: house.codes.hear(ANNA, "vi", text, danger)


@pytest.fixture
def press(house: House) -> Callable[[str], Outcome]:
    return lambda action: house.codes.press(ANNA, "vi", action)


def tip_id(house: House, officer: OpenedOfficer) -> str:
    return house.inbox.list(officer).lines[0].tip_id


def additions(house: House, officer: OpenedOfficer) -> list[str | None]:
    return [line.text for line in house.inbox.open(officer, tip_id(house, officer)).additions]


def test_an_answer_is_read_with_the_code(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome]
) -> None:
    assert "chưa có trả lời" in said(hear(code).replies)
    house.inbox.answer(officer, tip_id(house, officer), "Chị ấy đi hôm nào?")
    outcome = house.codes.press(ANNA, "vi", "code:read")
    assert outcome.replies[0].text == "Công an trả lời, khoảng 14 giờ ngày 24/11/2026:\n\nChị ấy đi hôm nào?"
    assert payloads(outcome.replies[-1]) == MENU and not outcome.done


def test_answers_come_in_their_order_and_old_ones_on_demand(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    for number in range(7):
        house.inbox.answer(officer, tip_id(house, officer), f"câu {number}")
        house.clock.move(seconds=5)
    shown = hear(code).replies
    assert [reply.text.split("\n\n")[1] for reply in shown[:-1]] == [f"câu {number}" for number in range(2, 7)]
    assert "code:read:all" in payloads(shown[-1])
    assert [r.text.split("\n\n")[1] for r in press("code:read:all").replies[:-1]] == [f"câu {n}" for n in range(7)]


def test_an_answer_that_was_tampered_with_is_named(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome]
) -> None:
    house.inbox.answer(officer, tip_id(house, officer), "thật")
    with house.police_store.begin() as session:
        session.execute(update(Message).values(id="f" * 32))
    assert "không mở được" in hear(code).replies[0].text


def test_mistyped_codes_are_told_apart(hear: Callable[..., Outcome], code: str) -> None:
    bare = code.replace(" ", "")
    assert "thiếu 2 số" in said(hear(bare[:-2]).replies)
    assert "thừa 1 số" in said(hear(bare + "1").replies)
    assert "gõ nhầm" in said(hear(bare[:-1] + str((int(bare[-1]) + 1) % 10)).replies)
    assert "đang chờ mã" in said(hear("12345678").replies)
    assert "thiếu 8 số" in said(hear("0912345678").replies)
    assert "không thấy tin nào" in said(hear(make_code()).replies)


def test_additions_reach_the_officer(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(code)
    press("code:add:text")
    sent = hear("Biển số 29A")
    assert "đã gửi thêm" in said(sent.replies) and payloads(sent.replies[-1]) == MENU
    hear("Xe màu trắng")
    house.codes.attach(ANNA, "vi", picture(), "ảnh xe")
    assert additions(house, officer) == ["Biển số 29A", "Xe màu trắng", "ảnh xe"]
    (file,) = files_in(house, officer)
    assert (file.media_type, file.suffix) == ("image/jpeg", ".jpg") and file.content.startswith(b"\xff\xd8")
    assert press("code:close").done


def test_what_is_written_without_asking_waits_for_a_yes(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(code)
    assert payloads(hear("Xe màu trắng").replies[0]) == ["code:add:send", "code:add:drop"]
    hear("Biển số 29A")
    assert additions(house, officer) == []
    hear("có")
    assert additions(house, officer) == ["Xe màu trắng", "Biển số 29A"]
    hear("nhầm rồi")
    hear("không")
    hear("lại nhầm")
    press("code:add:drop")
    press("code:add:send")
    assert len(additions(house, officer)) == 2
    for _ in range(12):
        last = hear("thêm nữa")
    assert "đang chờ" in said(last.replies) and "code:add:send" in payloads(last.replies[0])


def test_a_photo_does_not_take_an_unconfirmed_text_along(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(code)
    hear("nhầm chỗ")
    assert "code:add:drop" in payloads(house.codes.attach(ANNA, "vi", picture()).replies[0])
    assert "code:add:drop" in payloads(press("code:add:text").replies[0])
    assert additions(house, officer) == []
    press("code:add:drop")
    house.codes.attach(ANNA, "vi", picture())
    line = house.inbox.list(officer).lines[0]
    assert (line.files, line.additions) == (1, 0)


def test_danger_in_an_addition_marks_the_tip(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(code)
    press("code:add:text")
    assert not house.inbox.list(officer).lines[0].danger
    hear("cứu em với", True)
    assert house.inbox.list(officer).lines[0].danger


def test_a_cry_with_an_opened_code_is_sent_without_asking(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome]
) -> None:
    hear(code)
    hear("cứu em với", True)
    line = house.inbox.list(officer).lines[0]
    assert (line.danger, line.additions) == (True, 1)


def test_texts_that_are_not_sent(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(code)
    press("code:add:text")
    assert "chưa thấy chữ nào" in said(hear("\u202e").replies)
    assert "Mã chỉ để bạn giữ" in said(hear(f"mã là {code}").replies)
    assert "Mình chưa gửi" in said(hear("x" * (MAX_TOLD + 1)).replies)
    assert "JPEG" in said(house.codes.attach(ANNA, "vi", b"%PDF").replies)
    assert additions(house, officer) == []
    assert "JPEG" in said(house.codes.attach(ANNA, "vi", b"%PDF", "xe màu trắng").replies)
    assert additions(house, officer) == ["xe màu trắng"]  # a caption is kept even where the picture is not
    assert "9000 chữ" in said(hear("x" * 9000).replies)
    assert "ký tự ẩn" in said(hear("một\x00").replies)
    assert len(additions(house, officer)) == 3


def test_an_opened_code_is_forgotten_after_15_minutes(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(code)
    house.clock.move(minutes=14)
    assert payloads(press("code:read").replies[-1]) == MENU
    house.clock.move(minutes=15)
    house.codes.forget(house.clock())
    assert "15 phút" in said(press("code:add:text").replies)
    assert "chưa được gửi" in said(hear("Biển số 29A").replies)
    assert "chưa có mã" in said(house.codes.attach(ANNA, "vi", picture()).replies)
    assert additions(house, officer) == []
    assert payloads(house.codes.open(ANNA, "vi")[0]) == ["code:close"]


@pytest.mark.parametrize("text", ["Biển số 29A", "có", "gọi 0912 345 678, 0987 654 321", "29A-12345, 29A-67890", "?"])
def test_a_text_after_the_time_of_a_code_is_told_to_be_unsent(
    text: str,
    house: House,
    officer: OpenedOfficer,
    code: str,
    hear: Callable[..., Outcome],
    press: Callable[[str], Outcome],
) -> None:
    hear(code)
    press("code:add:text")
    house.clock.move(minutes=16)
    assert not house.codes.is_open(ANNA)
    for _ in range(2):
        told = hear(text)
        assert not told.done and payloads(told.replies[0]) == ["tip:start", "code:close"]
        assert "chưa được gửi" in said(told.replies) and "29A" not in said(told.replies)
    bare = code.replace(" ", "")
    assert "thiếu 1 số" in said(hear(bare[1:]).replies)
    assert payloads(hear(f"mã của tôi: {code}").replies[-1]) == MENU
    assert additions(house, officer) == []


def test_that_a_code_was_put_away_is_known_for_a_day_and_once_told_for_15_minutes(
    house: House, code: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    nothing = Outcome((), done=True)
    hear(code)
    house.clock.move(hours=24, minutes=14)
    assert hear("Biển số 29A").replies
    house.clock.move(minutes=15)
    assert hear("Biển số 29A") == nothing
    hear(code)
    house.clock.move(hours=25)
    assert hear("Biển số 29A") == nothing
    for leave in (lambda: hear("thoát"), lambda: press("code:close")):
        hear(code)
        house.clock.move(minutes=16)
        assert leave().done
        assert hear("Biển số 29A") == nothing


def test_asking_whether_a_code_is_open_does_not_keep_it_open(
    house: House, code: str, hear: Callable[..., Outcome]
) -> None:
    hear(code)
    for minutes, is_open in ((10, True), (4, True), (1, False)):
        house.clock.move(minutes=minutes)
        assert house.codes.is_open(ANNA) is is_open


def test_a_code_is_open_for_one_person_only(house: House, code: str, hear: Callable[..., Outcome]) -> None:
    hear(code)
    assert house.codes.is_open(ANNA) and not house.codes.is_open(BINH)
    assert house.codes.hear(BINH, "vi", "xem trả lời") == Outcome((), done=True)
    assert len(house.codes.open(ANNA, "vi")) == 1


def test_another_code_takes_the_place_of_the_first(
    house: House, officer: OpenedOfficer, code: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    second = house.tell("Chuyện khác", ref=BINH)
    hear(code)
    hear(second)
    press("code:add:text")
    hear("thêm vào tin thứ hai")
    lines = {line.first_line: line.additions for line in house.inbox.list(officer).lines}
    assert lines == {STORY: 0, "Chuyện khác": 1}


def test_leaving_by_word(hear: Callable[..., Outcome], code: str) -> None:
    hear(code)
    assert hear("xong rồi").done
    assert hear("gì nữa") == Outcome((), done=True)
    assert "cất mã" in said(hear("thôi").replies)


def test_a_tip_that_is_gone(
    house: House, code: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(code)
    press("code:add:text")
    with house.police_store.begin() as session:
        session.execute(delete(Tip))
    assert "không thấy tin nào" in said(hear("Biển số").replies)


def test_a_failing_police_side_loses_nothing(
    house: House,
    officer: OpenedOfficer,
    code: str,
    hear: Callable[..., Outcome],
    press: Callable[[str], Outcome],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **_options: object) -> None:
        raise DropboxError

    hear(code)
    press("code:add:text")
    with monkeypatch.context() as patch:
        for name in ("add", "find", "answers"):
            patch.setattr(house.dropbox, name, fail)
        failed = hear("Biển số 29A")
        assert "chưa gửi được" in said(failed.replies) and "code:add:send" in payloads(failed.replies[0])
        assert "chưa hỏi được" in said(press("code:read").replies)
        assert "chưa hỏi được" in said(house.codes.hear(BINH, "vi", code).replies)
    press("code:add:send")
    assert additions(house, officer) == ["Biển số 29A"]


def test_no_payload_holds_a_code(house: House, code: str, hear: Callable[..., Outcome]) -> None:
    replies = [*hear(code).replies, *hear("text").replies, *hear("xong").replies]
    assert not any(any(c.isdigit() for c in payload) for reply in replies for payload in payloads(reply))
