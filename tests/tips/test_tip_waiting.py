"""What waits with an open code: shown, asked about, and sent once, wherever the tip's key and positions have gone meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from db.police import Part
from tests.tips.kit import ANNA, BINH, CHEAP, PASSWORD, PEPPER, STORY, House, only_tip, payloads, picture, said
from tips.citizen.outcome import Outcome
from tips.code import parse_code
from tips.dropbox import DropboxError, PositionTaken, SealedPart, TipAddress
from tips.envelope import Kind, derive
from tips.police.officers import OpenedOfficer
from tips.police.opening import hold, open_part
from tips.police.rekey import AccessReason

Hear = Callable[..., Outcome]
Press = Callable[[str], Outcome]


@pytest.fixture
def hear(house: House) -> Hear:
    return lambda text, ref=ANNA: house.codes.hear(ref, "vi", text)


@pytest.fixture
def press(house: House) -> Press:
    return lambda action: house.codes.press(ANNA, "vi", action)


@pytest.fixture
def code(house: House, officer: OpenedOfficer, hear: Hear) -> str:
    """ANNA has this code open."""
    made = house.tell(STORY)
    hear(made)
    return made


def additions(house: House, officer: OpenedOfficer) -> list[str | None]:
    return [line.text for line in only_tip(house, officer).additions]


def test_what_waits_is_shown_in_the_menu(
    house: House, officer: OpenedOfficer, code: str, hear: Hear, press: Press
) -> None:
    assert "đang chờ" not in said(press("code:read").replies)
    hear("Xe màu trắng")
    hear("Biển số 29A")
    menu = press("code:read").replies[-1]
    assert "Còn 2 phần đang chờ bạn đồng ý" in menu.text
    assert payloads(menu) == ["code:add:send", "code:add:drop", "code:read", "code:close"]
    assert "2 phần" in said(house.codes.open(ANNA, "vi"))
    press("code:add:send")
    assert additions(house, officer) == ["Xe màu trắng", "Biển số 29A"]
    assert "đang chờ" not in said(press("code:read").replies)


@pytest.mark.parametrize("leave", ["code:close", "thoát", "xong"])
def test_leaving_asks_once_what_becomes_of_it(
    leave: str, house: House, officer: OpenedOfficer, code: str, hear: Hear, press: Press
) -> None:
    def go() -> Outcome:
        return press(leave) if leave.startswith("code:") else hear(leave)

    hear("Xe màu trắng")
    asked = go()
    assert not asked.done and "1 phần" in said(asked.replies)
    assert payloads(asked.replies[0]) == ["code:add:send", "code:close", "code:read"]
    press("code:read")
    assert not go().done  # something came in between: it is asked again
    assert hear("có").replies and additions(house, officer) == ["Xe màu trắng"]
    hear("Biển số 29A")
    go()
    assert go().done and not house.codes.is_open(ANNA)
    assert additions(house, officer) == ["Xe màu trắng"]


def test_a_no_to_that_question_leaves_without_it(
    house: House, officer: OpenedOfficer, code: str, hear: Hear, press: Press
) -> None:
    hear("Xe màu trắng")
    press("code:close")
    assert hear("không").done and additions(house, officer) == []


def test_others_put_a_code_away_without_a_question(house: House, code: str, hear: Hear, press: Press) -> None:
    hear("Xe màu trắng")
    assert press("close").done and not house.codes.is_open(ANNA)
    hear(code)
    hear("Xe màu trắng")
    house.codes.close(ANNA)
    house.codes.close(BINH)
    assert not house.codes.is_open(ANNA) and hear("gì nữa") == Outcome((), done=True)


def test_another_code_does_not_take_the_place_of_what_waits(
    house: House, officer: OpenedOfficer, code: str, hear: Hear
) -> None:
    second = house.tell("Chuyện khác", ref=BINH)
    hear("Xe màu trắng")
    for typed in (second, code):
        told = hear(typed)
        assert "gõ lại mã" in said(told.replies) and payloads(told.replies[0]) == ["code:add:send", "code:add:drop"]
    assert "đã gửi thêm" in said(hear("gửi").replies)
    hear(second)
    lines = {line.first_line: line.additions for line in house.inbox.list(officer).lines}
    assert lines == {STORY: 1, "Chuyện khác": 0}


def test_how_the_tip_is_found_is_known_while_the_code_is_open(house: House, code: str) -> None:
    assert house.codes.lookup(ANNA) == derive(parse_code(code), PEPPER, CHEAP).lookup
    assert house.codes.lookup(BINH) is None
    house.clock.move(minutes=15)
    assert house.codes.lookup(ANNA) is None


def test_two_people_with_one_code_add_at_the_same_time(
    house: House, officer: OpenedOfficer, code: str, hear: Hear
) -> None:
    hear(code, BINH)
    for text in ("một", "hai"):
        for ref in (ANNA, BINH):
            hear(f"{text} của {ref[0]}", ref)
    for ref in (BINH, ANNA):
        assert "đã gửi thêm" in said(hear("có", ref).replies)
    assert additions(house, officer) == ["một của b", "hai của b", "một của a", "hai của a"]


def test_a_taken_position_is_asked_for_anew(
    house: House, officer: OpenedOfficer, code: str, hear: Hear, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, stale = house.dropbox.find, house.dropbox.find(derive(parse_code(code), PEPPER, CHEAP).lookup)
    asked: list[TipAddress | None] = []

    def old_news_first(lookup: bytes) -> TipAddress | None:
        asked.append(find(lookup) if asked else stale)
        return asked[-1]

    hear(code, BINH)
    press("code:add:text")
    house.codes.press(BINH, "vi", "code:add:text")
    hear("Xe màu trắng", BINH)
    monkeypatch.setattr(house.dropbox, "find", old_news_first)
    assert "đã gửi thêm" in said(hear("Biển số 29A").replies)
    assert len(asked) == 2 and additions(house, officer) == ["Xe màu trắng", "Biển số 29A"]


def test_positions_that_are_always_taken_end_in_another_try_later(
    house: House, officer: OpenedOfficer, code: str, hear: Hear, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(_part: SealedPart, danger: bool = False) -> None:
        raise PositionTaken

    press("code:add:text")
    with monkeypatch.context() as patch:
        patch.setattr(house.dropbox, "add", taken)
        assert "chưa gửi được" in said(hear("Biển số 29A").replies)
    hear("gửi")
    assert additions(house, officer) == ["Biển số 29A"]


def test_the_known_address_does_when_it_cannot_be_asked(
    house: House, officer: OpenedOfficer, code: str, hear: Hear, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_lookup: bytes) -> None:
        raise DropboxError

    monkeypatch.setattr(house.dropbox, "find", fail)
    press("code:add:text")
    for text in ("một", "hai"):
        assert "đã gửi thêm" in said(hear(text).replies)
    house.codes.attach(ANNA, "vi", picture())
    assert additions(house, officer) == ["một", "hai"] and len(only_tip(house, officer).files) == 1


def test_what_was_added_without_an_answer_is_added_once(
    house: House, officer: OpenedOfficer, code: str, hear: Hear, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = house.dropbox.add

    def and_lose_the_answer(part: SealedPart, danger: bool = False) -> None:
        add(part, danger)
        raise DropboxError

    hear("một")
    hear("hai")
    with monkeypatch.context() as patch:
        patch.setattr(house.dropbox, "add", and_lose_the_answer)
        for _ in range(2):
            assert "chưa gửi được" in said(press("code:add:send").replies)
    assert "đã gửi thêm" in said(press("code:add:send").replies)
    assert additions(house, officer) == ["một", "hai"]


def test_what_waited_while_the_tip_got_another_key_is_sealed_to_the_new_one(house: House, hear: Hear) -> None:
    unit = house.officers.make_unit("day", on_duty=True)
    for login in ("lan", "minh"):
        house.officers.enrol(login, f"Cán bộ {login}", unit, PASSWORD)
    lan, minh = (house.officers.unlock(login, PASSWORD) for login in ("lan", "minh"))
    assert lan and minh
    hear(house.tell(STORY))
    hear("Biển số 29A")
    tip_id = only_tip(house, lan).tip_id
    house.inbox.access.revoke(lan, tip_id, minh.id, AccessReason.MOVED)
    assert "đã gửi thêm" in said(hear("có").replies)
    with house.police_store.read() as session:
        part = session.scalars(select(Part).where(Part.kind == Kind.ADDITION)).one()
        assert open_part(part, hold(session, lan, tip_id).keys).decode() == "Biển số 29A"


def test_no_word_that_waits_lies_open_in_memory(house: House, code: str, hear: Hear) -> None:
    hear("một điều rất riêng")
    opened = house.codes._open[ANNA]
    assert opened.waiting == 1
    assert "riêng" not in repr(opened) and "riêng".encode() not in opened._waiting[0].sealed
