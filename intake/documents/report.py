"""A report as plain values. Every file is written from this, so that all of them say the same.

Text is text: nothing in it is markup, and nothing in it is a formula.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

Number = int | float


@dataclass(frozen=True)
class Cell:
    """One cell: as it is printed, and as numbers for whoever reckons on with it.

    `mark` follows the figure. `before` is last year's, printed in brackets, and `now` what the cases say
    today where that is no longer what was published; each of them empty where there is none. `unit` is
    "%", "+" for a change, or empty. `href` and `before_href` lead to the cases counted; files leave them out.
    """

    text: str
    number: Number | None = None
    mark: str = ""
    before: str = ""
    before_number: Number | None = None
    now: str = ""
    now_number: Number | None = None
    unit: str = ""
    href: str = ""
    before_href: str = ""

    @property
    def figure(self) -> str:
        """The figure and its mark."""
        return self.text + ("" if self.mark in ("", "*") else "\N{NO-BREAK SPACE}") + self.mark

    @property
    def printed(self) -> str:
        """The whole cell in one line: `180 r (92), now 181`."""
        told = self.figure + (f" ({self.before})" if self.before else "")
        return told + (f", now {self.now}" if self.now else "")


@dataclass(frozen=True)
class Table:
    """A table with its caption. The first cell of each row is the row's heading.

    `name` is short, for the sheet of a workbook. `numeric`: every column but the first holds numbers.
    """

    caption: str
    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    numeric: bool = True


@dataclass(frozen=True)
class Chart:
    """Bars or lines of the numbers of a table that stands beside it. None: nothing was recorded."""

    kind: str  # bars or lines
    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[Number | None, ...]], ...]
    description: str  # what somebody who cannot see it is told
    unit: str = ""  # % or empty
    missing: str = "not recorded"  # what stands in the place of None


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, in this order."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    after: tuple[str, ...] = ()  # paragraphs that follow the points
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    appendix: bool = False


@dataclass(frozen=True)
class Logo:
    """The authority's logo as a file's bytes, PNG or SVG."""

    kind: str  # image/png or image/svg+xml
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Report:
    """A whole document."""

    title: str
    authority: str
    standing: str  # provisional, as the cases stand, published on, revised on: in words
    sections: tuple[Section, ...]
    logo: Logo | None = None
    drawn_on: date | None = None  # the day that files give as their own
