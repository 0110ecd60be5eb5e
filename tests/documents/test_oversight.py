"""Reports beside the figures: the appendix alone, governance issues, the yearly report of a prescribed person."""

from __future__ import annotations

from datetime import date

from intake.documents import oversight
from intake.documents.committee_report import Referral
from intake.documents.oversight import Disclosure, Issue
from intake.documents.report import Report

TODAY = date(2027, 5, 4)
END = date(2027, 3, 31)


def words(report: Report) -> str:
    """All that a report says, on lines."""
    told = [report.title, report.standing]
    for section in report.sections:
        told += [section.heading, *section.paragraphs, *section.points, *section.after]
        told += [cell.printed for table in section.tables for row in table.rows for cell in row]
    return "\n".join(told)


def test_the_appendix_alone_holds_each_referral_and_names_nobody():
    told = [
        Referral("2026-27 Q1", "Substantiated", "Checks were changed."),
        Referral("2026-27 Q2", "Ongoing"),
    ]
    report = words(oversight.referrals_alone("Fenshire", "2026-27", told, TODAY))
    for text in ("Checks were changed.", "2026-27 Q2", "Ongoing", "Nobody is named.", "this office alone"):
        assert text in report


def test_a_governance_issue_stands_with_what_makes_it_significant():
    issue = Issue(
        "ABC-1234", date(2026, 6, 1), ("It had a material effect on the accounts",), "Payroll", True
    )
    report = words(oversight.governance_issues("Fenshire", [issue], TODAY))
    for text in ("ABC-1234", "1 June 2026", "Payroll", "material effect on the accounts.", "Open", ": 1."):
        assert text in report
    assert ": 0." in words(oversight.governance_issues("Fenshire", [], TODAY))


def test_the_report_of_a_prescribed_person_counts_and_tells_what_was_done():
    told = [Disclosure(True, "We inspected", "A gap was closed."), Disclosure(False, "", "")]
    report = words(oversight.prescribed_person("Fenshire", "food", "2026-27", END, told, TODAY))
    lines = report.splitlines()
    assert lines[lines.index("Of these, disclosures on which we decided to take further action") + 1] == "1"
    for text in ("We inspected.", "A gap was closed.", "to be published by 30 September 2027"):
        assert text in report
    assert "No further action was taken." not in report


def test_a_year_without_any_says_so_and_one_that_runs_is_provisional():
    report = words(oversight.prescribed_person("Fenshire", "food", "2026-27", END, [], date(2027, 1, 4)))
    for text in ("Provisional", "No further action was taken.", "Nothing was recorded."):
        assert text in report


def test_no_report_says_that_a_disclosure_is_protected():
    """That is for a tribunal."""
    issue = Issue("ABC-1234", TODAY, ("x",), "y", False)
    for report in (
        oversight.referrals_alone("Fenshire", "2026-27", [Referral("Q1", "Ongoing")], TODAY),
        oversight.governance_issues("Fenshire", [issue], TODAY),
        oversight.prescribed_person("Fenshire", "food", "2026-27", END, [Disclosure(True, "a", "b")], TODAY),
    ):
        assert "protected" not in words(report).lower()
