"""A workbook (XLSX), opened once and read row by row, at no more cost than a register is worth.

A small file can unpack to very much, and a sheet can name cells and rows without end that hold nothing: what
is read is bounded in bytes, cells, sheets and empty rows, and whoever reads can stop at any time.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS

from .limits import EMPTY_AT_ONCE, MOST_CELLS, MOST_NUMBER, Formula, Odd, Unreadable, within

MOST_UNPACKED = 400 * 1024 * 1024  # bytes, of all parts
MOST_RATIO = 200
MOST_OF_A_SHEET = 200 * 1024 * 1024  # bytes
MOST_OF_TEXTS = 24 * 1024 * 1024  # bytes
MOST_OF_THE_REST = 8 * 1024 * 1024  # bytes: styles, names and the like, each
MOST_TEXTS = 250_000
MOST_SHEETS = 100
MOST_OF_A_ROW = 2 * 1024 * 1024  # bytes
MOST_BEYOND = 1_000_000  # cells to the right of what is read, in the whole workbook
EMPTY_IN_A_ROW = 1_000
LOOKED_AT = 200  # rows, to find out whether a sheet holds anything
DAMAGED = "The workbook is damaged or protected. Open it in your spreadsheet and save it again as .xlsx."
SWOLLEN = "The workbook unpacks to far more than a register holds. Save it as CSV UTF-8 instead."
_TEXT = re.compile(rb"<[^<>/\s]*si[\s/>]")


@dataclass
class _Budget:
    """Cells that may still be passed over."""

    left: int = MOST_BEYOND


class Workbook:
    """A workbook's first sheet that holds anything. Raises `Unreadable`, also while it is read."""

    def __init__(self, data: bytes) -> None:
        self.notes: list[str] = []
        with _damage_told():
            packed = zipfile.ZipFile(io.BytesIO(data))
            _refuse_swollen(packed, len(data))
            sheets = _sheets(io.BytesIO(data))
            used = [sheet for sheet in sheets if _filled(sheet)]
        if not used:
            raise Unreadable("The workbook is empty. Save the register again, and choose that file.")
        self.sheet = used[0]
        if len(used) > 1:
            self.notes.append(
                f"The workbook has {len(used)} sheets. Only the first, “{used[0].title}”, is read."
            )

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Each row that holds something, with its number; now and then an empty one, for whoever waits."""
        self.sheet.read_from = True
        empty = 0
        with _damage_told():
            for number, row in enumerate(self.sheet.iter_rows(max_col=MOST_CELLS), start=1):
                cells = [None if cell is EMPTY_CELL else _cell(cell) for cell in row]
                while cells and cells[-1] in (None, ""):
                    cells.pop()
                if cells:
                    within(cells, number)
                    empty = 0
                    yield number, cells
                    continue
                empty += 1
                if empty == EMPTY_IN_A_ROW:
                    self.notes.append(
                        f"Row {number:,} is the {EMPTY_IN_A_ROW:,}th empty one in a row: what may stand below it "
                        "was not read."
                    )
                    return
                if number > MOST_NUMBER:
                    raise Unreadable(
                        "The sheet goes on for more than a million rows: delete the empty ones.", number
                    )
                if number % EMPTY_AT_ONCE == 0:
                    yield number, []


@contextmanager
def _damage_told() -> Iterator[None]:
    """Whatever a damaged workbook makes of its reader is told in words."""
    try:
        yield
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(DAMAGED) from error


class _Sheet(ReadOnlyWorksheet):  # type: ignore[misc]  # the library has no types
    """A sheet that is never held in memory, and that loses nothing to the right unsaid."""

    def __init__(self, book: Any, title: str, path: str, texts: list[str], budget: _Budget) -> None:
        self.since_row, self.budget, self.read_from = 0, budget, False
        super().__init__(book, title, path, texts)

    def _get_size(self) -> None:
        """What a sheet says of its own size may be wrong, and to look for it may be to read all of it."""

    def _get_source(self) -> _Watched:
        self.since_row = 0
        return _Watched(super()._get_source(), self)

    def _get_row(
        self, row: Any, min_col: int = 1, max_col: int | None = None, values_only: bool = False
    ) -> Any:
        self.since_row = 0
        beyond = [cell for cell in row if cell["column"] > MOST_CELLS]
        if self.read_from and any(cell["value"] not in (None, "") for cell in beyond):
            raise Unreadable(
                f"This row has more than {MOST_CELLS} cells. Is the file a register?", row[0]["row"]
            )
        self.budget.left -= len(beyond) + max(0, len(row) - MOST_CELLS)
        if self.budget.left < 0:
            raise Unreadable(
                "The sheet has very many empty cells. Delete the empty columns, or save it as CSV UTF-8."
            )
        return super()._get_row(row, min_col, max_col, values_only)


class _Watched:
    """A sheet's bytes, as long as rows come out of them: a row is built in memory."""

    def __init__(self, source: IO[bytes], sheet: _Sheet) -> None:
        self.source, self.sheet = source, sheet

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.sheet.since_row += len(data)
        if self.sheet.since_row > MOST_OF_A_ROW:
            raise Unreadable(
                "A row of the workbook holds far more than a case. Save it as CSV UTF-8 instead."
            )
        return data

    def close(self) -> None:
        self.source.close()

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_of: object) -> None:
        self.close()


def _refuse_swollen(packed: zipfile.ZipFile, size: int) -> None:
    """By what the parts say of their size: no more than that is ever unpacked of one."""
    members = packed.infolist()
    swollen = any(
        member.file_size > MOST_OF_A_SHEET
        or (member.file_size > 1_000_000 and member.file_size > MOST_RATIO * max(member.compress_size, 1))
        for member in members
    )
    unpacked = sum(member.file_size for member in members)
    if swollen or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * size:
        raise Unreadable(SWOLLEN)


def _sheets(file: io.BytesIO) -> list[_Sheet]:
    """What openpyxl does to open a workbook, of the parts that are needed, none of which may be too large."""
    reader = ExcelReader(file, read_only=True, data_only=False, keep_links=False)
    sizes = {member.filename: member.file_size for member in reader.archive.infolist()}
    _refuse_larger("[Content_Types].xml", sizes, MOST_OF_THE_REST)
    reader.read_manifest()
    texts = reader.package.find(SHARED_STRINGS)
    if texts is not None:
        _refuse_many_texts(reader.archive, texts.PartName[1:], sizes)
        reader.read_strings()
    for part in sizes:
        if (part.count("/") < 2 and part != (texts and texts.PartName[1:])) or part.endswith(".rels"):
            _refuse_larger(part, sizes, MOST_OF_THE_REST)
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    budget = _Budget()
    listed = [
        (sheet.name, rel.target)
        for sheet, rel in reader.parser.find_sheets()
        if rel.target in sizes and "chartsheet" not in rel.Type
    ]
    if len(listed) > MOST_SHEETS:
        raise Unreadable(
            f"The workbook has more than {MOST_SHEETS} sheets. Save the one as CSV UTF-8 instead."
        )
    return [_Sheet(reader.wb, name, path, reader.shared_strings, budget) for name, path in listed]


def _refuse_larger(part: str, sizes: dict[str, int], most: int) -> None:
    if sizes.get(part, 0) > most:
        raise Unreadable(SWOLLEN)


def _refuse_many_texts(archive: zipfile.ZipFile, part: str, sizes: dict[str, int]) -> None:
    _refuse_larger(part, sizes, MOST_OF_TEXTS)
    data = archive.read(part)
    if b"\0" in data[:64] or sum(1 for _ in _TEXT.finditer(data)) > MOST_TEXTS:
        raise Unreadable(SWOLLEN)


def _filled(sheet: _Sheet) -> bool:
    rows = sheet.iter_rows(max_col=MOST_CELLS, max_row=LOOKED_AT)
    return any(cell.value not in (None, "") for row in rows for cell in row)


def _cell(cell: Any) -> object:
    value = cell.value
    if value is None or isinstance(value, str):
        return Formula() if cell.data_type == "f" else Odd(str(value)) if cell.data_type == "e" else value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Formula() if cell.data_type == "f" else Odd(str(value))
