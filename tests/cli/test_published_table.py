"""A register goes in, and the published table comes out: to the figure, brackets and all, in every form.

Each figure is read back from the written file, the way whoever gets the file reads it.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser

import docx
import openpyxl
import pypdfium2
import pytest
from click.testing import CliRunner

from intake.cli import main
from intake.counts.published import MEASURES
from tests.register.files import EXAMPLE, as_xlsx, row

NOT_RECORDED = "not recorded"
PUBLISHED = {  # the council's own table of 2024/25, 2023/24 in brackets
    "compliments": (153, None),
    "general-enquiries": (72, None),
    "councillor-enquiries": (31, None),
    "mp-enquiries": (149, None),
    "statutory-stage-1": (62, 86),
    "statutory-stage-2": (16, 10),
    "statutory-stage-3": (0, 1),
    "corporate-stage-1": (720, 368),
    "corporate-stage-2": (148, 39),
    "corporate-stage-3": (60, 16),
    "ombudsman-enquiries": (37, 17),
    "whistleblowing-referrals": (3, None),
}
ANOTHER = {  # a small district
    "compliments": (4, 9),
    "general-enquiries": (1, 0),
    "councillor-enquiries": (0, 0),
    "mp-enquiries": (12, 2),
    "statutory-stage-1": (0, 3),
    "statutory-stage-2": (0, 1),
    "statutory-stage-3": (0, 0),
    "corporate-stage-1": (31, 44),
    "corporate-stage-2": (7, 11),
    "corporate-stage-3": (2, 5),
    "ombudsman-enquiries": (0, 6),
    "whistleblowing-referrals": (1, 2),
}
KINDS = {
    "councillor-enquiries": "Councillor enquiry",
    "compliments": "Compliment",
    "general-enquiries": "General enquiry",
    "mp-enquiries": "MP enquiry",
    "ombudsman-enquiries": "Ombudsman enquiry",
    "whistleblowing-referrals": "Whistleblowing",
    "statutory-stage-1": "Statutory",
    "corporate-stage-1": "Corporate",
}


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("INTAKE_INSTANCE", str(tmp_path / "instance"))

    def run(*arguments: str):
        done = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done

    run("init", "--demonstration")
    return run


def another_register() -> bytes:
    """A workbook with the other counts: real dates, and capitals in its kinds."""
    rows = []
    for year, place in ((2022, 0), (2021, 1)):
        for measure, kind in KINDS.items():
            for number in range(ANOTHER[measure][place]):
                rows.append(_one(measure, kind, year, place, number, len(rows)))
    return as_xlsx(*rows)


def _one(measure, kind, year, place, number, at) -> dict:
    first = date(year, 4, 1) + timedelta(days=(number * 37) % 120)
    said = dict.fromkeys(row(), "") | {
        "reference": f"W/{year}/{at:04}",
        "kind": kind,
        "channel": "letter",
        "service": "Housing",
        "summary": "Kept in a cupboard.",
        "received_on": first,
    }
    family = measure.removesuffix("-stage-1")
    if family != measure:
        for stage in (1, 2, 3):
            if number >= (ANOTHER[f"{family}-stage-{stage}"][place]):
                break
            said[f"stage{stage}_received"] = first + timedelta(days=60 * (stage - 1))
            said[f"stage{stage}_responded"] = first + timedelta(days=60 * (stage - 1) + 14)
            said[f"stage{stage}_outcome"] = "Not upheld"
    return said


@pytest.fixture
def published(run):
    """The example register on an empty instance."""
    run("register", "import", str(EXAMPLE), "--covers", "2023-24=statutory,corporate,ombudsman",
        "--covers", "2024-25=all")  # fmt: skip
    return run, "2024-25", PUBLISHED


@pytest.fixture
def of_another_council(run, tmp_path):
    """A register with other counts, as a workbook."""
    file = tmp_path / "register.xlsx"
    file.write_bytes(another_register())
    groups = "compliments,statutory,corporate,ombudsman,whistleblowing,enquiries"
    run("register", "import", str(file), "--covers", f"2021-22={groups}", "--covers", f"2022-23={groups}")
    return run, "2022-23", ANOTHER


@pytest.fixture(params=["published", "of_another_council"])
def told(request):
    return request.getfixturevalue(request.param)


class Cells(HTMLParser):
    """The rows of all tables of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"th", "td"}:
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag) -> None:
        self.inside = self.inside and tag not in {"th", "td"}

    def handle_data(self, data) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def bracketed(cell: str) -> tuple[int | None, int | None]:
    """`720 (368)` or `3 (not recorded)`."""
    figure, prior = re.fullmatch(r"(.+?)\s*\((.+)\)", " ".join(cell.split())).groups()
    return tuple(None if said == NOT_RECORDED else int(said.replace(",", "")) for said in (figure, prior))


def from_rows(rows) -> dict:
    """The published table among the rows of a document: the cell of the year, by measure."""
    head = next(row for row in rows if row and row[0] == "Measure")
    at = next(place for place, cell in enumerate(head) if re.match(r"\d{4}-\d{2}", cell))
    start = rows.index(head)
    labels = {label: measure for measure, label in MEASURES.items()}
    body = itertools.takewhile(lambda row: row and " ".join(row[0].split()) in labels, rows[start + 1 :])
    return {labels[" ".join(row[0].split())]: bracketed(row[at]) for row in body}


def read(form: str, written: bytes, year: str) -> dict:
    """The figures in a file, by measure."""
    match form:
        case "table":
            lines = written.decode().splitlines()
            found = {}
            for measure, label in MEASURES.items():
                line = next((line for line in lines if line.startswith(f"{label}  ")), None)
                if line is None:
                    continue
                cells = re.split(r"\s{2,}", line[len(label) :].strip())
                found[measure] = bracketed(cells[4])
            return found
        case "json":
            return {row["measure"]: (row["count"], row["prior"]) for row in json.loads(written)["rows"]}
        case "csv":
            lines = csv.DictReader(io.StringIO(written.decode()))
            told = {(row["period"], row["measure"]): row for row in lines if row["table"] == "received"}
            before = f"{int(year[:4]) - 1}-{year[2:4]}"
            return {
                measure: tuple(
                    None if told[of, measure]["mark"] == "n" else int(told[of, measure]["figure"])
                    for of in (year, before)
                )
                for measure in MEASURES
                if (year, measure) in told
            }
        case "html":
            return from_rows(Cells(written.decode()).rows)
        case "docx":
            tables = docx.Document(io.BytesIO(written)).tables
            return from_rows([[cell.text for cell in row.cells] for table in tables for row in table.rows])
        case "xlsx":
            return _from_workbook(openpyxl.load_workbook(io.BytesIO(written)), year)


def _from_workbook(book, year: str) -> dict:
    rows = [list(row) for row in book["Received"].iter_rows(values_only=True)]
    head = next(row for row in rows if row[0] == "Measure")
    at, before = head.index(year), head.index(f"{year}, year before")
    labels = {label: measure for measure, label in MEASURES.items()}
    return {
        labels[row[0]]: tuple(None if row[place] == NOT_RECORDED else row[place] for place in (at, before))
        for row in rows[rows.index(head) + 1 :]
        if row[0] in labels
    }


def test_the_published_table_in_every_form(told, tmp_path):
    run, year, expected = told
    for form in ("table", "json", "csv", "html", "docx", "xlsx"):
        out = tmp_path / f"figures.{form}"
        run("counts", "--year", year, "--format", form, "--out", str(out))
        assert read(form, out.read_bytes(), year) == expected, form


def test_the_published_table_in_the_pdf(told, tmp_path):
    run, year, expected = told
    out = tmp_path / "figures.pdf"
    run("counts", "--year", year, "--format", "pdf", "--out", str(out))
    document = pypdfium2.PdfDocument(out)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    for figure, prior in expected.values():
        if figure is not None:
            assert f"{figure:,} ({NOT_RECORDED if prior is None else prior})" in text


def test_a_year_that_nobody_covered_prints_not_recorded(published):
    run, _, _ = published
    (told,) = {cell for row in json.loads(run("counts", "--year", "2022-23", "--format", "json").output)["rows"]
               for cell in (row["count"],)}  # fmt: skip
    assert told is None
