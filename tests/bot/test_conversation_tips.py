"""A tip in the middle of a conversation: what reaches the engine meanwhile, what interrupts it, what is never lost."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from content.reply import Reply
from db.citizen import Attempt, TipDraft
from nlu.engine import Meaning
from tests.bot.room import Room
from tips.citizen.drafts import Draft
from tips.code import format_code, make_code


def _drafts(room: Room) -> list[Draft]:
    with room.house.citizen.read() as session:
        refs = session.scalars(select(TipDraft.ref)).all()
    return [draft for ref in refs if (draft := room.house.drafts.load(ref))]


async def test_a_tip_stays_out_of_the_engine(room: Room) -> None:
    await room.says("báo tin")
    before = list(room.engine.asked)
    await room.says("ở nhà kia có người bị nhốt tuần trước")
    await room.says("Lạng Sơn")
    assert room.engine.asked == before


async def test_a_cry_that_only_the_engine_understands_marks_the_tip(room: Room) -> None:
    room.engine.meanings["xe dừng rồi, em có hai phút thôi"] = Meaning("emergency", 0.95)
    await room.says("báo tin")
    heard = await room.says("xe dừng rồi, em có hai phút thôi")
    assert heard.startswith("Nói được thì gọi 113")
    assert "Chuyện ở đâu" in heard


async def test_a_cry_before_the_tip_makes_it_urgent_and_says_why(room: Room) -> None:
    await room.says("cứu em, em đang bị nhốt")
    await room.says("báo tin")
    await room.says("nhà số 4, cửa xanh, họ giữ giấy tờ")
    (row,) = _drafts(room)
    assert row.danger and any("kêu cứu" in why for why in row.why)


async def test_who_did_not_cry_tells_a_calm_tip(room: Room) -> None:
    await room.says("báo tin")
    await room.says("nhà số 4, cửa xanh, họ giữ giấy tờ")
    (row,) = _drafts(room)
    assert not row.danger


async def test_a_tip_goes_on_when_the_engine_is_broken(room: Room) -> None:
    await room.says("báo tin")
    room.engine.broken = True
    assert "Chuyện ở đâu" in await room.says("có người bị dụ dỗ")


async def test_a_menu_button_inside_a_tip_answers_and_comes_back(room: Room) -> None:
    room.engine.answers["ask_hotline"] = [Reply("113 và 111").to_dict()]
    await room.says("báo tin")
    heard = await room.says(payload="say:ask_hotline")
    assert heard.startswith("113 và 111")
    assert "Chuyện gì đã xảy ra" in heard


async def test_a_photo_out_of_the_blue_is_kept_in_a_tip_that_is_not_sent(room: Room) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG")
    heard = await room.says(file=out.getvalue())
    assert "chưa gửi cho ai" in heard
    assert "đã nhận ảnh" in heard
    assert room.count(TipDraft) == 1


async def test_a_tip_survives_the_session_and_an_expired_one_lets_go(room: Room) -> None:
    await room.says("báo tin")
    await room.says("có người dụ dỗ mấy cô gái")
    room.clock.time += timedelta(hours=5)
    before = list(room.engine.asked)
    assert "khi nào" in await room.says("ở Lạng Sơn")
    assert room.engine.asked == before
    room.clock.time += timedelta(hours=30)
    room.house.drafts.purge(room.clock())
    assert "nghe: chào" in await room.says("chào")


async def test_a_code_in_the_middle_of_a_tip_comes_back_to_the_tip(room: Room) -> None:
    await room.says("báo tin")
    await room.says("có người dụ dỗ mấy cô gái")
    await room.says(payload="code:enter")
    heard = await room.says(payload="code:close")
    assert "Chuyện ở đâu" in heard
    before = list(room.engine.asked)
    await room.says("gần bến xe")
    assert room.engine.asked == before


async def test_a_quiz_inside_a_tip_waits_until_the_tip_is_told(room: Room) -> None:
    await room.says("báo tin")
    heard = await room.says(payload="quiz:start")
    assert "vẫn đang mở" in heard
    assert "Chuyện gì đã xảy ra" in heard
    assert room.count(Attempt) == 0


async def test_stop_inside_a_tip_is_the_tips_own_cancel(room: Room) -> None:
    room.engine.answers["stop"] = [{"do": "stop"}]
    await room.says("báo tin")
    await room.says("có người dụ dỗ mấy cô gái")
    assert "muốn bỏ tin" in await room.says(payload="say:stop")


async def test_a_tip_keeps_its_lines(room: Room) -> None:
    await room.says("báo tin")
    await room.says("hai xe:\n29A-111.11\n30B-222.22")
    draft = next(iter([room.house.drafts.load(room.row().ref)]))  # type: ignore[union-attr]
    assert draft is not None
    assert "hai xe:\n29A-111.11\n30B-222.22" in draft.answers.values()


async def test_a_caption_of_what_cannot_be_read_is_told(room: Room) -> None:
    await room.says("báo tin")
    heard = await room.says("xe tải biển 99Z chở người", unsupported="kind")
    assert "viết bằng vài chữ" in heard
    assert "Chuyện ở đâu" in heard
    assert (await room.says("cứu em, em đang bị nhốt", unsupported="kind")).startswith("Nói được thì gọi 113")


async def test_a_voice_note_inside_a_tip_asks_the_question_again(room: Room) -> None:
    await room.says("báo tin", channel="zalo")
    heard = await room.says(channel="zalo", unsupported="kind")
    assert "Chuyện gì đã xảy ra" in heard
    assert "Chuyện ở đâu" in await room.says("1", channel="zalo")


async def test_a_code_is_shown_even_if_the_talk_cannot_be_kept(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    await room.says("báo tin")
    await room.says("có người dụ dỗ mấy cô gái")
    for _ in range(5):
        await room.says("bỏ qua")

    def broken(self: object, state: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.talks.Talks.save", broken)
    assert "Mã của bạn" in await room.says("gửi")


async def test_a_code_is_shown_even_if_the_store_fails_right_after_the_deposit(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.says("báo tin")
    await room.says("có người dụ dỗ mấy cô gái")
    for _ in range(5):
        await room.says("bỏ qua")

    async def broken(self: object, turn: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.floors.Floors.settle_after", broken)
    assert "Mã của bạn" in await room.says("gửi")


async def test_a_code_typed_into_a_tip_is_not_even_read_by_the_engine(room: Room) -> None:
    await room.says("báo tin")
    assert "có một mã" in await room.says(format_code(make_code()))
    assert room.engine.read_texts == []
