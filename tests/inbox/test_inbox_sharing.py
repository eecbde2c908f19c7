"""Files on a tip's page, originals that two officers open together, and who may open the tip."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select, update

from db.police import Audit, Officer, OriginalKey, Part, Tip
from inbox.policy import POLICY
from tests.inbox.kit import Browser, words
from tests.tips.kit import PASSWORD, House, picture
from tests.tips.vault import AS_IT_CAME, FILM, PAPER, Vault
from tips.attachments import Attachment, contact, place
from tips.envelope import Kind
from tips.report import Report

WHY = "Cần xem nơi quay phim để tìm người bị giữ"
SOUND = Attachment("audio/ogg", ".ogg", b"OggS" + bytes(100))
PAGE = Attachment("text/html", ".html", b"<script>alert(1)</script>")
FILES = (
    Attachment("image/jpeg", ".jpg", picture()),
    FILM,
    SOUND,
    PAPER,
    place(10.7008, 105.1234),
    contact("Chú Tư", "09"),
)


@pytest.fixture
def vault(house: House) -> Vault:
    """The house's police half, for tips that nobody had to type; three officers are on duty."""
    made = Vault(house.clock, house.police_store, house.dropbox, house.officers, house.inbox, codes={})
    for login in ("minh", "thu"):
        made.officer(login)
    return made


@pytest.fixture
def tip_id(vault: Vault) -> str:
    return vault.tip("Chuyện ở bến tàu", files=FILES)


@pytest.fixture
def minh(house: House, tip_id: str) -> Browser:
    return browser(house, "minh")


def browser(house: House, login: str) -> Browser:
    made = Browser(house)
    assert made.sign_in(login).status_code == 303
    return made


def page_of(who: Browser, tip_id: str) -> str:
    return words(who.get(f"/inbox/tips/{tip_id}"))


def parts(vault: Vault, tip_id: str, kind: Kind) -> list[str]:
    with vault.store.read() as session:
        rows = select(Part.id).where(Part.tip_id == tip_id, Part.kind == kind).order_by(Part.position)
        return list(session.scalars(rows))


def test_files_of_all_kinds_are_on_the_page(vault: Vault, lan: Browser, tip_id: str) -> None:
    answer = lan.get(f"/inbox/tips/{tip_id}")
    page = words(answer)
    film, sound = (f"/inbox/tips/{tip_id}/files/{part}" for part in parts(vault, tip_id, Kind.FILE)[1:3])
    assert answer.text.count("<img") == 1
    assert f'<video controls preload="none" src="{film}">' in answer.text
    assert f'<audio controls preload="none" src="{sound}">' in answer.text
    assert "Phim 1 Tải về (MP4, chừng 256 KB) Ghi âm 1 Tải về (OGG, chừng 1 KB) Tài liệu 1 Tải về (PDF," in page
    assert "Vị trí 1 10.700800, 105.123400 Mở bằng bản đồ trên máy" in page
    assert 'href="geo:10.700800,105.123400"' in answer.text
    assert "Danh thiếp 1 Chú Tư · 09 Tải về (VCF" in page
    assert "Tệp 6" in page
    assert "media-src 'self'" in POLICY and answer.headers["content-security-policy"] == POLICY


def test_what_is_shown_and_what_is_only_fetched(vault: Vault, lan: Browser) -> None:
    tip_id = vault.tip(files=(*FILES, PAGE))
    for part_id, file in zip(parts(vault, tip_id, Kind.FILE), (*FILES, PAGE), strict=True):
        for query in ("", "?save=1"):
            answer = lan.get(f"/inbox/tips/{tip_id}/files/{part_id}{query}")
            assert answer.status_code == 200 and answer.content == file.content
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
            shown = file.media_type.partition("/")[0] in ("image", "video", "audio") and not query
            disposition = answer.headers.get("content-disposition", "")
            assert (disposition == "") == shown
            assert shown or re.fullmatch(rf'attachment; filename="la-chan-[0-9a-f]{{12}}\{file.suffix}"', disposition)
            kind = answer.headers["content-type"].partition(";")[0]
            assert kind == ("application/octet-stream" if file is PAGE else file.media_type)
    assert lan.acts(tip_id) == ["file"] * 14


def test_a_broken_file_is_told_and_hides_no_other(vault: Vault, lan: Browser, tip_id: str) -> None:
    film = parts(vault, tip_id, Kind.FILE)[1]
    with vault.store.begin() as session:
        session.get_one(Part, film).body = b"\x02" + bytes(100)
    page = page_of(lan, tip_id)
    assert "Tệp hỏng 1 Tệp này không mở được" in page and "Tài liệu 1 Tải về" in page
    assert lan.get(f"/inbox/tips/{tip_id}/files/{film}").status_code == 404


def test_why_it_is_on_top_and_why_it_is_slow(vault: Vault, lan: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Report(what="Em bị nhốt", danger=True, danger_why=("Có người đang bị nhốt: “bị nhốt”.", "<b>"))
    monkeypatch.setattr("tests.tips.vault.Report", lambda what: told)
    tip_id = vault.tip()
    with vault.store.begin() as session:
        session.execute(update(Tip).values(lane="many"))
    why = "Vì sao có dấu nguy hiểm: Có người đang bị nhốt: “bị nhốt”. <b>"
    answer = lan.get(f"/inbox/tips/{tip_id}")
    assert f"rồi làm ngay việc cần làm. {why} Tin ở làn chậm. Một người gửi nhiều tin" in words(answer)
    assert "vì vậy tin này không nằm trên cùng và không báo chuông." in words(answer)
    assert "badge danger" in answer.text and "badge life" not in answer.text  # as in the list
    lan.post(f"/inbox/tips/{tip_id}/status", to="closed")
    closed = words(lan.get(f"/inbox/tips/{tip_id}"))
    assert f"có dấu hiệu {why} Lời kể" in closed and "làm ngay" not in closed and "báo chuông" not in closed


def test_a_request_that_waits_for_an_officer_is_told_on_top(
    vault: Vault, lan: Browser, minh: Browser, tip_id: str
) -> None:
    thu = browser(lan.house, "thu")
    for who in (lan, minh, thu):
        assert "Có người xin xem tệp gốc" not in page_of(who, tip_id)
    thu.post(f"/inbox/tips/{tip_id}/originals/{parts(vault, tip_id, Kind.ORIGINAL)[0]}", reason=WHY)
    for who in (lan, minh):
        assert "Có người xin xem tệp gốc. Cần anh/chị trả lời ở mục Tệp gốc" in page_of(who, tip_id)
    assert "Có người xin xem tệp gốc" not in page_of(thu, tip_id)


def test_two_officers_open_an_original(vault: Vault, lan: Browser, minh: Browser, tip_id: str) -> None:
    path, original = f"/inbox/tips/{tip_id}", parts(vault, tip_id, Kind.ORIGINAL)[1]
    page = page_of(lan, tip_id)
    assert "Gốc của phim 1 chừng 192 KB Xin xem tệp gốc" in page
    assert "Có thể đồng ý: Cán bộ minh, Cán bộ thu." in page
    assert lan.get(f"{path}/originals/{original}").status_code == 404

    answer = lan.post(f"{path}/originals/{original}", reason=WHY)
    assert answer.status_code == 303 and answer.headers["location"].endswith("done=asked#asked-done")
    page = words(lan.get(answer.headers["location"]))
    assert "lời xin đã gửi" in page and f"Lý do: {WHY} Rút lời xin" in page and "Đồng ý, cùng mở" not in page
    answer = minh.get(path)
    assert f"Trung tá Lan xin xem lúc 14:20, 24/11/2026. Lý do: {WHY} Đồng ý, cùng mở Không đồng ý" in words(answer)
    (settle,) = re.findall(r'action="([^"]+/requests/[0-9a-f]{32})"', answer.text)

    answer = minh.post(settle, say="yes")
    assert answer.status_code == 303
    assert "tệp gốc đã mở" in words(minh.get(answer.headers["location"]))
    for who in (lan, minh):
        assert "Gốc của phim 1 chừng 192 KB Tải tệp gốc về" in page_of(who, tip_id)
        answer = who.get(f"{path}/originals/{original}")
        assert answer.content == AS_IT_CAME
        assert answer.headers["content-type"] == "application/octet-stream"
        assert re.fullmatch(
            r'attachment; filename="la-chan-goc-[0-9a-f]{8}\.mp4"', answer.headers["content-disposition"]
        )
    assert browser(lan.house, "thu").get(f"{path}/originals/{original}").status_code == 404
    acts = [act for act in lan.acts(tip_id) if act != "open"]
    assert acts == ["ask_original", "agree_original", "original", "original"]


def test_no_and_never_mind(vault: Vault, lan: Browser, minh: Browser, tip_id: str) -> None:
    path, original = f"/inbox/tips/{tip_id}", parts(vault, tip_id, Kind.ORIGINAL)[0]
    for who in (minh, lan):
        lan.post(f"{path}/originals/{original}", reason=WHY)
        (settle,) = re.findall(r'action="([^"]+/requests/[0-9a-f]{32})"', who.get(path).text)
        answer = who.post(settle, say="no")
        assert answer.status_code == 303 and "lời xin không còn nữa" in words(who.get(answer.headers["location"]))
        assert who.post(settle, say="yes").status_code == 409
        assert "đã được trả lời hoặc đã rút" in words(who.post(settle, say="no"))


@pytest.mark.parametrize("reason", ["", "ngắn", "x" * 501])
def test_a_reason_that_will_not_do_stays_in_its_field(vault: Vault, lan: Browser, tip_id: str, reason: str) -> None:
    path, original = f"/inbox/tips/{tip_id}", parts(vault, tip_id, Kind.ORIGINAL)[1]
    answer = lan.post(f"{path}/originals/{original}", reason=reason)
    assert answer.status_code == 422
    assert answer.text.count("Lý do cần có từ 10 đến 500 ký tự") == 1
    form = answer.text.split(f'id="why-{original}"')[1].split("</textarea>")[0]
    assert form.endswith(f">\n{reason}")
    assert answer.text.split('id="f-text"')[1].split("</textarea>")[0].endswith(">\n")  # not in the answer's field
    assert "ask_original" not in lan.acts(tip_id)


def test_what_cannot_be_done_with_an_original_is_told(vault: Vault, lan: Browser, minh: Browser, tip_id: str) -> None:
    path, original = f"/inbox/tips/{tip_id}", parts(vault, tip_id, Kind.ORIGINAL)[1]
    clean = parts(vault, tip_id, Kind.FILE)[1]
    for wrong in (clean, "f" * 32, "x"):
        assert lan.post(f"{path}/originals/{wrong}", reason=WHY).status_code == 404
    lan.post(f"{path}/originals/{original}", reason=WHY)
    answer = minh.post(f"{path}/originals/{original}", reason=WHY)
    assert answer.status_code == 409 and "đã có lời xin xem tệp này" in words(answer)
    (settle,) = re.findall(r'action="([^"]+/requests/[0-9a-f]{32})"', lan.get(path).text)
    answer = lan.post(settle, say="yes")  # one's own
    assert answer.status_code == 409 and "Một cán bộ khác có khoá từ lúc tin đến cần đồng ý" in words(answer)
    assert minh.post(settle, say="perhaps").status_code == 400
    assert minh.post(f"{path}/requests/nothing", say="yes").status_code == 404
    with vault.store.begin() as session:
        session.get_one(Part, original).body = b"\x02" + bytes(200)
    answer = minh.post(settle, say="yes")
    assert answer.status_code == 409 and "tệp gốc này không mở được" in words(answer)


def test_a_second_officer_is_needed(vault: Vault, lan: Browser, tip_id: str) -> None:
    with vault.store.begin() as session:  # the two others have left
        session.execute(update(Officer).where(Officer.login != "lan").values(active=False))
    answer = lan.get(f"/inbox/tips/{tip_id}")
    assert words(answer).count("Cần thêm một cán bộ thứ hai") == len(FILES)
    original = parts(vault, tip_id, Kind.ORIGINAL)[0]
    answer = lan.post(f"/inbox/tips/{tip_id}/originals/{original}", reason=WHY)
    assert answer.status_code == 409 and "cần thêm một cán bộ thứ hai" in words(answer)


def test_a_unit_of_one_is_told_so(house: House, lan: Browser) -> None:
    alone = Vault(house.clock, house.police_store, house.dropbox, house.officers, house.inbox, codes={})
    page = page_of(lan, alone.tip(files=(PAPER,)))
    assert "Tin này không có tệp gốc." in page and "cần một cán bộ thứ hai để mở nó" in page
    assert "Chỉ còn một người mở được tin này" in page
    assert "Tệp gốc" not in page_of(lan, alone.tip(files=(place(10, 105),)))


def officer_id(page: str, name: str) -> str:
    found = re.search(rf'<option value="(\d+)">{name} ', page)
    assert found
    return found[1]


def test_letting_somebody_in_and_taking_the_key_away(vault: Vault, house: House, lan: Browser, tip_id: str) -> None:
    house.officers.enrol("mai", "Thượng uý Mai", house.officers.make_unit("Đội khác"), PASSWORD)
    mai, path = browser(house, "mai"), f"/inbox/tips/{tip_id}"
    assert mai.get(path).status_code == 403
    page = lan.get(path)
    assert "Ai mở được tin này Cán bộ minh Đội trực Cán bộ thu Đội trực Trung tá Lan Đội trực" in words(page)
    who = officer_id(page.text, "Thượng uý Mai")
    answer = lan.post(f"{path}/access", do="grant", officer=who, reason="handover")
    assert answer.status_code == 303 and "cán bộ này mở được tin" in words(lan.get(answer.headers["location"]))
    assert "Chuyện ở bến tàu" in page_of(mai, tip_id)

    me = officer_id(mai.get(path).text, "Thượng uý Mai")
    lan_id = officer_id(mai.get(path).text, "Trung tá Lan")
    answer = mai.post(f"{path}/access", do="revoke", officer=lan_id, reason="moved")
    assert answer.status_code == 303 and "tin đã thay khoá" in words(mai.get(answer.headers["location"]))
    assert lan.get(path).status_code == 403
    answer = mai.post(f"{path}/access", do="revoke", officer=me, reason="no_need")
    assert answer.status_code == 303 and answer.headers["location"] == "/inbox"
    assert mai.get(path).status_code == 403
    with house.police_store.read() as session:
        rows = session.scalars(select(Audit).where(Audit.act.in_(("grant", "revoke"))).order_by(Audit.id)).all()
        assert [row.detail["reason"] for row in rows] == ["handover", "moved", "no_need"]


def test_changes_of_access_that_cannot_be(vault: Vault, house: House, lan: Browser, tip_id: str) -> None:
    path = f"/inbox/tips/{tip_id}"
    minh = officer_id(lan.get(path).text, "Cán bộ minh")
    for form in (
        {"do": "grant", "officer": minh, "reason": "together"},  # has it
        {"do": "grant", "officer": "999", "reason": "together"},
        {"do": "revoke", "officer": minh, "reason": "together"},  # no reason to revoke
    ):
        answer = lan.post(f"{path}/access", **form)
        assert answer.status_code == 409 and "quyền mở tin vừa thay đổi" in words(answer)
    for form in (
        {"do": "steal", "officer": minh, "reason": "moved"},
        {"do": "revoke", "officer": "", "reason": "moved"},
        {"do": "revoke", "officer": "-1", "reason": "moved"},
        {"do": "revoke", "officer": "9" * 30, "reason": "moved"},
        {"do": "revoke", "officer": minh, "reason": ""},
        {"do": "revoke", "officer": minh, "reason": "because"},
    ):
        assert lan.post(f"{path}/access", **form).status_code == 400
    thu, me = (officer_id(lan.get(path).text, name) for name in ("Cán bộ thu", "Trung tá Lan"))
    for who in (minh, thu):
        lan.post(f"{path}/access", do="revoke", officer=who, reason="leaked")
    answer = lan.post(f"{path}/access", do="revoke", officer=me, reason="moved")
    assert answer.status_code == 409 and "không còn ai mở được tin" in words(answer)


def forms(vault: Vault, tip_id: str) -> dict[str, dict[str, str]]:
    original = parts(vault, tip_id, Kind.ORIGINAL)[0]
    with vault.store.read() as session:
        request = session.scalars(select(OriginalKey.request_id)).first()
    path = f"/inbox/tips/{tip_id}"
    return {
        f"{path}/originals/{original}": {"reason": WHY},
        f"{path}/requests/{request}": {"say": "yes"},
        f"{path}/access": {"do": "grant", "officer": "1", "reason": "together"},
    }


def test_without_a_grant_nothing_is_done(vault: Vault, house: House, lan: Browser, tip_id: str) -> None:
    house.officers.enrol("mai", "Thượng uý Mai", house.officers.make_unit("Đội khác"), PASSWORD)
    mai, film = browser(house, "mai"), parts(vault, tip_id, Kind.FILE)[1]
    lan.post(f"/inbox/tips/{tip_id}/originals/{parts(vault, tip_id, Kind.ORIGINAL)[1]}", reason=WHY)
    answers = [mai.post(path, **form) for path, form in forms(vault, tip_id).items()]
    answers += [mai.get(f"/inbox/tips/{tip_id}/{kind}/{film}") for kind in ("files", "originals")]
    for answer in answers:
        assert answer.status_code == 403 and "không có khoá của tin này" in answer.text
    assert lan.acts(tip_id)[-5:] == ["refused"] * 5


def test_forms_from_elsewhere_are_refused(vault: Vault, lan: Browser, minh: Browser, tip_id: str) -> None:
    minh.post(f"/inbox/tips/{tip_id}/originals/{parts(vault, tip_id, Kind.ORIGINAL)[1]}", reason=WHY)
    before = lan.acts(tip_id)
    for path, form in forms(vault, tip_id).items():
        for token in ({}, {"form_token": ""}, {"form_token": minh.token()}):
            assert lan.client.post(path, data={**form, **token}).status_code == 403
        assert lan.post(path, headers={"sec-fetch-site": "cross-site"}, **form).status_code == 403
        answer = lan.client.post(path, data={"form_token": lan.token(), **form}, files={"x": io.BytesIO(b"x")})
        assert answer.status_code == 400
    assert lan.get(f"/inbox/tips/{tip_id}/access").status_code == 405
    assert lan.acts(tip_id) == before
