"""The monitoring officer's pages at a desk: the register, governance issues, the report of a prescribed person."""

from __future__ import annotations

import io

import docx
import pytest

from tests.actors import concern, now, send

PAGES = ("/staff/concerns", "/staff/concerns.html", "/staff/governance", "/staff/governance.html")


@pytest.fixture
def sent(office):
    return send(office, concern(category="sexual-harassment"), now=now())


def test_the_register_tells_what_is_late_and_leads_on(at_desk, sent):
    ruth = at_desk("monitoring")
    ruth.visit("/staff/concerns")
    for told in (
        sent.reference,
        "Sexual harassment",
        "in confidence",
        "Nobody yet",
        "Not written",
        "None is late.",
    ):
        assert told in ruth.words
    assert "No day of review is set" in ruth.words
    ruth.follow(sent.reference)
    assert ruth.page.status_code == 200


def test_the_appendix_as_a_word_file_holds_released_words_and_nothing_else(at_desk, sent):
    ruth, piotr = at_desk("monitoring"), at_desk("deputy")
    page = f"/staff/cases/{sent.reference}/committee"
    ruth.visit(page)
    ruth.press(page, text="Rosters are checked now.")

    def told() -> str:
        file = docx.Document(io.BytesIO(ruth.visit("/staff/concerns.docx").data))
        cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(one.text for one in file.paragraphs), *cells])

    assert "Rosters are checked now." not in told()
    piotr.visit(page)
    piotr.press(f"{page}/release")
    assert "Rosters are checked now." in told()
    assert sent.reference not in told()
    assert "Kofi" not in told()
    assert "Timesheets" not in told()


def test_a_year_that_is_none_is_not_there(at_desk, sent):
    ruth = at_desk("monitoring")
    assert ruth.visit("/staff/concerns?year=2026").status_code == 404
    assert ruth.visit("/staff/concerns?year=1999-00").status_code in (200, 404)


@pytest.mark.parametrize("who", ["officer", "senior"])
def test_it_is_there_for_nobody_who_does_not_oversee_concerns(at_desk, sent, who):
    desk = at_desk(who)
    for page in PAGES:
        assert desk.visit(page).status_code == 404
    assert ">Concerns</a>" not in desk.visit("/staff/counts").text


def test_an_issue_is_marked_listed_as_a_file_and_taken_back(at_desk, sent):
    ruth, page = at_desk("monitoring"), f"/staff/cases/{sent.reference}/governance"
    ruth.visit(f"/staff/cases/{sent.reference}")
    ruth.follow("Is it a significant governance issue?")
    assert ruth.press(page, text="Payroll was paid twice.").status_code == 422
    assert "Choose what makes it significant." in ruth.words
    assert "Payroll was paid twice." in ruth.page.text
    assert ruth.press(page, text="Payroll was paid twice.", criteria="accounts").status_code == 303
    ruth.visit("/staff/governance")
    for told in (sent.reference, "Payroll was paid twice.", "It had a material effect on the accounts."):
        assert told in ruth.words
    assert "Payroll was paid twice." in ruth.visit("/staff/governance.html").text
    old = ruth.visit(page)
    assert ruth.press(page, text="It was paid back.").status_code == 303
    ruth.page = old
    assert ruth.press(page, text="Again.").status_code == 409
    assert "Somebody else changed this while your page was open." in ruth.words
    assert "No case is marked." in (ruth.visit("/staff/governance") and ruth.words)


def test_a_manager_lists_complaints_and_sees_no_concern(at_desk, arrives, sent):
    reference, tom = arrives("corporate"), at_desk("manager")
    page = f"/staff/cases/{reference}/governance"
    tom.visit(page)
    assert tom.press(page, text="No bins for a month.", criteria="objective").status_code == 303
    tom.visit("/staff/governance")
    assert reference in tom.words
    assert tom.visit(f"/staff/cases/{sent.reference}/governance").status_code == 404


def test_without_the_setting_there_is_no_report_of_a_prescribed_person(at_desk, sent):
    ruth = at_desk("monitoring")
    for page in ("/staff/prescribed", f"/staff/cases/{sent.reference}/prescribed"):
        assert ruth.visit(page).status_code == 409
        assert "This council is not set up as a prescribed person." in ruth.words
    ruth.visit(f"/staff/cases/{sent.reference}")
    assert "For the yearly report" not in ruth.words
