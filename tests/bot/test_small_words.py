"""A few words, and what they mean where they are said: after a cry, in a lesson, about erasing."""

from __future__ import annotations

import pytest

from bot.inbound import Inbound
from bot.turn import Floor
from db.citizen import Talk, TipDraft
from nlu.engine import Meaning
from tests.bot.room import Room


@pytest.fixture
def erasing(room: Room) -> Room:
    """The engine hears a wish to erase in everything that speaks of it, as it does."""
    for text in ("đừng xóa ảnh nhé", "em xóa ảnh rồi", "xóa tin", "xóa sạch giúp mình đi", "mình lỡ xóa rồi"):
        room.engine.meanings[text] = Meaning("delete_data", 1.0)
        room.engine.answers[text] = [{"do": "delete_data"}]
    return room


@pytest.mark.parametrize("text", ["đừng xóa ảnh nhé", "xóa tin", "mình lỡ xóa rồi", "xóa sạch giúp mình đi"])
async def test_what_only_speaks_of_erasing_is_asked_back(erasing: Room, text: str) -> None:
    await erasing.says("chào")
    assert "Xóa hết là xóa" in await erasing.says(text)
    assert erasing.count(Talk) == 1


async def test_in_a_tip_a_deleted_picture_is_part_of_what_is_told(erasing: Room) -> None:
    erasing.engine.answers["báo tin"] = [{"do": "tip"}]
    await erasing.says("báo tin")
    heard = await erasing.says("em xóa ảnh rồi")
    assert "Chuyện ở đâu" in heard
    assert erasing.count(TipDraft) == 1
    assert "Xóa hết là xóa" in await erasing.says("xóa sạch giúp mình đi")
    assert erasing.count(TipDraft) == 1


@pytest.mark.parametrize("channel", ["web", "zalo"])
async def test_two_words_after_a_cry_tell_where_it_is(room: Room, channel: str) -> None:
    await room.says("bị nhốt", channel=channel)
    heard = await room.says("campuchia", channel=channel)
    assert "117" in heard
    assert "+84 981 84 84 84" in heard


async def test_without_a_cry_the_same_words_are_the_engines(room: Room) -> None:
    assert "nghe: campuchia" in await room.says("campuchia")


async def test_a_cry_in_a_quiz_ends_it(room: Room) -> None:
    room.engine.answers["đố vui"] = [{"do": "quiz"}]
    await room.says("đố vui")
    assert "113" in await room.says("cứu em với em đang bị nhốt")
    row = room.row()
    assert row is not None
    assert Floor(row.floor) is Floor.NONE


async def test_letters_answer_a_test_and_on_is_the_next_card(room: Room) -> None:
    await room.talk.hear(Inbound("zalo", "anna", payload="lesson:test:reception:0:0"))
    assert "Câu 2/10" in await room.says("b", channel="zalo")
    await room.talk.hear(Inbound("zalo", "anna", payload="lesson:fishing_boat:1"))
    assert "thẻ 2/" in await room.says("tiếp", channel="zalo")
    assert "nghe: e" in await room.says("e", channel="zalo")


async def test_whoever_wants_to_die_hears_a_kind_word_and_numbers(room: Room) -> None:
    heard = await room.says("em muốn chết")
    assert "đừng ở một mình" in heard
    assert "111" in heard
    assert "biển số xe" not in heard


async def test_hide_is_heard_in_every_language(room: Room) -> None:
    await room.says("xin chào bạn nhé")
    (reply,) = await room.talk.hear(Inbound("web", "anna", text="hide"))
    assert reply.clears
