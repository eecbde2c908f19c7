"""A guided talk in the conversation: who has the floor, what is kept, how it ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.guided import Guided
from bot.turn import Floor
from content.reply import Button, Reply
from guides.port import Kept, Step
from nlu.engine import Meaning
from tests.bot.room import Room


class Colours:
    """Asks for two colours. "red" is danger, "?" is nobody's answer, and at the end a tip can be begun."""

    def begin(self, language: str, text: str) -> Step:
        return self._ask([text] if text else [])

    def hear(self, kept: Kept, language: str, text: str) -> Step | None:
        if "?" in text:
            return None
        if text == "red":
            return Step((Reply("113 first"),), urgent=True)
        return self._ask([*kept["colours"], text])

    def press(self, kept: Kept | None, language: str, rest: str) -> Step:
        if kept is None:
            return Step((Reply("that is over"),))
        if rest == "tip":
            return Step((), tip=" and ".join(kept["colours"]))
        return self._ask([*kept["colours"], rest])

    def _ask(self, colours: list[str]) -> Step:
        if len(colours) == 2:
            tip = Button("Tell it", "guide:offer:tip")
            return Step((Reply(f"done: {'+'.join(colours)}", buttons=(tip,)),), {"colours": colours})
        return Step(
            (Reply(f"colour {len(colours) + 1}", buttons=(Button("Blue", "guide:offer:blue"),)),), {"colours": colours}
        )


@pytest.fixture
def guided(room: Room) -> Room:
    object.__setattr__(room.talk.floors, "guided", Guided({"offer": Colours()}))
    room.engine.answers["offer"] = [{"do": "offer"}]
    return room


async def test_a_guide_asks_hears_and_ends(guided: Room) -> None:
    assert "colour 2" in await guided.says("offer")  # what was said answers the first question
    assert "done: offer+green" in await guided.says("green")
    assert guided.engine.asked[1:] == []


async def test_a_button_begins_and_answers(guided: Room) -> None:
    assert "colour 1" in await guided.says(payload="guide:offer")
    assert "colour 2" in await guided.says(payload="guide:offer:blue")
    assert "done: blue+blue" in await guided.says("1", channel="web")  # the number of the button


async def test_what_is_no_answer_goes_to_the_engine_and_the_guide_asks_again(guided: Room) -> None:
    await guided.says(payload="guide:offer")
    heard = await guided.says("what is the law?")
    assert "nghe: what is the law?" in heard
    assert heard.endswith("colour 1\n<Blue>")
    assert "colour 2" in await guided.says("green")


async def test_a_cry_for_help_ends_it_with_the_numbers(guided: Room) -> None:
    await guided.says(payload="guide:offer")
    heard = await guided.says("cứu em với em đang bị nhốt")
    assert heard.startswith("Nói được thì gọi 113")
    assert "colour" not in heard
    assert "nghe: green" in await guided.says("green")


async def test_the_engine_hears_a_cry_too(guided: Room) -> None:
    guided.engine.meanings["they took me away"] = Meaning("emergency", 0.97)
    await guided.says(payload="guide:offer")
    assert "113" in await guided.says("they took me away")


async def test_danger_found_by_a_guide_makes_the_next_tip_urgent(guided: Room) -> None:
    await guided.says(payload="guide:offer")
    assert "113 first" in await guided.says("red")
    row = guided.row()
    assert row is not None
    assert guided.talk.talks.load(row.ref).cried


async def test_it_is_over_after_an_hour_and_with_erasing(guided: Room) -> None:
    await guided.says(payload="guide:offer")
    guided.clock.time += timedelta(hours=2)
    assert "nghe: green" in await guided.says("green")
    await guided.says(payload="guide:offer")
    await guided.says("xóa hết đi")
    assert "that is over" in await guided.says(payload="guide:offer:blue")


async def test_a_tip_begins_with_what_was_answered(guided: Room) -> None:
    await guided.says("offer")
    await guided.says("green")
    heard = await guided.says(payload="guide:offer:tip")
    assert "Chuyện ở đâu" in heard  # what happened is told already
    row = guided.row()
    assert row is not None
    assert Floor(row.floor) is Floor.TIP


async def test_an_open_tip_keeps_the_floor(guided: Room) -> None:
    guided.engine.answers["báo tin"] = [{"do": "tip"}]
    await guided.says("báo tin")
    await guided.says("thấy xe lạ chở người qua suối")
    heard = await guided.says(payload="guide:offer")
    assert "colour" not in heard
    assert "Chuyện ở đâu" in heard


async def test_what_a_guide_remembers_is_sealed(guided: Room) -> None:
    await guided.says(payload="guide:offer")
    await guided.says("turquoise")
    row = guided.row()
    assert row is not None
    assert b"turquoise" not in row.menu
    state = guided.talk.talks.load(row.ref)
    assert state.guide is not None
    assert state.guide.kept == {"colours": ["turquoise"]}
    assert "turquoise" not in repr(state)


def test_a_reply_with_a_file_survives_the_journal() -> None:
    from content.reply import File

    reply = Reply("here", file=File("sheet.pdf", "application/pdf", b"%PDF\x00\xff", "Open", "the same in words"))
    kept: Mapping[str, Any] = json.loads(json.dumps(reply.to_dict()))
    assert Reply.from_dict(dict(kept)) == reply
    assert replace(reply, file=None).to_dict() == {"text": "here"}
