"""The report as one HTML file that needs no other, to read and to print; it is what a PDF is made from."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from .report import Chart, Report, Table
from .svg_chart import draw
from .wording import writable

if TYPE_CHECKING:
    from jinja2 import Environment

FONT_FILE = "atkinson-hyperlegible-next-wght.woff2"


def write(report: Report, *, templates: Path, fonts: Path) -> str:
    """The file, with font and logo inside. `templates` holds documents/report.html, `fonts` the font file."""
    font = address_of_bytes("font/woff2", (fonts / FONT_FILE).read_bytes())
    logo = address_of_bytes(report.logo.kind, report.logo.data) if report.logo else ""
    return render(report, templates, logo=logo, font=font)


def render(report: Report, templates: Path, *, logo: str, font: str, colour: str = "currentColor") -> str:
    """The document with the addresses of its parts. `colour` of the charts."""

    def drawn(chart: Chart) -> Markup:
        return drawing(chart, colour=colour)

    told = _environment(templates).get_template("documents/report.html")
    return writable(told.render(report=unlinked(report), draw=drawn, logo=logo, font=font))


def unlinked(report: Report) -> Report:
    """The same report, no number of which leads anywhere: a file is read where our addresses are not."""

    def bare(table: Table) -> Table:
        return replace(
            table,
            rows=tuple(tuple(replace(cell, href="", before_href="") for cell in row) for row in table.rows),
        )

    sections = (replace(one, tables=tuple(map(bare, one.tables))) for one in report.sections)
    return replace(report, sections=tuple(sections))


def drawing(chart: Chart, *, colour: str = "currentColor") -> Markup:
    """A chart for a template: markup of ours, in which all text is escaped."""
    return Markup(draw(chart, colour=colour))  # noqa: S704


def address_of_bytes(kind: str, data: bytes) -> str:
    """A file as its own address."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


@cache
def _environment(templates: Path) -> Environment:
    # A table on a terminal needs no templates.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
