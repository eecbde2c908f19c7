"""The web chat in a real browser: light enough, nothing clipped, works by touch, by keyboard and without script."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from bot.channels import web
from tests.bot.channels.web_kit import Talk, serve

PAGE_LIMIT = 100_000  # bytes of the first page with its style, script, mark and fonts, headers included
NO_NAMES = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"  # a test reaches nobody outside
)
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000201"
    "ff0d0e8a0000000049454e44ae426082"
)

# What a person would see as broken: wider than the window, cut off, or too small for a thumb.
FAULTS = """() => {
  const faults = [], wide = document.documentElement.clientWidth;
  const fault = (why, e) => faults.push(why + ": " + e.outerHTML.slice(0, 200));
  if (document.documentElement.scrollWidth > wide) fault("scrolls sideways", document.body);
  for (const e of document.querySelectorAll("body *:not(script)")) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e), runs_out = e.scrollWidth > e.clientWidth + 1;
    if (!box.width || !e.checkVisibility() || e.closest(".skip, .visually-hidden, svg, .js .pick, #tray")) continue;
    if (box.right > wide + 1 || box.left < -1) fault("out of the window", e);
    if (runs_out && ["hidden", "clip"].includes(style.overflowX)) fault("cut off", e);
    if (runs_out && !e.children.length && e.tagName !== "TEXTAREA" && style.display !== "inline") fault("runs out", e);
    const tight = parseFloat(style.lineHeight) < 1.4 * parseFloat(style.fontSize);
    if (tight && e.textContent.trim()) fault("lines too close", e);
  }
  for (const e of document.querySelectorAll("a[href]:not(.skip), button, summary, textarea, label.pick")) {
    const box = e.getBoundingClientRect();
    if (e.checkVisibility() && (box.height < 43.5 || box.width < 43.5)) fault("too small for a thumb", e);
  }
  return faults;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=[NO_NAMES, "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            )
        except Error as error:
            pytest.fail(f"no Chromium here (apt-get install chromium): {str(error).splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def address(talk: Talk) -> Iterator[str]:
    with serve(talk) as address:
        yield address


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """The chat in a fresh browser; afterwards: nothing was asked of anybody else, and the policy refused nothing."""
    context = browser.new_context(locale="vi-VN", reduced_motion="reduce", **options)
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    yield page
    assert [line for line in said if "Failed to load resource" not in line] == []
    assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []
    context.close()


@pytest.fixture
def weather() -> Iterator[tuple[str, list[str]]]:
    """Another site, and the headers of what it was asked."""
    asked: list[str] = []

    class Weather(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(str(self.headers))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Weather) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/weather", asked
        server.shutdown()


@pytest.fixture
def chat(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, **PHONE) as page:
        yield page


def say(page: Page, text: str) -> None:
    page.fill("#words", text)
    page.click("#send")


def test_the_first_page_is_light_and_asks_nobody_else(browser: Browser, address: str) -> None:
    context = browser.new_context(**PHONE)
    page, sizes, names = context.new_page(), {}, {}
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.responseReceived", lambda event: names.update({event["requestId"]: event["response"]["url"]}))
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    listed = {names[key].removeprefix(address): int(size) for key, size in sizes.items()}
    print(listed, sum(listed.values()))
    assert len([name for name in listed if name.endswith(".woff2")]) == 4
    assert all(name.startswith(("/", "data:")) for name in listed)
    assert sum(listed.values()) <= PAGE_LIMIT
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_nothing_is_clipped(browser: Browser, address: str, tmp_path: Path, script: bool) -> None:
    with opened(browser, address, java_script_enabled=script) as page:
        for shot, words in enumerate(["", "mời đi xklđ Nhật\nlương 40 triệu, có thật không?", "cứu em với", "a" * 300]):
            if words:
                say(page, words)
                expect(page.locator(".bubble.you").last).to_contain_text(words[:6])
                expect(page.locator(".bubble.you ~ .answer").last).to_be_attached()
            page.wait_for_function("!document.querySelector('#state.on')")
            page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
            for width, height in ((360, 640), (768, 1024), (1440, 900)):
                page.set_viewport_size({"width": width, "height": height})
                assert page.evaluate(FAULTS) == [], width
                assert page.locator(".head .danger").bounding_box()["y"] >= 0  # type: ignore[index]
                for scheme in SCHEMES if shot < 3 else ():
                    page.emulate_media(color_scheme=scheme)
                    page.screenshot(path=tmp_path / f"{shot}-{width}-{scheme}.png")


def test_a_talk_by_touch(chat: Page, talk: Talk) -> None:
    chat.tap("text=Kiểm tra lời mời")
    expect(chat.locator(".bubble.you")).to_have_text("Kiểm tra lời mời")
    expect(chat.locator(".answer").last).to_contain_text("Bạn vừa bấm say:check_offer.")
    say(chat, "một\nhai")
    expect(chat.locator(".answer").last).to_contain_text("Bạn viết:")
    assert chat.locator(".bubble.you").last.inner_text() == "một\nhai"
    expect(chat.locator("#words")).to_have_value("")
    chat.get_by_role("button", name="Các kiểu lừa bán").tap()  # a button of the oldest bubble
    expect(chat.locator(".answer").last).to_contain_text("say:ask_tricks")
    assert [inbound.payload or inbound.text for inbound in talk.heard] == [
        "say:check_offer",
        "một\nhai",
        "say:ask_tricks",
    ]
    assert len({inbound.sender for inbound in talk.heard}) == 1


def test_the_answer_begins_in_sight(chat: Page) -> None:
    say(chat, "mời đi xklđ Nhật")
    first_line = chat.get_by_text("Làm dịch vụ đưa người đi làm nước ngoài")
    expect(first_line).to_be_in_viewport()
    expect(chat.locator(".bubble.you")).to_be_in_viewport()
    assert chat.locator("a[href='tel:113']").count() == 2
    assert chat.locator(".note").get_attribute("open") is None
    say(chat, "cứu em với")
    expect(chat.locator(".urgent a[href='tel:113']")).to_be_in_viewport(ratio=1)
    expect(chat.locator(".urgent a[href='tel:111']")).to_be_in_viewport(ratio=1)


def test_by_keyboard(browser: Browser, address: str, talk: Talk) -> None:
    with opened(browser, address, viewport={"width": 1280, "height": 800}) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # "Đến ô nhắn tin"
        page.keyboard.type("dòng một")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("dòng hai")
        page.keyboard.press("Enter")
        expect(page.locator(".answer").last).to_contain_text("dòng hai")
        assert talk.heard[0].text == "dòng một\ndòng hai"
        expect(page.locator("#words")).to_be_focused()
        page.locator("button[name=payload]").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".answer").last).to_contain_text("say:check_offer")


def test_what_could_not_be_sent_stays_and_can_be_sent_again(chat: Page, talk: Talk) -> None:
    chat.context.set_offline(True)
    say(chat, "tin thứ nhất")
    again = chat.get_by_role("button", name="Gửi lại")
    expect(again).to_be_in_viewport(ratio=1)
    expect(chat.locator(".unsent")).to_contain_text("Máy đang mất mạng")
    assert chat.locator(".bubble.you").inner_text() == "tin thứ nhất"
    assert chat.evaluate(FAULTS) == []
    chat.context.set_offline(False)
    talk.failing = True
    again.tap()
    expect(chat.locator(".unsent")).to_contain_text("Tin chưa gửi được.")
    talk.failing = False
    again.tap()
    expect(chat.locator(".answer").last).to_contain_text("tin thứ nhất")
    expect(again).to_have_count(0)
    assert chat.locator(".bubble.you").count() == 1
    assert [inbound.text for inbound in talk.heard] == ["tin thứ nhất"]


def test_an_answer_that_was_lost_on_the_way_is_not_asked_for_twice(chat: Page, talk: Talk) -> None:
    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    chat.route("**/chat/say", lose, times=1)
    say(chat, "ở Lào Cai")
    chat.get_by_role("button", name="Gửi lại").tap()
    expect(chat.locator(".answer").last).to_contain_text("ở Lào Cai")
    assert len(talk.heard) == 1


def test_messages_go_in_the_order_in_which_they_were_said(chat: Page, talk: Talk) -> None:
    talk.slow = 0.8
    for text in ("một", "hai", "ba"):
        say(chat, text)
    expect(chat.locator("#state")).to_contain_text("Đang trả lời…")
    expect(chat.locator(".answer").last).to_contain_text("ba")
    expect(chat.locator("#state")).to_be_empty()
    assert [inbound.text for inbound in talk.heard] == ["một", "hai", "ba"]


def test_photos_are_looked_at_before_they_are_sent(chat: Page, talk: Talk, tmp_path: Path) -> None:
    files: list[Any] = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": ONE_PIXEL} for n in range(3)]
    chat.set_input_files("#photo", files)
    expect(chat.locator("#tray img")).to_have_count(3)
    chat.get_by_role("button", name="Bỏ ảnh này").first.tap()
    chat.fill("#words", "biển số xe")
    chat.screenshot(path=tmp_path / "tray.png")
    assert talk.heard == []
    chat.click("#send")
    expect(chat.get_by_text("Mình nhận được ảnh rồi")).to_have_count(2)
    expect(chat.locator(".bubble.you img")).to_have_count(2)
    assert [inbound.text for inbound in talk.heard] == ["biển số xe", ""]
    assert all(inbound.file == ONE_PIXEL for inbound in talk.heard)
    expect(chat.locator("#tray")).to_be_hidden()


def test_a_big_photo_gets_smaller_before_it_leaves_the_phone(chat: Page, talk: Talk) -> None:
    chat.evaluate("""async () => {
      const canvas = new OffscreenCanvas(3000, 1500), pen = canvas.getContext("2d");
      const pixels = pen.createImageData(3000, 1500);
      for (let i = 0; i < pixels.data.length; i += 65536) crypto.getRandomValues(pixels.data.subarray(i, i + 65536));
      pen.putImageData(pixels, 0, 0);
      const files = new DataTransfer();
      files.items.add(new File([await canvas.convertToBlob()], "big.png", { type: "image/png" }));
      const pick = document.getElementById("photo");
      pick.files = files.files;
      pick.dispatchEvent(new Event("change"));
    }""")
    chat.click("#send")
    expect(chat.locator(".answer").last).to_contain_text("Mình nhận được ảnh rồi", timeout=15_000)
    photo = talk.heard[0].file
    assert photo
    assert photo[:2] == b"\xff\xd8"


def test_without_script(browser: Browser, address: str, talk: Talk) -> None:
    with opened(browser, address, java_script_enabled=False, **PHONE) as page:
        say(page, "mời đi xklđ Nhật\nlương 40 triệu")
        assert page.locator(".bubble.you").inner_text() == "mời đi xklđ Nhật\nlương 40 triệu"
        expect(page.locator(".answer").first).to_contain_text("doanh nghiệp Việt Nam có giấy phép")
        page.fill("#words", "viết dở")
        page.tap("text=Kiểm tra công ty")
        expect(page.locator(".bubble.you")).to_have_text("Kiểm tra công ty")
        expect(page.locator("#words")).to_have_value("viết dở")
        page.set_input_files("#photo", {"name": "a.png", "mimeType": "image/png", "buffer": ONE_PIXEL})
        page.click("#send")
        expect(page.locator(".answer")).to_contain_text("Mình nhận được ảnh rồi")
        assert len({inbound.sender for inbound in talk.heard}) == 1
        assert [bool(inbound.file) for inbound in talk.heard] == [False, False, True]


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_quick_exit(
    browser: Browser, address: str, weather: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    monkeypatch.setattr(web, "HARMLESS", weather[0])
    context = browser.new_context(java_script_enabled=script, **PHONE)
    page = context.new_page()
    page.goto(address)
    say(page, "chào")
    expect(page.locator(".answer").last).to_contain_text("chào")
    assert [cookie["name"] for cookie in context.cookies()] == ["lachan_chat"]
    page.tap("#leave")
    page.wait_for_url(weather[0])
    assert context.cookies() == []
    assert "referer" not in weather[1][0].lower()
    if script:  # the chat is not even one step back; without script the browser asks before it shows a sent form again
        page.go_back()
        assert page.url == "about:blank"
    context.close()
