"""Signing in and out: one sentence and equal work for every wrong try, a wait that grows, a session that ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from db.police import Officer
from tests.inbox.kit import Browser, words
from tests.tips.kit import PASSWORD, House
from tips.envelope import Cost, stretch
from tips.police import passwords

WRONG = "không khớp"


def test_without_a_session_every_page_leads_to_the_sign_in(stranger: Browser) -> None:
    for path in ("/inbox", "/inbox/", f"/inbox/tips/{'a' * 32}/files/{'b' * 32}"):
        answer = stranger.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/inbox/sign-in")
    assert stranger.client.post(f"/inbox/tips/{'a' * 32}/status", data={"to": "closed"}).status_code == 303
    assert stranger.acts() == []


def test_sign_in_and_out(stranger: Browser) -> None:
    answer = stranger.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    page = stranger.get()
    assert "Trung tá Lan" in page.text
    assert "Phiên đến 14:50" in words(page)  # the clock stands at 14:20 in Vietnam
    assert stranger.get("/inbox/sign-in").headers["location"] == "/inbox"

    cookies = dict(stranger.client.cookies)
    left = stranger.post("/inbox/sign-out")
    assert (left.status_code, left.headers["location"]) == (303, "/inbox/sign-in?out=1")
    assert "đã đăng xuất" in stranger.get("/inbox/sign-in?out=1").text
    stranger.client.cookies.update(cookies)
    assert stranger.get().status_code == 303, "the old cookie opens nothing"
    assert stranger.acts() == ["sign_in"]


def test_the_cookie(stranger: Browser) -> None:
    cookie = stranger.sign_in().headers["set-cookie"]
    assert cookie.startswith("lachan_inbox=")
    assert {"httponly", "path=/inbox", "samesite=strict"} <= set(cookie.lower().split("; "))
    assert "max-age" not in cookie.lower()
    assert "secure" in stranger.client.post(
        "https://lachan.example/inbox/sign-in", data={"login": "lan", "password": PASSWORD}
    ).headers["set-cookie"].lower().split("; ")


@pytest.mark.parametrize(("login", "password"), [("lan", "sai mật khẩu rồi"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_try_gets_one_sentence(stranger: Browser, login: str, password: str) -> None:
    answer = stranger.sign_in(login, password)
    right_login = stranger.sign_in("lan", "sai")
    assert answer.status_code == right_login.status_code == 403
    assert WRONG in answer.text
    assert answer.text.replace(f'value="{login}" id="f-login"', "") == right_login.text.replace(
        'value="lan" id="f-login"', ""
    )
    assert "set-cookie" not in answer.headers
    assert password == "" or password not in answer.text
    assert stranger.acts() == ["sign_in_failed"] * 2


def test_wrong_tries_take_equal_work(stranger: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[tuple[int, int]] = []

    def counted(secret: bytes, salt: bytes, size: int, cost: Cost) -> bytes:
        work.append((cost.memory_bytes, cost.passes))
        return stretch(secret, salt, size, cost)

    monkeypatch.setattr(passwords, "stretch", counted)
    for login in ("lan", "nobody"):
        stranger.sign_in(login, "sai mật khẩu rồi")
    assert len(work) == 2
    assert work[0] == work[1]


def test_the_wait_grows_for_a_login_and_a_little_for_all_and_locks_nobody_out(stranger: Browser) -> None:
    for _ in range(12):
        stranger.sign_in("LAN ", "sai")
    assert stranger.slept[:4] == [0.0, 0.5, 1.0, 2.0]
    assert max(stranger.slept) == 8.0
    stranger.sign_in("nobody", "sai")
    assert 0 < stranger.slept[-1] < 2.1
    assert stranger.sign_in().status_code == 303, "the right password still opens"
    assert stranger.slept[-1] == 8.0
    stranger.house.clock.move(minutes=16)
    stranger.sign_in()
    assert stranger.slept[-1] == 0.0


def test_a_burst_waits_like_tries_one_by_one(stranger: Browser) -> None:
    with stranger.client, ThreadPoolExecutor(10) as pool:  # entered: all requests share one event loop
        answers = list(pool.map(lambda _: stranger.sign_in("lan", "sai").status_code, range(10)))
        answers.append(stranger.sign_in().status_code)
    assert answers == [403] * 10 + [303]
    assert stranger.slept == [0.0, 0.5, 1.0, 2.0, 4.0] + [8.0] * 6


def test_an_officer_who_left_cannot_sign_in(stranger: Browser) -> None:
    with stranger.house.police_store.begin() as session:
        session.execute(update(Officer).values(active=False))
    assert stranger.sign_in().status_code == 403


def test_a_session_ends_when_idle_and_after_eight_hours(lan: Browser) -> None:
    lan.house.clock.move(minutes=29)
    assert lan.get().status_code == 200
    lan.house.clock.move(minutes=30)
    assert lan.get().headers["location"] == "/inbox/sign-in"
    assert "phiên trước đã hết" in lan.get("/inbox/sign-in").text

    lan.sign_in()
    for _ in range(16):
        assert lan.get().status_code == 200
        lan.house.clock.move(minutes=29, seconds=59)
    assert "Phiên đến 23:19" in words(lan.get())
    lan.house.clock.move(minutes=1)
    assert lan.get().status_code == 303


def test_a_photo_that_loads_by_itself_keeps_no_session_alive(lan: Browser) -> None:
    lan.house.clock.move(minutes=20)
    lan.get(f"/inbox/tips/{'a' * 32}/files/{'b' * 32}")
    lan.house.clock.move(minutes=11)
    assert lan.get().status_code == 303


def test_a_restart_ends_the_session_because_the_key_was_in_memory_only(lan: Browser) -> None:
    lan.restart()
    assert lan.get().status_code == 303


def test_signing_in_again_ends_the_session_before(lan: Browser) -> None:
    first = dict(lan.client.cookies)
    lan.sign_in()
    lan.client.cookies.clear()
    lan.client.cookies.update(first)
    assert lan.get().status_code == 303


def test_signing_in_leads_back_to_the_tip_and_nowhere_else(house: House, stranger: Browser) -> None:
    house.tell("Chuyện ở chợ")
    stranger.sign_in()
    (tip_id,) = stranger.tips()
    stranger.client.cookies.clear()
    assert stranger.get(f"/inbox/tips/{tip_id}").headers["location"] == f"/inbox/sign-in?to={tip_id}"
    assert f'name="to" value="{tip_id}"' in stranger.get(f"/inbox/sign-in?to={tip_id}").text
    assert stranger.sign_in(to=tip_id).headers["location"] == f"/inbox/tips/{tip_id}"
    assert stranger.sign_in(to="//evil.example").headers["location"] == "/inbox"


def test_logout_by_get_is_refused(lan: Browser) -> None:
    assert lan.get("/inbox/sign-out").status_code == 405
    assert lan.get().status_code == 200
