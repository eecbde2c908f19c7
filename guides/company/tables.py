"""Reads a table from a file as people send it: CSV (comma, semicolon, tab; UTF-8, UTF-16 or Windows-1258) or XLSX."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

LARGEST = 30 * 2**20  # bytes of a file
_LARGEST_UNPACKED = 300 * 2**20  # bytes of an XLSX when unpacked: it is a ZIP, which can hold a bomb
MOST_ROWS, _MOST_CELLS = 60_000, 60
_DELIMITERS = ",;\t"
_NO_TEXT = (
    (b"\xd0\xcf\x11\xe0", "this is an old Excel file (.xls): open it and save it as .xlsx or .csv"),
    (b"%PDF", "this is a PDF: its table must be copied into an .xlsx or .csv file first"),
    (b"\x89PNG", "this is a picture"),
    (b"\xff\xd8\xff", "this is a picture"),
)


class TableError(Exception):
    """The file is no table that can be read; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts from 1 as the file's program shows it; `cells` are composed and have no space around them."""

    number: int
    cells: tuple[str, ...]


def read_tables(path: Path) -> list[list[Row]]:
    """The tables that the file may hold: its sheets, or its text cut in each way that is possible. Raises TableError."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        raise TableError(f"the file cannot be read: {error.strerror}") from None
    if size > LARGEST:
        raise TableError(f"the file is larger than {LARGEST // 2**20} MB: a list of companies is not")
    if not content.strip():
        raise TableError("the file is empty")
    for beginning, why in _NO_TEXT:
        if content.startswith(beginning):
            raise TableError(why)
    return _sheets(content) if content.startswith(b"PK\x03\x04") else _texts(_decoded(content))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1258")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\x0b\x0c" for c in text):
            return unicodedata.normalize("NFC", text)
    raise TableError(
        "the file is neither a table as text (UTF-8 or Windows-1258) nor .xlsx: save it as .xlsx or CSV UTF-8"
    )


def _texts(text: str) -> list[list[Row]]:
    delimiters = [d for d in _DELIMITERS if d in text] or [","]
    return [_rows(_csv(text, delimiter)) for delimiter in delimiters]


def _csv(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise TableError(f"the CSV cannot be read: {error}") from None


def _sheets(content: bytes) -> list[list[Row]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(member.file_size for member in packed.infolist()) > _LARGEST_UNPACKED:
                raise TableError("the workbook is far too large when unpacked")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            return [_rows(_shown(sheet)) for sheet in book.worksheets]
        finally:
            book.close()
    except TableError:
        raise
    except Exception as error:  # openpyxl fails in as many ways as a file can be broken
        raise TableError(f"the workbook cannot be read ({type(error).__name__}): is it an .xlsx file?") from None


def _shown(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # some programs write wrong ones
    for row in sheet.iter_rows(values_only=True):
        yield [_as_text(value) for value in row]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _rows(raw: Iterator[list[str]]) -> list[Row]:
    rows: list[Row] = []
    for number, cells in enumerate(raw, 1):
        if number > MOST_ROWS:
            raise TableError(f"the table has more than {MOST_ROWS} rows: a list of companies has not")
        tidy = tuple(_tidy(cell) for cell in cells[:_MOST_CELLS])
        if any(tidy):
            rows.append(Row(number, tidy))
    return rows


def _tidy(cell: str) -> str:
    """Composed, without what cannot be seen, one space between words."""
    seen = "".join(
        " " if c.isspace() else c for c in cell if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf")
    )
    return unicodedata.normalize("NFC", " ".join(seen.split()))
