"""Lists as people send them: every kind of file, every kind of mistake."""

from __future__ import annotations

import csv
import io
import time
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from guides.company import tables
from guides.company.importing import Read, read_companies
from guides.company.tables import TableError
from nlu.normalise import strip_marks
from tests.guides.company.conftest import PUBLISHED, SAMPLE

HEADER = ["STT", "Tên doanh nghiệp", "Số giấy phép", "Ngày cấp", "Địa chỉ", "Trạng thái", "Website"]
GOOD = [
    [
        "1",
        "Công ty TNHH Gió Nồm Xa",
        "0001/AB-GP",
        "12/03/2020",
        "Số 1, đường Thử",
        "Còn hiệu lực",
        "www.gionom.example",
    ],
    ["2", "Công ty CP Quýt Hồng Non", "0002/AB-GP", "1-4-2021", "Số 2, đường Thử", "Đã thu hồi", ""],
    ["3", "Công ty CP Nghé Ọ Đồng", "0003/AB-GP", "2021-04-01", "Số 3, đường Thử", "Tạm đình chỉ hoạt động", ""],
]


def _csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _file(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _read(folder: Path, rows: Sequence[Sequence[str]], **more: str) -> Read:
    return read_companies(_file(folder, _csv(rows)), PUBLISHED, **more)


def _in_windows_1258(text: str) -> bytes:
    """That code has letters with a hat, and the five tones as marks behind them."""
    out = []
    for char in unicodedata.normalize("NFC", text):
        try:
            out.append(char.encode("cp1258"))
        except UnicodeEncodeError:
            letters = unicodedata.normalize("NFD", char)
            tone = next(c for c in letters if c in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", letters.replace(tone, ""))
            out.append((base + tone).encode("cp1258"))
    return b"".join(out)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_text_in_every_usual_way(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = _csv([HEADER, *GOOD], delimiter)
    content = _in_windows_1258(text) if encoding == "cp1258" else text.encode(encoding)
    read = read_companies(_file(tmp_path, content), PUBLISHED)
    assert read.problems == ()
    assert [(e.name, e.licence, e.status) for e in read.entries] == [
        ("Công ty TNHH Gió Nồm Xa", "0001/AB-GP", "licensed"),
        ("Công ty CP Quýt Hồng Non", "0002/AB-GP", "withdrawn"),
        ("Công ty CP Nghé Ọ Đồng", "0003/AB-GP", "suspended"),
    ]
    assert [e.licensed_on for e in read.entries] == [date(2020, 3, 12), date(2021, 4, 1), date(2021, 4, 1)]
    assert read.entries[0].address == "Số 1, đường Thử"


def test_a_workbook_with_merged_titles_on_its_second_sheet(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Bìa"])  # type: ignore[union-attr]
    sheet = book.create_sheet("Danh sách")
    sheet.append(["BỘ MẪU"])
    sheet.append(["DANH SÁCH DOANH NGHIỆP MẪU"])
    sheet.merge_cells("A2:G2")
    sheet.append([])
    sheet.append(HEADER)
    sheet.append(
        [
            1,
            "Công ty TNHH Gió Nồm Xa",
            1,
            datetime(2020, 3, 12, tzinfo=UTC).replace(tzinfo=None),
            "Số 1",
            "Còn hiệu lực",
            None,
        ]
    )
    sheet.append(["I. Miền Bắc"])
    sheet.append([2, "Công ty CP Quýt Hồng Non", 2.0, "12/3/2020", None, "Thu hồi", None])
    path = tmp_path / "list.xlsx"
    book.save(path)
    read = read_companies(path, PUBLISHED)
    assert [(e.licence, e.licensed_on) for e in read.entries] == [("1", date(2020, 3, 12)), ("2", date(2020, 3, 12))]
    assert read.problems == ()
    assert read.remarks == (6,)


@pytest.mark.parametrize(
    "titles",
    [
        ["TT", "TÊN DOANH NGHIỆP", "SỐ GIẤY PHÉP", "NGÀY CẤP", "ĐỊA CHỈ", "TÌNH TRẠNG", "TRANG WEB"],
        [strip_marks(title) for title in HEADER],
        [
            "stt",
            "Tên công ty",
            "Giấy phép số",
            "Ngày cấp giấy phép",
            "Địa chỉ trụ sở chính",
            "Trạng thái giấy phép",
            "Web",
        ],
        ["No", "Company name", "Licence number", "Issued on", "Address", "Status", "Website"],
        ["STT", "Tên doanh nghiệp (tiếng Việt)", "Số giấy phép (mới)", "Ngày cấp", "Địa chỉ", "Tình trạng", "Website"],
    ],
)
def test_column_titles_with_and_without_marks(tmp_path: Path, titles: list[str]) -> None:
    read = _read(tmp_path, [["Danh sách mẫu"], [], titles, *GOOD])
    assert set(read.columns) == {"name", "licence", "licensed_on", "address", "status", "website"}
    assert len(read.entries) == 3
    assert read.problems == ()


def test_bad_rows_are_named_with_row_column_and_reason(tmp_path: Path) -> None:
    bad = [
        ["4", "", "0004/AB-GP", "", "", "Còn hiệu lực", ""],
        ["5", "Công ty TNHH", "0005/AB-GP", "", "", "Còn hiệu lực", ""],
        ["6", "Công ty TNHH Khế Ngọt Bờ", "chưa có", "", "", "Còn hiệu lực", ""],
        ["7", "Công ty TNHH Khế Chua Bờ", "0007/AB-GP", "31/02/2020", "", "Còn hiệu lực", ""],
        ["8", "Công ty TNHH Khế Rừng Bờ", "0008/AB-GP", "01/12/2026", "", "Còn hiệu lực", ""],
        ["9", "Công ty TNHH Gió Nồm Gần", "1/AB-GP", "", "", "Còn hiệu lực", ""],
        ["10", "x" * 301, "0010/AB-GP", "", "", "Còn hiệu lực", ""],
    ]
    read = _read(tmp_path, [HEADER, *GOOD, *bad])
    assert len(read.entries) == 3
    assert [(p.row, p.column, p.why) for p in read.problems] == [
        (5, "Tên doanh nghiệp", "empty"),
        (6, "Tên doanh nghiệp", "no name"),
        (7, "Số giấy phép", "no number"),
        (8, "Ngày cấp", "no day (12/03/2020 or 2020-03-12)"),
        (9, "Ngày cấp", "the day is before 1990, or after the day of the list"),
        (10, "Số giấy phép", "the same as in row 2"),
        (11, "Tên doanh nghiệp", "longer than 300 characters"),
    ]
    assert read.bad_share == pytest.approx(0.7)


def test_a_bad_website_or_status_costs_only_that_cell(tmp_path: Path) -> None:
    row = ["1", "Công ty TNHH Gió Nồm Xa", "0001/AB-GP", "", "", "Đang xem lại", "không có trang"]
    read = _read(tmp_path, [HEADER, row])
    assert [(e.status, e.status_said, e.website) for e in read.entries] == [("unknown", "Đang xem lại", "")]
    assert [p.dropped for p in read.problems] == [False, False]
    assert read.bad_share == 0


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Còn hiệu lực", "licensed"),
        ("ĐANG HOẠT ĐỘNG", "licensed"),
        ("Giấy phép hết hiệu lực", "expired"),
        ("Hết hạn", "expired"),
        ("Tạm dừng hoạt động đến 12/2026", "suspended"),
        ("Bị đình chỉ", "suspended"),
        ("Quyết định thu hồi giấy phép", "withdrawn"),
        ("Nộp lại giấy phép", "withdrawn"),
        ("Không bị thu hồi", "unknown"),
        ("Chưa được cấp phép", "unknown"),
        ("Không còn hiệu lực", "expired"),
        ("không rõ", "unknown"),
        ("", "unknown"),
    ],
)
def test_states_of_a_licence(tmp_path: Path, said: str, status: str) -> None:
    read = _read(tmp_path, [HEADER, ["1", "Công ty TNHH Gió Nồm Xa", "1", "", "", said, ""]])
    assert [entry.status for entry in read.entries] == [status]


def test_a_list_without_a_column_for_the_state_takes_what_is_said_of_all(tmp_path: Path) -> None:
    rows = [["Tên doanh nghiệp", "Số giấy phép"], ["Công ty TNHH Gió Nồm Xa", "1"]]
    assert [e.status for e in _read(tmp_path, rows).entries] == ["unknown"]
    assert [e.status for e in _read(tmp_path, rows, status="licensed").entries] == ["licensed"]


def test_titles_that_come_again_on_each_page_are_no_companies(tmp_path: Path) -> None:
    read = _read(tmp_path, [HEADER, GOOD[0], HEADER, GOOD[1]])
    assert len(read.entries) == 2
    assert read.problems == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"%PDF-1.7 \x00\x01", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old excel", r"\.xls"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"PK\x03\x04 no zip", "workbook"),
        (b"\x00\x01\x02\x03binary", "neither"),
        ("chỉ là một câu, không phải bảng".encode(), "column titles"),
        ("STT,Họ tên\n1,ai đó\n".encode(), "column titles"),
        ("Tên doanh nghiệp,Số giấy phép\n".encode(), "no company below"),
    ],
)
def test_files_of_the_wrong_kind_say_so(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(TableError, match=says):
        read_companies(_file(tmp_path, content), PUBLISHED)


def test_a_zip_that_is_no_workbook_and_one_that_swells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.txt", "a" * 1000)
    with pytest.raises(TableError, match="workbook cannot be read"):
        read_companies(_file(tmp_path, packed.getvalue(), "a.xlsx"), PUBLISHED)
    monkeypatch.setattr(tables, "_LARGEST_UNPACKED", 999)
    with pytest.raises(TableError, match="too large when unpacked"):
        read_companies(_file(tmp_path, packed.getvalue(), "a.xlsx"), PUBLISHED)


def test_a_huge_list(tmp_path: Path) -> None:
    rows = [
        [str(n), f"Công ty TNHH Gió {n} Nồm", f"{n}/AB-GP", "", f"Số {n}", "Còn hiệu lực", ""] for n in range(1, 20_001)
    ]
    path = _file(tmp_path, _csv([HEADER, *rows]))
    start = time.perf_counter()
    read = read_companies(path, PUBLISHED)
    print(f"20,000 rows read in {time.perf_counter() - start:.1f} s")
    assert len(read.entries) == 20_000
    assert read.problems == ()
    with pytest.raises(TableError, match="more than 60000 rows"):
        read_companies(_file(tmp_path, _csv([HEADER, *rows * 4])), PUBLISHED)


def test_the_shipped_sample_is_clean_and_says_that_it_is_one() -> None:
    read = read_companies(SAMPLE, PUBLISHED)
    assert len(read.entries) == 40
    assert read.problems == ()
    assert {entry.status for entry in read.entries} == {"licensed", "suspended", "withdrawn", "expired", "unknown"}
    assert all(entry.licence.endswith("/MAU-GP") and entry.website.endswith(".example") for entry in read.entries)
    assert "bịa ra" in SAMPLE.read_text(encoding="utf-8").splitlines()[0]
