"""The PDF, read back: tagged, named, in its language, with its fonts inside, and nothing fetched."""

from __future__ import annotations

import builtins
import io
import logging
import sys
from collections import Counter
from dataclasses import replace

import pikepdf
import pytest

from intake.documents import pdf_file
from intake.documents.pdf_file import CannotWrite
from intake.documents.report import Cell, Logo, Report, Section, Table

from .conftest import FONTS, TEMPLATES
from .payloads import MARKUP, UNWRITABLE
from .the_year import AUTHORITY


@pytest.fixture(scope="module")
def file(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        yield opened


def elements(node):
    """Every element of the structure tree."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from elements(one)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K)


def test_it_says_that_it_is_tagged_and_which_language_and_title_it_has(file):
    assert file.Root.MarkInfo.Marked is True or bool(file.Root.MarkInfo.Marked)
    assert str(file.Root.Lang) == "en-GB"
    assert file.Root.ViewerPreferences.DisplayDocTitle
    with file.open_metadata() as told:
        assert told["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert told["dc:title"] == f"Complaints and whistleblowing, 2024-25, {AUTHORITY}"
        assert told["dc:creator"] == [AUTHORITY]


def test_headings_tables_and_lists_are_in_the_structure(file, report):
    found = Counter(str(element.S) for element in elements(file.Root.StructTreeRoot.K))
    tables = [table for section in report.sections for table in section.tables]
    assert (found["/H1"], found["/H2"]) == (1, len(report.sections))
    assert found["/Table"] == len(tables)
    assert found["/TH"] == sum(len(table.head) + len(table.rows) for table in tables)
    assert found["/Caption"] >= len(tables)


def test_every_picture_has_alternative_text(file, report):
    told = [
        str(element.get("/Alt", ""))
        for element in elements(file.Root.StructTreeRoot.K)
        if element.S == "/Figure"
    ]
    charts = [chart for section in report.sections for chart in section.charts]
    assert told[0] == f"Logo of {AUTHORITY}"
    assert [text for text in told if text][1:] == [f"{chart.title}. {chart.description}" for chart in charts]


def test_every_font_is_inside(file):
    fonts = {}
    for page in file.pages:
        for font in page.Resources.get("/Font", {}).values():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            fonts[str(font.BaseFont)] = inner.FontDescriptor
    assert fonts
    assert all(any("FontFile" in key for key in descriptor.keys()) for descriptor in fonts.values())  # noqa: SIM118
    assert all("Atkinson" in name for name in fonts)


def test_nothing_is_fetched_from_anywhere(report, caplog):
    """A logo that asks for a picture elsewhere gets none."""
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        b'<image href="file:///etc/hostname" width="9" height="9"/><image href="http://evil.example/x.png"/></svg>'
    )
    spied = replace(report, logo=Logo("image/svg+xml", svg), sections=report.sections[:1])
    with caplog.at_level(logging.ERROR, "weasyprint"):
        made = pdf_file.write(spied, templates=TEMPLATES, fonts=FONTS)
    assert made.startswith(b"%PDF")
    refused = [record.getMessage() for record in caplog.records]
    assert sum("refused" in message for message in refused) == 2


@pytest.mark.parametrize("text", [UNWRITABLE, MARKUP])
def test_awkward_text_is_text(text):
    table = Table(text, text, (text, text), ((Cell(text), Cell(text)),), (text,))
    report = Report("Title", text, text, (Section(text, (text,), (text,), (text,), (), (table,)),))
    made = pdf_file.write(report, templates=TEMPLATES, fonts=FONTS)
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert len(opened.pages) == 1


def test_without_pango_it_says_what_to_install(report, monkeypatch):
    real = builtins.__import__

    def without_pango(name, *rest, **more):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    for module in [name for name in sys.modules if name.startswith("weasyprint")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(CannotWrite, match=r"libpango-1\.0-0"):
        pdf_file.write(report, templates=TEMPLATES, fonts=FONTS)
