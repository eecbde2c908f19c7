"""The bell: an open page learns of a tip in danger at once, keeps nobody signed in by asking, and leaves no trace."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import func, select, update

from db.police import Audit, Officer
from inbox import routes
from tests.inbox.kit import Browser
from tests.kit.serving import Serving
from tests.tips.kit import CHEAP, PASSWORD, PEPPER, House
from tips.citizen.sealing import seal_tip
from tips.code import make_code
from tips.envelope import derive
from tips.report import Report
from web.site import site

WORDS = "cứu em với ở phòng số 7"


def put(house: House, what: str = WORDS, lane: str = "", danger: bool = True) -> str:
    """A tip in a lane; its id."""
    keys = derive(make_code(), PEPPER, CHEAP)
    tip = seal_tip(Report(what=what, danger=danger), [], house.dropbox.recipients(), keys)
    house.dropbox.deposit(replace(tip, lane=lane))
    return tip.id


def test_it_tells_how_many_and_which_is_the_newest(house: House, lan: Browser) -> None:
    assert lan.get("/inbox/bell").json() == {"tips": 0, "newest": 0}
    put(house, danger=False)
    put(house)
    put(house)
    put(house, lane="many")
    put(house, danger=False)
    answer = lan.get("/inbox/bell")
    assert answer.json() == {"tips": 2, "newest": 3}
    assert answer.headers["cache-control"] == "no-store"


def test_what_is_dealt_with_rings_no_more(house: House, lan: Browser) -> None:
    tip_id = put(house)
    lan.post(f"/inbox/tips/{tip_id}/status", to="working")
    assert lan.get("/inbox/bell").json()["tips"] == 1, "somebody still has to act"
    lan.post(f"/inbox/tips/{tip_id}/status", to="passed_on")
    assert lan.get("/inbox/bell").json() == {"tips": 0, "newest": 0}


def test_nobody_hears_of_tips_that_they_cannot_read(house: House, lan: Browser) -> None:
    put(house)
    unit = house.officers.make_unit("Đội khác")
    house.officers.enrol("binh", "Đại uý Bình", unit, PASSWORD)
    binh = Browser(house)
    binh.sign_in("binh")
    assert binh.get("/inbox/bell").json() == {"tips": 0, "newest": 0}, "enrolled after the tip"
    with house.police_store.begin() as session:
        session.execute(update(Officer).where(Officer.login == "lan").values(active=False))
    assert lan.get("/inbox/bell").json() == {"tips": 0, "newest": 0}, "no longer in the service"


def test_a_stranger_hears_nothing(house: House, stranger: Browser) -> None:
    put(house)
    answer = stranger.get("/inbox/bell")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/inbox/sign-in"
    assert stranger.get("/inbox/bell.js").status_code == 200, "the script itself is no secret"


def test_asking_keeps_nobody_signed_in(house: House, lan: Browser) -> None:
    for _ in range(29):
        house.clock.move(minutes=1)
        assert lan.get("/inbox/bell").status_code == 200
    house.clock.move(minutes=1)
    assert lan.get("/inbox/bell").status_code == 303
    assert lan.get().status_code == 303


def test_asking_writes_no_audit_row(house: House, lan: Browser) -> None:
    put(house)
    rows = []
    for _ in range(2):
        with house.police_store.read() as session:
            rows.append(session.scalar(select(func.count()).select_from(Audit)))
        for _ in range(20):
            lan.get("/inbox/bell")
    assert rows[0] == rows[1]


def test_every_page_of_an_officer_has_the_bell_with_what_it_shows_already(house: House, lan: Browser) -> None:
    pages = [lan.get().text]
    tip_id = put(house)
    pages += [lan.get().text, lan.get(f"/inbox/tips/{tip_id}").text]
    for page, newest in zip(pages, (0, 1, 1), strict=True):
        (bar,) = re.findall(r'<p class="bell"[^>]*>', page)
        assert f'data-newest="{newest}"' in bar and " hidden" in bar
        assert page.count('<script src="/inbox/bell.js" defer></script>') == 1


# ---- in a real browser


@pytest.fixture
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        path = os.environ.get("LACHAN_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def desk(house: House, chromium: Chromium) -> Iterator[Page]:
    """The list of an officer who is signed in, on a small screen."""
    with Serving(site(routes(house.officers, house.inbox, now=house.clock, sleep=asyncio.sleep))) as server:
        page = chromium.new_page(viewport={"width": 360, "height": 740})
        page.goto(f"{server.url}/inbox")
        page.fill("input[name=login]", "lan")
        page.fill("input[name=password]", PASSWORD)
        page.click("form button")
        expect(page.locator("#bell")).to_be_hidden()
        yield page


def test_an_open_page_shows_that_somebody_is_in_danger(house: House, desk: Page) -> None:
    faults: list[str] = []
    desk.on("pageerror", lambda error: faults.append(str(error)))
    desk.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    first = put(house, "Chuyện ở chợ", danger=False)
    put(house, "Chuyện ở chợ", lane="alike")
    desk.goto(desk.url.split("/inbox")[0] + f"/inbox/tips/{first}")
    with desk.expect_response("**/inbox/bell") as asked:
        pass
    assert asked.value.json()["tips"] == 0
    expect(desk.locator("#bell")).to_be_hidden()
    put(house)
    expect(desk.locator("#bell")).to_be_visible(timeout=10_000)
    expect(desk.locator("#bell")).to_have_text("Có tin khẩn mới: bấm để xem")
    expect(desk).to_have_title("● Tin khẩn mới – Lá Chắn")
    assert WORDS not in desk.content()
    desk.click("#bell a")
    expect(desk.locator(".row").first).to_contain_text(WORDS)
    expect(desk).to_have_title("Hộp tin báo – Lá Chắn")
    expect(desk.locator("#bell")).to_be_hidden()
    assert faults == []


def test_it_sounds_only_for_who_switched_it_on(house: House, desk: Page) -> None:
    desk.add_init_script(
        "window.tones = 0; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (at) { window.tones += 1; return start.call(this, at); };"
    )
    desk.reload()
    put(house)
    expect(desk.locator("#bell")).to_be_visible(timeout=10_000)
    assert desk.evaluate("window.tones") == 0
    expect(desk.locator("#tone")).to_have_text("Bật chuông báo tin khẩn")
    desk.click("#tone")
    assert desk.evaluate("window.tones") == 2, "so that it is known how it sounds"
    desk.reload()
    expect(desk.locator("#tone")).to_have_text("Tắt chuông báo tin khẩn")
    put(house)
    expect(desk.locator("#bell")).to_be_visible(timeout=10_000)
    assert desk.evaluate("window.tones") == 2
    desk.click("#tone")
    desk.reload()
    expect(desk.locator("#tone")).to_have_text("Bật chuông báo tin khẩn")


def test_a_page_whose_session_has_ended_says_so(house: House, desk: Page) -> None:
    house.clock.move(minutes=31)
    expect(desk.locator("#bell")).to_contain_text("Phiên làm việc đã hết", timeout=10_000)
    put(house)
    desk.click("#bell a")
    expect(desk.locator("input[name=password]")).to_be_visible()
