"""A file made for a person on its way through every door, over real HTTP; and what the protected hear on Zalo."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.inbound import Inbound
from bot.screens import Screens
from content.reply import Button, File, Reply
from db.citizen import InboundUpdate
from db.keys import KeyRing
from db.pseudonyms import Pseudonyms
from tests.bot.channels.web_kit import Talk, app, serve
from tests.bot.room import Room
from tests.kit.doors import on_zalo, polling
from tests.kit.fake_telegram import FakeTelegram
from tests.kit.fake_zalo import FakeZalo
from tests.kit.memory import Doorstep, MemoryTalk
from tests.kit.people import until
from tests.kit.telegram_api import Upload

PDF = b"%PDF-1.3\n\x00\xff\xfe sheet of Nguyet, who is gone \x80"
IN_WORDS = "Hình dáng: cao 1m58, sẹo ở cằm.\n\nNhớ: khoan trả tiền chuộc."
FILE = File("thong-tin.pdf", "application/pdf", PDF, "Tờ thông tin (PDF, 1 trang)", IN_WORDS)
SHEET = Reply("Tờ ở ngay đây.", buttons=(Button("Về menu", "say:help"),), file=FILE)


@pytest.fixture
def sheet(talk: MemoryTalk) -> MemoryTalk:
    """The conversation gives a file for "làm tờ"."""
    talk.answers["làm tờ"] = [SHEET]
    return talk


async def test_telegram_gets_the_bytes_and_a_caption(telegram: FakeTelegram, door: Doorstep, sheet: MemoryTalk) -> None:
    person = telegram.person(4242)
    async with polling(telegram, door):
        await person.says("làm tờ")
        said, sent = await person.hears(2)
    assert (said.text, said.buttons) == ("Tờ ở ngay đây.", ("Về menu",))
    assert sent.text == "Tờ thông tin (PDF, 1 trang)"
    assert sent.raw["document"] == Upload("thong-tin.pdf", PDF)


async def test_a_refused_file_is_told_in_words(telegram: FakeTelegram, door: Doorstep, sheet: MemoryTalk) -> None:
    person = telegram.person(4242)
    telegram.fault("sendDocument", status=400)
    async with polling(telegram, door):
        await person.says("làm tờ")
        _, told = await person.hears(2)
        await person.hears_nothing()
    assert told.text == IN_WORDS


async def test_a_file_outlasts_a_trouble_on_the_way(telegram: FakeTelegram, door: Doorstep, sheet: MemoryTalk) -> None:
    person = telegram.person(4242)
    telegram.fault("sendDocument", status=502)
    async with polling(telegram, door):
        await person.says("làm tờ")
        _, sent = await person.hears(2)
    assert sent.raw["document"].data == PDF


async def test_hiding_takes_the_file_off_the_screen(
    telegram: FakeTelegram, door: Doorstep, sheet: MemoryTalk, tmp_path: Path
) -> None:
    sheet.answers["ẩn"] = [Reply("Chiều nay nhiều mây.", clears=True)]
    person = telegram.person(4242)
    async with polling(telegram, door, screens=_screens(door, tmp_path)):
        await person.says("làm tờ")
        await person.hears(2)
        assert FILE.title in person.screen
        await person.says("ẩn")
        await person.hears(1)
    assert person.screen == ["Chiều nay nhiều mây."]


async def test_zalo_gets_it_in_words(zalo: FakeZalo, door: Doorstep, sheet: MemoryTalk) -> None:
    person = zalo.person("6ede9afa66b88fe6d6a9")
    async with on_zalo(zalo, door):
        await person.says("làm tờ")
        (heard,) = await person.hears(1)
    assert heard.text == f"Tờ ở ngay đây.\n\n{IN_WORDS}\n\nTrả lời 1 để chọn:\n1. Về menu"


async def test_the_journal_holds_it_sealed_and_drops_it(
    telegram: FakeTelegram, door: Doorstep, sheet: MemoryTalk
) -> None:
    while_sending: list[tuple[str, bytes]] = []
    telegram.api.on_call = lambda method: while_sending.extend(_rows(door) if method == "sendDocument" else [])
    person = telegram.person(4242)
    async with polling(telegram, door):
        await person.says("làm tờ")
        await person.hears(2)
        assert await until(lambda: [state for state, _ in _rows(door)] == ["done"])
    ((state, held),) = while_sending
    assert state == "answered"
    assert len(held) > len(PDF)
    plain = (PDF, base64.b64encode(PDF), b"Nguyet", IN_WORDS.encode(), "sẹo".encode(), b"thong-tin.pdf")
    assert not [words for words in plain if words in held]
    assert _rows(door) == [("done", b"")]


def _rows(door: Doorstep) -> list[tuple[str, bytes]]:
    """State of each update in the journal, and all bytes that are kept of it."""
    with door.store.read() as session:
        return [(row.state, row.sealed + row.answer) for row in session.scalars(select(InboundUpdate))]


def _screens(door: Doorstep, folder: Path) -> Screens:
    keys = KeyRing(b"k" * 32)
    return Screens(door.store, keys, Pseudonyms(folder / "names", lambda: datetime.now(UTC)), lambda: datetime.now(UTC))


# ---------------------------------------------------------------------- whom Zalo protects


async def test_whom_zalo_protects_hears_simple_words_and_the_numbers(
    zalo: FakeZalo, door: Doorstep, room: Room
) -> None:
    door.talk = room.talk  # type: ignore[assignment]  # the real conversation behind the real door
    person = zalo.person("6ede9afa66b88fe6d6a9")
    async with on_zalo(zalo, door):
        await person.writes_protected()
        (heard,) = [each for each in await person.hears(2) if "113" in each.text]  # the other: it is a machine
    first, second, *_ = heard.text.splitlines()
    assert first == "Đang nguy hiểm: gọi 113."
    assert "gọi 111, không mất tiền" in second
    assert "☎ Gọi 113\n☎ Gọi 111" in heard.text
    assert max(len(sentence.split()) for sentence in re.split(r"[.:]\s", heard.text.split("☎")[0])) <= 12
    assert "unsupported" not in heard.text.casefold()


# ---------------------------------------------------------------------- the page


class _Sheets(Talk):
    """The web's conversation, with a file for "làm tờ"."""

    async def hear(self, inbound: Inbound) -> list[Reply]:
        return [SHEET] if inbound.text == "làm tờ" else await super().hear(inbound)


def test_the_page_without_script_has_a_link_to_it() -> None:
    with TestClient(app(_Sheets())) as client:
        page = client.post("/", data={"text": "làm tờ"}).text
    (link,) = re.findall(r"<a[^>]*download=[^>]*>.*?</a>", page, re.DOTALL)
    assert 'download="thong-tin.pdf"' in link
    assert FILE.title in link
    href = re.search(r'href="data:application/pdf;base64,([^"]*)"', link)
    assert href
    assert base64.b64decode(href[1]) == PDF


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("LACHAN_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_browser_saves_it(browser: Browser, script: bool) -> None:
    with serve(_Sheets()) as address:
        context = browser.new_context(
            viewport={"width": 360, "height": 640}, java_script_enabled=script, accept_downloads=True
        )
        page = context.new_page()
        page.goto(f"{address}/")
        page.fill("#words", "làm tờ")
        page.click("#send")
        link = page.get_by_role("link", name=FILE.title)
        with page.expect_download() as saving:
            link.click()
        assert saving.value.suggested_filename == "thong-tin.pdf"
        assert saving.value.path().read_bytes() == PDF
        context.close()
