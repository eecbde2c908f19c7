"""A change of content needs no release: it is taken up whole or not at all, and no turn sees two editions."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from bot.inbound import Inbound
from content import render
from content.files import FOLDER
from content.shelf import Shelf
from lachan import upkeep
from tests.bot.room import Room
from tests.content.kit import INTENTS, TOPIC, change, copy, lead


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(folder: Path, clock: Clock) -> Shelf:
    return Shelf(folder, INTENTS, clock)


def _law(shelf: Shelf) -> str:
    return render.answer(shelf, "ask_law", "vi")[0].text


def test_a_changed_file_is_taken_up_and_the_version_with_it(folder: Path, shelf: Shelf) -> None:
    before = shelf.live.version
    assert not shelf.look()
    lead(folder, "Câu mới.")
    assert shelf.look()
    assert _law(shelf).startswith("Câu mới.")
    assert shelf.live.version.hash != before.hash
    assert shelf.live.version.newest > before.newest
    assert not shelf.look()


@pytest.mark.parametrize(
    ("spoil", "file", "rule"),
    [
        (lambda folder: lead(folder, "Bạn đến Công an huyện nhé."), TOPIC, "T2 district office"),
        (lambda folder: (folder / TOPIC).write_text("- ["), TOPIC, "schema"),
        (lambda folder: (folder / TOPIC).unlink(), TOPIC, "missing"),
        (lambda folder: (folder / "hotlines.yml").unlink(), "hotlines.yml", "schema"),
    ],
)
def test_what_is_wrong_changes_nothing_and_is_named(
    folder: Path, shelf: Shelf, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], None], file: str, rule: str
) -> None:
    before, said = shelf.live.version, _law(shelf)
    spoil(folder)
    lead(
        folder, "Chào, đây là câu mới.", topic="topics/greet.yml"
    )  # a good change beside the bad one: whole or not at all
    with caplog.at_level(logging.ERROR):
        assert not shelf.look()
        assert not shelf.look()
    assert _law(shelf) == said
    assert "câu mới" not in render.answer(shelf, "greet", "vi")[0].text
    assert shelf.live.version == before
    assert f"content/{file}" in shelf.live.refused
    assert rule in shelf.live.refused
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert rule in caplog.text


def test_what_was_mended_is_taken_up(folder: Path, shelf: Shelf) -> None:
    lead(folder, "Bạn đến Công an huyện nhé.")
    shelf.look()
    lead(folder, "Bạn đến Công an xã nhé.")
    assert shelf.look()
    assert shelf.live.refused == ""


def test_a_start_with_a_folder_that_cannot_be_used_takes_the_content_of_the_program(folder: Path, clock: Clock) -> None:
    (folder / TOPIC).write_text("- [", encoding="utf-8")
    shelf = Shelf(folder, INTENTS, clock)
    assert shelf.topics.keys() == Shelf(FOLDER, INTENTS, clock).topics.keys()
    assert TOPIC in shelf.live.refused


def test_the_next_day_in_vietnam_brings_the_next_version_even_while_the_files_are_broken(
    folder: Path, clock: Clock
) -> None:
    lead(folder, "Đúng đến hết hôm nay.", more="  valid_to: 2026-11-24\n")
    shelf = Shelf(folder, INTENTS, clock)
    (folder / "hotlines.yml").write_text("- [", encoding="utf-8")
    clock.time = datetime(2026, 11, 24, 16, 59, tzinfo=UTC)
    assert not shelf.look()
    assert _law(shelf).startswith("Đúng đến hết hôm nay.")
    clock.time += timedelta(minutes=1)
    assert shelf.look()
    assert _law(shelf) == shelf.phrase("talk.being_updated")
    assert "hotlines.yml" in shelf.live.refused


def test_a_task_that_holds_an_edition_keeps_it(folder: Path, shelf: Shelf) -> None:
    with shelf.one_edition():
        before = _law(shelf)
        lead(folder, "Câu mới.")
        assert shelf.look()
        assert _law(shelf) == before
    assert _law(shelf).startswith("Câu mới.")


def test_what_is_made_of_the_content_follows_it(folder: Path, shelf: Shelf) -> None:
    from bot.channels.text import words
    from tips.citizen.places import Places

    made, places = words(shelf, "vi"), Places(lambda: shelf.places)
    change(folder / "phrases" / "channel.yml", 'vi: "☎ {title}: {number}"', 'vi: "Gọi ngay {title}: {number}"')
    change(folder / "places.yml", "{name: Cao Bằng", "{name: Cao Bằng Mới")
    shelf.look()
    assert made["call"] == "Gọi ngay {title}: {number}"
    assert places.find("ở Cao Bằng Mới")[0].name == "Cao Bằng Mới"


NUMBERED = re.compile(r"Bản số (\d+)")


@pytest.mark.parametrize("changes", [12, pytest.param(50, marks=pytest.mark.slow)])
async def test_reload_under_load_drops_no_message_and_no_turn_mixes_two_editions(tmp_path: Path, changes: int) -> None:
    """12 people ask all the time, while the files change so often: two files each time, and now and then wrongly."""
    content, room = copy(tmp_path), Room(tmp_path / "data")
    _number(content, 0)
    shelf = Shelf(content, INTENTS, room.clock)
    _hold(room, shelf)
    room.engine.slow = 0.002
    asked, done, seen, changing = 0, 0, set[str](), True

    async def person(number: int) -> None:
        nonlocal asked, done
        while changing:
            for payload in ("more:ask_law", "say:nothing"):
                asked += 1
                replies = await room.talk.hear(Inbound("web", f"p{number}", payload=payload))
                done += bool(replies and all(reply.text for reply in replies))
            replies = await room.talk.hear(Inbound("telegram", f"n{number}-{asked}", text="…!?"))
            asked, done = asked + 1, done + bool(replies)
            numbers = {n for reply in replies for n in NUMBERED.findall(f"{reply.text} {reply.buttons}")}
            assert len(numbers) == 1, "one turn, one edition"
            seen.update(numbers)
            await asyncio.sleep(0.01)

    async def editor() -> None:
        nonlocal changing
        try:
            for number in range(1, changes + 1):
                if number % 10 == 5:
                    lead(content, "Bạn đến Công an huyện nhé.")
                    await asyncio.to_thread(shelf.look)
                    assert shelf.live.refused
                    lead(content, "Luật đang áp dụng là Luật 53/2024/QH15.")
                _number(content, number)
                assert await asyncio.to_thread(shelf.look)
        finally:
            changing = False

    await asyncio.gather(editor(), *(person(number) for number in range(12)))
    assert done == asked
    assert len(seen) > changes / 5, "people were answered from many editions"
    assert shelf.live.refused == ""


def _number(content: Path, number: int) -> None:
    """Writes a number into what is said to somebody new who sent nothing readable: two bubbles, a title of a button."""
    for key in ("empty", "menu", "machine"):
        path = content / "phrases" / "talk.yml"
        text = path.read_text(encoding="utf-8")
        new = f'{key}: {{vi: "Bản số {number}", en: "Bản số {number}"}}\n'
        path.write_text(re.sub(rf"^{key}:.*\n(  .*\n)*", new, text, count=1, flags=re.MULTILINE), encoding="utf-8")


def _hold(room: Room, shelf: Shelf) -> None:
    """A conversation on this shelf."""
    for name in ("library", "conversation", "quiz", "contests", "codes"):
        room.house.__dict__.pop(name, None)
    room.house.__dict__["library"] = shelf
    room.talk = room.house.conversation


async def test_the_watch_takes_up_changes_and_outlives_a_disk_that_fails(
    folder: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "CONTENT_EVERY", 0.01)
    looks, look, done = 0, shelf.look, Event()

    def failing_once() -> bool:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise OSError("the disk is away")
        taken = look()
        if taken:
            done.set()
        return taken

    monkeypatch.setattr(shelf, "look", failing_once)
    lead(folder, "Câu mới.")
    watching = asyncio.create_task(upkeep.ContentWatch(shelf).run())
    assert await asyncio.to_thread(done.wait, 60)
    watching.cancel()
    assert _law(shelf).startswith("Câu mới.")
    assert looks > 1
