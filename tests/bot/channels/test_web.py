"""The web chat without a browser: what reaches the conversation, what comes back, and what is left nowhere."""

from __future__ import annotations

import asyncio
import io
import logging
import tempfile

import pytest
from httpx import Response
from starlette.testclient import TestClient

from bot.channels.once import Once
from bot.inbound import Inbound
from content.reply import Button, Call, Reply
from tests.bot.channels.web_kit import Talk, app
from web.limits import PHOTO_LIMIT

ID = "a" * 32
OTHER_ID = "b" * 32


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def client(talk: Talk) -> TestClient:
    return TestClient(app(talk), base_url="http://lachan.example", follow_redirects=False)


def say(client: TestClient, **message: object) -> Response:
    answer: Response = client.post("/chat/say", json=message)
    return answer


def test_looking_greets_and_keeps_nothing(client: TestClient, talk: Talk) -> None:
    page = client.get("/")
    assert "mình là Lá Chắn, một chương trình máy tính" in page.text
    assert "set-cookie" not in page.headers
    assert talk.heard == []
    assert "Trang vừa mở lại" not in page.text


def test_text_is_heard_and_answered(client: TestClient, talk: Talk) -> None:
    answer = say(client, text=" mời đi\r\nNhật ", id=ID)
    assert answer.json() == {"replies": [{"text": "Bạn viết:\nmời đi\nNhật"}]}
    assert talk.heard == [Inbound("web", talk.heard[0].sender, text="mời đi\nNhật")]


def test_a_button_is_heard_as_its_payload(client: TestClient, talk: Talk) -> None:
    assert say(client, payload="say:help").json()["replies"][0]["buttons"] == [
        {"title": "Về mục lục", "payload": "say:help"}
    ]
    assert (talk.heard[0].payload, talk.heard[0].text) == ("say:help", "")


def test_one_browser_is_one_sender_and_two_are_two(client: TestClient, talk: Talk) -> None:
    first = say(client, text="một")
    cookie = first.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "max-age=86400", "path=/"):
        assert part in cookie
    say(client, text="hai")
    say(TestClient(app(talk)), text="ba")
    one, two, three = (inbound.sender for inbound in talk.heard)
    assert one == two != three
    assert len(one) == 43
    assert "Trang vừa mở lại" in client.get("/").text


def test_a_cookie_that_we_did_not_make_is_not_taken(client: TestClient, talk: Talk) -> None:
    client.cookies.set("lachan_chat", "x" * 20)
    say(client, text="một")
    assert talk.heard[0].sender != "x" * 20


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"{}",
        b'{"text": 3}',
        b'{"text": " "}',
        b'{"text": "a", "payload": "b"}',
        b"\xff",
        b'{"id": []}',
    ],
)
def test_what_is_no_message_is_refused(client: TestClient, talk: Talk, body: bytes) -> None:
    answer = client.post("/chat/say", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert talk.heard == []


def test_a_long_payload_a_long_text_and_another_type_are_refused(client: TestClient, talk: Talk) -> None:
    assert say(client, payload="say:" + "x" * 61).status_code == 400
    assert say(client, text="x" * 70_000).status_code == 413
    assert client.post("/chat/say", content=b'{"text": "a"}', headers={"content-type": "text/plain"}).status_code == 400
    assert talk.heard == []


@pytest.mark.parametrize("path", ["/chat/say", "/chat/photo", "/"])
def test_another_site_cannot_speak_for_a_person(client: TestClient, talk: Talk, path: str) -> None:
    assert client.post(path, json={"text": "a"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post(path, json={"text": "a"}, headers={"origin": "https://evil.example"}).status_code == 403
    assert talk.heard == []


def photo(client: TestClient, data: bytes, path: str = "/chat/photo", **fields: str) -> Response:
    files = {"photo": ("IMG_1.jpg", io.BytesIO(data), "image/jpeg")}
    answer: Response = client.post(path, files=files, data=fields)
    return answer


def test_a_photo_comes_with_its_caption_and_never_to_the_disk(
    client: TestClient, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    data = b"\xff\xd8" + b"x" * 3_000_000
    assert "3000002 byte" in photo(client, data, text="biển số xe", id=ID).json()["replies"][0]["text"]
    heard = talk.heard[0]
    assert heard.file
    assert heard.file == data
    assert heard.text == "biển số xe"


def test_a_photo_that_is_too_big_is_said_to_be_so(client: TestClient, talk: Talk) -> None:
    assert photo(client, b"x" * (PHOTO_LIMIT + 1)).status_code == 200
    assert (talk.heard[0].unsupported, talk.heard[0].file) == ("too_big", b"")
    assert photo(client, b"x" * PHOTO_LIMIT).status_code == 200
    assert talk.heard[1].file


def test_a_photo_that_is_none_is_refused(client: TestClient, talk: Talk) -> None:
    assert photo(client, b"").status_code == 400
    assert client.post("/chat/photo", data={"photo": "text"}).status_code == 400
    assert talk.heard == []


def test_a_message_that_is_sent_again_is_heard_once(client: TestClient, talk: Talk) -> None:
    first, again = say(client, text="ở Lào Cai", id=ID), say(client, text="ở Lào Cai", id=ID)
    assert first.json() == again.json()
    assert len(talk.heard) == 1
    say(client, text="ở Huế", id=ID)
    say(client, text="ở Lào Cai", id=OTHER_ID)
    say(client, text="ở Lào Cai")
    assert len(talk.heard) == 4


def test_sent_again_without_the_cookie_that_was_lost_it_is_the_same_person(talk: Talk) -> None:
    served = app(talk)
    first = say(TestClient(served), text="một", id=ID)
    again = say(TestClient(served), text="một", id=ID)
    assert first.headers["set-cookie"] == again.headers["set-cookie"]
    assert len(talk.heard) == 1


def test_another_person_with_the_same_id_is_heard(talk: Talk) -> None:
    served = app(talk)
    other = TestClient(served)
    say(other, text="chào")
    say(TestClient(served), text="một", id=ID)
    say(other, text="một", id=ID)
    assert [inbound.sender == talk.heard[0].sender for inbound in talk.heard] == [True, False, True]


def test_without_script_text_comes_back_with_the_answer(client: TestClient, talk: Talk) -> None:
    page = client.post("/", data={"text": "một\r\n<hai>", "id": ID})
    assert '<div class="bubble you">một\n&lt;hai&gt;</div>' in page.text
    assert (
        '<span class="line">Bạn viết:</span><span class="line">một</span><span class="line">&lt;hai&gt;</span>'
        in page.text
    )
    assert "lachan_chat" in page.headers["set-cookie"]
    client.post("/", data={"text": "một\r\n<hai>", "id": ID})  # the page is loaded again
    assert len(talk.heard) == 1


def test_without_script_a_button_says_its_title_and_what_was_written_stays(client: TestClient, talk: Talk) -> None:
    page = client.post("/", data={"payload": "say:help\tVề mục lục", "text": "đang viết dở"})
    assert talk.heard[0].payload == "say:help"
    assert '<div class="bubble you">Về mục lục</div>' in page.text
    assert ">\nđang viết dở</textarea>" in page.text


def test_without_script_a_photo_comes_with_its_caption(client: TestClient, talk: Talk) -> None:
    page = photo(client, b"\xff\xd8x", path="/", text="biển số xe")
    assert talk.heard[0].file
    assert talk.heard[0].text == "biển số xe"
    assert "Tệp bạn gửi" in page.text
    assert "Mình nhận được ảnh rồi (3 byte)" in page.text


def test_without_script_nothing_said_is_a_look(client: TestClient, talk: Talk) -> None:
    page = client.post("/", data={"text": "  ", "id": ID}, files={"photo": ("", b"")})
    assert page.status_code == 200
    assert "mình là Lá Chắn" in page.text
    assert talk.heard == []


def test_without_script_a_failure_keeps_what_was_written(
    client: TestClient, talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    talk.failing = True
    with caplog.at_level(logging.DEBUG):
        page = client.post("/", data={"text": "lời kín", "id": ID})
    assert page.status_code == 503
    assert "Tin chưa gửi được" in page.text
    assert ">\nlời kín</textarea>" in page.text
    assert "RuntimeError" in caplog.text
    assert "lời kín" not in caplog.text
    talk.failing = False
    assert client.post("/", data={"text": "lời kín", "id": ID}).status_code == 200
    assert len(talk.heard) == 1


def test_a_failure_with_script_is_a_plain_500(client: TestClient, talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    talk.failing = True
    with caplog.at_level(logging.DEBUG):
        answer = say(client, text="lời kín", id=ID)
    assert answer.status_code == 500
    assert "lời kín" not in answer.text + caplog.text


def test_all_kinds_of_parts_are_in_the_page(client: TestClient) -> None:
    page = client.post("/", data={"text": "xklđ"}).text
    assert 'href="tel:113"' in page
    assert 'href="https://dolab.moha.gov.vn" target="_blank" rel="noopener noreferrer"' in page
    assert "Nguồn và điều luật" in page
    assert '<span class="line item">• Cho đi bằng visa du lịch hoặc đường mòn biên giới.</span>' in page
    assert 'value="more:ask_labour_export\tXem thêm"' in page
    assert 'class="answer urgent" role="alert"' in client.post("/", data={"text": "cứu"}).text


def test_a_reply_cannot_bring_its_own_html(client: TestClient, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "<script>alert(1)</script>"
    reply = Reply(evil, note=evil, calls=(Call(evil, number='1"2'),), buttons=(Button(evil, '"x'),))

    async def hear(_: Inbound) -> list[Reply]:
        return [reply]

    monkeypatch.setattr(talk, "hear", hear)
    page = client.post("/", data={"text": "a"}).text
    assert evil not in page
    assert "tel:1&#34;2" in page


def test_quick_exit_forgets_the_person_and_goes_to_the_weather(client: TestClient) -> None:
    say(client, text="một")
    gone = client.get("/chat/quick-exit")
    assert gone.status_code == 303
    assert gone.headers["location"] == "https://www.google.com/search?q=th%E1%BB%9Di+ti%E1%BA%BFt"
    assert "lachan_chat" not in client.cookies
    assert gone.headers["referrer-policy"] == "no-referrer"


def test_once_lets_two_wait_for_one_and_forgets_in_time() -> None:
    async def run() -> None:
        at, calls = 0.0, 0
        once: Once[int] = Once(clock=lambda: at, keep=300, most=2)

        async def act() -> int:
            nonlocal calls
            calls += 1
            await asyncio.sleep(0.01)
            return calls

        assert list(await asyncio.gather(once.do(b"a", act), once.do(b"a", act))) == [1, 1]
        at = 301
        assert await once.do(b"a", act) == 2
        await once.do(b"b", act)
        await once.do(b"c", act)  # one too many: the oldest goes
        assert await once.do(b"c", act) == 4
        assert await once.do(b"a", act) == 5

    asyncio.run(run())


def test_once_keeps_no_failure() -> None:
    async def run() -> None:
        once: Once[int] = Once()

        async def fail() -> int:
            await asyncio.sleep(0.01)
            raise ValueError

        async def work() -> int:
            return 1

        results = await asyncio.gather(once.do(b"a", fail), once.do(b"a", fail), return_exceptions=True)
        assert [type(result) for result in results] == [ValueError, ValueError]
        assert await once.do(b"a", work) == 1

    asyncio.run(run())
