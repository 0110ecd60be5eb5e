"""What a file is, its bytes say; what cannot be read is told with the row, and what to do."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from intake.register import reading
from intake.register.columns import COLUMNS, lay_out
from intake.register.covering import GROUPS, BadCoverage, parse
from intake.register.reading import Unreadable

from .files import EXAMPLE, SOUND, as_csv, as_xlsx, checked, faults, row, saved


def refused(data: bytes, name: str = "") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        list(reading.rows(data, name))
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


def test_a_workbook_gives_the_same_rows_as_the_csv():
    rows = [dict(zip(COLUMNS, cells, strict=True)) for _, cells in reading.rows(EXAMPLE.read_bytes())][1:]
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
    assert reading.notes(data) == ("The workbook has 2 sheets. Only the first, “2023”, is read.",)


def test_an_empty_workbook():
    assert "empty" in str(refused(saved(openpyxl.Workbook())))


def test_a_bomb_is_refused_at_once():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    began = time.perf_counter()
    assert "unpacks to far more" in str(refused(out.getvalue()))
    assert time.perf_counter() - began < 1


def test_entities_are_not_expanded():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx(row()))) as whole, zipfile.ZipFile(out, "w") as packed:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE x [<!ENTITY y "zz">]>' + data.replace(b"CEF-1", b"&y;")
            packed.writestr(name, data)
    assert "damaged" in str(refused(out.getvalue()))


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


def test_a_mapped_heading_is_named_as_it_stands_in_the_file():
    data = as_csv(
        {"Our no.": "", "kind": "corporate", "received_on": "2024-04-02"},
        headings=("Our no.", "kind", "received_on"),
    )
    rows = reading.rows(data)
    layout = lay_out(next(rows)[1], {"our no.": "reference"})
    assert layout.heading("reference") == "Our no."


def test_what_a_year_covers():
    assert parse(["2023-24=statutory, Ombudsman", "2023-24=compliments"]) == {
        "2023-24": (*GROUPS["statutory"], *GROUPS["ombudsman"], *GROUPS["compliments"])
    }
    assert len(parse(["2024-25=all"])["2024-25"]) == 12


@pytest.mark.parametrize("written", ["2024-25", "2024-25=", "=all", "2024-25=everything"])
def test_what_a_year_covers_is_written_so(written):
    with pytest.raises(BadCoverage, match=r"2024-25=all|There is no group"):
        parse([written])


def test_the_sound_row_names_every_column_that_it_fills():
    assert set(SOUND) <= set(COLUMNS)
