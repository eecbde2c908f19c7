"""A contest's results as a spreadsheet: who stands where, how each question went, what the contest was."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from quiz.contests import State
from quiz.matching import fold
from quiz.reports import Report
from web import times

type Value = str | int | float | datetime | None

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES = {State.DRAFT: "Chưa mở", State.OPEN: "Đang mở, kết quả tạm thời", State.CLOSED: "Đã đóng, kết quả cuối cùng"}
_HEAD_FONT = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="0B5A5E")
_TEXT = Alignment(vertical="top", wrap_text=True)
_FIGURE = Alignment(vertical="top", horizontal="left")
_DAY = "dd/mm/yyyy hh:mm:ss"


def workbook(report: Report, group_name: str, made_at: datetime) -> bytes:
    """The XLSX file: sheets Xếp hạng, Từng câu, Thông tin. Times are Vietnam's. Nothing a person typed is a formula."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    _standings(first, report)
    _questions(book.create_sheet(), report)
    _about(book.create_sheet(), report, group_name, made_at)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _standings(sheet: Worksheet, report: Report) -> None:
    head = ("Hạng", "Tên trên bảng", "Đúng", "Đã trả lời", "Số câu", "Giây", "Bắt đầu", "Câu cuối", "Làm xong")
    rows = [
        (
            standing.place,
            standing.result.name,
            standing.result.right,
            standing.result.answered,
            standing.result.total,
            standing.result.seconds,
            _local(standing.result.started_at),
            _local(standing.result.last_at),
            "Rồi" if standing.result.finished else "Chưa",
        )
        for standing in report.standings
    ]
    _table(sheet, "Xếp hạng", head, rows, (8, 26, 8, 12, 9, 9, 21, 21, 11))


def _questions(sheet: Worksheet, report: Report) -> None:
    head = ("Mã câu", "Câu hỏi", "Lượt trả lời", "Đúng", "Tỷ lệ đúng", "Đáp án sai hay chọn nhất", "Lượt chọn sai đó")
    rows = [
        (
            figures.question,
            figures.text,
            figures.asked,
            figures.right,
            figures.right / figures.asked,
            figures.worst_option,
            figures.worst_count,
        )
        for figures in report.questions
    ]
    _table(sheet, "Từng câu", head, rows, (18, 70, 13, 8, 12, 44, 16))
    for (cell,) in sheet.iter_rows(min_row=2, min_col=5, max_col=5):
        cell.number_format = "0%"


def _about(sheet: Worksheet, report: Report, group_name: str, made_at: datetime) -> None:
    contest, average = report.contest, report.average
    rows: list[tuple[Value, Value]] = [
        ("Tên cuộc thi", contest.title),
        ("Đơn vị tổ chức", group_name),
        ("Trạng thái", STATES[State(contest.state)]),
        ("Mở lúc", _local(contest.opens_at)),
        ("Đóng lúc", _local(contest.closes_at)),
        ("Số câu mỗi người", contest.question_count),
        ("Số người vào thi", len(report.standings)),
        ("Số người làm xong", report.finished),
        ("Tỷ lệ đúng trung bình (người làm xong)", average),
        ("Cách xếp hạng", "Đúng nhiều hơn; rồi làm nhanh hơn (từ câu 1 tới câu cuối); rồi xong sớm hơn"),
        ("Giờ ghi trong tệp", "Giờ Việt Nam"),
        ("Tệp tạo lúc", _local(made_at)),
        ("Về tên trên bảng", "Do người chơi tự đặt; tệp không có tên thật hay số điện thoại"),
    ]
    _table(sheet, "Thông tin", ("Mục", "Nội dung"), rows, (40, 76))
    for row in sheet.iter_rows(min_row=2, min_col=1, max_col=2):
        if row[0].value == "Tỷ lệ đúng trung bình (người làm xong)":
            row[1].number_format = "0%"


def _table(
    sheet: Worksheet, title: str, head: Sequence[str], rows: Sequence[Sequence[Value]], widths: Sequence[int]
) -> None:
    """A head that stays when scrolling, filters, widths in characters, then the rows."""
    sheet.title = title
    for line, values in enumerate((head, *rows), start=1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(line, column)
            assert isinstance(cell, Cell)
            _put(cell, value)
    for cell in sheet[1]:
        cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{len(rows) + 1}"


def _put(cell: Cell, value: Value) -> None:
    """Writes a value; a text that a spreadsheet would read as a formula is marked as text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.alignment = _TEXT
        if value.startswith(("=", "+", "-", "@")):
            cell.number_format = "@"
            cell.quotePrefix = True
    else:
        cell.alignment = _FIGURE
        if isinstance(value, datetime):
            cell.number_format = _DAY


def _local(at: datetime | None) -> datetime | None:
    """Vietnam's wall clock: a spreadsheet knows no zones."""
    return None if at is None else at.astimezone(times.VIETNAM).replace(tzinfo=None, microsecond=0)


def file_name(report: Report) -> str:
    """`ket-qua-tim-hieu-luat-2026-11-24.xlsx`: plain ASCII, and tells what it is and of which day."""
    words = "".join(sign if sign.isascii() else "" for sign in fold(report.contest.title)).split()
    day = report.contest.closes_at.astimezone(times.VIETNAM)
    return f"ket-qua-{'-'.join(words)[:60].strip('-') or report.contest.id}-{day:%Y-%m-%d}.xlsx"
