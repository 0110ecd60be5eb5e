"""The report of the published year, written once in every kind of file."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.documents import docx_file, html_file, pdf_file, xlsx_file
from intake.documents.committee_report import set_out
from intake.documents.report import Report

from .the_year import AUTHORITY, LOGO, REFERRALS, revised_year

HOUSE = Path(__file__).parents[2]
TEMPLATES, FONTS = HOUSE / "templates", HOUSE / "static" / "vendor"
FONT = FONTS / "atkinson-hyperlegible-next-wght.woff2"


@pytest.fixture(scope="session")
def report() -> Report:
    return set_out(revised_year(), AUTHORITY, LOGO, referrals=REFERRALS)


@pytest.fixture(scope="session")
def docx(report) -> bytes:
    return docx_file.write(report, font=FONT)


@pytest.fixture(scope="session")
def xlsx(report) -> bytes:
    return xlsx_file.write(report)


@pytest.fixture(scope="session")
def html(report) -> str:
    return html_file.write(report, templates=TEMPLATES, fonts=FONTS)


@pytest.fixture(scope="session")
def pdf(report) -> bytes:
    return pdf_file.write(report, templates=TEMPLATES, fonts=FONTS)
