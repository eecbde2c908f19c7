"""The word that makes the screen look harmless."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.inbound import Inbound
from content.reply import Reply
from db.citizen import TipDraft
from tests.bot.room import Room


async def heard(room: Room, text: str, channel: str = "web") -> list[Reply]:
    return await room.talk.hear(Inbound(channel, "anna", text=text))


@pytest.mark.parametrize("word", ["ẩn", "an di", "Giấu đi!", "giau", "che màn hình", "ẨN NGAY"])
async def test_one_word_leaves_a_weather_report_and_nothing_else(room: Room, word: str) -> None:
    await heard(room, "xin chào", "telegram")
    (reply,) = await heard(room, word, "telegram")
    assert reply.clears
    assert "mưa" in reply.text
    assert not (reply.buttons or reply.calls or reply.note or reply.aside)
    assert room.engine.asked[1:] == []


async def test_even_a_first_message_tells_nothing(room: Room) -> None:
    (reply,) = await heard(room, "ẩn đi", "telegram")
    assert "Lá Chắn" not in reply.text


async def test_in_english_too(room: Room) -> None:
    await heard(room, "hello, who are you and what can you do for me?")
    (reply,) = await heard(room, "hide")
    assert "raincoat" in reply.text


@pytest.mark.parametrize("text", ["ẩn danh có được không", "người ẩn trong nhà", "ăn đi", "bạn giấu gì", "án"])
async def test_other_words_hide_nothing(room: Room, text: str) -> None:
    assert not any(reply.clears for reply in await heard(room, text))


async def test_a_tip_that_is_being_told_is_not_lost(room: Room) -> None:
    room.engine.answers["báo tin"] = [{"do": "tip"}]
    await heard(room, "báo tin")
    await heard(room, "thấy xe lạ chở người qua suối")
    (reply,) = await heard(room, "ẩn")
    assert reply.clears
    assert room.count(TipDraft) == 1
    assert "Chuyện xảy ra khi nào" in await room.says("ở bến đò")  # the next question, as if nothing had been


@pytest.mark.parametrize("word", ["ẩn", "xoá hết"])
async def test_hours_later_nothing_on_the_screen_speaks_of_the_tip(room: Room, word: str) -> None:
    await heard(room, "báo tin")
    await heard(room, "thấy xe lạ chở người qua suối")
    room.clock.time += timedelta(hours=2)
    first, *_ = await heard(room, word)
    assert first.clears
