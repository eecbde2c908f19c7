"""Sessions end when they should, keep no token, and their cookies go only where they belong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from web.sessions import Cookie, Sessions


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def later(self, **time: float) -> None:
        self.at += timedelta(**time)


def test_opens_gets_and_closes() -> None:
    sessions: Sessions[str] = Sessions()
    token = sessions.open("ha")
    found = sessions.get(token)
    assert found is not None
    assert found.value == "ha"
    assert len(token) >= 43
    assert found.form_token != token
    sessions.close(token)
    sessions.close(token)
    assert sessions.get(token) is None
    assert sessions.get("") is None


def test_ends_after_thirty_idle_minutes_and_use_keeps_it() -> None:
    clock = Clock()
    sessions: Sessions[str] = Sessions(clock)
    token = sessions.open("ha")
    for _ in range(3):
        clock.later(minutes=29)
        assert sessions.get(token)
    clock.later(minutes=30)
    assert sessions.get(token) is None


def test_what_a_page_asks_by_itself_keeps_no_session() -> None:
    clock = Clock()
    sessions: Sessions[str] = Sessions(clock)
    token = sessions.open("ha")
    clock.later(minutes=29)
    assert sessions.get(token, touch=False)
    clock.later(minutes=1)
    assert sessions.get(token) is None


def test_ends_after_eight_hours_whatever_is_done() -> None:
    clock = Clock()
    sessions: Sessions[str] = Sessions(clock)
    token = sessions.open("ha")
    for _ in range(23):
        clock.later(minutes=20)
        assert sessions.get(token)
    clock.later(minutes=20)
    assert sessions.get(token) is None


def test_an_ended_session_leaves_the_memory_when_anybody_comes() -> None:
    clock = Clock()
    sessions: Sessions[str] = Sessions(clock)
    sessions.open("ha")
    clock.later(hours=1)
    sessions.get("somebody else")
    assert not sessions._open


def test_locks_out_by_value() -> None:
    sessions: Sessions[str] = Sessions()
    ha, lan = sessions.open("ha"), sessions.open("lan")
    assert sessions.close_where(lambda value: value == "ha") == 1
    assert sessions.get(ha) is None
    assert sessions.get(lan)


def test_neither_token_nor_value_is_kept_or_shown() -> None:
    sessions: Sessions[str] = Sessions()
    token = sessions.open("the secret key")
    session = sessions.get(token)
    assert token not in repr(sessions._open)
    assert "secret" not in repr(session)
    assert session is not None
    assert session.form_token not in repr(session)


def request(scheme: str) -> Request:
    headers = [(b"host", b"lachan.example"), (b"cookie", b"lachan_inbox=abc")]
    return Request({"type": "http", "scheme": scheme, "path": "/inbox", "query_string": b"", "headers": headers})


def test_cookie_is_strict_and_for_its_room() -> None:
    cookie = Cookie("lachan_inbox", path="/inbox")
    assert cookie.read(request("http")) == "abc"
    response = Response()
    cookie.set(response, request("https"), "abc")
    header = response.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "secure", "path=/inbox"):
        assert part in header
    assert "max-age" not in header
    plain = Response()
    cookie.set(plain, request("http"), "abc")
    assert "secure" not in plain.headers["set-cookie"].lower()
    cookie.clear(plain, request("http"))
    assert "max-age=0" in plain.headers.getlist("set-cookie")[-1].lower()
