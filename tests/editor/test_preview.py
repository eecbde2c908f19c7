"""The editors' preview: who sees it, what it shows, what it says of mistakes; and the footers that name the live version."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import argon2
import pytest
from starlette.testclient import TestClient

from lachan import serving
from lachan.house import House
from lachan.settings import Part, Settings
from organiser import accounts
from tests.bot.room import Clock
from tests.content.kit import TOPIC, copy, lead
from tests.kit.stores import lay_first_start

LOGIN, PASSWORD = "hoi-dai-phuoc", "mot-mat-khau-dai"


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_HASHER", cheap)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """On a copy of the content that a test may change."""
    clock, data = Clock(), tmp_path / "data"
    lay_first_start(data, clock())
    made = House(Settings(data=data, content=copy(tmp_path), _env_file=None), now=clock)  # type: ignore[call-arg]
    accounts.create_organiser(made.citizen, LOGIN, "Hội Phụ nữ xã Đại Phước", PASSWORD)
    yield made
    made.close()


@pytest.fixture
def stranger(house: House) -> TestClient:
    return TestClient(serving.build(house, [Part.ORGANISER]), follow_redirects=False)


@pytest.fixture
def editor(stranger: TestClient) -> TestClient:
    entered = stranger.post("/organiser/sign-in", data={"login": LOGIN, "password": PASSWORD})
    assert entered.status_code == 303
    return stranger


def _page(client: TestClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return html.unescape(response.text)


@pytest.mark.parametrize("path", ["", "/topics/ask_law", "/phrases/talk"])
def test_whoever_is_not_signed_in_gets_to_the_door(stranger: TestClient, path: str) -> None:
    response = stranger.get(f"/organiser/preview{path}")
    assert response.status_code == 303
    assert response.headers["location"] == "/organiser/sign-in"


def test_the_overview_leads_to_every_topic_and_every_file_of_phrases(editor: TestClient, house: House) -> None:
    page = _page(editor, "/organiser/preview")
    for name in house.library.topics:
        assert f'href="/organiser/preview/topics/{name}"' in page
    assert 'href="/organiser/preview/phrases/talk"' in page


def test_every_page_of_a_topic_shows_all_channels_in_both_languages(editor: TestClient, house: House) -> None:
    for name, topic in house.library.topics.items():
        page = _page(editor, f"/organiser/preview/topics/{name}")
        for words in (topic.title.vi, "Trang web", "Telegram", "Zalo", "Tiếng Việt", "English"):
            assert words in page
        for language in ("vi", "en"):
            first = topic.lead.say(language).splitlines()[0]
            assert page.count(first) >= 3, "as the web, Telegram and Zalo show it"


def test_channels_look_as_their_own_renderers_make_them(editor: TestClient) -> None:
    page = _page(editor, "/organiser/preview/topics/ask_law")
    assert '<blockquote class="keep">' in page  # Telegram folds the small print away
    assert "Trả lời 1, 2, 3" in page  # Zalo has numbers for buttons
    assert 'href="tel:113"' in page  # the web has a number to tap


def test_what_is_being_written_is_shown_with_its_mistakes_while_the_old_version_stays_live(
    editor: TestClient, house: House
) -> None:
    lead(house.settings.content, "Bạn đến Công an huyện nhé.")
    house.library.look()
    page = _page(editor, "/organiser/preview/topics/ask_law")
    assert "Bạn đến Công an huyện nhé." in page
    assert "T2 district office" in page
    assert f"content/{TOPIC}" in page
    overview = _page(editor, "/organiser/preview")
    assert "1 phải sửa" in overview
    assert "bà con vẫn thấy bản cũ" in overview
    assert "Công an huyện" not in house.library.topics["ask_law"].lead.vi
    assert "Bản mới hơn chưa được nhận: content/topics/ask_law.yml:" in overview


def test_files_that_cannot_be_read_break_no_page(editor: TestClient, house: House) -> None:
    (house.settings.content / TOPIC).write_text("- [", encoding="utf-8")
    page = _page(editor, "/organiser/preview")
    assert "Chưa đọc được tệp" in page
    assert TOPIC in page
    assert editor.get("/organiser/preview/topics/ask_law").status_code == 404


@pytest.mark.parametrize("path", ["topics/gone", "phrases/gone", "topics/..%2f..%2fsources"])
def test_what_is_not_there_is_not_found(editor: TestClient, path: str) -> None:
    assert editor.get(f"/organiser/preview/{path}").status_code == 404


def test_a_text_of_the_content_is_never_markup(editor: TestClient, house: House) -> None:
    lead(house.settings.content, "Một <script>alert(1)</script> câu.")
    assert "<script>alert(1)" not in editor.get("/organiser/preview/topics/ask_law").text


def test_organisers_see_which_version_is_live(editor: TestClient, house: House) -> None:
    version = house.library.live.version.hash
    assert f"Nội dung bản <b>{version}</b>" in _page(editor, "/organiser")
    lead(house.settings.content, "Câu mới.")
    assert house.library.look()
    assert house.library.live.version.hash != version
    assert house.library.live.version.hash in _page(editor, "/organiser")
