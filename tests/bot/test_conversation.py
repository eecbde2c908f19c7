"""Who has the floor, what reaches the engine, what is kept; over real stores and services, with an engine that is a table."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from content.reply import Reply
from db.citizen import Attempt, Talk, TipDraft
from tests.bot.room import Room
from tests.kit.transcript import as_text
from tips.code import format_code, make_code


async def test_looking_keeps_nothing(room: Room) -> None:
    assert "Lá Chắn" in as_text(room.talk.greeting("vi"))
    assert room.count(Talk) == 0


async def test_the_first_words_to_a_new_person_say_that_this_is_a_machine(room: Room) -> None:
    assert "chương trình máy" in await room.says("mua bán người", channel="telegram")
    assert "chương trình máy" not in await room.says("mua bán người", channel="telegram")


async def test_danger_is_answered_without_the_engine(room: Room) -> None:
    heard = await room.says("cứu em với em đang bị nhốt")
    assert heard.startswith("Nói được thì gọi 113")
    assert room.engine.asked == []


async def test_a_broken_engine_is_told_with_numbers_and_danger_still_works(room: Room) -> None:
    room.engine.broken = True
    heard = await room.says("mua bán người là gì")
    assert "trục trặc" in heard
    assert "113" in heard
    assert "gọi 113 ngay" in await room.says("nó đang đánh em")


@pytest.mark.parametrize("text", ["{code}", "mã của tôi đây {code}"])
async def test_a_code_never_reaches_the_engine(room: Room, text: str) -> None:
    await room.says(text.format(code=format_code(make_code())))
    assert room.engine.asked == []
    assert room.engine.read_texts == []


async def test_a_code_with_a_slip_does_not_reach_it_either(room: Room) -> None:
    code = make_code()
    wrong = str((int(code[0]) + 1) % 10) + code[1:]
    await room.says(format_code(wrong))
    assert room.engine.asked == []


@pytest.mark.parametrize(
    ("kind", "words"), [("kind", "viết bằng vài chữ"), ("too_big", "20 MB"), ("protected", "gọi 111")]
)
async def test_what_cannot_be_read_gets_a_clear_sentence(room: Room, kind: str, words: str) -> None:
    assert words in await room.says(channel="zalo", unsupported=kind)


@pytest.mark.parametrize("text", ["", "   ", "…!?", "\u202e\u200b"])
async def test_nothing_to_read_gets_a_clear_sentence(room: Room, text: str) -> None:
    assert "chưa đọc được chữ nào" in await room.says(text)
    assert room.engine.asked == []


async def test_after_two_misses_there_is_a_person_to_call(room: Room) -> None:
    assert "chưa rõ" in await room.says("hả")
    second = await room.says("hả")
    assert "người thật" in second
    assert "Gọi 111" in second
    assert "chưa rõ" in await room.says("hả")


async def test_a_number_means_the_button_of_the_last_menu(room: Room) -> None:
    room.engine.answers["hai nút"] = [
        {
            "text": "chọn",
            "buttons": [{"title": "a", "payload": "say:ask_law"}, {"title": "b", "payload": "say:ask_penalty"}],
        }
    ]
    await room.says("hai nút", channel="zalo")
    assert "nghe: ask_penalty" in await room.says("2", channel="zalo")
    assert room.engine.asked[-1][1] == "ask_penalty"


async def test_after_an_hour_the_engine_knows_the_talk_under_another_name(room: Room) -> None:
    await room.says("chào")
    await room.says("chào")
    room.clock.time += timedelta(hours=2)
    await room.says("chào")
    names = [name for name, _ in room.engine.asked]
    assert names[0] == names[1] != names[2]


async def test_times_of_a_talk_are_coarse_and_idle_talks_are_forgotten(room: Room) -> None:
    await room.says("chào")
    row = room.row()
    assert row is not None
    assert row.seen_at.minute % 10 == 0
    assert "anna" not in repr(row.__dict__)
    room.clock.time += timedelta(days=31)
    assert room.house.talks.purge() == 1
    assert room.count(Talk) == 0


async def test_erasing_leaves_nothing_of_the_person(room: Room) -> None:
    await room.says("đố vui")
    await room.says("A")
    await room.says("báo tin")
    await room.says("có chuyện này")
    await room.says("huỷ")
    await room.says("có")
    assert room.count(Attempt) == 1
    assert "Mình đã xóa" in await room.says("xoá hết")
    assert room.count(Talk) == room.count(Attempt) == room.count(TipDraft) == 0
    assert room.engine.forgotten == [room.engine.asked[-1][0]]


async def test_a_language_is_changed_by_asking_for_it(room: Room) -> None:
    await room.says("chào bạn nhé")
    assert "English it is" in await room.says("english please")
    row = room.row()
    assert row is not None
    assert row.language == "en"


async def test_messages_of_one_person_are_taken_in_turn_and_of_two_side_by_side(room: Room) -> None:
    room.engine.slow = 0.05
    await asyncio.gather(*(room.says(f"chào {i}") for i in range(4)))
    assert room.engine.most_at_once == 1
    assert [text for _, text in room.engine.asked] == [f"chào {i}" for i in range(4)]
    await asyncio.gather(room.says("chào"), room.says("chào", sender="bình"))
    assert room.engine.most_at_once == 2


async def test_a_made_up_payload_leads_to_the_menu(room: Room) -> None:
    assert "Mình giúp bạn" in await room.says(payload="rm:-rf")
    assert await room.says(payload="quiz:a:999:0:0")
    assert await room.says(payload="more:no_such_topic")


async def test_waiting_for_a_code_is_no_trap(room: Room) -> None:
    assert "mã" in await room.says("tôi có mã")
    assert "nghe: mua bán người là gì" in await room.says("mua bán người là gì")


@pytest.mark.parametrize("text", ["1234 5678 9012 3456", "mã là 123-456-789-012-345-67 nha", "123456789012345678."])
async def test_what_may_be_meant_as_a_code_stays_out_of_the_engine(room: Room, text: str) -> None:
    await room.says(text)
    assert room.engine.asked == []
    assert room.engine.read_texts == []


async def test_a_cry_is_answered_when_the_store_is_broken_and_the_rest_may_come_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object, ref: str) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.talks.Talks.load", broken)
    heard = await room.says("cứu em với em đang bị nhốt")
    assert heard.startswith("Nói được thì gọi 113")
    assert "trục trặc" in heard
    with pytest.raises(OSError, match="disk full"):
        await room.says("mua bán người là gì")


async def test_the_language_can_be_chosen_by_a_button(room: Room) -> None:
    room.engine.answers["change_language"] = [{"do": "language"}]
    heard = await room.says(payload="say:change_language")
    assert "<English>" in heard
    assert "English it is" in await room.says(payload="lang:en")


async def test_the_menu_is_not_readable_in_the_store(room: Room) -> None:
    await room.says("đố vui")
    row = room.row()
    assert row is not None
    assert b"quiz:" not in row.menu


async def test_what_is_not_understood_goes_to_the_editors_and_a_tip_never_does(room: Room) -> None:
    room.engine.answers["thế còn bên đó thì người ta làm sao"] = [{"miss": ["ask_law"]}, Reply("chưa rõ").to_dict()]
    await room.says("thế còn bên đó thì người ta làm sao")
    await room.says("báo tin")
    await room.says("thế còn bên đó thì người ta làm sao")
    assert [(m.text, m.times, m.readings) for m in room.house.misses.listed()] == [
        ("thế còn bên đó thì người ta làm sao", 1, ("ask_law",))
    ]
