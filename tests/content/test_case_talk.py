"""Cases and tricks in a conversation: buttons, and going on about them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.inbound import Inbound
from content.library import Library
from content.reply import Reply
from nlu.engine import Meaning
from tests.bot.room import Room
from tests.content.test_cases import BOAT, WITH_BOAT

ABOUT_BOAT = [{"about": "boat"}, Reply("Đây là chuyện tàu cá.").to_dict()]
ABOUT_LABOUR = [{"about": "ask_forced_labour"}, Reply("Đây là chuyện ép làm.").to_dict()]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = Room(tmp_path / "data")
    _hold(made, WITH_BOAT)
    return made


def _hold(room: Room, library: Library) -> None:
    """A conversation on this library."""
    for name in ("conversation", "quiz", "contests", "codes"):
        room.house.__dict__.pop(name, None)
    room.house.__dict__["library"] = library
    room.talk = room.house.conversation


async def test_a_button_of_a_case_answers_it_and_the_engine_hears_its_intent(room: Room) -> None:
    said = await room.says(payload="topic:boat")
    assert said.startswith("Đây là chuyện tàu cá.")
    assert room.engine.asked[-1][1] == "ask_forced_labour"
    assert "Anh Nam tìm việc" in await room.says("kể thêm đi")


async def test_the_text_to_share_comes_alone(room: Room) -> None:
    replies = await room.talk.hear(Inbound("web", "anna", payload="share:boat"))
    assert [reply.text for reply in replies] == ["Cả nhà ơi, coi chừng nhé."]
    assert [button.payload for button in replies[0].buttons] == ["say:help"]


@pytest.mark.parametrize("payload", ["topic:gone", "share:gone", "more:gone", "say:gone"])
async def test_a_button_of_what_is_gone_leads_to_the_menu(room: Room, payload: str) -> None:
    replies = await room.talk.hear(Inbound("web", "anna", payload=payload))
    assert any(button.payload == "say:report_tip" for button in replies[-1].buttons)


async def test_an_engine_never_hears_the_name_of_a_case(room: Room) -> None:
    for payload in ("say:boat", "topic:boat", "more:boat", "share:boat"):
        await room.says(payload=payload)
    for text in ("kể thêm đi", "phạt bao nhiêu năm", "gọi cho ai", "còn gì nữa không"):
        await room.says(text)
    assert "boat" not in {asked for _, asked in room.engine.asked}


async def test_a_side_of_a_case_is_its_own(room: Room) -> None:
    room.engine.answers["bị bán lên tàu cá"] = ABOUT_BOAT
    await room.says("bị bán lên tàu cá")
    assert "6 tháng" in await room.says("thế bị phạt bao nhiêu năm")


async def test_a_topic_asked_about_in_passing_may_be_a_case(room: Room) -> None:
    room.engine.answers["ép làm"] = ABOUT_LABOUR
    room.engine.meanings["tàu cá"] = Meaning("ask_forced_labour", 0.9, text="tàu cá")
    await room.says("ép làm")
    assert "Đây là chuyện tàu cá." in await room.says("còn tàu cá thì sao")


async def test_a_talk_about_what_has_left_the_content_goes_on(room: Room) -> None:
    room.engine.answers["bị bán lên tàu cá"] = ABOUT_BOAT
    await room.says("bị bán lên tàu cá")
    _hold(room, replace(WITH_BOAT, topics={k: t for k, t in WITH_BOAT.topics.items() if k != BOAT.name}))
    for text in ("kể thêm đi", "thế bị phạt bao nhiêu năm", "còn bên Lào thì sao"):
        assert await room.says(text)
