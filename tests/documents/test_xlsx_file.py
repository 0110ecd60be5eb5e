"""The workbook: numbers are numbers, and text is never anything but text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from intake.documents import xlsx_file
from intake.documents.committee_report import Referral, set_out
from intake.documents.report import Cell, Report, Section, Table

from .payloads import FORMULAS, MARKUP, UNWRITABLE
from .the_year import AUTHORITY, NAMES, figures_of


def opened(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


def one_table(*tables: Table) -> Report:
    return Report("Title", AUTHORITY, "As it stands.", (Section("Heading", tables=tables),))


def lines(sheet) -> dict[str, dict]:
    head = [cell.value for cell in sheet[3]]
    return {
        row[0].value: dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=4) if row[0].value
    }


def test_the_bracketed_figure_is_a_number_in_a_column_of_its_own(xlsx):
    sheet = opened(xlsx)["Received"]
    corporate = lines(sheet)["Corporate complaints, stage 1"]
    assert corporate["2024-25"].value == 720
    assert corporate["2024-25, year before"].value == 368
    assert corporate["Change"].value == 352
    assert corporate["Q4, now"].value == 185
    assert {corporate[head].data_type for head in ("Q1", "2024-25", "Change")} == {"n"}


def test_a_mark_is_shown_and_the_number_stays_a_number(xlsx):
    cell = lines(opened(xlsx)["Received"])["Corporate complaints, stage 1"]["Q4"]
    assert (cell.value, cell.number_format) == (184, '#,##0" r"')


def test_not_recorded_is_words_and_not_nought(xlsx):
    cell = lines(opened(xlsx)["Received"])["Compliments"]["2024-25, year before"]
    assert (cell.value, cell.data_type) == ("not recorded", "s")


def test_every_sheet_has_a_frozen_bold_head_and_a_caption(xlsx):
    book = opened(xlsx)
    assert book.properties.title == "Complaints and whistleblowing, 2024-25"
    assert book.properties.creator == AUTHORITY
    assert [sheet.title for sheet in book][:3] == ["About", "Received", "Answered in time"]
    for sheet in list(book)[1:]:
        assert sheet.freeze_panes == "B4"
        assert sheet["A1"].value
        assert all(cell.font.bold for cell in sheet[3])


def test_the_authority_and_the_sentences_stand_on_the_first_sheet(xlsx):
    about = opened(xlsx)["About"]
    told = [row[0].value for row in about.iter_rows()]
    assert len(about._images) == 1
    assert told[1:3] == ["Complaints and whistleblowing, 2024-25", AUTHORITY]
    assert "37 Ombudsman enquiries (17)" in told


def test_no_text_becomes_a_formula_a_link_or_a_number():
    themes = {f"t{number}": text for number, text in enumerate(FORMULAS, start=1)}
    parts = {("theme", "mp-enquiries", theme): 5 for theme in themes}
    figures = figures_of(names=replace(NAMES, by_breakdown={"theme": themes}))
    figures = replace(figures, facts=replace(figures.facts, parts=parts))
    referrals = [Referral("2024-25 Q1", text, text) for text in FORMULAS]
    data = xlsx_file.write(set_out(figures, '=HYPERLINK("x")', referrals=referrals))
    book = opened(data)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"n", "s"}
    assert not any(cell.hyperlink for cell in cells)
    told = [cell.value for cell in cells]
    for text in FORMULAS:
        assert text.strip() in [value.strip() for value in told if isinstance(value, str)]
    with zipfile.ZipFile(io.BytesIO(data)) as parts_of_file:
        assert not any(b"<f>" in parts_of_file.read(name) for name in parts_of_file.namelist())


@pytest.mark.parametrize("text", [UNWRITABLE, MARKUP, "x" * 500])
def test_awkward_text_makes_a_workbook_that_opens(text):
    table = Table(text, text, (text, "Number"), ((Cell(text), Cell("1", 1)),), (text,))
    sheet = list(opened(xlsx_file.write(one_table(table))))[1]
    assert sheet["B4"].value == 1
    assert "\x07" not in sheet["A4"].value


def test_sheets_of_the_same_name_are_told_apart():
    table = Table("Caption", "A name: with [signs] that is longer than it may be", ("Head", "Number"), ())
    names = [sheet.title for sheet in opened(xlsx_file.write(one_table(table, table, table)))]
    assert len(set(names)) == 4
    assert all(len(name) <= 31 for name in names)
