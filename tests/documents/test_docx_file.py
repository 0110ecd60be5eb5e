"""The Word document, read back: headings, header rows, alternative text, language."""

from __future__ import annotations

import io
from dataclasses import replace

import docx as reader
import pytest
from docx.oxml.ns import qn

from intake.documents import docx_file
from intake.documents.picture import CannotDraw
from intake.documents.report import Cell, Chart, Logo, Report, Section, Table

from .conftest import FONT
from .payloads import MARKUP, UNWRITABLE
from .the_year import AUTHORITY, DRAWN_ON


@pytest.fixture(scope="module")
def doc(docx):
    return reader.Document(io.BytesIO(docx))


def in_style(doc, *styles):
    return [p.text for p in doc.paragraphs if p.style.name in styles]


def test_title_authority_and_headings_are_what_they_are(doc, report):
    assert in_style(doc, "Title") == ["Complaints and whistleblowing, 2024-25"]
    assert in_style(doc, "Subtitle") == [AUTHORITY]
    assert in_style(doc, "Heading 1") == [section.heading for section in report.sections]
    assert len(in_style(doc, "List Bullet")) == sum(len(section.points) for section in report.sections)


def test_every_table_has_a_repeating_head_and_a_caption_before_it(doc, report):
    tables = [table for section in report.sections for table in section.tables]
    assert len(doc.tables) == len(tables)
    captions = in_style(doc, "Caption")
    for made, told in zip(doc.tables, tables, strict=True):
        assert told.caption in captions
        assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert [cell.text for cell in made.rows[0].cells] == list(told.head)
        assert all(row.cells[0].paragraphs[0].runs[0].bold for row in made.rows)
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in made.rows[1:])


def test_the_table_is_the_published_one(doc):
    corporate = next(row for row in doc.tables[0].rows if row.cells[0].text.startswith("Corporate"))
    assert [cell.text for cell in corporate.cells][-2:] == ["720 (368)", "+352"]


def test_the_properties_of_tables_stand_in_the_order_that_word_insists_on(doc):
    for made in doc.tables:
        told = [one.tag.rpartition("}")[2] for one in made._tbl.tblPr]
        assert told == [
            "tblStyle",
            "tblW",
            "jc",
            "tblInd",
            "tblBorders",
            "tblLayout",
            "tblLook",
            "tblCaption",
        ]


def test_every_picture_says_what_it_shows(doc, report):
    charts = [chart for section in report.sections for chart in section.charts]
    told = [shape._inline.docPr.get("descr") for shape in doc.inline_shapes]
    assert told == [f"Logo of {AUTHORITY}", *(f"{chart.title}. {chart.description}" for chart in charts)]


def test_language_and_properties(doc):
    languages = {one.get(qn("w:val")) for one in doc.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    assert doc.core_properties.created.date() == DRAWN_ON
    assert doc.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "en-GB"
    properties = doc.core_properties
    assert (properties.title, properties.author, properties.language) == (
        "Complaints and whistleblowing, 2024-25",
        AUTHORITY,
        "en-GB",
    )


def test_the_appendix_begins_on_a_new_page(doc):
    breaks = [p.text for p in doc.paragraphs if p.paragraph_format.page_break_before]
    assert breaks == ["Appendix: whistleblowing referrals"]


def test_pages_are_numbered_and_carry_the_authority(doc):
    footer = doc.sections[0].footer.paragraphs[0]
    fields = [field.get(qn("w:instr")) for field in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert footer.text.startswith(AUTHORITY)


@pytest.mark.parametrize("text", [UNWRITABLE, MARKUP, "{{ 7 * 7 }}"])
def test_awkward_text_is_text(text):
    table = Table(text, text, (text, text), ((Cell(text), Cell(text)),), (text,))
    chart = Chart("bars", text, (text,), ((text, (1,)),), text)
    section = Section(text, (text,), (text,), (text,), (chart,), (table,))
    made = docx_file.write(Report(text, text, text, (section,)), font=FONT)
    doc = reader.Document(io.BytesIO(made))
    told = doc.paragraphs[0].text
    assert told == text or "\N{REPLACEMENT CHARACTER}" in told
    assert doc.tables[0].rows[1].cells[0].text == told


def test_a_logo_that_is_no_picture_is_refused_in_words(report):
    for logo in (
        Logo("image/png", b"GIF89a"),
        Logo("image/svg+xml", b"<not svg"),
        Logo("image/svg+xml", b"\xff\xfe"),
    ):
        with pytest.raises(CannotDraw, match=r"logo|picture"):
            docx_file.write(replace(report, logo=logo), font=FONT)


def test_without_a_logo_there_is_none(report):
    made = docx_file.write(replace(report, logo=None, sections=report.sections[:1]), font=FONT)
    assert len(reader.Document(io.BytesIO(made)).inline_shapes) == 0


def test_a_table_of_long_words_in_many_columns_stays_on_its_page(report):
    head = ("Service", *(f"Insufficientinformation{number}" for number in range(7)))
    wide = Table("Outcomes", "Outcomes", head, ((Cell("Bins"), *(Cell(str(number)) for number in range(7))),))
    told = replace(report, sections=(Section("Outcomes", tables=(wide,)),))
    (made,) = reader.Document(io.BytesIO(docx_file.write(told, font=FONT))).tables
    widths = [column.width for column in made.columns]
    assert min(widths) > 0
    assert sum(widths) <= docx_file.WIDTH + docx_file.PT  # the file counts in twentieths of a point
