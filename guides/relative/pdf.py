"""Draws the sheet: one page A4 in Be Vietnam Pro. Nothing is written to a file or a log; no time finer than the day goes in."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from guides.relative.sheet import Row, Sheet

_FONTS = {
    "": Path(__file__).with_name("be-vietnam-pro-400.ttf"),
    "B": Path(__file__).with_name("be-vietnam-pro-600.ttf"),
}
_FAMILY = "BeVietnamPro"
_VIETNAM = timezone(timedelta(hours=7))
_TEAL, _LEAF, _INK, _MUTED, _RULE = (11, 90, 94), (243, 227, 195), (24, 40, 41), (68, 82, 84), (170, 160, 140)
_SOFT, _AMBER_SOFT, _AMBER = (220, 235, 232), (251, 235, 202), (112, 64, 0)
_LEFT, _TOP, _WIDTH, _LABEL = 18.0, 15.0, 174.0, 42.0  # millimetres
_PHOTO = (36.0, 46.0)
_BOTTOM = 297.0 - 12.0
_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5)  # points; the largest with which all fits on the page
_HAND, _MOST_LINES = 8.5, 6  # millimetres between lines for handwriting
_LEADING = 0.3528 * 1.5  # millimetres a point of letters
_APART = re.compile(r"(?<=\d) (?=\d)")  # between the digits of a telephone number no line ends
GAP = "[…]"  # what stands for letters that the font has not


for _chatty in ("fontTools", "fpdf"):  # they would log which letters were used
    logging.getLogger(_chatty).setLevel(logging.ERROR)


def draw(sheet: Sheet) -> bytes:
    """The PDF. Each size of letters is tried until everything has room on one page."""
    for size in _SIZES:
        page = _Page(sheet, size)
        end = page.draw()
        if end <= _BOTTOM:
            break
    if lines := min(int((_BOTTOM - end - 4) / _HAND), _MOST_LINES):
        page = _Page(sheet, size, lines)
        page.draw()
    return page.bytes()


@cache
def _letters() -> frozenset[int]:
    """What the font can show."""
    pdf = FPDF()
    pdf.add_font(_FAMILY, "", _FONTS[""])
    return frozenset(letter for font in pdf.fonts.values() if isinstance(font, TTFFont) for letter in font.cmap)


def printable(text: str) -> str:
    """A text with `GAP` for runs of letters that cannot be shown; signs such as emoji are left out."""
    out: list[str] = []
    for char in text:
        if ord(char) in _letters():
            out.append(char)
        elif char.isalnum() and (not out or out[-1] != GAP):
            out.append(GAP)
    return "".join(out)


class _Page:
    """One attempt with one size of letters (points). `lines`: so many empty ones where something can be added by hand."""

    def __init__(self, sheet: Sheet, size: float, lines: int = 0) -> None:
        self._sheet, self._size, self._line, self._lines = sheet, size, size * _LEADING, lines
        self._gaps = False
        pdf = self._pdf = FPDF(format="A4")
        pdf.set_auto_page_break(False)
        pdf.set_margins(_LEFT, _TOP, 210 - _LEFT - _WIDTH)
        pdf.c_margin = 0
        for style, file in _FONTS.items():
            pdf.add_font(_FAMILY, style, file)
        day = sheet.day
        pdf.set_creation_date(datetime(day.year, day.month, day.day, tzinfo=_VIETNAM))
        pdf.set_producer("")
        pdf.set_title(sheet.title)
        pdf.set_lang("vi")
        pdf.add_page()

    def bytes(self) -> bytes:
        return bytes(self._pdf.output())

    def draw(self) -> float:
        """Where the last line ends, in millimetres from the top."""
        self._head()
        self._names()
        for row in self._sheet.rows:
            self._row(row)
        self._by_hand()
        self._teller()
        self._box(*self._sheet.tell, _SOFT, _TEAL)
        self._box(*self._sheet.dont, _AMBER_SOFT, _AMBER)
        return self._foot()

    # ------------------------------------------------------------------ parts

    def _head(self) -> None:
        pdf = self._pdf
        self._shield(_LEFT, _TOP)
        pdf.set_xy(_LEFT + 15, _TOP - 0.5)
        self._write(self._sheet.title, "B", 17, _TEAL, _WIDTH - 15)
        pdf.set_x(_LEFT + 15)
        self._write(self._sheet.about, "", 9.5, _MUTED, _WIDTH - 15)
        pdf.set_y(_TOP + 16.5)
        self._rule(_TEAL, 0.5)
        pdf.set_y(pdf.get_y() + 4)

    def _names(self) -> None:
        """Lines for a pen, and beside them a place for a photo."""
        pdf, top = self._pdf, self._pdf.get_y()
        width, height = _PHOTO
        left = _LEFT + _WIDTH - width
        pdf.set_draw_color(*_RULE)
        pdf.set_line_width(0.3)
        pdf.set_dash_pattern(1.2, 1.2)
        pdf.rect(left, top, width, height, round_corners=True, corner_radius=2)
        pdf.set_dash_pattern()
        pdf.set_xy(left, top + height / 2 - 2.5)
        self._write(self._sheet.photo, "", 8.5, _MUTED, width, Align.C)
        pdf.set_xy(_LEFT, top)
        self._write(self._sheet.pen, "", 8.5, _MUTED, _WIDTH - width - 6)
        for row in self._sheet.names:
            self._label(row, pdf.get_y() + 3.5)
            self._pen(_LEFT + _LABEL, pdf.get_y(), _WIDTH - width - 6 - _LABEL)
            pdf.set_y(pdf.get_y() + (2.5 if row.small else 1.5))
        pdf.set_y(max(pdf.get_y(), top + height) + 4)
        self._rule(_RULE, 0.2)
        pdf.set_y(pdf.get_y() + 2.5)

    def _row(self, row: Row) -> None:
        pdf, top = self._pdf, self._pdf.get_y()
        self._label(row, top)
        below = pdf.get_y()
        pdf.set_xy(_LEFT + _LABEL, top)
        if row.text:
            self._write(self._shown(row.text), "", self._size, _INK, _WIDTH - _LABEL)
        else:
            pdf.set_y(top + self._line)
            self._pen(_LEFT + _LABEL, pdf.get_y(), _WIDTH - _LABEL)
        pdf.set_y(max(below, pdf.get_y()) + 2.2)

    def _by_hand(self) -> None:
        if self._lines < 1:
            return
        top = self._pdf.get_y()
        self._label(Row(self._sheet.more, ""), top)
        for line in range(self._lines):
            self._pen(_LEFT + _LABEL, top + self._line + line * _HAND, _WIDTH - _LABEL)
        self._pdf.set_y(top + self._line + (self._lines - 1) * _HAND + 2.2)

    def _teller(self) -> None:
        pdf = self._pdf
        pdf.set_y(pdf.get_y() + 1)
        self._rule(_RULE, 0.2)
        top, half = pdf.get_y() + 3.5, _WIDTH / 2
        for place, label in enumerate(self._sheet.teller):
            self._label(Row(label, ""), top, _LEFT + place * half)
            start = _LEFT + place * half + 32
            self._pen(start, pdf.get_y(), half - 32 - (4 if place == 0 else 0))
        pdf.set_y(pdf.get_y() + 5)

    def _box(self, title: str, text: str, ground: tuple[int, int, int], ink: tuple[int, int, int]) -> None:
        """A title and what belongs to it on a coloured ground."""
        pdf, top, size = self._pdf, self._pdf.get_y(), 9.5
        pdf.set_font(_FAMILY, "", size)
        lines = pdf.multi_cell(_WIDTH - 34, text=text, dry_run=True, output=MethodReturnValue.LINES, align=Align.L)
        height = 4.5 + len(cast(list[str], lines)) * size * _LEADING
        pdf.set_fill_color(*ground)
        pdf.rect(_LEFT, top, _WIDTH, height, style="F", round_corners=True, corner_radius=2)
        pdf.set_xy(_LEFT + 4, top + 2.2)
        self._write(title, "B", size, ink, 24)
        pdf.set_xy(_LEFT + 30, top + 2.2)
        self._write(text, "", size, _INK, _WIDTH - 34)
        pdf.set_y(top + height + 2.5)

    def _foot(self) -> float:
        if self._gaps:
            self._write(self._sheet.unprintable, "", 8, _MUTED, _WIDTH)
        pdf = self._pdf
        lines = pdf.get_y() + 1
        pdf.set_y(max(lines, _BOTTOM - 5))
        self._write(self._sheet.foot, "", 7.5, _MUTED, _WIDTH)
        return lines + 4.5

    # ------------------------------------------------------------------ strokes

    def _shown(self, text: str) -> str:
        shown = printable(_APART.sub("\u00a0", text))
        self._gaps |= GAP in shown
        return shown

    def _label(self, row: Row, top: float, left: float = _LEFT) -> None:
        self._pdf.set_xy(left, top)
        self._write(row.label, "B", min(self._size, 10), _TEAL, _LABEL - 2)
        if row.small and row.small != row.label:
            self._pdf.set_x(left)
            self._write(row.small, "", 7.5, _MUTED, _LABEL - 2)

    def _write(
        self,
        text: str,
        style: str,
        size: float,
        ink: tuple[int, int, int],
        width: float,
        align: Align = Align.L,
    ) -> None:
        pdf = self._pdf
        pdf.set_font(_FAMILY, style, size)
        pdf.set_text_color(*ink)
        pdf.multi_cell(width, size * _LEADING, text, align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)

    def _pen(self, left: float, bottom: float, width: float) -> None:
        """A dotted line to write on."""
        pdf = self._pdf
        pdf.set_draw_color(*_RULE)
        pdf.set_line_width(0.25)
        pdf.set_dash_pattern(0.6, 1)
        pdf.line(left, bottom - 0.8, left + width, bottom - 0.8)
        pdf.set_dash_pattern()

    def _rule(self, ink: tuple[int, int, int], width: float) -> None:
        pdf = self._pdf
        pdf.set_draw_color(*ink)
        pdf.set_line_width(width)
        pdf.line(_LEFT, pdf.get_y(), _LEFT + _WIDTH, pdf.get_y())

    def _shield(self, left: float, top: float) -> None:
        """The project's mark (web/static/shield.svg) in 12 millimetres."""
        pdf = self._pdf

        def at(x: float, y: float) -> tuple[float, float]:
            return left + (x - 4) * 0.5, top + (y - 1.8) * 0.5

        pdf.set_fill_color(*_TEAL)
        outline = [(16, 1.8), (28, 6), (28, 15), (27.3, 19.4), (25.2, 23.5), (21.5, 27.3), (16, 30.2)]
        mirrored = [(32 - x, y) for x, y in reversed(outline[1:-1])]
        pdf.polygon([at(x, y) for x, y in (*outline, *mirrored)], style="F")
        pdf.set_fill_color(*_LEAF)
        leaf = [(10.8, 21.2), (10.3, 17.5), (11.3, 13.6), (14.2, 10.7), (18, 9.2), (22.6, 8.6), (22.5, 12), (21.3, 16)]
        pdf.polygon([at(x, y) for x, y in (*leaf, (18.8, 19.2), (15.2, 21.1))], style="F")
        pdf.set_draw_color(*_TEAL)
        pdf.set_line_width(0.6)
        pdf.line(*at(9.4, 24), *at(18.4, 13.6))
