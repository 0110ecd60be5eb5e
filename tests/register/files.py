"""Registers as files: made of rows, in CSV and in XLSX."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import openpyxl

from intake.procedures.loading import load_catalogue
from intake.register import columns, reading
from intake.register.checking import Checker, Fault, Row
from intake.register.columns import COLUMNS
from intake.services.register.rows import editions

EXAMPLE = Path(__file__).with_name("register-2023-25.csv")
TODAY = date(2026, 5, 5)
SOUND = {
    "reference": "CEF-1",
    "kind": "corporate",
    "channel": "email",
    "service": "Housing",
    "theme": "Delay",
    "complainant": "Kamila Zieba",
    "summary": "The letter came late.",
    "received_on": "2024-04-02",
    "stage1_received": "2024-04-02",
    "stage1_responded": "2024-04-20",
    "stage1_outcome": "upheld",
}
RULES = editions(SimpleNamespace(catalogue=load_catalogue()))


def row(**said) -> dict[str, str]:
    """A sound row, but for what is said."""
    return dict.fromkeys(COLUMNS, "") | SOUND | said


def as_csv(*rows: dict, headings: tuple[str, ...] = COLUMNS) -> bytes:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(headings)
    for one in rows:
        table.writerow([one.get(heading, "") for heading in headings])
    return out.getvalue().encode()


def as_xlsx(*rows: dict, headings: tuple[str, ...] = COLUMNS) -> bytes:
    """A workbook. Values are written as they are: a `date` as a date, text that begins with = as a formula."""
    book = openpyxl.Workbook()
    book.active.append(headings)
    for one in rows:
        book.active.append([one.get(heading) for heading in headings])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def checked(data: bytes, name: str = "", mapping=None) -> list[Row | Fault]:
    """What becomes of each row of a file, by the rules of the catalogue."""
    rows = reading.read(data, name).rows
    layout = columns.lay_out(next(rows)[1], mapping or {})
    assert layout.faults == ()
    return list(Checker(layout, RULES, TODAY).check(rows))


def faults(data: bytes, name: str = "") -> list[Fault]:
    return [one for one in checked(data, name) if isinstance(one, Fault)]
