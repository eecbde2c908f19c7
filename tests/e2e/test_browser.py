"""The whole line in a real browser: a citizen asks, takes a quiz and tells the police; an officer reads and answers; the code opens
the answer. The app is the real process, as `make run` starts it."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.kit.app import App
from tests.kit.model import TrainedModel

SHOTS = Path(__file__).parent / "screenshots"  # for people to look at; not committed
STORY = "Có bà ở chợ gom giấy tờ của mấy cô gái, hứa đưa đi làm nail bên kia biên giới"
PLACE = "gần chợ Đồng Đăng, Lạng Sơn"
ANSWER = "Cảm ơn bạn. Bạn có nhớ xe đỗ ở chỗ nào không?"
CODE = re.compile(r"\b\d{4} \d{4} \d{4} \d{4} \d{2}\b")


@pytest.fixture(scope="module")
def app(trained: TrainedModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with App(trained.stock(tmp_path_factory.mktemp("app") / "data")) as app:
        yield app
    assert app.exit_code == 0, "Ctrl-C ends all of it cleanly"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("LACHAN_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


def test_a_citizen_asks_plays_and_tells_and_the_officer_answers(app: App, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
    page = context.new_page()
    page.goto(app.chat)
    expect(page.locator("#talk")).to_contain_text("phần mềm trả lời tự động")
    _shot(page, "1-greeting")

    _say(page, "lừa đi xuất khẩu lao động là sao")
    expect(page.locator("#talk")).to_contain_text("khoan nộp tiền")
    _shot(page, "2-labour-export")

    _take_the_quiz(page)
    code = _tell(page)

    officer = context.new_page()
    officer.set_viewport_size({"width": 1440, "height": 900})
    _read_and_answer(app, officer)

    _say(page, "tôi có mã tin báo, muốn xem trả lời")
    _say(page, code)
    expect(page.locator("#talk")).to_contain_text(ANSWER)
    _shot(page, "9-answer")
    context.close()


def test_only_our_own_addresses_are_asked(app: App, browser: Browser) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(app.chat)
    _say(page, "mua bán người là gì")
    page.goto(app.inbox)
    page.goto(app.organiser)
    assert asked
    assert all(address.startswith(app.chat) for address in asked)
    page.close()


def _take_the_quiz(page: Page) -> None:
    _say(page, "đố mình vài câu")
    for number in range(1, 6):
        expect(page.locator("#talk")).to_contain_text(f"{number}/5")
        _tap(page, "A")
    expect(page.locator("#talk")).to_contain_text(re.compile(r"\d/5 câu|\d trên 5|\d/5"))
    _shot(page, "3-quiz")


def _tell(page: Page) -> str:
    """Tells a tip with a photo; the code."""
    _say(page, "mình muốn báo tin cho công an")
    expect(page.locator("#talk")).to_contain_text("Chuyện gì đã xảy ra")
    _say(page, STORY)
    _say(page, PLACE)
    expect(page.locator("#talk")).to_contain_text("khi nào")
    for question in ("những người trong chuyện", "Nhờ đâu", "Bạn có ảnh"):
        _tap(page, "Bỏ qua")
        expect(page.locator("#talk")).to_contain_text(question)
    page.set_input_files("#photo", {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": _photo()})
    if page.locator("#tray li").count():
        page.click("#send")
    expect(page.locator("#talk")).to_contain_text("đã nhận ảnh này")
    _tap(page, "Xong")
    expect(page.locator("#talk")).to_contain_text("Lạng Sơn")
    _shot(page, "4-summary")
    _tap(page, "Gửi cho công an")
    expect(page.locator("#talk")).to_contain_text("Mã của bạn")
    _shot(page, "5-code")
    found = CODE.search(page.inner_text("#talk"))
    assert found, "the code is shown in groups of four"
    return found[0]


def _read_and_answer(app: App, page: Page) -> None:
    account = app.account("/inbox")
    page.goto(app.inbox)
    page.fill("input[name=login]", account.login)
    page.fill("input[name=password]", account.password)
    _shot(page, "6-sign-in")
    page.click("form button")
    expect(page.locator("body")).to_contain_text("Có bà ở chợ gom giấy tờ")
    _shot(page, "7-inbox")
    page.locator("a", has_text="Có bà ở chợ").first.click()
    expect(page.locator("main")).to_contain_text(PLACE)
    photo = page.locator("img[src*='/files/']").first
    expect(photo).to_be_visible()
    assert photo.evaluate("picture => picture.complete || new Promise(done => picture.onload = () => done(true))")
    page.fill("textarea[name=text]", ANSWER)
    _shot(page, "8-tip")
    page.click("#answer button")
    expect(page.locator("#thread")).to_contain_text(ANSWER)


def _say(page: Page, text: str) -> None:
    before = page.locator("#talk .bubble:not(.you)").count()
    page.fill("#words", text)
    page.click("#send")
    expect(page.locator("#talk .bubble:not(.you)").nth(before)).to_be_visible()


def _tap(page: Page, title: str) -> None:
    before = page.locator("#talk .bubble:not(.you)").count()
    page.locator("#talk button", has_text=re.compile(f"^{re.escape(title)}$")).last.click()
    expect(page.locator("#talk .bubble:not(.you)").nth(before)).to_be_visible()


def _shot(page: Page, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.wait_for_timeout(700)  # the page scrolls softly
    page.screenshot(path=SHOTS / f"{name}.png")


def _photo() -> bytes:
    """A car at a roadside, drawn; with a tag that must not arrive."""
    picture, out = Image.new("RGB", (640, 480), "#cfe3ea"), io.BytesIO()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 330, 640, 480), fill="#8d8a80")
    draw.polygon(((170, 230), (230, 160), (430, 160), (490, 230)), fill="#55616b")
    draw.rectangle((120, 230, 540, 330), fill="#3d4a54")
    for left in (180, 400):
        draw.ellipse((left, 290, left + 80, 370), fill="#1f2428")
    exif = Image.Exif()
    exif[0x010E] = "TAG-THAT-STAYS-BEHIND"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()
