"""The officers' figures: as a page, as files, and what each role may have of them."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

import docx
import openpyxl
import pytest
import time_machine

from intake.counts.quarters import Period
from intake.services.figures import coverage, publishing
from tests.actors import send

MORE = ("", "&edition=1", "&edition=2", "&edition=live", "&edition=own")
APRIL = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def recording(office):
    coverage.start_recording(office, date(2026, 4, 1), now=APRIL)


@pytest.mark.parametrize("ending", ["csv", "json", "docx", "xlsx", "pdf", "html"])
def test_every_kind_of_file_is_handed_out(recording, at_desk, arrives, ending):
    arrives("corporate", service="Housing")
    answer = at_desk("manager").visit(f"/staff/counts.{ending}?year=2026-27&quarter=1")
    assert answer.status_code == 200
    called = rf'attachment; filename="figures-2026-27-q1-as-of-20\d\d-\d\d-\d\d\.{ending}"'
    assert re.fullmatch(called, answer.headers["Content-Disposition"])
    assert len(answer.data) > 200


def test_files_of_other_figures_have_other_names(recording, office, senior_officer, at_desk):
    """Both editions and the figures as the cases stand came down under one name."""
    for number, day in enumerate((6, 20)):
        moment = datetime(2026, 7, day, 9, 0, tzinfo=UTC)
        send(office, now=datetime(2026, 6, day, 9, 0, tzinfo=UTC))
        publishing.publish(office, senior_officer, Period(2026, 1), "A late one.", last=number, now=moment)
    with time_machine.travel(datetime(2026, 8, 3, 9, 0, tzinfo=UTC)):
        desk = at_desk("monitoring")
        names = {
            asked: re.search(
                r'filename="(.*)\.csv"',
                desk.visit(f"/staff/counts.csv?year=2026-27{asked}").headers["Content-Disposition"],
            )[1]
            for asked in ("", *(f"&quarter=1{more}" for more in MORE))
        }
    assert names == {
        "": "figures-2026-27-as-of-2026-08-03",
        "&quarter=1": "figures-2026-27-q1-edition-2-as-of-2026-08-03",
        "&quarter=1&edition=1": "figures-2026-27-q1-edition-1",
        "&quarter=1&edition=2": "figures-2026-27-q1-edition-2",
        "&quarter=1&edition=live": "figures-2026-27-q1-as-of-2026-08-03",
        "&quarter=1&edition=own": "figures-2026-27-q1-own-as-of-2026-08-03",
    }


def test_no_other_kind_is(recording, at_desk):
    assert at_desk("manager").visit("/staff/counts.exe").status_code == 404


def test_the_managers_files_hold_no_concern(recording, at_desk, arrives):
    arrives("whistleblowing")
    desk = at_desk("manager")
    where = "?year=2026-27&quarter=1"
    report = docx.Document(io.BytesIO(desk.visit(f"/staff/counts.docx{where}").data))
    book = openpyxl.load_workbook(io.BytesIO(desk.visit(f"/staff/counts.xlsx{where}").data))
    told = [paragraph.text for paragraph in report.paragraphs]
    told += [cell.text for table in report.tables for row in table.rows for cell in row.cells]
    told += [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    mentions = [text for text in told if "whistleblowing" in text.lower()]
    assert set(mentions) <= {"Not shown here: Whistleblowing referrals."}
    for ending in ("csv", "json"):
        assert "whistleblowing" not in desk.visit(f"/staff/counts.{ending}{where}").text


def test_the_monitoring_officers_report_has_the_appendix(recording, at_desk, arrives):
    arrives("whistleblowing")
    arrives("whistleblowing", named=("unsure",))
    data = at_desk("monitoring").visit("/staff/counts.docx?year=2026-27&quarter=1&edition=own").data
    tables = docx.Document(io.BytesIO(data)).tables
    (appendix,) = [table for table in tables if table.rows[0].cells[0].text == "Referral"]
    assert [cell.text for cell in appendix.rows[1].cells][:3] == ["1", "2026-27 Q1", "No outcome yet"]
    assert len(appendix.rows) == 2


def test_a_year_that_cannot_be_is_told_how_to_write_it(at_desk):
    desk = at_desk("manager")
    assert desk.visit("/staff/counts?year=2024").status_code == 422
    assert "2024-25" in desk.words
    assert desk.visit("/staff/counts.csv?year=2024").status_code == 422
    assert desk.visit("/staff/counts/cases?year=2024&measure=compliments").status_code == 404


def test_an_edition_that_is_not_there_is_not_found(recording, at_desk):
    assert at_desk("manager").visit("/staff/counts?year=2026-27&quarter=1&edition=1").status_code == 404


def test_the_list_behind_a_number_has_pages_of_fifty(recording, at_desk, arrives):
    for _ in range(51):
        arrives("compliment")
    desk = at_desk("manager")
    desk.visit("/staff/counts/cases?year=2026-27&quarter=1&measure=compliments")
    assert "51 receipts" in desk.words
    assert desk.page.text.count('scope="row"') == 50
    desk.visit("/staff/counts/cases?year=2026-27&quarter=1&measure=compliments&page=2")
    assert desk.page.text.count('scope="row"') == 1


def test_themes_are_added_renamed_and_merged_on_their_page(at_desk):
    desk = at_desk("manager")
    for name in ("Delay", "Waiting", "Conduct"):
        desk.visit("/staff/themes")
        assert desk.press("/staff/themes/add", name=name).status_code == 303
    desk.visit("/staff/themes")
    ids = dict(re.findall(r'<option value="([0-9a-f]{32})"[^>]*>([^<]+)<', desk.page.text))
    of = {name: theme for theme, name in ids.items()}
    assert desk.press("/staff/themes/rename", theme=of["Delay"], to="Delay in answering").status_code == 303
    desk.visit("/staff/themes")
    assert desk.press("/staff/themes/merge", gone=of["Waiting"], into=of["Delay"]).status_code == 303
    desk.visit("/staff/themes")
    assert "Waiting 0 Delay in answering" in desk.words
    desk.press("/staff/themes/add", name="delay IN answering")
    assert desk.page.status_code == 409
    assert "There is a theme of that name already." in desk.words
