"""The three guides in the real conversation over real stores: who has the floor, what is kept, what becomes of the answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.guided import Guided
from bot.inbound import Inbound
from bot.turn import Floor
from content.reply import Reply
from guides.back import BackGuide
from guides.danger import DangerGuide
from guides.relative import RelativeGuide
from guides.relative.answers import STEPS
from tests.bot.room import Room
from tests.kit.transcript import as_text

SECRETS = ("Kim-Ngọc-77", "biển 99X-88.77")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    library = room.talk.library
    guides = {"danger": DangerGuide(library), "relative": RelativeGuide(library), "back": BackGuide(library)}
    object.__setattr__(room.talk.floors, "guided", Guided(guides))
    yield room
    room.house.close()


async def taps(room: Room, payload: str, channel: str = "web") -> list[Reply]:
    return await room.talk.hear(Inbound(channel, "anna", payload=payload))


async def tells(room: Room) -> None:
    """All eight answers."""
    await taps(room, "guide:relative")
    for step in STEPS:
        await room.says(f"{SECRETS[0]} {SECRETS[1]} {step}")


def kept_of(room: Room) -> dict[str, object] | None:
    row = room.row()
    assert row
    guide = room.talk.talks.load(row.ref).guide
    return guide.kept if guide else None


def everything_stored(folder: Path) -> bytes:
    """Every byte of every store, write-ahead logs included."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and "key" not in path.name)


async def test_the_sheet_is_made_and_nothing_is_kept(room: Room, tmp_path: Path) -> None:
    await tells(room)
    assert kept_of(room)
    for secret in SECRETS:
        assert secret.encode() not in everything_stored(tmp_path), "what waits is sealed"
    replies = await taps(room, "guide:relative:make")
    assert replies[-1].file
    assert SECRETS[0] in replies[-1].file.instead
    row = room.row()
    assert row and Floor(row.floor) is Floor.NONE
    assert kept_of(room) is None
    assert all(secret.encode() not in everything_stored(tmp_path) for secret in SECRETS)
    assert "đã cũ" in as_text(await taps(room, "guide:relative:make"))


async def test_the_answers_begin_a_tip_if_wanted(room: Room) -> None:
    await tells(room)
    replies = await taps(room, "guide:relative:tip")
    assert any(reply.file for reply in replies)
    row = room.row()
    assert row and Floor(row.floor) is Floor.TIP
    assert kept_of(room) is None


async def test_erasing_drops_the_answers(room: Room) -> None:
    await tells(room)
    await room.says("xóa hết đi")
    assert "đã cũ" in as_text(await taps(room, "guide:relative:make"))


async def test_after_an_hour_the_answers_are_gone(room: Room) -> None:
    await tells(room)
    room.clock.time += timedelta(hours=2)
    assert "đã cũ" in as_text(await taps(room, "guide:relative:make"))


async def test_a_question_in_the_middle_is_answered_and_the_guide_asks_on(room: Room) -> None:
    await taps(room, "guide:relative")
    heard = await room.says("luật phạt bao nhiêu?")
    assert "nghe: luật phạt bao nhiêu?" in heard
    assert "nam hay nữ" in heard


async def test_by_numbers_where_there_are_no_buttons(room: Room) -> None:
    await taps(room, "guide:danger", "zalo")
    heard = await room.says("2", channel="zalo")
    assert "Tắt chuông" in heard
    assert kept_of(room) == {"speak": "no"}


async def test_a_quiet_tip_out_of_danger_is_urgent(room: Room) -> None:
    room.engine.answers["/report_tip"] = [{"do": "tip"}]
    await taps(room, "guide:danger")
    await taps(room, "guide:danger:speak:no")
    row = room.row()
    assert row
    assert room.talk.talks.load(row.ref).cried


async def test_the_way_back_to_the_end(room: Room) -> None:
    await taps(room, "guide:back")
    await room.says("ở nhà rồi")
    await room.says("Hà Giang")
    await taps(room, "guide:back:age:adult")
    heard = as_text(await taps(room, "guide:back:threat:no"))
    assert "Sở Y tế Tuyên Quang" in heard
    assert kept_of(room) is None


def test_the_stores_are_looked_at(tmp_path: Path) -> None:
    """The search above finds what is there."""
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("create table t (v text)")
        connection.execute("insert into t values (?)", (SECRETS[0],))
    assert SECRETS[0].encode() in everything_stored(tmp_path)
