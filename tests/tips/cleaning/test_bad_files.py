"""What is no file of the kinds that are taken, or is one that was made to do harm, is refused with its reason."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import av
import numpy as np
import pikepdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.tips.cleaning import docxs, heic, media, pdfs, pictures
from tips.cleaning import FILE_LIMIT, FileError, FileFault, clean_file
from tips.cleaning.jpeg import bare_jpeg
from tips.cleaning.package import parse
from tips.cleaning.sniff import kind_of


def fault(data: bytes) -> FileFault:
    with pytest.raises(FileError) as caught:
        clean_file(data)
    return caught.value.reason


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return out.getvalue()


def whole(name: str) -> bytes:
    """A faultless file of each kind, by suffix."""
    makers: dict[str, Callable[[], bytes]] = {
        "jpg": lambda: pictures.saved(pictures.draw((300, 200)), "JPEG"),
        "png": lambda: pictures.saved(pictures.draw((300, 200)).effect_spread(9), "PNG"),
        "webp": lambda: pictures.saved(pictures.draw((300, 200)), "WEBP"),
        "heic": lambda: heic.heic(pictures.draw((320, 240))),
        "pdf": lambda: pdfs.written(pdfs.blank()),
        "docx": docxs.docx,
        "mp4": media.film,
        "mov": lambda: media.film("mov"),
        "m4a": lambda: media.voice("mp4", "aac"),
    }
    return makers[name]()


@pytest.mark.parametrize(
    "data", [b"", b"x", b"\0" * 100, "Tôi thấy xe 29B".encode(), b"MZ" + b"\0" * 500, b"GIF89a" + b"\0" * 99]
)
def test_what_is_no_such_file(data: bytes) -> None:
    assert fault(data) is FileFault.OTHER_KIND


def test_text_that_is_called_a_picture_is_none() -> None:
    """There is no name to be misled by: the kind is told by content alone."""
    assert fault(b"photo.jpg, a text all the same") is FileFault.OTHER_KIND


def test_too_big() -> None:
    assert fault(b"\xff\xd8\xff" + b"\0" * FILE_LIMIT) is FileFault.TOO_BIG


@pytest.mark.parametrize("name", ["jpg", "png", "webp", "heic", "pdf", "docx", "mp4", "mov", "m4a"])
@pytest.mark.parametrize("share", [0.5, 0.97])
def test_cut_off(name: str, share: float) -> None:
    data = whole(name)
    assert clean_file(data).content
    try:
        rest = clean_file(data[: int(len(data) * share)])
    except FileError as error:
        assert error.reason is FileFault.BROKEN
    else:
        assert name == "pdf", "only a PDF can be pieced together"
        with pikepdf.open(io.BytesIO(rest.content)) as pdf:
            assert len(pdf.pages) == 2


@pytest.mark.parametrize("make", [media.voice, media.amr])
def test_voice_that_was_cut_off_is_heard_up_to_there(make: Callable[[], bytes]) -> None:
    data = make()
    assert 0 < len(clean_file(data[: len(data) // 2]).content) < len(clean_file(data).content)
    assert fault(data[:20]) is FileFault.BROKEN


@pytest.mark.parametrize(
    "head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"OggS", b"#!AMR\n", b"%PDF-1.7\n", b"PK\x03\x04"]
)
def test_head_alone(head: bytes) -> None:
    assert fault(head) is FileFault.BROKEN
    if head != b"#!AMR\n":  # there, any bits are a sound
        assert fault(head + b"\x07" * 5000) is FileFault.BROKEN


def test_png_that_unpacks_to_far_too_much() -> None:
    size = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = pictures.chunk(b"IDAT", zlib.compress(b"\0" * 10_000_000, 9)) + pictures.chunk(b"IEND", b"")
    assert fault(b"\x89PNG\r\n\x1a\n" + pictures.chunk(b"IHDR", size) + bomb) is FileFault.TOO_MANY_PIXELS


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_too_many_pixels(kind: str) -> None:
    assert fault(pictures.saved(Image.new("L", (9_000, 6_000)), kind)) is FileFault.TOO_MANY_PIXELS


def test_large_picture_is_made_smaller() -> None:
    with Image.open(io.BytesIO(clean_file(pictures.saved(pictures.draw((5_000, 1_000)), "PNG")).content)) as picture:
        assert picture.size == (2560, 512)


@pytest.mark.parametrize(
    "entries",
    [
        {"word/a.xml": b"\0" * 30_000_000},  # 1000 to 1
        {f"word/{number}.xml": b"" for number in range(3_000)},
        {f"word/{number}.xml": b"a" * 20_000_000 for number in range(7)},
    ],
)
def test_docx_that_unpacks_to_far_too_much(entries: dict[str, bytes]) -> None:
    assert fault(docxs.docx(parts=entries)) is FileFault.BOMB


def test_docx_whose_list_lies_about_a_size() -> None:
    data = docxs.docx(docxs.PARAGRAPH + "<w:p/>" * 200_000)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = packed.getinfo("word/document.xml").file_size
    assert fault(data.replace(struct.pack("<I", size), struct.pack("<I", 100))) is FileFault.BROKEN


def test_docx_with_entities_that_multiply() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><x>&c;</x>'
    assert fault(docxs.docx(parts={"word/document.xml": bomb})) is FileFault.BOMB


def test_entity_from_outside_is_never_read() -> None:
    with pytest.raises(FileError) as caught:
        parse(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>')
    assert caught.value.reason is FileFault.BOMB


def test_zips_within_zips() -> None:
    data = b"x"
    for _ in range(20):
        data = zipped({"a.zip": data})
    assert fault(data) is FileFault.OTHER_KIND
    inside = docxs.docx(parts={"word/embeddings/a.zip": data}, lines=(("rId1", "package", "embeddings/a.zip"),))
    assert b"a.zip" not in clean_file(inside).content


def test_office_file_that_is_no_document() -> None:
    sheet = "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'/>"
    assert fault(docxs.docx(parts={"word/document.xml": sheet})) is FileFault.OTHER_KIND


def test_docx_whose_parts_lead_in_a_circle() -> None:
    lines = (("rId1", "header", "header1.xml"),)
    around = docxs.relations(("rId1", "header", "header1.xml"), ("rId2", "officeDocument", "document.xml"))
    parts = {"word/header1.xml": docxs.part("hdr", docxs.PARAGRAPH), "word/_rels/header1.xml.rels": around}
    assert clean_file(docxs.docx(parts=parts, lines=lines)).content


def test_passwords() -> None:
    locked = pdfs.written(pdfs.blank(), encryption=pikepdf.Encryption(owner="a", user="b"))
    assert fault(locked) is FileFault.LOCKED
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
    assert fault(ole + "EncryptedPackage".encode("utf-16-le") + bytes(100)) is FileFault.LOCKED
    assert fault(ole + "WordDocument".encode("utf-16-le")) is FileFault.OTHER_KIND


def test_zip_entry_with_a_password() -> None:
    data = bytearray(docxs.docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        data[at + place] |= 1
    assert fault(bytes(data)) is FileFault.LOCKED


def test_pdf_bomb() -> None:
    squeezed = zlib.compress(zlib.compress(b"%" * 300_000_000, 1), 9)
    pdf = pdfs.blank()
    page = pdf.make_stream(squeezed)
    page.Filter = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
    pdf.pages[0].obj.Contents = page
    assert fault(pdfs.written(pdf, compress_streams=False)) is FileFault.BOMB


def test_file_that_is_two_kinds_at_once() -> None:
    data = pictures.saved(pictures.draw(), "JPEG") + zipped({"planted-name.txt": b"planted"})
    assert zipfile.is_zipfile(io.BytesIO(data))
    clean = clean_file(data)
    assert clean.media_type == "image/jpeg"
    assert not zipfile.is_zipfile(io.BytesIO(clean.content))


def test_film_in_an_ogg_is_no_voice() -> None:
    head = bytes.fromhex("807468656f7261030201000600040000600000400000000000190000000100000100000100000000000000000000")
    page = b"OggS\0\2" + bytes(8) + b"\1\0\0\0" + bytes(4) + bytes(4) + b"\1" + bytes([len(head)]) + head
    assert fault(page) in (FileFault.OTHER_KIND, FileFault.BROKEN)


def test_voice_may_stay_as_it_is() -> None:
    """For a listener who is to know the voice: an officer's own answer."""
    first, again = (clean_file(media.voice(), disguise_voice=False).content for _ in range(2))
    assert first[:4] == again[:4] == b"OggS"
    with av.open(io.BytesIO(first)) as sound:
        wave = np.concatenate([one.to_ndarray()[0] for one in sound.decode(audio=0)])
    assert abs(np.abs(np.fft.rfft(wave)).argmax() * 48_000 / len(wave) - media.PITCH) < 3


def test_film_that_was_shot_upright_stays_upright() -> None:
    upright = media.turned(media.film())
    turns = []
    for data in (upright, clean_file(upright).content):
        with av.open(io.BytesIO(data)) as film:
            turns.append(next(iter(film.decode(video=0))).rotation)
    assert turns[0] == turns[1] != 0


def test_error_and_result_say_nothing_of_the_file() -> None:
    with pytest.raises(FileError) as caught:
        clean_file(b"\xff\xd8\xff planted")
    assert "planted" not in repr(caught.value) + str(caught.value)
    assert caught.value.__cause__ is None
    assert "content" not in repr(clean_file(whole("png")))


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400).map(lambda tail: b"\xff\xd8" + tail))
@example(pictures.saved(pictures.draw(), "JPEG", progressive=True))
def test_bare_jpeg_refuses_or_leaves_no_tag(data: bytes) -> None:
    try:
        bare = bare_jpeg(data)
    except FileError as error:
        assert error.reason is FileFault.BROKEN
    else:
        assert bare.startswith(b"\xff\xd8") and bare.endswith(b"\xff\xd9")
        assert bare_jpeg(bare) == bare


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=64))
def test_first_bytes_are_never_parsed(data: bytes) -> None:
    try:
        assert kind_of(data)
    except FileError as error:
        assert error.reason in (FileFault.OTHER_KIND, FileFault.LOCKED)
