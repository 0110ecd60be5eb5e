"""The committee's report and the figures as files: what is told is set out once, and written in every form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock

from intake.config import ROOT
from intake.counts.figures import Figures
from intake.counts.published import WHISTLEBLOWING
from intake.documents import (
    committee_report,
    csv_file,
    docx_file,
    html_file,
    json_file,
    open_report,
    pdf_file,
    text_table,
    xlsx_file,
)
from intake.documents.committee_report import Referral
from intake.documents.open_report import OpenPeriod
from intake.documents.pdf_file import CannotWrite
from intake.documents.picture import CannotDraw
from intake.documents.report import Logo, Report

from . import committee
from .access import Officer
from .office import Office
from .refusals import Refused

LOGO_KINDS = {".png": "image/png", ".svg": "image/svg+xml"}
OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    "docx": ("Report for the committee (Word)", f"{OFFICE}.wordprocessingml.document"),
    "pdf": ("Report for the committee (PDF)", "application/pdf"),
    "html": ("Report for the committee, to print (HTML)", "text/html"),
    "xlsx": ("Tables for a spreadsheet (Excel)", f"{OFFICE}.spreadsheetml.sheet"),
    "csv": ("Figures, one on a line (CSV)", "text/csv"),
    "json": ("Table for a program (JSON)", "application/json"),
}
TEMPLATES = ROOT / "templates"
FONTS = ROOT / "static" / "vendor"
SET_AT_MOST = 32  # open figures kept as PDF
_set: dict[tuple, bytes] = {}
_setting = Lock()


def report(
    office: Office, figures: Figures, officer: Officer | None, link: Callable[..., str] | None = None
) -> Report:
    """The report as an officer may have it; without one, the council's own, with no words of any concern.

    `link` gives the address of the cases behind a number.
    """
    told = [
        Referral(line.received.label, line.outcome, line.summary)
        for line in (committee.referrals(office, officer, figures.period) if not hidden_from(officer) else ())
    ]
    return committee_report.set_out(
        figures,
        office.settings.authority_name,
        logo(office),
        hidden=hidden_from(officer),
        whistleblowing=not hidden_from(officer),
        referrals=told,
        **({"link": link} if link else {}),
    )


def file(ending: str, figures: Figures, told: Report, officer: Officer | None) -> bytes:
    """The figures as a file of one of the `KINDS`. Raises `Refused` where it cannot be written here."""
    try:
        match ending:
            case "docx":
                return docx_file.write(told, font=FONTS / html_file.FONT_FILES[0][0])
            case "pdf":
                return pdf(told)
            case "html":
                return html_file.write(told, templates=TEMPLATES, fonts=FONTS).encode()
            case "xlsx":
                return xlsx_file.write(told)
            case "csv":
                return csv_file.write(figures, hidden=hidden_from(officer)).encode()
            case "json":
                shown = [row for row in figures.table.rows if row.measure not in hidden_from(officer)]
                return (json_file.write(replace(figures.table, rows=tuple(shown))) + "\n").encode()
    except CannotDraw as error:
        raise Refused(str(error)) from error
    raise ValueError(f"no such kind of file: {ending}")


def pdf(told: Report) -> bytes:
    """A report as PDF/UA. Raises `Refused` where it cannot be written here."""
    try:
        return pdf_file.write(told, templates=TEMPLATES, fonts=FONTS)
    except CannotWrite as error:
        raise Refused(str(error)) from error


def open_pdf(office: Office, shown: OpenPeriod) -> bytes:
    """The open figures as PDF/UA. Anybody may ask, and it takes a second or two: each edition is set once."""
    edition = (office.settings.url, shown.period, shown.edition, shown.editions)
    with _setting:
        if edition not in _set:
            if len(_set) >= SET_AT_MOST:
                _set.clear()
            _set[edition] = pdf(open_report.set_out(shown, office.settings.authority_name, logo(office)))
        return _set[edition]


def as_text(figures: Figures) -> str:
    """The table for a terminal."""
    return text_table.write(figures.table)


def hidden_from(officer: Officer | None) -> frozenset[str]:
    """The measures that are another role's to give out."""
    if officer is None or officer.role.whistleblowing_counts:
        return frozenset()
    return frozenset({WHISTLEBLOWING})


def logo(office: Office) -> Logo | None:
    """The authority's logo, where one is set."""
    name = office.settings.authority_logo
    kind = LOGO_KINDS.get(Path(name).suffix.lower())
    return Logo(kind, (office.settings.instance / name).read_bytes()) if name and kind else None
