"""The organisers' pages, as a browser sees them."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from organiser import forms
from quiz.contests import State
from tests.organiser.room import FORM, Browser
from tests.quiz.kit import HOA, LAN, World


def made(browser: Browser, **changes: str) -> str:
    """Makes a draft over the form; where its page is."""
    browser.get("/organiser/contests/new")
    response = browser.post("/organiser/contests/new", {**FORM, **changes})
    assert response.status_code == 303, browser.page
    return response.headers["location"].partition("?")[0]


def test_the_empty_list_says_what_to_do_first(browser: Browser) -> None:
    assert "Chưa có cuộc thi nào" in browser.page
    assert "Việc đầu tiên" in browser.page
    assert '/organiser/contests/new"' in browser.page


def test_from_the_form_to_the_list(browser: Browser, world: World) -> None:
    here = made(browser)
    assert "đã lưu bản nháp" in browser.get(f"{here}?done=created").text
    assert "11:00, 24/11/2026" in browser.page
    assert "Chưa mở" in browser.page
    browser.get("/organiser")
    assert "Phụ nữ tìm hiểu luật" in browser.page
    contest = world.contests.get(1)
    assert contest is not None
    assert contest.opens_at == world.at + timedelta(hours=1)
    assert (contest.state, contest.question_count) == (State.DRAFT, 10)


def test_the_form_begins_with_a_proposal(browser: Browser) -> None:
    browser.get("/organiser/contests/new")
    assert 'value="2026-11-24T11:00"' in browser.page
    assert 'value="2026-12-01T20:00"' in browser.page
    assert 'type="datetime-local"' in browser.page


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("title", "ab", "từ 5 đến 100"),
        ("opens_at", "hôm nay", "chọn ngày và giờ mở"),
        ("opens_at", "2026-11-01T08:00", "Giờ mở đã qua"),
        ("closes_at", "", "chọn ngày và giờ đóng"),
        ("closes_at", "2026-11-24T10:30", "Giờ đóng phải sau giờ mở"),
        ("question_count", "mười", "gõ số câu"),
        ("question_count", "500", "Chọn từ 3 đến 30"),
        ("question_count", "-1", "gõ số câu"),
    ],
)
def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(
    browser: Browser, world: World, field: str, typed: str, told: str
) -> None:
    browser.get("/organiser/contests/new")
    sent = {**FORM, field: typed}
    response = browser.post("/organiser/contests/new", sent)
    assert response.status_code == 422
    beside = browser.page[browser.page.index(f'id="h-{field}"') :].partition("</p>")[0]
    assert told in beside
    assert 'class="error"' in beside
    for value in filter(None, sent.values()):
        assert f'value="{value}"' in browser.page
    assert world.contests.pending() == []


def test_a_draft_is_changed_opened_early_and_closed_early(browser: Browser, world: World) -> None:
    here = made(browser)
    browser.get(f"{here}/edit")
    assert 'value="Phụ nữ tìm hiểu luật"' in browser.page
    assert browser.post(f"{here}/edit", {**FORM, "title": "x"}).status_code == 422
    assert browser.post(f"{here}/edit", {**FORM, "title": "Tên đã sửa"}).status_code == 303
    browser.get(here)
    assert "Tên đã sửa" in browser.page
    assert "máy tự mở lúc 11:00, 24/11/2026" in browser.page, "it says what will happen"
    assert browser.post(f"{here}/open").headers["location"] == f"{here}?done=opened"
    browser.get(here)
    assert "Đang mở" in browser.page
    assert "Chưa có ai vào thi" in browser.page
    assert "Đóng rồi thì không mở lại được" in browser.page
    assert browser.post(f"{here}/edit", FORM).status_code == 409
    assert "không sửa được nữa" in browser.page
    assert browser.post(f"{here}/close").status_code == 303
    browser.get(here)
    assert "Đã đóng" in browser.page
    assert "không có ai dự" in browser.page
    assert browser.post(f"{here}/open").status_code == 409


def test_a_draft_is_deleted(browser: Browser, world: World) -> None:
    here = made(browser)
    browser.get(here)
    assert browser.post(f"{here}/delete").headers["location"] == "/organiser?done=deleted"
    assert browser.get(here).status_code == 404


def test_leaderboard_questions_and_download(browser: Browser, world: World) -> None:
    contest = world.contest("Ba người thi")
    world.play(LAN, "Lan <b>đậm</b>", right=4, seconds=65)
    world.enter(HOA, "Hoa")
    here = f"/organiser/contests/{contest.id}"
    response = browser.get(here)
    assert "Lan &lt;b&gt;" in response.text
    assert "<b>đậm" not in response.text
    assert '<rect width="80.0%"' in browser.page, "drawn"
    assert "4/5" in browser.page
    assert "1 phút 5 giây" in browser.page
    assert "mới trả lời 0/5 câu" in browser.page
    assert "kể cả của 1 người đang làm dở" in browser.page
    assert "Sai nhiều nhất" in browser.page
    assert world.question(LAN, 4).text.vi in browser.page
    assert LAN not in browser.page
    download = browser.get(f"{here}/results.xlsx")
    assert download.headers["content-disposition"] == 'attachment; filename="ket-qua-ba-nguoi-thi-2026-11-25.xlsx"'
    assert download.headers["cache-control"] == "no-store"
    rows = list(load_workbook(io.BytesIO(download.content))["Xếp hạng"].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == ["Lan <b>đậm</b>", "Hoa"]


def test_many_entrants_make_a_short_page(browser: Browser, world: World) -> None:
    contest = world.contest("Đông người thi", count=3)
    for number in range(12):
        world.play(f"{number:032d}", f"Người {number}", right=number % 4, seconds=9, count=3)
    browser.get(f"/organiser/contests/{contest.id}")
    assert "10 người đầu" in browser.page
    assert "câu còn lại" in browser.page


def test_hiding_a_name(browser: Browser, world: World) -> None:
    contest = world.contest()
    world.play(LAN, "Tên không hay", right=1, seconds=5)
    here = f"/organiser/contests/{contest.id}"
    browser.get(here)
    assert "Tên không hay" in browser.page
    assert browser.post(f"{here}/hide-name", {"attempt": str(world.attempt(LAN).id)}).status_code == 303
    browser.get(here)
    assert "Tên không hay" not in browser.page
    assert "Người chơi" in browser.page
    for nonsense in ("", "x", "99999999999999999999"):
        browser.get(here)
        assert browser.post(f"{here}/hide-name", {"attempt": nonsense}).status_code == 303


def test_reading_the_form_never_fails() -> None:
    odd: list[dict[str, object]] = [
        {},
        {"title": 3, "opens_at": None, "closes_at": [], "question_count": "²"},
        {"opens_at": "9" * 99},
    ]
    for form in odd:
        read = forms.read(form)
        assert read.plan is None
        assert set(read.errors) == {"opens_at", "closes_at", "question_count"}
