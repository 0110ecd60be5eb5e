"""From the bytes of a file to rows of cells, numbered as a spreadsheet numbers them.

What a file is, its bytes say; a name that says otherwise is told. Nothing is written anywhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePath

from .limits import EMPTY_AT_ONCE, MOST_NUMBER, File, Unreadable, within

EMPTY = "The file is empty. Save the register again, and choose that file."


def read(data: bytes, name: str = "") -> File:
    """A CSV or XLSX file. Raises `Unreadable`, also while its rows are read."""
    if not data.strip():
        raise Unreadable(EMPTY)
    zipped, ending = data[:4] == b"PK\x03\x04", PurePath(name).suffix.lower()
    if zipped and ending not in {"", ".xlsx", ".xlsm"}:
        raise Unreadable(
            f"The name ends with {ending!r}, and yet the file is a workbook. Save it as CSV UTF-8, or give it "
            "a name that ends with .xlsx."
        )
    if not zipped and ending in {".xlsx", ".xlsm", ".xls", ".ods"}:
        raise Unreadable(
            f"The name ends with {ending!r}, and yet the file is no such workbook. Open it in a spreadsheet, "
            "and save it as .xlsx or as CSV UTF-8."
        )
    if not zipped:
        return File(_text(data))
    from .workbook import (
        Workbook,
    )  # it is slow to load, and most of what asks for this room reads no workbook

    book = Workbook(data)
    return File(book.rows(), book.notes)


def _text(data: bytes) -> Iterator[tuple[int, list[str]]]:
    _refuse_other_kinds(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = _row_at(data, error.start)
        raise Unreadable(
            "The file is not in UTF-8: a character of this row cannot be read. Open it in your spreadsheet "
            "and save it as “CSV UTF-8”.",
            row,
        ) from error
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    reader, number = csv.reader(lines, strict=True), 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                "From this row on the file cannot be read: its quotation marks do not match, or a cell is far "
                "too long. Save it again from a spreadsheet as “CSV UTF-8”.",
                number,
            ) from error
        while cells and not cells[-1]:
            cells.pop()
        if not cells and number > MOST_NUMBER:
            raise Unreadable("The file goes on for more than a million rows: delete the empty ones.", number)
        if not cells and number % EMPTY_AT_ONCE == 0:
            yield number, []
        if cells:
            within(cells, number)
            if number == 1:
                _refuse_other_separators(cells)
            yield number, cells


def _refuse_other_kinds(data: bytes) -> None:
    start = data[:512]
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"} or start[1:20:2].count(0) > 6 or start[:20:2].count(0) > 6:
        raise Unreadable(
            "The file is in UTF-16 (“Unicode text”). Open it in your spreadsheet and save it as “CSV UTF-8”."
        )
    for mark, what in (
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
        (b"%PDF", "a PDF document"),
        (b"PK", "a damaged workbook or an archive"),
    ):
        if start.startswith(mark):
            raise Unreadable(f"This is {what}. Save the register as .xlsx or as CSV UTF-8.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Unreadable("This is a web page or XML. Save the register as .xlsx or as CSV UTF-8.")


def _refuse_other_separators(cells: list[str]) -> None:
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(cells) == 1 and cells[0].count(sign) > 1:
            raise Unreadable(f"The columns are parted by {name}. Save it with commas, as “CSV UTF-8”.", 1)


def _row_at(data: bytes, place: int) -> int:
    """The row in which a byte stands: rows are not lines, for a cell may hold line breaks."""
    before = io.StringIO(data[:place].decode("utf-8", "replace"), newline="")
    whole = 0
    with suppress(csv.Error):  # a cell that is too long stands in the row after those that were read
        for _ in csv.reader(before):
            whole += 1
    ended = data[place - 1 : place] in {b"\n", b"\r"}
    return whole + 1 if ended or not whole else whole


def lines(data: bytes) -> int:
    """About how many rows a text file has, for telling progress; 0 for a workbook."""
    return 0 if data[:2] == b"PK" else data.count(b"\n")
