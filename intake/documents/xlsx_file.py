"""The report as a workbook: a sheet for each table, numbers as numbers, and no formula from any text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime, time
from math import ceil
from typing import TYPE_CHECKING, Any

from .picture import logo_png, png_size
from .report import Cell, Logo, Report, Section, Table
from .wording import writable

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORMATS = {"": "#,##0", "+": "+#,##0;-#,##0;0", "%": '0"%"'}
LONGEST_NAME = 31  # what a spreadsheet takes
COVER = "About"
LOGO_HEIGHT = 56  # pixels
LINE = 15  # points
COVER_WIDTH, NUMBER_WIDTH = 90, 14  # characters


def write(report: Report) -> bytes:
    """The workbook. Last year's figures, and what the cases say now, stand in columns of their own.

    Raises `picture.CannotDraw` for a logo that is no picture.
    """
    import xlsxwriter  # large, and few processes ever write a workbook

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    properties = {"title": report.title, "author": report.authority, "company": report.authority}
    told: dict[str, Any] = {name: writable(text) for name, text in properties.items()}
    if report.drawn_on is not None:
        told["created"] = datetime.combine(report.drawn_on, time())
    book.set_properties(told)
    styles = _Styles(book)
    taken = {COVER.lower()}
    _cover(book.add_worksheet(COVER), report, styles)
    for section in report.sections:
        for table in section.tables:
            sheet = book.add_worksheet(_sheet_name(table.name, taken))
            _table(sheet, section, table, styles)
    book.close()
    return out.getvalue()


class _Styles:
    """The formats of a workbook; the one of a number keeps the mark that is printed behind it."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._numbers: dict[str, Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.row_head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.words = book.add_format({"align": "right", "valign": "top"})
        self.number_head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "align": "right"}
        )
        self.note = book.add_format({"italic": True})

    def number(self, number: float, unit: str, mark: str) -> Format:
        pattern = FORMATS[unit] + (".0" if isinstance(number, float) else "")
        if mark:
            pattern = ";".join(f'{part}" {mark}"' for part in pattern.split(";"))
        if pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format({"num_format": pattern, "valign": "top"})
        return self._numbers[pattern]


def _cover(sheet: Worksheet, report: Report, styles: _Styles) -> None:
    sheet.set_column(0, 0, COVER_WIDTH + 10)
    sheet.fit_to_pages(1, 0)
    if report.logo is not None:
        _logo(sheet, report.logo, report.authority)
    lines = [report.title, report.authority, report.standing]
    for section in report.sections:
        told = (*section.paragraphs, *section.points, *section.after)
        lines += ["", section.heading, *told] if told else []
    for at, line in enumerate(lines):
        heading = at == 0 or not lines[at - 1]
        if len(line) > COVER_WIDTH and not heading:
            sheet.set_row(at + 1, LINE * ceil(len(line) / COVER_WIDTH))
        sheet.write_string(at + 1, 0, writable(line), styles.title if heading else styles.text)


def _logo(sheet: Worksheet, logo: Logo, authority: str) -> None:
    """The logo in a row of its own above the title."""
    picture = logo_png(logo)
    scale = LOGO_HEIGHT / png_size(picture)[1]
    sheet.set_row_pixels(0, LOGO_HEIGHT + 8)
    told = {"image_data": io.BytesIO(picture), "x_scale": scale, "y_scale": scale}
    sheet.insert_image(0, 0, "logo.png", {**told, "description": writable(f"Logo of {authority}")})


def _table(sheet: Worksheet, section: Section, table: Table, styles: _Styles) -> None:
    sheet.write_string(0, 0, writable(table.caption), styles.title)
    columns = list(_columns(table))
    for at, (head, _, _) in enumerate(columns):
        plain = at == 0 or not table.numeric
        sheet.write_string(2, at, writable(head), styles.head if plain else styles.number_head)
        sheet.set_column(at, at, 34 if at == 0 else 40 if plain else NUMBER_WIDTH)
    longest = max(len(head) for head, _, _ in columns[1:])
    sheet.set_row(2, LINE * ceil(longest / (NUMBER_WIDTH - 4)))
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for down, row in enumerate(table.rows, start=3):
        for at, (_, place, part) in enumerate(columns):
            _write(sheet, down, at, row[place], part, styles, head=at == 0)
    for down, note in enumerate(table.notes, start=len(table.rows) + 4):
        sheet.write_string(down, 0, writable(note), styles.note)
    if section.appendix:
        sheet.set_tab_color("#888888")


def _columns(table: Table) -> Iterable[tuple[str, int, str]]:
    """The columns of a sheet: heading, which cell of a row, and which part of it."""
    for place, head in enumerate(table.head):
        yield head, place, "figure"
        if any(row[place].before for row in table.rows):
            yield f"{head}, year before", place, "before"
        if any(row[place].now for row in table.rows):
            yield f"{head}, now", place, "now"


def _write(
    sheet: Worksheet, down: int, across: int, cell: Cell, part: str, styles: _Styles, *, head: bool
) -> None:
    text, number, mark = {
        "figure": (cell.text, cell.number, cell.mark),
        "before": (cell.before, cell.before_number, "*" if cell.before.endswith("*") else ""),
        "now": (cell.now, cell.now_number, ""),
    }[part]
    if number is not None:
        sheet.write_number(down, across, number, styles.number(number, cell.unit, mark))
    elif text:
        style = (
            styles.row_head if head else styles.text if part == "figure" and len(text) > 14 else styles.words
        )
        sheet.write_string(down, across, writable(text), style)


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes and no other sheet has."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", writable(wanted)).strip()[:LONGEST_NAME].strip() or "Table"
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        ending = f" {number}"
        name = plain[: LONGEST_NAME - len(ending)] + ending
    taken.add(name.lower())
    return name
