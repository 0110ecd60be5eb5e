"""The open figures, read by anybody."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
import time_machine

from intake.counts.quarters import Period
from intake.services.figures import coverage, publishing
from tests.actors import send

JUNE = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
JULY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
OCTOBER, JANUARY, APRIL = (
    datetime(year, month, 12, 9, 0, tzinfo=UTC) for year, month in ((2026, 10), (2027, 1), (2027, 4))
)
PAYLOAD = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def published(office, senior_officer):
    """Nine complaints about a service with a hostile name, two about another; published in July."""
    coverage.start_recording(office, date(2026, 4, 1), now=JUNE)
    for service, number in ((PAYLOAD, 9), ("Housing", 2), ("<script>alert(1)</script>", 6)):
        for _ in range(number):
            send(office, now=JUNE, service=service)
    publishing.publish(office, senior_officer, Period(2026, 1), "", last=0, now=JULY)


def lines(client, query="") -> list[dict]:
    return list(csv.DictReader(io.StringIO(client.get(f"/figures.csv{query}").text)))


def test_before_anything_is_published_the_page_says_so(client):
    assert "has not published figures here yet" in client.get("/figures").text
    for address in ("/figures.csv", "/figures.pdf", "/figures?year=2026-27&quarter=1"):
        assert client.get(address).status_code == 404


def test_totals_are_exact_and_small_parts_are_kept_back(published, client):
    page = client.get("/figures").text
    assert "17" in page
    assert "[c]" in page
    own = [row for row in lines(client) if row["period"] == "2026-27 Q1"]
    told = {(row["table"], row["measure"], row["value"]): row for row in own}
    assert told["received", "corporate-stage-1", ""]["figure"] == "17"
    assert told["service", "corporate-stage-1", "Housing"] | {} == {
        "period": "2026-27 Q1",
        "table": "service",
        "measure": "corporate-stage-1",
        "value": "Housing",
        "figure": "",
        "mark": "c",
    }
    assert told["received", "mp-enquiries", ""]["figure"] == "0"
    assert {row["mark"] for row in lines(client)} <= {"", "c", "n", "p", "r", "partly"}


def test_no_text_becomes_a_formula_or_markup(published, client):
    for row in lines(client):
        assert not row["value"].startswith(("=", "+", "-", "@"))
    page = client.get("/figures").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_only_what_is_out_is_found(published, client):
    for query in (
        "?year=2026-27",
        "?year=2026-27&quarter=2",
        "?year=2026-27&quarter=1&edition=2",
        "?year=soon",
        "?year=2026-27&quarter=7",
    ):
        assert client.get(f"/figures{query}").status_code == 404, query
    assert client.get("/figures?year=2026-27&quarter=1&edition=1").status_code == 200


def test_the_pdf_is_tagged_and_set_once(published, client, monkeypatch):
    first = client.get("/figures.pdf")
    assert first.data.startswith(b"%PDF")
    assert (
        first.headers["Content-Disposition"] == 'attachment; filename="open-figures-2026-27-q1-edition-1.pdf"'
    )
    from intake.services.figures import files

    monkeypatch.setattr(files, "pdf", lambda _: pytest.fail("it was set a second time"))
    assert client.get("/figures.pdf").data == first.data


def test_each_edition_and_each_state_of_the_year_has_a_file_of_its_own_name(
    published, office, client, senior_officer
):
    """They all came down under one name."""
    for quarter, moment in enumerate((OCTOBER, JANUARY, APRIL), start=2):
        publishing.publish(office, senior_officer, Period(2026, quarter), "", last=0, now=moment)
    send(office, now=JUNE, service="Housing")
    publishing.publish(office, senior_officer, Period(2026, 1), "A late one.", last=1, now=APRIL)

    def called(query: str) -> str:
        answer = client.get(f"/figures.csv?year=2026-27{query}")
        return answer.headers["Content-Disposition"].removeprefix("attachment; filename=")

    assert called("&quarter=1") == '"open-figures-2026-27-q1-edition-2.csv"'
    assert called("&quarter=1&edition=1") == '"open-figures-2026-27-q1-edition-1.csv"'
    assert called("&quarter=2") == '"open-figures-2026-27-q2-edition-1.csv"'
    assert called("") == '"open-figures-2026-27-as-published-2027-04-12.csv"'


def test_a_machine_without_pango_says_so(published, client, monkeypatch):
    from intake.documents import pdf_file
    from intake.services.figures import files

    def missing(*_, **__):
        raise pdf_file.CannotWrite("PDF needs Pango, which is not installed here.")

    files._set.clear()
    monkeypatch.setattr(pdf_file, "write", missing)
    answer = client.get("/figures.pdf")
    assert (answer.status_code, answer.text) == (503, "PDF needs Pango, which is not installed here.\n")


def test_a_provisional_quarter_is_not_open(office, client):
    with time_machine.travel(JUNE, tick=False):
        coverage.start_recording(office, date(2026, 4, 1), now=JUNE)
        assert client.get("/figures?year=2026-27&quarter=1").status_code == 404
