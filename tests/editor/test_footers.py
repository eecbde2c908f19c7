"""The police's pages name the version that the bot speaks from, where it runs in the same process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from content.files import Live, Version
from inbox import routes
from tests.tips.kit import PASSWORD, House, make_house
from web.site import site

VERSION = Version("3fa2b1c9", datetime(2026, 11, 24, 7, 5, tzinfo=UTC))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = make_house(tmp_path)
    made.officers.enrol("lan", "Trung tá Lan", made.officers.make_unit("Đội trực"), PASSWORD)
    yield made
    made.citizen_store.close()
    made.police_store.close()


def _page(house: House, live: Callable[[], Live | None]) -> str:
    client = TestClient(site(routes(house.officers, house.inbox, now=house.clock, live=live)))
    assert VERSION.hash not in client.get("/inbox/sign-in").text, "strangers need not know"
    client.post("/inbox/sign-in", data={"login": "lan", "password": PASSWORD, "to": ""})
    return unescape(client.get("/inbox").text)


def test_the_version_is_named_and_a_refused_one_with_file_and_rule(house: House) -> None:
    page = _page(house, lambda: Live(VERSION))
    assert "Nội dung bản <b>3fa2b1c9</b>" in page
    assert "14:05, 24/11/2026" in page
    assert "chưa được nhận" not in page
    page = _page(house, lambda: Live(VERSION, "content/topics/ask_law.yml:9: T1 old law"))
    assert "Bản mới hơn chưa được nhận: content/topics/ask_law.yml:9: T1 old law" in page


def test_where_no_bot_runs_nothing_is_claimed(house: House) -> None:
    assert "Nội dung bản" not in _page(house, lambda: None)
