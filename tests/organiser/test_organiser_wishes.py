"""The pages for wishes to be contacted: who sees what, who was first, what is gone when it is done."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from httpx import Response
from starlette.testclient import TestClient

from db.citizen import Handover
from db.keys import KeyRing
from guides.handover.wishes import KEPT, WAITS, Wish, Wishes
from organiser import routes
from tests.organiser.room import OTHER_LOGIN, PASSWORD, Browser
from tests.quiz.kit import World
from web.site import site

PHONE = "0912 345 678"
WISH = Wish(wants="Vay vốn", commune="xã Bình An", reach=PHONE, time="Buổi tối", agreed=f"Liên lạc: {PHONE}")
LIST = "/organiser/wishes"


@pytest.fixture
def wishes(world: World) -> Wishes:
    return Wishes(world.store, KeyRing(b"k" * 32), world.now)


@pytest.fixture
def stranger(world: World, wishes: Wishes) -> Browser:
    """A browser of pages that know wishes."""
    made = Browser(world)
    made.app = site(routes(world.store, world.contests, world.library, world.now, wishes=wishes))
    made.client = TestClient(made.app, base_url="http://testserver", follow_redirects=False)
    return made


@pytest.fixture
def browser(stranger: Browser) -> Browser:
    stranger.sign_in()
    return stranger


@pytest.fixture
def other(world: World, browser: Browser) -> Browser:
    made = Browser(world, share=browser)
    made.sign_in(OTHER_LOGIN, PASSWORD)
    return made


def taken(browser: Browser, wish_id: str) -> Response:
    browser.get(LIST)
    return browser.post(f"{LIST}/{wish_id}/take")


def test_the_empty_list_says_what_to_do_first(browser: Browser) -> None:
    assert browser.get(LIST).status_code == 200
    assert "Chưa có lời nhắn nào" in browser.page
    assert "buổi sinh hoạt chi hội" in browser.page
    assert 'href="/organiser/wishes" aria-current="page"' in browser.page


def test_the_list_tells_where_and_since_when_but_not_what(browser: Browser, wishes: Wishes) -> None:
    wishes.add("Đồng Nai", WISH)
    wishes.add("Lào Cai", WISH)
    browser.get(LIST)
    assert browser.page.count("○ Chưa ai nhận") == 2
    assert "24/11/2026" in browser.page and "23/01/2027" in browser.page
    assert "Đồng Nai · 1 mới" in browser.page
    for said in (PHONE, "xã Bình An", "Vay vốn", "Buổi tối"):
        assert said not in browser.page
    browser.get(f"{LIST}?province=Lào Cai")
    assert "<h2>Lào Cai</h2>" in browser.page
    assert "<h2>Đồng Nai</h2>" not in browser.page
    browser.get(f"{LIST}?province=Huế")
    assert "Chưa có lời nhắn nào ở Huế" in browser.page
    browser.get(f"{LIST}?province=<script>")
    assert browser.page.count("○ Chưa ai nhận") == 2
    assert "<script>" not in browser.page


def test_who_takes_it_up_reads_it_and_others_see_that_it_is_taken(
    browser: Browser, other: Browser, wishes: Wishes
) -> None:
    wish_id = wishes.add("Đồng Nai", WISH)
    here = f"{LIST}/{wish_id}"
    assert browser.get(here).status_code == 404, "nobody reads it before taking it up"
    assert taken(browser, wish_id).headers["location"] == f"{here}?done=taken"
    assert browser.get(f"{here}?done=taken").status_code == 200
    for said in (PHONE, "xã Bình An", "Vay vốn", "Buổi tối", 'href="tel:0912345678"', "24/12/2026"):
        assert said in browser.page, said
    assert other.get(here).status_code == 404
    other.get(LIST)
    assert "Đã có nhóm nhận" in other.page
    assert "Hội Phụ nữ xã Đại Phước" in other.page
    assert PHONE not in other.page
    assert taken(other, wish_id).headers["location"] == f"{LIST}?trouble=late"
    assert "vừa có nhóm khác nhận" in other.get(f"{LIST}?trouble=late").text
    assert other.post(f"{here}/done").status_code == 404
    assert browser.get(here).status_code == 200, "it stays with the first"


def test_done_is_deleted(browser: Browser, wishes: Wishes, world: World) -> None:
    wish_id = wishes.add("Đồng Nai", WISH)
    taken(browser, wish_id)
    browser.get(f"{LIST}/{wish_id}")
    assert "không lấy lại được" in browser.page
    assert browser.post(f"{LIST}/{wish_id}/done").headers["location"] == f"{LIST}?done=seen-to"
    assert browser.get(f"{LIST}/{wish_id}").status_code == 404
    with world.store.read() as session:
        assert session.query(Handover).count() == 0


def test_a_withdrawn_wish_is_gone_at_once(browser: Browser, wishes: Wishes) -> None:
    wish_id = wishes.add("Đồng Nai", WISH)
    browser.get(LIST)
    wishes.withdraw(wish_id)
    assert browser.post(f"{LIST}/{wish_id}/take").headers["location"] == f"{LIST}?trouble=late"
    assert "Chưa có lời nhắn nào" in browser.get(LIST).text


def test_nobody_gets_in_without_signing_in(stranger: Browser, wishes: Wishes) -> None:
    wish_id = wishes.add("Đồng Nai", WISH)
    for path in (LIST, f"{LIST}/{wish_id}"):
        assert stranger.get(path).headers["location"] == "/organiser/sign-in"
    for act in ("take", "done"):
        assert stranger.post(f"{LIST}/{wish_id}/{act}").headers["location"] == "/organiser/sign-in"
    assert [each.group for each in wishes.listed()] == [""]


@pytest.mark.parametrize(
    "send",
    [
        lambda browser, path: browser.client.post(path, data={"form_token": "x"}),
        lambda browser, path: browser.client.post(path),
        lambda browser, path: browser.post(path, headers={"sec-fetch-site": "cross-site"}),
    ],
)
def test_forms_from_elsewhere_do_nothing(
    browser: Browser, wishes: Wishes, send: Callable[[Browser, str], Response]
) -> None:
    wish_id = wishes.add("Đồng Nai", WISH)
    browser.get(LIST)
    assert send(browser, f"{LIST}/{wish_id}/take").status_code in (400, 403)
    assert [each.group for each in wishes.listed()] == [""]


@pytest.mark.parametrize("wish_id", ["1", "x" * 32, "A" * 32, "0" * 31, "0" * 33, "%2e%2e", "0" * 32])
def test_addresses_that_nobody_made(browser: Browser, wish_id: str) -> None:
    assert browser.get(f"{LIST}/{wish_id}").status_code == 404


def test_what_does_not_open_any_more_can_still_be_cleared(browser: Browser, world: World, wishes: Wishes) -> None:
    wish_id = Wishes(world.store, KeyRing(b"o" * 32), world.now).add("Đồng Nai", WISH)
    taken(browser, wish_id)
    assert "không mở được nữa" in browser.get(f"{LIST}/{wish_id}").text
    assert browser.post(f"{LIST}/{wish_id}/done").status_code == 303
    assert wishes.listed() == []


def test_what_was_told_is_in_no_log_and_no_cache(
    browser: Browser, wishes: Wishes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wish_id = wishes.add("Đồng Nai", WISH)
    taken(browser, wish_id)
    response = browser.get(f"{LIST}/{wish_id}")
    assert PHONE in response.text
    assert response.headers["cache-control"] == "no-store"
    assert not re.search(r"0?912.?345.?678", caplog.text)


def test_it_is_kept_as_long_as_was_said(browser: Browser, wishes: Wishes, world: World) -> None:
    lasting, waiting = wishes.add("Đồng Nai", WISH), wishes.add("Lào Cai", WISH)
    world.later(days=40)
    browser.sign_in()
    taken(browser, lasting)
    world.at += WAITS - timedelta(days=40)
    assert [each.id for each in wishes.listed()] == [lasting]
    assert not wishes.take(waiting, 1)
    assert wishes.purge() == 1
    world.at += KEPT - timedelta(days=20)
    assert wishes.purge() == 1
    with world.store.read() as session:
        assert session.query(Handover).count() == 0
