"""Who gets in, who sees what, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx import Response

from quiz.contests import State
from tests.organiser.room import FORM, LOGIN, OTHER_LOGIN, PASSWORD, Browser
from tests.quiz.kit import LAN, World


def test_nobody_gets_in_without_signing_in(stranger: Browser, world: World) -> None:
    contest = world.contest()
    here = f"/organiser/contests/{contest.id}"
    for path in ("/organiser", "/organiser/contests/new", here, f"{here}/edit", f"{here}/results.xlsx"):
        response = stranger.get(path)
        assert (response.status_code, response.headers["location"]) == (303, "/organiser/sign-in")
    for path in (f"{here}/close", f"{here}/delete", f"{here}/hide-name", "/organiser/sign-out"):
        assert stranger.post(path).headers["location"] == "/organiser/sign-in"
    after = world.contests.get(contest.id)
    assert after is not None and after.state == State.OPEN


def test_signing_in_and_out(stranger: Browser) -> None:
    assert "Đăng nhập" in stranger.get("/organiser/sign-in").text
    response = stranger.sign_in()
    assert (response.status_code, response.headers["location"]) == (303, "/organiser")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/organiser" in cookie
    assert stranger.get("/organiser/sign-in").status_code == 303
    assert "Hội Phụ nữ xã Đại Phước" in stranger.get("/organiser").text
    old = stranger.client.cookies["lachan_organiser"]
    assert stranger.post("/organiser/sign-out").status_code == 303
    stranger.client.cookies.set("lachan_organiser", old, path="/organiser")
    assert stranger.get("/organiser").status_code == 303, "the session has ended, not only the cookie"


def test_a_wrong_password_is_said_kindly_and_then_slowly(stranger: Browser, world: World) -> None:
    for _ in range(3):
        assert stranger.sign_in(f" {LOGIN.upper()}", "sai-mat-khau").status_code == 403
    assert "chưa đúng" in stranger.page
    assert f'value=" {LOGIN.upper()}"' in stranger.page, "what was typed is kept"
    assert "sai-mat-khau" not in stranger.page
    assert stranger.sign_in().status_code == 303, "the right password still opens"
    assert stranger.slept == [0.0, 0.5, 1.0, 2.0]
    world.later(minutes=16)
    stranger.sign_in()
    assert stranger.slept[-1] == 0.0


def test_a_burst_waits_like_tries_one_by_one(stranger: Browser) -> None:
    with stranger.client, ThreadPoolExecutor(20) as pool:  # entered: all requests share one event loop
        answers = list(pool.map(lambda _: _try(stranger, "sai-mat-khau"), range(20)))
        answers.append(_try(stranger, PASSWORD))
    assert answers == [403] * 20 + [303]
    assert stranger.slept == [0.0, 0.5, 1.0, 2.0, 4.0] + [8.0] * 16


def _try(browser: Browser, password: str) -> int:
    answer: Response = browser.client.post("/organiser/sign-in", data={"login": LOGIN, "password": password})
    return answer.status_code


def test_an_unknown_login_is_told_the_same(stranger: Browser) -> None:
    answers = [stranger.sign_in(login, "sai-mat-khau") for login in (LOGIN, "khong-co")]
    pages = [answer.text.replace(LOGIN, "X").replace("khong-co", "X") for answer in answers]
    assert pages[0] == pages[1]
    assert {answer.status_code for answer in answers} == {403}


def test_another_groups_contest_is_not_there(browser: Browser, world: World) -> None:
    contest = world.contest()
    world.play(LAN, "Lan", right=1, seconds=5)
    other = Browser(world, share=browser)
    other.sign_in(OTHER_LOGIN, PASSWORD)
    assert "Chưa có cuộc thi nào" in other.page
    here = f"/organiser/contests/{contest.id}"
    for path in (here, f"{here}/edit", f"{here}/results.xlsx"):
        assert other.client.get(path).status_code == 404
    for act in ("open", "close", "delete", "edit", "hide-name"):
        assert other.post(f"{here}/{act}", {**FORM, "attempt": "1"}).status_code in (403, 404)
    other.get("/organiser")
    for act in ("open", "close", "delete", "edit", "hide-name"):
        assert other.post(f"{here}/{act}", {**FORM, "attempt": "1"}).status_code == 404
    after = world.contests.get(contest.id)
    assert after is not None and (after.state, after.title) == (State.OPEN, "Tìm hiểu luật")
    assert world.attempt(LAN).nickname == "Lan"


@pytest.mark.parametrize(
    "send",
    [
        lambda browser, here: browser.post(f"{here}/close", headers={"sec-fetch-site": "cross-site"}),
        lambda browser, here: browser.post(f"{here}/close", headers={"sec-fetch-site": "same-site"}),
        lambda browser, here: browser.post(f"{here}/close", headers={"origin": "https://evil.example"}),
        lambda browser, here: browser.post(f"{here}/close", {"form_token": "x"}),
        lambda browser, here: browser.client.post(f"{here}/close"),
    ],
)
def test_a_post_from_elsewhere_is_refused(
    browser: Browser, world: World, send: Callable[[Browser, str], Response]
) -> None:
    contest = world.contest()
    here = f"/organiser/contests/{contest.id}"
    browser.get(here)
    assert send(browser, here).status_code in (400, 403)
    after = world.contests.get(contest.id)
    assert after is not None and after.state == State.OPEN


def test_a_sign_in_from_elsewhere_is_refused(stranger: Browser) -> None:
    data, headers = {"login": LOGIN, "password": PASSWORD}, {"sec-fetch-site": "cross-site"}
    assert stranger.client.post("/organiser/sign-in", data=data, headers=headers).status_code == 403


def test_addresses_of_nothing(browser: Browser) -> None:
    for path in ("/organiser/contests/0", "/organiser/contests/99999999999999999999999", "/organiser/x"):
        assert browser.get(path).status_code == 404


def test_a_session_ends_after_half_an_hour_of_nothing(browser: Browser, world: World) -> None:
    world.later(minutes=29)
    assert browser.get("/organiser").status_code == 200
    world.later(minutes=31)
    assert browser.get("/organiser").status_code == 303


def test_the_pages_bring_no_script_and_no_foreign_request(browser: Browser, world: World) -> None:
    contest = world.contest()
    world.play(LAN, "Lan", right=1, seconds=5)
    for path in ("/organiser", "/organiser/contests/new", f"/organiser/contests/{contest.id}"):
        response = browser.get(path)
        assert "<script" not in response.text
        assert " style=" not in response.text, "the content security policy would drop it"
        assert "https://" not in response.text
        assert "default-src 'none'" in response.headers["content-security-policy"]
