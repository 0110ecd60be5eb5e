"""The monitoring officer in real Chromium: the register, words for the committee, issues of governance."""

from __future__ import annotations

import pytest

WORDS = "It was said on 6 May that timesheets were signed by Karen. Rosters are checked now."


@pytest.fixture
def instance(instance):
    """Of a council that is a prescribed person, and whose policy is overdue for its review."""
    settings = instance / "settings.toml"
    told = 'prescribed_for = "food standards"\nwhistleblowing_policy_review = "2020-03-31"\n'
    settings.write_text(told + settings.read_text())
    return instance


def test_from_the_register_to_words_that_two_have_read(officer, arrives):
    reference = arrives(
        "whistleblowing", "Karen signs for shifts that nobody worked.", category="criminal-offence"
    )
    officer.sign_in("monitoring").open("/staff/concerns", "concerns")
    page = officer.page
    assert page.is_visible("text=It was to be reviewed by")
    officer.click("a[href$='/committee']").look("committee-empty")
    page.fill("#text", WORDS)
    officer.press("Keep these words", "committee-waiting")
    assert page.is_visible("text=A name: Karen")
    officer.click("text=Sign out").sign_in("deputy").open(
        f"/staff/cases/{reference}/committee", "committee-release"
    )
    officer.press("Release these words", "committee-not-looked")
    assert page.is_visible("text=Look at each of the signs first")
    page.check("#seen")
    officer.press("Release these words", "committee-released")
    assert page.is_visible("text=Released by Piotr Lis")


def test_an_issue_of_governance_and_a_prescribed_report(officer, arrives):
    reference = arrives("whistleblowing", "The dairy is not inspected.")
    case = f"/staff/cases/{reference}"
    officer.sign_in("monitoring").open(f"{case}/governance", "governance")
    page = officer.page
    page.check("#criteria-reputation")
    page.fill("#text", "Inspections were not made for a year.")
    officer.press("Mark it", "governance-marked")
    officer.open("/staff/governance", "governance-list")
    assert page.is_visible("text=Inspections were not made")
    officer.open(f"{case}/prescribed", "prescribed")
    page.check("input[name=within][value=yes]")
    page.check("input[name=acted][value=yes]")
    page.fill("#action", "We inspected.")
    officer.press("Keep it for the report", "prescribed-report")
    assert page.is_visible("text=to be published by 30 September")
