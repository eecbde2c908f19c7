"""Of every string that lies in a file's tags, none is left in the cleaned copy, and the copy still shows what the file showed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import av
import numpy as np
import pikepdf
import pytest
from lxml import etree
from PIL import Image

from tests.tips.cleaning import docxs, heic, media, pdfs, pictures
from tests.tips.cleaning.scan import found
from tips.cleaning import CleanFile, clean_file

MAKERS: dict[str, Callable[[list[str]], bytes]] = {
    **pictures.MAKERS,
    **heic.MAKERS,
    **pdfs.MAKERS,
    **docxs.MAKERS,
    **media.MAKERS,
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Case:
    name: str
    data: bytes
    words: list[str]
    clean: CleanFile


@pytest.fixture(scope="module", params=MAKERS, name="case")
def _case(request: pytest.FixtureRequest) -> Case:
    words: list[str] = []
    data = MAKERS[request.param](words)
    return Case(request.param, data, words, clean_file(data))


def test_corpus_is_large_enough() -> None:
    assert len(MAKERS) >= 50


def test_no_planted_string_is_left(case: Case) -> None:
    assert case.words
    assert found(case.data, case.words) == set(case.words), "the scan does not see what was planted"
    assert found(case.clean.content, case.words) == set()


def test_copy_shows_what_the_file_showed(case: Case) -> None:
    clean = case.clean
    match clean.suffix:
        case ".jpg":
            _check_picture(case)
        case ".pdf":
            _check_pdf(case)
        case ".docx":
            _check_docx(case)
        case ".mp4":
            _check_film(case)
        case ".ogg":
            _check_voice(case)
        case _:
            pytest.fail(clean.suffix)


def _check_picture(case: Case) -> None:
    assert case.clean.media_type == "image/jpeg"
    with Image.open(io.BytesIO(case.clean.content)) as picture:
        picture.load()
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        width, height = picture.size
        assert picture.size == (pictures.SIZE[::-1] if "turned" in case.name else pictures.SIZE)
        if "grey" not in case.name:
            red, _, blue = picture.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
            assert red > 180 > 80 > blue
            red, _, blue = picture.convert("RGB").getpixel((width - 6, height - 6))  # type: ignore[misc]
            assert blue > 180 > 80 > red


def _check_pdf(case: Case) -> None:
    with pikepdf.open(io.BytesIO(case.clean.content)) as pdf:
        assert len(pdf.pages) == 2
        assert not pdf.is_encrypted
        assert not pdf.docinfo
        assert not {"/Metadata", "/Names", "/OpenAction", "/AA"} & set(pdf.Root.keys())
        for page in pdf.pages:
            drawn = b" ".join(
                bytes(one)
                for line in pikepdf.parse_content_stream(page)
                for one in line[0]
                if isinstance(one, pikepdf.String)
            )
            assert b"Xe 29B dua nguoi qua bien gioi" in drawn
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image":
                picture = pikepdf.PdfImage(thing).as_pil_image()
                assert picture.size == pictures.SIZE
                red, _, blue = picture.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
                assert red > 180 > 80 > blue
        if case.name == "annotations.pdf":
            assert [str(one.Contents) for one in pdf.pages[0].obj.Annots if "/Contents" in one] == ["Bien so o day"]


def _check_docx(case: Case) -> None:
    with zipfile.ZipFile(io.BytesIO(case.clean.content)) as packed:
        assert packed.testzip() is None
        names = set(packed.namelist())
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        types = etree.fromstring(packed.read("[Content_Types].xml"))
        told = {one.get("PartName", "")[1:] for one in types} | {one.get("Extension") for one in types}
        assert all(name in told or name.rsplit(".", 1)[-1] in told for name in names)
        for name in names:
            if name.endswith(".rels"):
                for one in etree.fromstring(packed.read(name)):
                    assert one.get("TargetMode") is None
                    assert one.get("Target", "")[1:] in names
            elif "/media/" in name:
                with Image.open(packed.open(name)) as picture:
                    picture.load()
                    assert name.endswith({"JPEG": ".jpg", "PNG": ".png"}[picture.format or ""])
                    assert picture.size == ((1, 1) if "vector" in case.name else pictures.SIZE)
        document = etree.fromstring(packed.read("word/document1.xml"))
        text = [one.text for one in document.iter(f"{W}t")]
        assert docxs.TEXT in text
        if case.name == "fields.docx":
            assert {"7", "một nơi"} <= set(text)
        if case.name == "comments.docx":
            assert "Hỏi lại" in packed.read("word/comments2.xml").decode()


def _check_film(case: Case) -> None:
    with av.open(io.BytesIO(case.data)) as old, av.open(io.BytesIO(case.clean.content)) as new:
        assert [one.type for one in new.streams] == ["video", "audio"]
        assert set(new.metadata) <= {"major_brand", "minor_version", "compatible_brands"}
        assert not new.chapters()
        pictures_now = sum(1 for _ in new.decode(video=0))
        assert pictures_now == sum(1 for _ in old.decode(video=0)) == 12 * media.SECONDS
    heard, rate = _heard(case.clean.content)
    assert abs(len(heard) / rate - media.SECONDS) < 0.1
    assert abs(_pitch(heard, rate) - media.PITCH) < 5, "a film's sound stays as it is"


def _check_voice(case: Case) -> None:
    heard, rate = _heard(case.clean.content)
    assert abs(len(heard) / rate - media.SECONDS) < 0.1
    with av.open(io.BytesIO(case.clean.content)) as new:
        assert not new.metadata
        assert [dict(one.metadata) for one in new.streams] == [{}]
    if "amr" not in case.name:  # there it is noise
        shift = _pitch(heard, rate) / media.PITCH
        assert 0.74 < shift < 0.89 or 1.11 < shift < 1.26


def _heard(data: bytes) -> tuple[np.ndarray, int]:
    with av.open(io.BytesIO(data)) as sound:
        stream = sound.streams.audio[0]
        return np.concatenate([one.to_ndarray()[0] for one in sound.decode(stream)]), stream.rate


def _pitch(wave: np.ndarray, rate: int) -> float:
    """The loudest frequency, in hertz."""
    return float(np.abs(np.fft.rfft(wave)).argmax() * rate / len(wave))
