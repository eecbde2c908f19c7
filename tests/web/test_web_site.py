"""Every page has strict headers, forms come from our own pages only, and what goes wrong is said in plain words."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from web.assets import FOLDER, static_url
from web.forms import check_form, read_form
from web.limits import BODY_LIMIT
from web.sessions import Session, Sessions
from web.site import site

SESSIONS: Sessions[str] = Sessions()
TOKEN = SESSIONS.open("ha")


def session() -> Session[str]:
    found = SESSIONS.get(TOKEN)
    assert found
    return found


async def hello(_: Request) -> Response:
    return PlainTextResponse("chào")


async def breaks(_: Request) -> Response:
    try:
        raise KeyError("lời của một người")
    except KeyError as error:
        raise RuntimeError("lời của một người") from error


async def forbids(_: Request) -> Response:
    raise HTTPException(403, "lời của một người")


async def redirects(_: Request) -> Response:
    raise HTTPException(303, headers={"Location": "/inbox/sign-in"})


async def act(request: Request) -> Response:
    form = await check_form(request, session())
    return PlainTextResponse(str(form["word"]))


async def upload(request: Request) -> Response:
    form = await read_form(request)
    photo = form["photo"]
    assert isinstance(photo, UploadFile)
    return PlainTextResponse(str(len(await photo.read())))


@pytest.fixture
def client() -> TestClient:
    routes = [
        Route("/hello", hello),
        Route("/breaks", breaks),
        Route("/forbids", forbids),
        Route("/redirects", redirects),
        Route("/inbox/act", act, methods=["POST"]),
        Route("/upload", upload, methods=["POST"]),
    ]
    return TestClient(site(routes), base_url="http://lachan.example", follow_redirects=False)


@pytest.mark.parametrize("path", ["/hello", "/missing", "/breaks", "/forbids"])
def test_every_answer_has_strict_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


def test_https_is_remembered(client: TestClient) -> None:
    assert "strict-transport-security" in client.get("https://lachan.example/hello").headers


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/missing", 404, "Không có trang này"),
        ("/breaks", 500, "Máy bên mình đang trục trặc"),
        ("/forbids", 403, "Trang này chưa mở cho bạn"),
        ("/upload", 405, "Không mở được theo cách này"),
    ],
)
def test_errors_are_plain_and_hold_no_exception(client: TestClient, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert "tel:113" in answer.text
    assert "lời của một người" not in answer.text
    assert "Error" not in answer.text


def test_an_error_below_a_room_leads_back_to_the_room(client: TestClient) -> None:
    assert 'href="/inbox"' in client.get("/inbox/missing").text


def test_a_failure_is_logged_without_words(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get("/breaks")
    assert "RuntimeError" in caplog.text
    assert "KeyError" in caplog.text
    assert "test_web_site.py" in caplog.text
    assert "lời của" not in caplog.text


def test_a_redirect_by_exception_keeps_its_place(client: TestClient) -> None:
    answer = client.get("/redirects")
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox/sign-in")


def test_a_body_that_is_too_big_gets_a_page(client: TestClient) -> None:
    announced = client.post("/upload", files={"photo": b"x" * (BODY_LIMIT + 1)})
    assert announced.status_code == 413
    assert "20 MB" in announced.text

    def chunks() -> Iterator[bytes]:
        head = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
        yield head
        for _ in range(22):
            yield b"x" * 1024 * 1024

    headers = {"content-type": "multipart/form-data; boundary=b"}
    unannounced = client.post("/upload", content=chunks(), headers=headers)
    assert unannounced.status_code == 413
    assert "20 MB" in unannounced.text


def test_a_file_is_never_written_to_the_disk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    answer = client.post("/upload", files={"photo": b"x" * 5_000_000})
    assert answer.text == "5000000"


def test_a_form_needs_its_token(client: TestClient) -> None:
    good = {"form_token": session().form_token, "word": "xong"}
    assert client.post("/inbox/act", data=good).text == "xong"
    assert client.post("/inbox/act", data={"word": "xong"}).status_code == 403
    assert client.post("/inbox/act", data={**good, "form_token": "khác"}).status_code == 403
    assert client.post("/inbox/act", content=b"{}", headers={"content-type": "application/json"}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 200),
        ({"origin": "http://lachan.example"}, 200),
        ({"origin": "null"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
    ],
)
def test_a_form_from_another_site_is_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    data = {"form_token": session().form_token, "word": "xong"}
    assert client.post("/inbox/act", data=data, headers=headers).status_code == status


def test_static_files_are_cached_by_content(client: TestClient) -> None:
    url = static_url("style.css")
    answer = client.get(url, headers={"accept-encoding": "gzip"})
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == (FOLDER / "style.css").read_text(encoding="utf-8")
    plain = client.get("/static/style.css", headers={"accept-encoding": ""})
    assert plain.headers["cache-control"] == "no-cache"
    assert plain.content == (FOLDER / "style.css").read_bytes()
    assert client.get(url[:-1]).headers["cache-control"] == "no-cache"
    font = client.get(static_url("fonts/be-vietnam-pro-latin-400.woff2"))
    assert "immutable" in font.headers["cache-control"]
    assert client.get("/static/../pages.py").status_code == 404
    assert client.get("/static/%2e%2e/pages.py").status_code == 404


def test_what_the_style_names_is_there() -> None:
    names = {part.split(")")[0] for part in (FOLDER / "style.css").read_text(encoding="utf-8").split("url(fonts/")[1:]}
    assert names == {path.name for path in (FOLDER / "fonts").glob("*.woff2")}
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        static_url("missing.css")
    assert Path(FOLDER, "shield.svg").exists()
