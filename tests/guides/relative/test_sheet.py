"""The sheet as a PDF: one page, the project's font, stacked marks there, nothing that tells of the machine or the hour."""

from __future__ import annotations

import io
import logging
import re
import tempfile
import unicodedata
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from content.library import Library
from guides.relative import pdf
from guides.relative.answers import STEPS, Answers
from guides.relative.sheet import Sheet, sheet

TODAY = date(2026, 11, 24)
STACKED = "Nguyễn Thị Ngọc Huệ ở ngõ hẻm, ấp Ỷ Lan; TẶNG ĐẶNG VỆ ỔI ỮNG ẴM ỘP ỆCH"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load(day=TODAY)


def _sheet(library: Library, language: str = "vi", **words: str) -> Sheet:
    return sheet(library, Answers(words=words), language, TODAY)


def _opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "words", [{}, {"looks": STACKED}, dict.fromkeys(STEPS, "xin chào " * 30), dict.fromkeys(STEPS, "M" * 480)]
)
def test_it_is_one_page_of_a4(library: Library, words: dict[str, str], language: str) -> None:
    with _opened(pdf.draw(_sheet(library, language, **words))) as made:
        assert len(made.pages) == 1
        width, height = (float(made.pages[0].mediabox[n]) for n in (2, 3))
        assert (round(width), round(height)) == (595, 842)


def test_it_is_small_and_in_the_projects_font_alone(library: Library) -> None:
    content = pdf.draw(_sheet(library, looks=STACKED))
    assert len(content) < 60_000
    with _opened(content) as made:
        fonts = made.pages[0].Resources.Font
        names = {str(font.BaseFont) for font in fonts.values()}
        assert len(names) == 2
        assert all("BeVietnamPro" in name for name in names)
        for font in fonts.values():
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor  # it is embedded


def test_every_letter_of_vietnamese_can_be_printed() -> None:
    vowels = "aăâeêioôơuưy"
    tones = "\u0300\u0301\u0303\u0309\u0323"
    letters = [unicodedata.normalize("NFC", v + t) for v in vowels for t in ("", *tones)] + ["đ"]
    everything = "".join(letters) + "".join(letters).upper()
    assert pdf.printable(everything) == everything
    assert all(len(letter) == 1 for letter in letters)


def test_words_stand_in_it_as_text(library: Library) -> None:
    """What is drawn can be read back through the font's own table, marks and all."""
    read = _text_of(pdf.draw(_sheet(library, looks=STACKED)))
    for word in STACKED.replace(";", "").replace(",", "").split():
        assert word in read


def test_letters_that_cannot_be_printed_are_pointed_out(library: Library) -> None:
    assert pdf.printable("mã 微信号 abc 😢 ក្រុង") == "mã […] abc  […]"
    assert "chép tay" in _text_of(pdf.draw(_sheet(library, said="mã 微信号")))
    assert "chép tay" not in _text_of(pdf.draw(_sheet(library, said="mã abc 😢")))


def test_no_line_ends_inside_a_telephone_number(library: Library) -> None:
    read = _lines_of(pdf.draw(_sheet(library, company=f"{'a' * 60} 0912 345 678")))
    assert any("0912 345 678" in line.replace("\u00a0", " ") for line in read)


def test_its_metadata_tell_the_day_and_no_more(library: Library) -> None:
    content = pdf.draw(_sheet(library, said="xin chào"))
    with _opened(content) as made:
        assert str(made.docinfo["/CreationDate"]) == "D:20261124000000+07'00'"
        assert {str(made.docinfo[key]) for key in made.docinfo if key not in ("/CreationDate", "/Title")} <= {""}
        assert "/Metadata" not in made.Root
    assert b"fpdf" not in content.lower()
    for folder in (Path.home(), Path(tempfile.gettempdir()), Path(__file__).parents[3]):
        assert f"{folder}/".encode() not in content
    assert content == pdf.draw(_sheet(library, said="xin chào")), "the same answers give the same bytes"


def test_nothing_reaches_a_log_or_a_disk(
    library: Library, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with caplog.at_level(logging.DEBUG):
        pdf.draw(_sheet(library, said="Bí-mật-97 微信号 😢", looks=STACKED))
    assert caplog.text == ""
    assert list(tmp_path.iterdir()) == []


def test_the_same_in_words(library: Library) -> None:
    text = _sheet(library, looks=STACKED, said="微信号").as_text()
    assert STACKED in text
    assert "微信号" in text
    for words in ("Họ tên: ....", "Ngày sinh: ....", "113", "+84 981 84 84 84", "Khoan trả tiền chuộc", "24/11/2026"):
        assert words in text


def test_the_labels_are_for_officers_and_for_the_person(library: Library) -> None:
    read = _text_of(pdf.draw(_sheet(library, "en")))
    assert "Họ tên" in read
    assert "Full name" in read


# ---------------------------------------------------------------------- reading a PDF


def _lines_of(content: bytes) -> list[str]:
    """What each text operator draws, by the fonts' ToUnicode tables."""
    with _opened(content) as made:
        page = made.pages[0]
        tables = {str(name): _table(font.ToUnicode.read_bytes()) for name, font in page.Resources.Font.items()}
        lines, table = [], {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                table = tables[str(operands[0])]
            elif str(operator) in ("Tj", "TJ"):
                parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                raw = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                lines.append("".join(table.get(raw[n : n + 2], "?") for n in range(0, len(raw), 2)))
        return lines


def _text_of(content: bytes) -> str:
    return " ".join(_lines_of(content)).replace("\u00a0", " ")


def _table(cmap: bytes) -> dict[bytes, str]:
    table = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, letters in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            table[bytes.fromhex(code.decode())] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    return table
