"""What a file is, its bytes say; what cannot be read is told with the row, and what to do."""

from __future__ import annotations

import io
import itertools
import secrets
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from intake.register import limits, reading
from intake.register.columns import COLUMNS, kind_of, lay_out
from intake.register.covering import GROUPS, BadCoverage, parse
from intake.register.limits import Unreadable

from .files import EXAMPLE, SOUND, as_csv, as_xlsx, checked, faults, row, saved

MOST_WORK = 15  # yardsticks: what was told of before took 26 to 90 of them, what is done now takes 5 at most


def refused(data: bytes, name: str = "") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        list(reading.read(data, name).rows)
    return caught.value


@pytest.mark.parametrize("data", [b"", b"  \r\n\n"])
def test_an_empty_file(data):
    assert "The file is empty" in str(refused(data, "register.csv"))


def test_another_encoding_is_told_with_its_row():
    broken = as_csv(row(summary="two\nlines"), row(reference="B", service="Bo")).replace(b"Bo", b"Bo\xee")
    error = refused(broken)
    assert error.row == 3
    assert "CSV UTF-8" in str(error)


def test_a_byte_order_mark_is_no_part_of_the_first_heading():
    (one,) = checked(b"\xef\xbb\xbf" + as_csv(row()))
    assert one.reference == "CEF-1"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(encoding):
    assert "UTF-16" in str(refused(as_csv(row()).decode().encode(encoding)))


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"PK\x03\x04rest", "register.csv", "is a workbook"),
        (b"PK\x03\x04rest", "register.xlsx", "damaged"),
        (b"a,b\n1,2\n", "register.xlsx", "no such workbook"),
        (b"\xd0\xcf\x11\xe0", "", "old Excel workbook"),
        (b"%PDF-1.7", "register.csv", "PDF"),
        (b"<html><table>", "register.csv", "web page"),
        (b"reference;kind;received_on\n", "register.csv", "semicolons"),
        (b"reference\tkind\treceived_on\n", "register.csv", "tabs"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(data, name, says):
    assert says in str(refused(data, name))


def test_quotation_marks_that_do_not_match_are_told_with_the_row():
    error = refused(as_csv(row()) + b'B,"corporate,email\r\nC,corporate\r\n')
    assert error.row == 3
    assert "quotation marks" in str(error)


def test_rows_are_numbered_as_a_spreadsheet_does():
    data = (
        as_csv(row(summary="one\ntwo\nthree"))
        + b"\r\n"
        + as_csv(row(reference="B", kind="?")).split(b"\r\n")[1]
    )
    (fault,) = faults(data)
    assert fault.row == 4


@pytest.mark.long
def test_a_workbook_gives_the_same_rows_as_the_csv():
    _, *cells = [row for _, row in reading.read(EXAMPLE.read_bytes()).rows]
    rows = [dict(itertools.zip_longest(COLUMNS, one, fillvalue="")) for one in cells]
    typed = [
        {
            column: (
                date.fromisoformat(text)
                if column.endswith(("_on", "received", "responded")) and text
                else text
            )
            for column, text in one.items()
        }
        for one in rows
    ]
    assert checked(as_xlsx(*typed), "register.xlsx") == checked(EXAMPLE.read_bytes(), "register.csv")


def test_what_a_workbook_holds_beside_text():
    given = {"reference": 4711, "received_on": datetime(2024, 4, 2, 9, 30), "service": 12.5}
    (one,) = checked(as_xlsx(row(**given)))
    assert (one.reference, one.received_on, one.service) == ("4711", date(2024, 4, 2), "12.5")


def test_a_formula_of_a_workbook_and_a_number_for_a_date_are_faults():
    told = faults(as_xlsx(row(theme="=1+1"), row(reference="B", received_on=45384)))
    assert [(fault.row, fault.column) for fault in told] == [(2, "theme"), (3, "received_on")]
    assert "holds a formula" in told[0].words
    assert "“45384” is a number" in told[1].words


def test_the_first_filled_sheet_is_read_and_that_is_said():
    book = openpyxl.Workbook()
    for title in ("2023", "2024"):
        sheet = book.create_sheet(title)
        sheet.append(COLUMNS)
        sheet.append([row(reference=title)[column] for column in COLUMNS])
    data = saved(book)
    assert [one.reference for one in checked(data)] == ["2023"]
    assert reading.read(data).notes == ["The workbook has 2 sheets. Only the first, “2023”, is read."]


def test_an_empty_workbook():
    assert "empty" in str(refused(saved(openpyxl.Workbook())))


@pytest.mark.long
def test_a_bomb_is_refused_at_once():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    assert "unpacks to far more" in timed(out.getvalue())[2]


def test_entities_are_not_expanded():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx(row()))) as whole, zipfile.ZipFile(out, "w") as packed:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE x [<!ENTITY y "zz">]>' + data.replace(b"CEF-1", b"&y;")
            packed.writestr(name, data)
    assert "damaged" in str(refused(out.getvalue()))


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    """A workbook with one of its parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in whole.namelist():
            packed.writestr(name, content if name == part else whole.read(name))
    return out.getvalue()


def with_rows(rows: str) -> bytes:
    """A workbook with a sound row, then these rows of XML; told as little compressible as a true one is."""
    data = as_xlsx(row())
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        sheet = whole.read("xl/worksheets/sheet1.xml").decode()
    noise = "".join(f"<!--{secrets.token_hex(4_000)}-->" for _ in range(100))
    made = sheet.replace("</sheetData>", f"{rows}</sheetData>{noise}").encode()
    return with_part(data, "xl/worksheets/sheet1.xml", made)


def with_a_table_of_texts(*rows: dict) -> bytes:
    """A workbook as spreadsheets write it, with its texts in a part of their own."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for place, cells in enumerate((COLUMNS, *([one[column] for column in COLUMNS] for one in rows))):
            sheet.write_row(place, 0, cells)
    return out.getvalue()


def yardstick() -> float:
    """Seconds of work for a fixed piece of it: a slow machine, or a busy one, is slow at both."""
    began = time.process_time()
    sum(number * number for number in range(5_000_000))
    return time.process_time() - began


def timed(data: bytes) -> tuple[limits.File | None, list, str]:
    """The file, its rows that are not empty, and why it was refused; within a bounded amount of work."""
    before = yardstick()
    began, file, rows, why = time.process_time(), None, [], ""
    try:
        file = reading.read(data)
        rows.extend(cells for _, cells in file.rows if cells)
    except Unreadable as error:
        why = str(error)
    work = time.process_time() - began
    assert work < MOST_WORK * max(before, yardstick())
    return file, rows, why


def test_empty_cells_far_to_the_right_cost_nothing_and_change_nothing():
    rows = "".join(f'<row r="{n}"><c r="B{n}"><v>7</v></c><c r="XFD{n}"/></row>' for n in range(3, 3_003))
    _, read, why = timed(with_rows(rows))
    assert (why, len(read), read[-1]) == ("", 3_002, [None, limits.Odd("7")])


def test_a_filled_cell_far_to_the_right_is_a_fault_and_not_lost():
    _, read, why = timed(with_rows('<row r="3"><c r="XFD3"><v>7</v></c></row>'))
    assert (len(read), why.split(".")[0]) == (2, "This row has more than 60 cells")


@pytest.mark.long
def test_a_million_empty_rows_end_the_reading_and_that_is_said():
    file, read, why = timed(with_rows("".join(f'<row r="{n}"/>' for n in range(3, 1_048_577))))
    assert (why, len(read)) == ("", 2)
    assert file.notes == [
        "Row 1,002 is the 1,000th empty one in a row: what may stand below it was not read."
    ]


def test_empty_rows_between_others_are_told_to_whoever_waits():
    data = with_rows('<row r="1000"><c r="A1000"><v>7</v></c></row>')
    told = [(number, bool(cells)) for number, cells in reading.read(data).rows]
    assert told == [(1, True), (2, True), (250, False), (500, False), (750, False), (1_000, True)]
    lines = [number for number, cells in reading.read(b"a" + b"\n" * 1_000 + b"b\n").rows if not cells]
    assert lines == [250, 500, 750, 1_000]


def test_a_table_of_texts_is_read():
    assert checked(with_a_table_of_texts(row())) == checked(as_csv(row()))


@pytest.mark.long
@pytest.mark.parametrize("text", ["<si/>", "<si><t>12345678901234567890</t></si>", "<x:si/>"])
def test_a_table_of_very_many_texts_is_refused(text):
    noise = f"<!--{secrets.token_hex(400_000)}-->"
    table = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{text * 1_000_000}{noise}</sst>'
    _, read, why = timed(with_part(with_a_table_of_texts(row()), "xl/sharedStrings.xml", table.encode()))
    assert (read, why.split(".")[0]) == ([], "The workbook unpacks to far more than a register holds")


@pytest.mark.long
def test_a_row_of_very_many_cells_is_refused():
    _, _, why = timed(with_rows('<row r="3">' + "<c/>" * 2_500_000 + "</row>"))
    assert "far more than a case" in why


HOSTILE = [
    "NUL \x00 in the middle",
    "noncharacters \ufffe \uffff \ufdd0",
    "BOM \ufeff inside",
    "controls \x01\x1b\x7f",
    "spaces \u00a0\u2009\u3000 kept",
    "RTL override \u202egnp.exe\u202c",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "NFC é NFD e\u0301",
    "fullwidth ＝＋－＠",
    "<script>document.title='X'</script>",
    "SQL'; SELECT pg_sleep(5); --",
    "mail header\r\nBcc: all@council.example",
    '=WEBSERVICE("http://127.0.0.1")',
    "@SUM(1,1)",
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
]


@pytest.mark.parametrize("payload", HOSTILE)
@pytest.mark.parametrize("column", ["summary", "complainant", "service", "reference"])
def test_a_hostile_cell_is_kept_byte_for_byte_or_refused_in_words(payload, column):
    (one,) = checked(as_csv(row(**{column: payload[:40] if column == "reference" else payload})))
    if hasattr(one, "words"):
        assert one.column == column
    else:
        assert getattr(one, column) == (payload[:40] if column == "reference" else payload)


def test_headings_are_known_however_they_are_written():
    layout = lay_out(["Reference", "KIND", "received on", "Stage1-Received"], {})
    assert layout.faults == ()
    assert layout.heading("received_on") == "received on"


def test_what_is_wrong_with_headings():
    layout = lay_out(["Ref.", "kind", "Kind", ""], {})
    assert [(fault.text, fault.words.split(".")[0]) for fault in layout.faults] == [
        ("Ref.", "This heading is not known"),
        ("Kind", "Two headings mean the column “kind”"),
        ("reference", "This column is missing"),
        ("received_on", "This column is missing"),
    ]
    assert layout.unknown == ("Ref.",)


A_CASE = "The first row looks like a case and not like headings: put the headings into the first row."


@pytest.mark.parametrize(
    "cells",
    [
        ["CANARYJANE Smith", "07700900123"],
        ["CANARYJANE Smith", "07700 900 123"],
        ["CANARYJANE Smith", "jane@example.org"],
        ["CANARYJANE Smith", "2 April 2024"],
        ["CANARYJANE Smith", "April 2nd, 2024"],
        ["CANARYJANE Smith", "02.04.24"],
        ["CANARYJANE Smith", "Complaints", "Compliments"],
        ["CANARYJANE Smith", "Phone"],
        ["CANARYJANE Smith", "Partly upheld"],
        ["CANARYJANE said that the letter came far too late to be of use"],
        list(row().values()),
    ],
)
def test_a_first_row_that_is_a_case_is_told_as_a_whole_and_not_repeated(cells):
    layout = lay_out(cells, {}, {"upheld", "partly upheld"})
    assert [(fault.place, fault.text, fault.words) for fault in layout.faults] == [(0, "", A_CASE)]
    assert layout.unknown == ()


def test_headings_that_are_all_foreign_can_be_explained():
    layout = lay_out(["Ref.", "Art des Falls", "Eingegangen am", "Outcome 2023-24"], {})
    assert layout.unknown == ("Ref.", "Art des Falls", "Eingegangen am", "Outcome 2023-24")


def test_a_heading_among_others_that_is_no_heading_is_told_by_its_place():
    layout = lay_out([*COLUMNS, "CANARYJANE 07700900123", "Email"], {})
    assert layout.unknown == ("Email",)
    assert "CANARYJANE" not in repr(layout.faults)
    assert "The heading of column 18 is too long" in layout.faults[0].words


def test_a_known_heading_is_never_shown_at_length():
    layout = lay_out(["kind", "kind" + " -" * 90], {})
    assert max(len(fault.text) for fault in layout.faults) == 40


def test_a_mapped_heading_is_named_as_it_stands_in_the_file():
    data = as_csv(
        {"Our no.": "", "kind": "corporate", "received_on": "2024-04-02"},
        headings=("Our no.", "kind", "received_on"),
    )
    rows = reading.read(data).rows
    layout = lay_out(next(rows)[1], {"our no.": "reference"})
    assert layout.heading("reference") == "Our no."


def test_what_a_year_covers():
    assert parse(["2023-24=statutory, Ombudsman", "2023-24=compliments"]) == {
        "2023-24": (*GROUPS["statutory"], *GROUPS["ombudsman"], *GROUPS["compliments"])
    }
    assert len(parse(["2024-25=all"])["2024-25"]) == 12


def test_what_the_table_did_not_have_at_first_is_covered_by_name_alone():
    assert "adult-social-care" not in parse(["2024-25=all"])["2024-25"]
    assert parse(["2025-26=all,adult-social-care, service-requests"])["2025-26"][12:] == (
        "adult-social-care",
        "service-requests",
    )


def test_a_register_names_the_new_kinds_as_councils_do():
    said = (
        "Public health complaint",
        "Suggestions",
        "representation",
        "service requests",
        "Adult social care",
    )
    assert [kind_of(text) for text in said] == [
        "public-health",
        "suggestion",
        "suggestion",
        "service-request",
        "adult-social-care",
    ]


@pytest.mark.parametrize("written", ["2024-25", "2024-25=", "=all", "2024-25=everything"])
def test_what_a_year_covers_is_written_so(written):
    with pytest.raises(BadCoverage, match=r"2024-25=all|There is no group"):
        parse([written])


def test_the_sound_row_names_every_column_that_it_fills():
    assert set(SOUND) <= set(COLUMNS)
