"""One tip: everything that was told, its photos, its moves, and an answer that the citizen reads with the code."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from sqlalchemy import select

from db.police import Audit, Message, Part, Tip
from tests.inbox.kit import Browser, words
from tests.tips.kit import House, picture, said
from tips.police import inbox as police_inbox
from tips.police.inbox import MAX_ANSWER
from tips.police.status import TipStatus

STEPS = (
    "Em tôi bị giữ trong nhà.\nCó người canh cửa.",
    "Châu Đốc, An Giang",
    "từ tối qua",
    "ba người đàn ông",
    "em tôi nhắn",
)


@pytest.fixture
def code(house: House) -> str:
    return house.tell(*STEPS, danger=True, photos=(picture(), picture(80, 80)))


@pytest.fixture
def tip_id(code: str, lan: Browser) -> str:
    return lan.tips()[0]


def citizen_reads(house: House, code: str) -> str:
    """What the citizen's half shows for a code."""
    house.codes.press("c" * 32, "vi", "code:close")
    return said(house.codes.hear("c" * 32, "vi", code).replies)


def test_open_and_read(lan: Browser, tip_id: str) -> None:
    answer = lan.get(f"/inbox/tips/{tip_id}")
    page = words(answer)
    labels = ["Chuyện gì", "Ở đâu", "Khi nào", "Những ai", "Nhờ đâu biết"]
    told = " ".join(f"{label} {step}" for label, step in zip(labels, STEPS, strict=True)).replace("\n", " ")
    assert told.replace("An Giang Khi", "An Giang Tỉnh, thành nhận ra: An Giang Khi") in page
    assert "Em tôi bị giữ trong nhà.\nCó người canh cửa." in answer.text
    assert "Có thể có người đang nguy hiểm" in page
    assert "Nhận lúc 14 giờ, 24/11/2026 Nguy hiểm có dấu hiệu Lời kể tiếng Việt, 5/5 câu hỏi Tệp 2" in page
    assert "aria-current" in answer.text, "the list beside it marks this tip"
    assert lan.acts() == ["sign_in", "open"]


def test_what_was_skipped_is_not_there(house: House, lan: Browser) -> None:
    house.tell("", "ở chợ Lào Cai")
    page = words(lan.get(f"/inbox/tips/{lan.tips()[0]}"))
    assert "Chuyện gì" not in page
    assert "Ở đâu ở chợ Lào Cai" in page
    assert "1/5 câu hỏi" in page
    assert "không thấy dấu hiệu" in page


def test_photos_are_opened_for_each_request(lan: Browser, tip_id: str) -> None:
    photos = lan.photos(tip_id)
    sizes = []
    for path in photos:
        answer = lan.get(path)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        with Image.open(io.BytesIO(answer.content)) as image:
            sizes.append((image.format, image.size))
    assert sizes == [("JPEG", (64, 48)), ("JPEG", (80, 80))]
    assert lan.acts(tip_id) == ["open", "file", "file"]


def test_a_photo_that_is_none_is_not_found(lan: Browser, tip_id: str) -> None:
    with lan.house.police_store.begin() as session:
        report = session.scalars(select(Part.id).where(Part.kind == "report")).one()
        broken = session.scalars(select(Part).where(Part.kind == "file")).first()
        assert broken
        broken.body = broken.body[:-1] + bytes([broken.body[-1] ^ 1])
    for part_id in (report, broken.id, "f" * 32):
        assert lan.get(f"/inbox/tips/{tip_id}/files/{part_id}").status_code == 404
    assert lan.acts(tip_id) == []


def test_the_status_moves_as_allowed(lan: Browser, tip_id: str) -> None:
    page = lan.get(f"/inbox/tips/{tip_id}")
    offered = re.findall(r'name="to" value="(\w+)"', page.text)
    assert offered == [move.value for move in TipStatus.NEW.moves]
    answer = lan.post(f"/inbox/tips/{tip_id}/status", to="working")
    assert answer.status_code == 303
    page = lan.get(answer.headers["location"])
    assert "đã đổi sang “Đang xử lý”" in page.text
    assert re.findall(r'name="to" value="(\w+)"', page.text) == ["passed_on", "closed"]
    with lan.house.police_store.read() as session:
        row = session.scalars(select(Audit).where(Audit.act == "status")).one()
    assert (row.tip_id, row.detail) == (tip_id, {"was": "new", "to": "working"})


def test_who_is_too_late_with_a_move_is_told(lan: Browser, tip_id: str) -> None:
    lan.post(f"/inbox/tips/{tip_id}/status", to="closed")
    answer = lan.post(f"/inbox/tips/{tip_id}/status", to="reading")
    assert answer.status_code == 409
    assert "tin đã được chuyển sang “Đã khép lại”" in answer.text
    assert lan.post(f"/inbox/tips/{tip_id}/status", to="rubbish").status_code == 400
    assert lan.acts(tip_id).count("status") == 1


def test_the_citizen_reads_the_answer_and_the_officer_what_is_added(
    house: House, lan: Browser, tip_id: str, code: str
) -> None:
    answer = lan.post(f"/inbox/tips/{tip_id}/answer", text="Cảm ơn bạn.\r\nChúng tôi đang tới.")
    assert answer.status_code == 303
    page = lan.get(answer.headers["location"])
    assert "Người báo đọc được khi nhập mã" in page.text
    assert "Trung tá Lan trả lời" in words(page)
    assert "Cảm ơn bạn.\nChúng tôi đang tới." in page.text
    assert "Cảm ơn bạn.\nChúng tôi đang tới." in citizen_reads(house, code)

    house.codes.press("c" * 32, "vi", "code:add:text")
    house.codes.hear("c" * 32, "vi", "Cửa sau không khoá")
    page = lan.get(f"/inbox/tips/{tip_id}")
    assert "Người báo kể thêm · 14 giờ hôm nay Cửa sau không khoá" in words(page)
    assert lan.acts(tip_id) == ["answer", "open", "open"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "chưa có chữ nào"),
        (" \u200b\n", "chưa có chữ nào"),
        ("ạ" * (MAX_ANSWER + 7), "dài 4.007 ký tự, mỗi câu gửi được nhiều nhất 4.000"),
    ],
)
def test_an_answer_that_cannot_go_stays_in_the_field(lan: Browser, tip_id: str, text: str, fault: str) -> None:
    answer = lan.post(f"/inbox/tips/{tip_id}/answer", text=text)
    assert answer.status_code == 422
    assert fault in answer.text
    assert f"\n{text}" in answer.text.split("<textarea")[1].split("</textarea>")[0]
    with lan.house.police_store.read() as session:
        assert session.scalars(select(Message)).all() == []


def test_the_longest_answer_goes(lan: Browser, tip_id: str) -> None:
    assert lan.post(f"/inbox/tips/{tip_id}/answer", text="ạ" * MAX_ANSWER).status_code == 303


def test_an_answer_that_comes_after_the_session_is_given_back(lan: Browser, tip_id: str) -> None:
    token = lan.token()
    lan.house.clock.move(minutes=31)
    form = {"form_token": token, "text": "Một câu trả lời dài\n</textarea><b>"}
    answer = lan.client.post(f"/inbox/tips/{tip_id}/answer", data=form)
    assert answer.status_code == 403
    assert "Một câu trả lời dài\n&lt;/textarea&gt;&lt;b&gt;</textarea>" in answer.text
    assert "Em tôi bị giữ" not in answer.text
    lan.sign_in()
    again = lan.client.post(f"/inbox/tips/{tip_id}/answer", data=form)
    assert again.status_code == 403
    assert "Một câu trả lời dài" in again.text
    assert lan.acts(tip_id) == []


def test_a_report_that_is_broken_hides_nothing_else(lan: Browser, tip_id: str) -> None:
    with lan.house.police_store.begin() as session:
        part = session.scalars(select(Part).where(Part.kind == "report")).one()
        part.body = part.body[:-1] + bytes([part.body[-1] ^ 1])
    assert "Không mở được bằng khoá của anh/chị" in words(lan.get())
    page = lan.get(f"/inbox/tips/{tip_id}")
    assert "phần lời kể không mở được" in words(page)
    assert page.text.count("<img") == 2


def test_a_look_at_the_list_is_written_down(lan: Browser, tip_id: str) -> None:
    lan.get()
    with lan.house.police_store.read() as session:
        row = session.scalars(select(Audit).where(Audit.act == "list").order_by(Audit.id.desc())).first()
    assert row is not None
    assert row.officer_id is not None
    assert row.detail == {"readable": 1}


@pytest.mark.parametrize("act", ["open", "photo", "status", "answer"])
def test_no_act_without_its_audit_row(lan: Browser, tip_id: str, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (photo, _) = lan.photos(tip_id)
    token = lan.token()

    def full(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(police_inbox, "record", full)
    path = f"/inbox/tips/{tip_id}"
    if act in ("open", "photo"):
        answer = lan.get(path if act == "open" else photo)
    else:
        answer = lan.client.post(f"{path}/{act}", data={"form_token": token, "to": "closed", "text": "Cảm ơn bạn."})
    assert answer.status_code == 500
    assert "Em tôi bị giữ" not in answer.text
    assert not answer.content.startswith(b"\xff\xd8\xff")
    with lan.house.police_store.read() as session:
        assert session.scalars(select(Tip.status).where(Tip.id == tip_id)).one() == "new"
        assert session.scalars(select(Message)).all() == []
