"""The talk's topic, the last list and several wishes in the conversation, with an engine that is a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from content.reply import Button, Reply
from nlu.engine import Meaning
from tests.bot.room import Room

ADOPTION = [{"about": "ask_adoption"}, Reply("về con nuôi").to_dict()]
READINGS = [
    {"miss": ["ask_law"]},
    Reply("chưa chắc", buttons=(Button("Luật", "say:ask_law"), Button("Tù", "say:ask_penalty"))).to_dict(),
]
PERSON, NO_PLACE, WHICH = "người thật", "chưa thấy mục đó", "hỏi tiếp về chuyện nào"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    room.engine.answers |= {
        "con nuôi": ADOPTION,
        "hả": READINGS,
        "báo tin": [{"do": "tip"}],
        "đố vui": [{"do": "quiz"}],
        "hai nút": [Reply("chọn", buttons=(Button("a", "say:ask_law"), Button("b", "say:help"))).to_dict()],
    }
    yield room
    room.house.close()


def heard_by_engine(room: Room) -> list[str]:
    return [text for _, text in room.engine.asked]


async def test_the_topic_is_kept_sealed_and_goes_with_the_session(room: Room) -> None:
    await room.says("con nuôi")
    row = room.row()
    assert row is not None
    assert b"ask_adoption" not in row.menu
    assert "12–20 năm tù" in await room.says("thế phạt bao nhiêu")
    room.clock.time += timedelta(hours=2)
    assert WHICH in await room.says("còn bên Lào thì sao")


async def test_a_menu_that_was_sealed_before_there_were_topics_still_opens(room: Room) -> None:
    await room.says("hai nút", channel="zalo")
    row = room.row()
    assert row is not None
    talks, keys = room.house.talks, room.house.keys
    row.menu = keys.seal("talk-menu", json.dumps(["say:ask_law"]).encode(), row.ref)
    with room.house.citizen.begin() as session:
        session.merge(row)
    state = talks.load(row.ref)
    assert (state.menu, state.topic) == (("say:ask_law",), "")


async def test_small_talk_leaves_the_topic(room: Room) -> None:
    await room.says("con nuôi")
    await room.says("cảm ơn")
    assert "12–20 năm tù" in await room.says("the phat bao nhieu")


async def test_what_is_answered_here_is_told_to_the_engine(room: Room) -> None:
    await room.says("con nuôi")
    await room.says("kể thêm đi")
    assert heard_by_engine(room) == ["con nuôi", "ask_adoption"]


async def test_more_is_said_once(room: Room) -> None:
    await room.says("con nuôi")
    first, second = await room.says("kể thêm đi"), await room.says("nói rõ hơn")
    assert "32 tỉnh" in first
    assert "Mình kể hết" in second
    await room.says("con nuôi")
    await room.says(payload="more:ask_adoption")
    assert "Mình kể hết" in await room.says("còn gì nữa không")


@pytest.mark.parametrize("channel", ["web", "zalo"])
@pytest.mark.parametrize("words", ["cái đầu tiên", "số 1", "the first one", "cái cuối cùng"])
async def test_words_that_point_into_the_last_list_press_its_button(room: Room, channel: str, words: str) -> None:
    await room.says("hai nút", channel=channel)
    assert "nghe: ask_law" in await room.says(words, channel=channel)


async def test_a_place_that_is_not_there_is_asked_back(room: Room) -> None:
    await room.says("hai nút")
    assert NO_PLACE in await room.says("mục 7")


async def test_nothing_to_point_to_is_asked_back_and_is_a_miss(room: Room) -> None:
    assert WHICH in await room.says("cái thứ hai")
    assert PERSON in await room.says("hả")


@pytest.mark.parametrize("words", ["không phải cái nào", "ko phải ý đó", "none of these", "không"])
async def test_none_of_the_readings_is_the_second_miss(room: Room, words: str) -> None:
    await room.says("hả")
    heard = await room.says(words)
    assert PERSON in heard or "talk to a person" in heard
    assert "[Gọi 111: 111]" in heard or "[Call 111: 111]" in heard


async def test_a_no_that_answers_no_readings_is_the_engines(room: Room) -> None:
    assert "nghe: không" in await room.says("không")


async def test_misses_on_a_channel_that_numbers_and_in_english(room: Room) -> None:
    room.engine.answers["what on earth is it"] = READINGS
    await room.says("what on earth is it", channel="zalo")
    assert "nghe: ask_penalty" in await room.says("2", channel="zalo")  # a reading that is chosen is no miss
    await room.says("what on earth is it", channel="zalo")
    second = await room.says("what on earth is it", channel="zalo")
    assert "talk to a person" in second
    assert "<Check an offer>" in second
    assert "nghe: check_offer" in await room.says("1", channel="zalo")


@pytest.mark.parametrize(("opens", "floor"), [("báo tin", "tip"), ("đố vui", "quiz")])
async def test_nothing_goes_on_where_somebody_has_the_floor(room: Room, opens: str, floor: str) -> None:
    await room.says("con nuôi")
    await room.says(opens)
    heard = await room.says("còn bên Lào thì sao")
    assert "chưa có phần riêng" not in heard
    assert "Về trường hợp" not in heard
    row = room.row()
    assert row is not None
    assert row.floor == floor


async def test_danger_comes_before_everything(room: Room) -> None:
    await room.says("con nuôi")
    assert (await room.says("còn em đang bị nhốt thì sao")).startswith("Nói được thì gọi 113")


async def test_another_topic_named_in_passing_is_read_without_the_words_around_it(room: Room) -> None:
    room.engine.meanings["bán thận"] = Meaning("ask_organ_trade", 0.9)
    await room.says("con nuôi")
    assert "nghe: ask_organ_trade" in await room.says("thế còn bán thận thì sao?")
    assert "nghe: còn cái xe đạp thì sao" in await room.says("còn cái xe đạp thì sao")


async def test_two_wishes_are_answered_in_order_of_urgency(room: Room) -> None:
    text = "bán thận là tội gì, cho em xin số điện thoại với"
    _mean(room, text, "bán thận là tội gì", "ask_organ_trade", "cho em xin số điện thoại với", "ask_hotline")
    heard = await room.says(text)
    assert heard.index("nghe: ask_hotline") < heard.index("nghe: ask_organ_trade")


async def test_a_long_second_answer_is_a_button_and_a_line(room: Room) -> None:
    text = "mua bán người là gì, phạt bao nhiêu năm tù"
    _mean(room, text, "mua bán người là gì", "ask_definition", "phạt bao nhiêu năm tù", "ask_penalty")
    heard = await room.says(text)
    assert "Bạn cũng hỏi về “Buôn người tù bao nhiêu năm”" in heard
    assert "<Buôn người tù bao nhiêu năm>" in heard


async def test_one_clause_is_not_read_apart(room: Room) -> None:
    await room.says("mua bán người là gì")
    assert room.engine.read_texts == []


def _mean(room: Room, text: str, first: str, first_means: str, second: str, second_means: str) -> None:
    """Both clauses are sure, and the whole may mean either."""
    room.engine.meanings |= {
        first: Meaning(first_means, 0.9),
        second: Meaning(second_means, 0.9),
        text: Meaning(first_means, 0.6, ((first_means, 0.6), (second_means, 0.3))),
    }
