"""The printable page, and the pieces that the officers' page takes from it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from intake.documents import html_file
from intake.documents.committee_report import set_out
from intake.documents.report import Cell, Chart, Report, Section, Table

from .conftest import FONTS, TEMPLATES
from .payloads import MARKUP
from .the_year import AUTHORITY, LOGO, revised_year


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, name):
        return [attributes for tag, attributes in self.found if tag == name]


@pytest.fixture
def fragment():
    """What the officers' page prints of a report."""

    def render(report):
        page = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
        source = (
            '{% import "documents/sections.html" as told %}'
            "{% for one in report.sections %}{{ told.section(one, draw) }}{% endfor %}"
        )
        return page.from_string(source).render(report=report, draw=html_file.drawing)

    return render


def test_the_file_needs_no_other(html):
    addresses = re.findall(r"""(?:src|href)\s*=\s*["']([^"']*)|url\(["']?([^"')]*)""", html)
    for address in ("".join(pair) for pair in addresses):
        assert address.startswith(("data:", "#chart-")), address
    assert "<script" not in html
    assert "http://www.w3.org/2000/svg" in html
    assert not re.search(r"https?://(?!www\.w3\.org)", html)


def test_language_title_and_logo(html):
    tags = Tags(html)
    assert tags.named("html")[0]["lang"] == "en-GB"
    assert tags.named("img")[0]["alt"] == f"Logo of {AUTHORITY}"
    assert f"<title>Complaints and whistleblowing, 2024-25, {AUTHORITY}</title>" in html


def test_tables_have_captions_and_scopes(html, report):
    tags = Tags(html)
    tables = [table for section in report.sections for table in section.tables]
    assert len(tags.named("table")) == len(tags.named("caption")) == len(tables)
    scopes = [attributes["scope"] for attributes in tags.named("th")]
    assert scopes.count("col") == sum(len(table.head) for table in tables)
    assert scopes.count("row") == sum(len(table.rows) for table in tables)


def test_the_pieces_for_a_page_hold_nothing_that_the_policy_forbids(fragment):
    """default-src 'none', style-src 'self': no script, no style element, no style attribute."""
    report = set_out(
        revised_year(), AUTHORITY, LOGO, link=lambda *key: f"/staff/cases?measure={key[1]}&of={key[3].label}"
    )
    tags = Tags(fragment(report))
    assert tags.named("svg")
    for tag, attributes in tags.found:
        assert tag not in ("script", "style", "img", "link", "image", "use")
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
    ids = [attributes["id"] for _, attributes in tags.found if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_numbers_on_a_page_lead_to_their_cases_and_those_in_a_file_do_not(fragment):
    linked = set_out(
        revised_year(), AUTHORITY, link=lambda *key: f"/staff/cases?measure={key[1]}&of={key[3].label}"
    )
    page = fragment(linked)
    assert (
        '<a class="govuk-link" href="/staff/cases?measure=corporate-stage-1&amp;of=2024-25">720</a>' in page
    )
    assert (
        '<a class="govuk-link" href="/staff/cases?measure=corporate-stage-1&amp;of=2023-24">368</a>' in page
    )
    file = html_file.write(linked, templates=TEMPLATES, fonts=FONTS)
    assert Tags(file).named("a") == []
    assert "/staff/" not in file


def test_markup_in_a_name_is_text(fragment):
    table = Table(MARKUP, MARKUP, (MARKUP, MARKUP), ((Cell(MARKUP), Cell(MARKUP)),), (MARKUP,), numeric=False)
    chart = Chart("bars", MARKUP, (MARKUP,), ((MARKUP, (1,)), (MARKUP, (None,))), MARKUP)
    report = Report(
        MARKUP, MARKUP, MARKUP, (Section(MARKUP, (MARKUP,), (MARKUP,), (MARKUP,), (chart,), (table,)),)
    )
    for text in (fragment(report), html_file.write(report, templates=TEMPLATES, fonts=FONTS)):
        assert "<script" not in text
        assert "<img" not in text
