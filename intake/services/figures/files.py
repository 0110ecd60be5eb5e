"""The committee's report and the figures as files: what is told is set out once, and written in every form."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from intake.config import ROOT
from intake.counts.figures import Figures
from intake.counts.published import REFERRALS
from intake.counts.quarters import Period
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
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Officer

from . import referrals

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
_set: dict[tuple[object, ...], bytes] = {}
_setting = Lock()


def report(
    office: Office,
    figures: Figures,
    officer: Officer | None,
    place: str | None = None,
    link: Callable[..., str] | None = None,
) -> Report:
    """The report as an officer may have it; without one, the council's own, with no words of any concern.

    The appendix lists the referrals that the figures count. `link` gives the address of the cases behind a number.
    """
    hidden = REFERRALS in figures.hidden
    told = [
        Referral(line.received.label, line.outcome, line.summary)
        for line in (() if hidden else referrals.referrals(office, officer, figures.period, place))
    ]
    return committee_report.set_out(
        figures,
        whose(office, figures.part),
        logo(office),
        hidden=figures.hidden,
        whistleblowing=not hidden,
        referrals=told,
        **({"link": link} if link else {}),
    )


def file(ending: str, figures: Figures, told: Report) -> bytes:
    """The figures as a file of one of the `KINDS`. Raises `Refused` where it cannot be written here."""
    match ending:
        case "csv":
            return csv_file.write(figures, hidden=figures.hidden).encode()
        case "json":
            return (json_file.write(figures.table, figures.part) + "\n").encode()
    return written(ending, told)


def written(ending: str, told: Report) -> bytes:
    """A report as a file of a kind that holds words. Raises `Refused` where it cannot be written here."""
    try:
        match ending:
            case "docx":
                return docx_file.write(told, font=FONTS / html_file.FONT_FILE)
            case "pdf":
                return pdf(told)
            case "html":
                return html_file.write(told, templates=TEMPLATES, fonts=FONTS).encode()
            case "xlsx":
                return xlsx_file.write(told)
    except CannotDraw as error:
        raise Refused(str(error)) from error
    raise ValueError(f"no such kind of file: {ending}")


def name(ending: str, figures: Figures, *, as_it_was_told: bool = False) -> str:
    """What to call such a file: period, whose cases, which edition, and the day on which it was drawn.

    `as_it_was_told`: they are exactly what an edition held, so that the day says nothing.
    """
    edition = f"edition-{figures.edition.number}" if figures.edition else ""
    day = "" if as_it_was_told else f"as-of-{figures.drawn_on}"
    own = "own" if figures.own else ""
    return _name("figures", figures.part, figures.period, own, edition, day, ending=ending)


def open_name(ending: str, shown: OpenPeriod) -> str:
    """What to call a file of open figures: of a quarter its edition; of a year the day of the newest one in it."""
    edition = (
        f"edition-{shown.edition.number}" if shown.period.quarter else f"as-published-{shown.edition.on}"
    )
    return _name("open-figures", shown.part, shown.period, edition, ending=ending)


def _name(what: str, part: str, period: Period, *more: str, ending: str) -> str:
    plainly = ["-".join(re.findall(r"[a-z0-9]+", told.lower())) for told in (part, period.label)]
    return "-".join(word for word in (what, *plainly, *more) if word) + f".{ending}"


def pdf(told: Report) -> bytes:
    """A report as PDF/UA. Raises `Refused` where it cannot be written here."""
    try:
        return pdf_file.write(told, templates=TEMPLATES, fonts=FONTS)
    except CannotWrite as error:
        raise Refused(str(error)) from error


def open_pdf(office: Office, shown: OpenPeriod) -> bytes:
    """The open figures as PDF/UA. Anybody may ask, and it takes a second or two: each edition is set once.

    By all that it tells, for two directorates may be called the same, and names change.
    """
    told = open_report.as_csv(shown)
    edition = (office.settings.url, shown.part, shown.period, shown.edition, shown.editions, told)
    with _setting:
        if edition not in _set:
            if len(_set) >= SET_AT_MOST:
                _set.clear()
            _set[edition] = pdf(open_report.set_out(shown, whose(office, shown.part), logo(office)))
        return _set[edition]


def whose(office: Office, part: str) -> str:
    """Whose figures they are, in words: the authority's, or those of a part of it."""
    return f"{office.settings.authority_name}: {part}" if part else office.settings.authority_name


def as_text(figures: Figures) -> str:
    """The table for a terminal."""
    return text_table.write(figures.table, figures.part)


def logo(office: Office) -> Logo | None:
    """The authority's logo, where one is set."""
    name = office.settings.authority_logo
    kind = LOGO_KINDS.get(Path(name).suffix.lower())
    return Logo(kind, (office.settings.instance / name).read_bytes()) if name and kind else None
