"""What people attach, to a tip and with an open code: cleaned for the officers, as it came only for two of them together."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Sequence

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from db.police import OriginalShare
from tests.tips.cleaning.media import film, voice
from tests.tips.cleaning.pdfs import blank, written
from tests.tips.kit import ANNA, BINH, STORY, House, files_in, only_report, only_tip, picture, said, step_of
from tips import attachments
from tips.attachments import Attachment, AttachmentError, read_contact, read_place
from tips.citizen import files
from tips.citizen.outcome import Outcome
from tips.cleaning import FILE_LIMIT, FileError, FileFault
from tips.dropbox import DropboxError, SealedPart
from tips.envelope import Kind
from tips.police.officers import OpenedOfficer
from tips.police.rekey import AccessReason

LOCKED = pikepdf.Encryption(owner="secret", user="secret")
MAKER = "Nokia 3310 of Lan"


# ---------------------------------------------------------------- the values
@given(
    st.binary(), st.sampled_from(["image/jpeg", "application/geo+json", "text/vcard"]), st.sampled_from(["", ".jpg"])
)
def test_an_attachment_comes_back_as_it_was(content: bytes, media_type: str, suffix: str) -> None:
    sent = Attachment(media_type, suffix, content)
    assert Attachment.from_bytes(sent.to_bytes()) == sent
    assert "content" not in repr(sent)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_attachment_are_refused(data: bytes) -> None:
    with pytest.raises(AttachmentError):
        Attachment.from_bytes(data)


@pytest.mark.parametrize(
    "header",
    [
        {"media_type": "text/html\r\nx: y", "suffix": ""},
        {"media_type": "text", "suffix": ""},
        {"media_type": "text/plain", "suffix": "../x"},
        {"media_type": "text/plain", "suffix": ".jpg.exe"},
        {"media_type": 1, "suffix": ""},
        {"media_type": "text/plain"},
        [],
        "x" * 2000,
    ],
)
def test_a_forged_header_is_refused(header: object) -> None:
    packed = json.dumps(header).encode()
    with pytest.raises(AttachmentError):
        Attachment.from_bytes(len(packed).to_bytes(4) + packed + b"content")


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_is_kept_to_a_centimetre(latitude: float, longitude: float) -> None:
    place = attachments.place(latitude, longitude)
    assert (place.media_type, place.suffix) == ("application/geo+json", ".geojson")
    assert read_place(Attachment.from_bytes(place.to_bytes())) == pytest.approx((latitude, longitude), abs=1e-7)


@pytest.mark.parametrize("values", [(90.1, 0), (0, -180.1), (float("nan"), 0), (0, float("inf"))])
def test_no_place_on_earth(values: tuple[float, float]) -> None:
    with pytest.raises(AttachmentError):
        attachments.place(*values)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"coordinates": [1]}', b'{"coordinates": ["a", "b"]}', b"[" * 50_000]
)
def test_what_is_no_place_is_not_read(content: bytes) -> None:
    with pytest.raises(AttachmentError):
        read_place(Attachment("application/geo+json", "", content))


@given(st.text(min_size=1, max_size=60).filter(str.strip), st.text(max_size=30))
def test_a_card_comes_back_and_holds_one_card_only(name: str, phone: str) -> None:
    try:
        card = attachments.contact(name, phone)
    except AttachmentError:  # nothing that can be seen
        return
    assert card.content.count(b"\r\nBEGIN:") == 0 and card.content.decode().count("\r\n") <= 5
    again = read_contact(Attachment.from_bytes(card.to_bytes()))
    assert attachments.contact(*again) == card


def test_a_card_keeps_what_separates() -> None:
    card = attachments.contact("Hùng; anh Ba,\nxe ôm \\", "0912 000 000")
    assert read_contact(card) == ("Hùng; anh Ba, xe ôm \\", "0912 000 000")
    assert read_contact(attachments.contact("", "0912")) == ("0912", "0912")
    for empty in (("", " "), ("\u200b", "")):
        with pytest.raises(AttachmentError):
            attachments.contact(*empty)
    for strange in (b"\xff", b"BEGIN:VCARD"):
        with pytest.raises(AttachmentError):
            read_contact(Attachment("text/vcard", ".vcf", strange))


# ---------------------------------------------------------------- in a tip
def test_all_kinds_go_with_a_tip_cleaned_and_as_they_came(house: House) -> None:
    officer = house.officer("lan")
    unit = house.officers.make_unit("day", on_duty=True)
    house.officers.enrol("minh", "Cán bộ Minh", unit, "một mật khẩu dài")
    sent = [picture(comment=MAKER.encode()), film(), voice(tags={"artist": MAKER}), written(blank())]
    house.talk.open(ANNA, "vi")
    house.talk.hear(ANNA, "vi", STORY)
    for count, (data, word) in enumerate(zip(sent, ("ảnh", "video", "ghi âm", "giấy tờ"), strict=True), start=1):
        outcome = house.talk.attach(ANNA, "vi", data)
        assert word in said(outcome.replies) and f"{count}/5" in said(outcome.replies)
        assert step_of(outcome) == "2"
    assert "vị trí" in said(house.talk.place(ANNA, "vi", 22.3356, 103.8438).replies)
    assert "số liên hệ" in said(house.talk.contact(ANNA, "vi", "Hùng", "0912 000 000").replies)
    house.talk.hear(ANNA, "vi", "gửi")
    assert house.talk.press(ANNA, "vi", "tip:send").done

    seen = files_in(house, officer)
    kinds = ["image/jpeg", "video/mp4", "audio/ogg", "application/pdf", "application/geo+json", "text/vcard"]
    assert [file.media_type for file in seen] == kinds
    assert not any(MAKER.encode() in file.content for file in seen)
    assert read_place(seen[4]) == (22.3356, 103.8438) and read_contact(seen[5]) == ("Hùng", "0912 000 000")
    tip = only_tip(house, officer)
    assert len(tip.originals) == 4  # a place and a card have none


def test_two_officers_open_an_original_together(house: House) -> None:
    lan = house.officer("lan")
    unit = house.officers.make_unit("day", on_duty=True)
    house.officers.enrol("minh", "Cán bộ Minh", unit, "một mật khẩu dài")
    minh = house.officers.unlock("minh", "một mật khẩu dài")
    assert minh
    data = picture(comment=MAKER.encode())
    house.tell(STORY, photos=(data,))
    tip = only_tip(house, lan)
    (original,) = tip.originals
    request = house.inbox.originals.ask(lan, tip.tip_id, original.part_id, "Cần xem biển số trong ảnh gốc")
    house.inbox.originals.agree(minh, tip.tip_id, request)
    assert house.inbox.originals.fetch(lan, tip.tip_id, original.part_id) == data


def test_one_officer_alone_gets_no_original(house: House, officer: OpenedOfficer) -> None:
    house.tell(STORY, photos=(picture(),))
    tip = only_tip(house, officer)
    assert len(tip.files) == 1 and tip.originals == ()


@pytest.mark.parametrize(
    ("data", "vi", "en"),
    [
        (b"MZ\x90\x00", "PDF, Word (DOCX)", "A screenshot will do"),
        (picture(400, 300)[:900], "hỏng", "damaged"),
        (b"x" * (FILE_LIMIT + 1), "20 MB", "20 MB"),
        (written(blank(), encryption=LOCKED), "Bạn bỏ mật khẩu rồi gửi lại", "remove the password"),
    ],
    ids=["other_kind", "broken", "too_big", "locked"],
)
def test_a_file_that_is_not_taken_is_told_why_and_loses_nothing(
    data: bytes, vi: str, en: str, house: House, officer: OpenedOfficer, hear: Callable[..., Outcome]
) -> None:
    hear(STORY)
    refused = house.talk.attach(ANNA, "vi", data, "chú thích")
    assert vi in said(refused.replies) and step_of(refused) == "2"
    assert en in said(house.talk.attach(ANNA, "en", data).replies)
    hear("gửi")
    hear("gửi")
    report = only_report(house, officer)
    assert (report.what, report.photo_note) == (STORY, "chú thích")  # a caption is kept even where the file is not


@pytest.mark.parametrize("fault", FileFault)
def test_every_fault_has_its_sentence(
    fault: FileFault, house: House, hear: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_data: bytes) -> Attachment:
        raise FileError(fault)

    code = house_code(house)
    house.talk.open(ANNA, "vi")
    house.codes.hear(BINH, "vi", code)
    monkeypatch.setattr(files, "cleaned", refuse)
    for talk, ref in ((house.talk, ANNA), (house.codes, BINH)):
        for language, word in (("vi", "Bạn"), ("en", "send")):
            told = talk.attach(ref, language, b"x")
            assert word in told.replies[0].text or fault is FileFault.OTHER_KIND
            assert not told.done and "{" not in said(told.replies)
    assert house.drafts.weigh(ANNA).count == 0


def house_code(house: House) -> str:
    house.officer()
    return house.tell(STORY, ref=BINH)


def test_at_most_five_files_and_five_cards(house: House, hear: Callable[..., Outcome]) -> None:
    for _ in range(5):
        house.talk.attach(ANNA, "vi", picture())
    assert "đã đủ 5 file" in said(house.talk.attach(ANNA, "vi", picture()).replies)
    for count in range(1, 6):
        assert f"{count}/5" in said(house.talk.place(ANNA, "vi", 1.0, count).replies)
    assert "đã đủ 5 vị trí" in said(house.talk.contact(ANNA, "vi", "Hùng", "0912").replies)
    weight = house.drafts.weigh(ANNA)
    assert (weight.files, weight.cards) == (5, 5)


def test_all_files_together_have_a_limit(
    house: House, hear: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_TOGETHER", 2 * 1024 * 1024)
    heavy = noise()
    assert "2/5" in said([*house.talk.attach(ANNA, "vi", heavy).replies, *house.talk.attach(ANNA, "vi", heavy).replies])
    assert "chỉ chứa được 2 MB" in said(house.talk.attach(ANNA, "vi", heavy).replies)
    assert house.drafts.weigh(ANNA).files == 2


def noise() -> bytes:
    """A picture that cannot be made small: about 0.6 MB, and cleaned a little more."""
    out = io.BytesIO()
    Image.frombytes("RGB", (1000, 1000), random.Random(1).randbytes(3_000_000)).save(out, "JPEG")
    return out.getvalue()


def test_values_that_are_no_place_and_no_card_are_refused(house: House, hear: Callable[..., Outcome]) -> None:
    hear(STORY)
    for refused in (house.talk.place(ANNA, "vi", 91.0, 0.0), house.talk.contact(ANNA, "vi", " ", "")):
        assert "hỏng" in said(refused.replies) and step_of(refused) == "2"


# ---------------------------------------------------------------- with an open code
def test_all_kinds_are_added_with_a_code(house: House, officer: OpenedOfficer) -> None:
    code = house.tell(STORY)
    for early in (
        house.codes.attach(ANNA, "vi", picture()),
        house.codes.place(ANNA, "vi", 1.0, 2.0),
        house.codes.contact(ANNA, "vi", "Hùng", ""),
    ):
        assert "chưa có mã" in said(early.replies)
    house.codes.hear(ANNA, "vi", code)
    house.codes.attach(ANNA, "vi", voice(), "nghe ở phút thứ hai")
    house.codes.place(ANNA, "vi", 22.3356, 103.8438, danger=True)
    assert "đã gửi thêm" in said(house.codes.contact(ANNA, "vi", "Hùng", "0912").replies)
    seen = files_in(house, officer)
    assert [file.media_type for file in seen] == ["audio/ogg", "application/geo+json", "text/vcard"]
    tip = only_tip(house, officer)
    assert tip.danger and tip.originals == () and [line.text for line in tip.additions] == ["nghe ở phút thứ hai"]


def test_a_file_that_is_added_with_a_code_keeps_its_original(house: House) -> None:
    lan, minh = house.officer("lan"), house.officer("minh")
    code = house.tell(STORY)
    house.officers.deactivate("minh")
    house.officers.set_duty(1, False)
    thu = house.officer("thu")  # on duty now, and without the tip until she is let in
    house.codes.hear(ANNA, "vi", code)
    house.codes.attach(ANNA, "vi", picture(comment=b"nobody could open it"))
    assert only_tip(house, lan).originals == ()
    house.inbox.access.grant(lan, only_tip(house, lan).tip_id, thu.id, AccessReason.TOGETHER)
    data = picture(comment=MAKER.encode())
    house.codes.close(ANNA)
    house.codes.hear(ANNA, "vi", code)
    assert "đã gửi thêm" in said(house.codes.attach(ANNA, "vi", data).replies)
    tip = only_tip(house, lan)
    (original,) = tip.originals
    assert original.clean_id == tip.files[-1].part_id and MAKER.encode() not in files_in(house, lan)[-1].content
    request = house.inbox.originals.ask(lan, tip.tip_id, original.part_id, "Cần xem biển số trong ảnh gốc")
    house.inbox.originals.agree(thu, tip.tip_id, request)
    assert house.inbox.originals.fetch(lan, tip.tip_id, original.part_id) == data
    assert minh.id not in {row.first_id for row in shares_in(house)} | {row.second_id for row in shares_in(house)}


def test_an_original_that_was_not_taken_goes_with_the_next_try(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    lan, _minh = house.officer("lan"), house.officer("minh")
    code, add = house.tell(STORY), house.dropbox.add

    def no_originals(part: SealedPart, danger: bool = False) -> None:
        if part.kind is Kind.ORIGINAL:
            raise DropboxError
        add(part, danger)

    house.codes.hear(ANNA, "vi", code)
    with monkeypatch.context() as patch:
        patch.setattr(house.dropbox, "add", no_originals)
        assert "chưa gửi được" in said(house.codes.attach(ANNA, "vi", picture()).replies)
    house.codes.hear(ANNA, "vi", "gửi")
    tip = only_tip(house, lan)
    assert len(tip.files) == len(tip.originals) == 1 and tip.originals[0].clean_id == tip.files[0].part_id


def test_an_original_that_waits_weighs_as_much_as_it_is(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.officer("lan"), house.officer("minh")
    code, heavy = house.tell(STORY), noise()
    monkeypatch.setattr("tips.citizen.opened.HEAVIEST", int(1.5 * len(heavy)))
    house.codes.hear(ANNA, "vi", code)
    assert "chưa nhận thêm" in said(house.codes.attach(ANNA, "vi", heavy).replies)


def shares_in(house: House) -> Sequence[OriginalShare]:
    with house.police_store.read() as session:
        return session.scalars(select(OriginalShare)).all()


def test_what_waits_with_a_code_has_a_limit(
    house: House, officer: OpenedOfficer, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = house.tell(STORY)
    house.codes.hear(ANNA, "vi", code)
    house.codes.hear(ANNA, "vi", "một câu chưa đồng ý")
    monkeypatch.setattr("tips.citizen.opened.HEAVIEST", 1_000_000)  # one officer: no originals
    heavy = noise()
    assert "add:send" in str(house.codes.attach(ANNA, "vi", heavy).replies)
    assert "chưa nhận thêm" in said(house.codes.attach(ANNA, "vi", heavy).replies)
    house.codes.hear(ANNA, "vi", "gửi")
    assert len(files_in(house, officer)) == 1
