"""The report as a Word document: headings, captions, header rows and alternative text as what they are."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .picture import chart_png, logo_png, png_size
from .report import Cell, Chart, Logo, Report, Section, Table
from .wording import writable

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.shape import InlineShape
    from docx.shared import Length, RGBColor
    from docx.table import Table as Made
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

LANGUAGE = "en-GB"
FACE = "Arial"  # every word processor has it
INK, SOFT = "1F2523", "4D5653"
CM, PT = 360_000, 12_700  # in the unit that the library counts in
WIDTH = int(16.8 * CM)
CHART_WIDTH = int(11.5 * CM)
FIRST_COLUMN = int(3.6 * CM)  # at least
WIDEST, WIDEST_HEADING = int(3.4 * CM), 7 * CM
KEPT_TOGETHER = 16  # rows; a longer table may break over pages
TABLE_PROPERTIES = (  # those in use, in the order of ECMA-376, part 1, 17.4.59
    "tblStyle",
    "tblW",
    "jc",
    "tblInd",
    "tblBorders",
    "tblLayout",
    "tblLook",
    "tblCaption",
)
_STAGE = re.compile(r"stage (?=[0-9])")
# Columns of a table of words; the last one takes what is left.
WORDS = int(1.9 * CM), int(2.6 * CM), int(4.5 * CM)
LOGO_HEIGHT, LOGO_WIDTH = int(1.6 * CM), 6 * CM
NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def write(report: Report, *, font: Path) -> bytes:
    """The document. `font` is what charts are drawn with. Raises `picture.CannotDraw`."""
    doc = _new()
    _set_up(doc, report)
    if report.logo is not None:
        _logo(doc, report.logo, report.authority)
    doc.add_paragraph(writable(report.authority), style="Subtitle")
    doc.add_paragraph(writable(report.title), style="Title")
    doc.add_paragraph(writable(report.standing)).runs[0].font.color.rgb = _colour(SOFT)
    for section in report.sections:
        _section(doc, section, font)
    doc.add_paragraph()  # a document may not end with a table
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()


def _set_up(doc: Doc, report: Report) -> None:
    properties = doc.core_properties
    properties.title, properties.author = writable(report.title)[:255], writable(report.authority)[:255]
    properties.language, properties.comments = LANGUAGE, ""
    if report.drawn_on is not None:
        properties.created = properties.modified = datetime.combine(report.drawn_on, time())
    for language in doc.styles.element.iter(_name("w:lang")):
        language.set(_name("w:val"), LANGUAGE)
    page = doc.sections[0]
    page.page_width, page.page_height = _length(21 * CM), _length(int(29.7 * CM))
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _length(2 * CM)
    sizes = {"Normal": 11, "Title": 24, "Subtitle": 12, "Heading 1": 16, "Caption": 10, "List Bullet": 11}
    for name, size in sizes.items():
        style = doc.styles[name]
        style.font.size, style.font.name, style.font.color.rgb = size * PT, FACE, _colour(INK)
        style.font.italic = False
        _one_face(style)
    doc.styles["Normal"].paragraph_format.space_after = 6 * PT
    doc.styles["Title"].font.bold = True
    border = doc.styles["Title"].element.pPr.find(_name("w:pBdr"))
    if border is not None:
        doc.styles["Title"].element.pPr.remove(border)
    doc.styles["Heading 1"].paragraph_format.space_before = 20 * PT
    doc.styles["Caption"].font.bold = True
    doc.styles["Caption"].paragraph_format.keep_with_next = True
    doc.styles["Caption"].paragraph_format.space_before = 14 * PT
    doc.styles["Caption"].paragraph_format.space_after = 4 * PT
    doc.styles["Heading 1"].paragraph_format.space_after = 6 * PT
    _footer(page.footer.paragraphs[0], report.authority)


def _one_face(style: Any) -> None:
    """The same face for every script, in British English."""
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(_name("w:rFonts"))
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(_name(theme), None)
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(_name(script), FACE)
    language = properties.find(_name("w:lang"))
    if language is None:
        language = _element("w:lang")
        properties.append(language)
    language.set(_name("w:val"), LANGUAGE)


def _footer(paragraph: Paragraph, authority: str) -> None:
    paragraph.alignment = _side("CENTER")
    _small(paragraph.add_run(f"{writable(authority)} · Page "))
    _field(paragraph, "PAGE")
    _small(paragraph.add_run(" of "))
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, instruction: str) -> None:
    field = _element("w:fldSimple")
    field.set(_name("w:instr"), instruction)
    run = paragraph.add_run("1")
    _small(run)
    field.append(run._r)
    paragraph._p.append(field)


def _small(run: Run) -> None:
    run.font.size, run.font.color.rgb = 9 * PT, _colour(SOFT)


def _logo(doc: Doc, logo: Logo, authority: str) -> None:
    picture = logo_png(logo)
    across, down = png_size(picture)
    height = min(LOGO_HEIGHT, int(LOGO_WIDTH * down / max(across, 1)))
    shape = doc.add_paragraph().add_run().add_picture(io.BytesIO(picture), height=height)
    _alternative_text(shape, "Logo", f"Logo of {authority}")


def _alternative_text(shape: InlineShape, name: str, text: str) -> None:
    properties = shape._inline.docPr
    properties.set("name", writable(name))
    properties.set("descr", writable(text))


def _section(doc: Doc, section: Section, font: Path) -> None:
    heading = doc.add_heading(writable(section.heading), level=1)
    heading.paragraph_format.page_break_before = section.appendix
    for text in section.paragraphs:
        doc.add_paragraph(writable(text))
    for point in section.points:
        doc.add_paragraph(writable(point), style="List Bullet").paragraph_format.space_after = 2 * PT
    for place, text in enumerate(section.after):
        doc.add_paragraph(writable(text)).paragraph_format.space_before = 0 if place else 10 * PT
    for table in section.tables:
        _table(doc, table)
    for chart in section.charts:
        _chart(doc, chart, font)


def _chart(doc: Doc, chart: Chart, font: Path) -> None:
    doc.add_paragraph(writable(chart.title), style="Caption")
    shape = doc.add_paragraph().add_run().add_picture(io.BytesIO(chart_png(chart, font)), width=CHART_WIDTH)
    _alternative_text(shape, chart.title, f"{chart.title}. {chart.description}")


def _table(doc: Doc, table: Table) -> None:
    doc.add_paragraph(writable(table.caption), style="Caption")
    made = doc.add_table(rows=1, cols=len(table.head), style="Table Grid")
    made.alignment = _side("LEFT", of_table=True)
    made.autofit = False
    _rules(made)
    # Word and its kin read the table's description aloud.
    properties = made._tbl.tblPr
    told = _element("w:tblCaption")
    told.set(_name("w:val"), writable(table.caption))
    properties.append(told)
    _in_order(made)
    widths = _widths(table)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    _row(made.rows[0].cells, [Cell(head) for head in table.head], widths, table.numeric, bold=True)
    _mark_row(made.rows[0], "w:tblHeader")
    for row in table.rows:
        added = made.add_row()
        _row(added.cells, row, widths, table.numeric, bold=False)
        _mark_row(added, "w:cantSplit")
    if len(table.rows) <= KEPT_TOGETHER:
        for row in made.rows[:-1]:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    for place, note in enumerate(table.notes):
        paragraph = doc.add_paragraph()
        paragraph.paragraph_format.space_after = 0
        paragraph.paragraph_format.space_before = 0 if place else 4 * PT
        _small(paragraph.add_run(writable(note)))


def _widths(table: Table) -> list[int]:
    if not table.numeric:
        fixed = WORDS[: len(table.head) - 1]
        return [*fixed, WIDTH - sum(fixed)]
    columns = [[table.head[at], *(row[at].printed for row in table.rows)] for at in range(1, len(table.head))]
    needed = [_room(max(len(word) for text in column for word in text.split(" "))) for column in columns]
    wanted = [
        max(min(_room(max(map(len, column))), WIDEST), least)
        for column, least in zip(columns, needed, strict=True)
    ]
    left = WIDTH - FIRST_COLUMN
    more = sum(wanted) - sum(needed)
    share = 1 if more <= 0 else min(max(left - sum(needed), 0) / more, 1)
    granted = [int(least + (most - least) * share) for least, most in zip(needed, wanted, strict=True)]
    spare = max(left - sum(granted), 0) // len(granted)
    others = [min(width + spare, WIDEST) for width in granted]
    most = WIDTH - FIRST_COLUMN // 2
    if sum(others) > most:  # of very many columns words are broken, and the page is not left
        others = [width * most // sum(others) for width in others]
    return [min(WIDTH - sum(others), WIDEST_HEADING), *others]


def _room(characters: int) -> int:
    """How wide a column is that holds so many characters on a line."""
    return int(characters * int(0.215 * CM) + CM // 2)


def _row(
    cells: tuple[_Cell, ...], told: Sequence[Cell], widths: list[int], numeric: bool, *, bold: bool
) -> None:
    for place, (cell, value, width) in enumerate(zip(cells, told, widths, strict=True)):
        cell.width = _length(width)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = 2 * PT
        if numeric and place:
            paragraph.alignment = _side("RIGHT")
        run = paragraph.add_run(_STAGE.sub("stage\N{NO-BREAK SPACE}", writable(value.printed)))
        run.font.size, run.bold = 9 * PT, bold or place == 0


def _mark_row(row: _Row, what: str) -> None:
    row._tr.get_or_add_trPr().append(_element(what))


def _rules(made: Made) -> None:
    """Thin lines between rows and none between columns; the first row and column are headings."""
    properties = made._tbl.tblPr
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = _element(f"w:{side}")
        shown = side in ("top", "bottom", "insideH")
        line.set(_name("w:val"), "single" if shown else "nil")
        if shown:
            line.set(_name("w:sz"), "4")
            line.set(_name("w:color"), "6B736F")
        borders.append(line)
    properties.append(borders)
    indent = _element("w:tblInd")  # so that the text of cells stands in line with the text around
    indent.set(_name("w:w"), "108")
    indent.set(_name("w:type"), "dxa")
    properties.append(indent)
    look = properties.find(_name("w:tblLook"))
    if look is not None:
        for name, on in (("firstRow", "1"), ("firstColumn", "1"), ("noHBand", "1"), ("noVBand", "1")):
            look.set(_name(f"w:{name}"), on)


def _in_order(made: Made) -> None:
    """The properties of a table in the order that Word insists on."""
    properties = made._tbl.tblPr
    properties[:] = sorted(properties, key=lambda one: TABLE_PROPERTIES.index(one.tag.rpartition("}")[2]))


# What is used of the library by name. It is large, and few processes ever write for Word.


def _new() -> Doc:
    from docx import Document

    return Document()


def _length(units: int) -> Length:
    from docx.shared import Emu

    return Emu(units)


def _element(name: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(name)


def _colour(colour: str) -> RGBColor:
    from docx.shared import RGBColor

    return RGBColor.from_string(colour)


def _side(name: str, *, of_table: bool = False) -> Any:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    return (WD_TABLE_ALIGNMENT if of_table else WD_ALIGN_PARAGRAPH)[name]


def _name(name: str) -> str:
    """An element's or attribute's name with its namespace in full."""
    return NAMESPACE + name.removeprefix("w:")
