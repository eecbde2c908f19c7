"""Who may not read does not read, nobody else's page acts here, and a tip's words are on the page and nowhere else."""

from __future__ import annotations

import io
import logging
import re

import pytest
from sqlalchemy import select

from db.police import Message, Tip
from tests.inbox.kit import Browser, words
from tests.tips.kit import PASSWORD, House, picture

WORDS = "chiếc thuyền màu mận chín"


@pytest.fixture
def tip_id(house: House, lan: Browser) -> str:
    house.tell(f"Tôi thấy {WORDS}", photos=(picture(),))
    return lan.tips()[0]


@pytest.fixture
def binh(house: House, tip_id: str) -> Browser:
    """An officer of another unit, enrolled after the tip came, and signed in."""
    assert tip_id
    house.officers.enrol("binh", "Thiếu tá Bình", house.officers.make_unit("Đội khác"), PASSWORD)
    browser = Browser(house)
    assert browser.sign_in("binh").status_code == 303
    return browser


def state(house: House) -> tuple[list[str], int]:
    with house.police_store.read() as session:
        return list(session.scalars(select(Tip.status))), len(session.scalars(select(Message)).all())


def test_without_a_grant_nothing_opens_and_nothing_leaks(lan: Browser, binh: Browser, tip_id: str) -> None:
    (photo,) = lan.photos(tip_id)
    token = binh.token()
    path = f"/inbox/tips/{tip_id}"
    before = len(binh.acts(tip_id))
    answers = [
        binh.get(path),
        binh.get(photo),
        binh.client.post(f"{path}/status", data={"form_token": token, "to": "closed"}),
        binh.client.post(f"{path}/answer", data={"form_token": token, "text": "Chào bạn."}),
        binh.client.post(f"{path}/answer", data={"form_token": token, "text": "Chào bạn."}),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert "không có khoá của tin này" in answer.text
        assert WORDS not in answer.text
    assert binh.acts(tip_id)[before:] == ["refused"] * 5
    assert state(binh.house) == (["new"], 0)

    listed = binh.get()
    assert "Không mở được bằng khoá của anh/chị" in listed.text
    assert WORDS not in listed.text
    # A tip that does not exist looks the same, so nobody learns which ids exist.
    assert binh.get(f"/inbox/tips/{'0' * 32}").text == answers[0].text


@pytest.mark.parametrize("tip", ["x", "A" * 32, "0" * 33, "mot-loi-nao-do"])
def test_what_is_no_id_is_not_found_and_not_written_down(lan: Browser, tip: str) -> None:
    assert lan.get(f"/inbox/tips/{tip}").status_code == 404
    assert lan.post(f"/inbox/tips/{tip}/status", to="closed").status_code == 404
    assert lan.acts() == ["sign_in"]


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}],
)
def test_a_post_from_another_site_is_refused(lan: Browser, tip_id: str, headers: dict[str, str]) -> None:
    path = f"/inbox/tips/{tip_id}"
    assert lan.post(f"{path}/status", headers, to="closed").status_code == 403
    answer = lan.post(f"{path}/answer", headers, text="Lời của kẻ khác")
    assert answer.status_code == 403
    assert "Lời của kẻ khác" not in answer.text
    assert lan.post("/inbox/sign-out", headers).status_code == 403
    assert lan.get().status_code == 200
    assert (
        lan.client.post("/inbox/sign-in", data={"login": "lan", "password": PASSWORD}, headers=headers).status_code
        == 403
    )
    assert state(lan.house) == (["new"], 0)


@pytest.mark.parametrize("token", [None, "", "x" * 43, "ạ"])
def test_a_form_without_its_token_is_refused(lan: Browser, tip_id: str, token: str | None) -> None:
    form = {} if token is None else {"form_token": token}
    path = f"/inbox/tips/{tip_id}"
    assert lan.client.post(f"{path}/status", data={"to": "closed", **form}).status_code == 403
    assert lan.client.post(f"{path}/answer", data={"text": "Chào bạn.", **form}).status_code == 403
    assert lan.client.post("/inbox/sign-out", data={"x": "y", **form}).status_code == 403
    assert lan.get().status_code == 200
    assert state(lan.house) == (["new"], 0)


def test_the_token_of_another_session_is_refused(lan: Browser, binh: Browser, tip_id: str) -> None:
    form = {"form_token": binh.token(), "to": "closed"}
    assert lan.client.post(f"/inbox/tips/{tip_id}/status", data=form).status_code == 403


def test_acts_by_get_are_refused(lan: Browser, tip_id: str) -> None:
    for act in ("status?to=closed", "answer?text=x"):
        assert lan.get(f"/inbox/tips/{tip_id}/{act}").status_code == 405
    assert state(lan.house) == (["new"], 0)


def test_a_file_in_a_form_is_refused(lan: Browser, tip_id: str) -> None:
    answer = lan.client.post(
        f"/inbox/tips/{tip_id}/answer", data={"form_token": lan.token()}, files={"text": io.BytesIO(b"x")}
    )
    assert answer.status_code == 400


def test_headers_on_every_route(lan: Browser, stranger: Browser, binh: Browser, tip_id: str) -> None:
    path = f"/inbox/tips/{tip_id}"
    answers = {
        "list": lan.get(),
        "list with a slash": lan.get("/inbox/"),
        "tip": lan.get(path),
        "photo": lan.get(lan.photos(tip_id)[0]),
        "style": stranger.get("/inbox/desk.css"),
        "sign in": stranger.get("/inbox/sign-in"),
        "wrong": stranger.sign_in("lan", "sai"),
        "signed in": stranger.sign_in(),
        "moved": lan.post(f"{path}/status", to="working"),
        "too late": lan.post(f"{path}/status", to="working"),
        "answered": lan.post(f"{path}/answer", text="Chào bạn."),
        "empty answer": lan.post(f"{path}/answer", text=""),
        "given back": lan.client.post(f"{path}/answer", data={"text": "x"}),
        "no token": lan.client.post(f"{path}/status", data={"to": "closed"}),
        "no grant": binh.get(path),
        "missing": lan.get("/inbox/missing"),
        "405": lan.get("/inbox/sign-out"),
        "signed out": lan.post("/inbox/sign-out"),
        "to the sign-in": lan.get(path),
    }
    for name, answer in answers.items():
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        if name not in ("missing", "405"):  # these are the site's own pages
            assert "require-trusted-types-for 'script'" in policy, name
        assert answer.headers["cache-control"] == "no-store", name
        assert answer.headers["x-content-type-options"] == "nosniff", name
        assert answer.headers["referrer-policy"] == "no-referrer", name
        assert "frame-ancestors 'none'" in policy, name
        assert "style=" not in answer.text or "image" in answer.headers["content-type"], name
        assert not re.search(r"<script(?! src=)|\son\w+=", answer.text) or name == "photo", name


def test_a_tip_with_markup_shows_as_text(house: House, lan: Browser) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{ 7*7 }}"
    code = house.tell(evil, evil, evil, evil, evil)
    tip_id = lan.tips()[0]
    house.codes.hear("c" * 32, "vi", code)
    house.codes.press("c" * 32, "vi", "code:add:text")
    house.codes.hear("c" * 32, "vi", evil)
    lan.post(f"/inbox/tips/{tip_id}/answer", text=evil)
    for page in (lan.get(), lan.get(f"/inbox/tips/{tip_id}"), lan.post(f"/inbox/tips/{tip_id}/answer", text=evil * 99)):
        assert "<script>" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        assert "{{ 7*7 }}" in words(page)
    house.officers.enrol("evil", evil, house.officers.make_unit("x"), PASSWORD)
    other = Browser(house)
    other.sign_in("evil")
    assert "<script>" not in other.get().text


def test_words_are_in_no_address_title_cookie_or_log(
    lan: Browser, tip_id: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        answers = [
            lan.get(),
            lan.get(f"/inbox/tips/{tip_id}"),
            lan.post(f"/inbox/tips/{tip_id}/answer", text=f"Về {WORDS}"),
            lan.post(f"/inbox/tips/{tip_id}/status", to="closed"),
            lan.post(f"/inbox/tips/{tip_id}/answer", text=WORDS * 400),
            lan.client.post(f"/inbox/tips/{tip_id}/answer", data={"text": WORDS}),
        ]
    assert any(WORDS in answer.text for answer in answers)
    for answer in answers:
        assert WORDS not in str(answer.headers)
        for title in re.findall(r"<title>(.*?)</title>", answer.text):
            assert title in ("Hộp tin báo – Lá Chắn", "Một tin báo – Lá Chắn", "Chưa gửi – Lá Chắn")
        for address in re.findall(r'(?:href|src|action)="([^"]*)"', answer.text):
            assert re.fullmatch(r"[\x21-\x7e]*", address)
            assert "thuy" not in address
    out = capfd.readouterr()
    for place in (caplog.text, out.out, out.err):
        assert WORDS not in place
        assert PASSWORD not in place


def test_nothing_is_asked_of_another_site(lan: Browser, tip_id: str) -> None:
    for path in ("/inbox", f"/inbox/tips/{tip_id}", "/inbox/sign-in"):
        for address in re.findall(r'(?:href|src|action)="([^"]*)"', lan.get(path).text):
            assert address.startswith(("/", "#", "tel:")) and not address.startswith("//"), address


def test_what_the_pages_name_is_there(lan: Browser, tip_id: str) -> None:
    page = lan.get(f"/inbox/tips/{tip_id}").text
    for address in re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]*)"', page):
        assert lan.get(address).status_code == 200, address
