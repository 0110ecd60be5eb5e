"""Figures in real Chromium: from a number to its case, themes, publishing, and what the public reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.counts.quarters import Period
from intake.services.cases import places
from intake.services.figures import coverage, publishing
from intake.services.instance.founding import COUNTY

from .in_chromium import RULES
from .looking import fit_for_everybody


@pytest.fixture
def last_quarter(office, senior_officer) -> Period:
    """The last quarter that has ended, those before it published; all is recorded since two years before."""
    period = Period.of(datetime.now(UTC).date())
    last = Period.of(period.first_day - timedelta(days=1))
    coverage.start_recording(office, Period(last.year - 2).first_day, now=datetime.now(UTC))
    for quarter in range(1, last.quarter):
        publishing.publish(
            office, senior_officer, Period(last.year, quarter), "", last=0, now=datetime.now(UTC)
        )
    return last


@pytest.fixture
def days_ago(last_quarter) -> int:
    """How long ago the middle of that quarter was."""
    middle = last_quarter.first_day + timedelta(days=45)
    return (datetime.now(UTC).date() - middle).days


def test_a_number_leads_to_its_cases_and_a_case_to_its_theme(officer, arrives, last_quarter, days_ago):
    for _ in range(3):
        arrives("corporate", "Late again.", days_ago=days_ago, service="Housing")
    arrives("compliment", "Thank you.", days_ago=days_ago)
    officer.sign_in("manager").open("/staff/themes", "themes-empty")
    officer.page.fill("#name", "Delay <b>in</b> =1+1")
    officer.press("Add it", "themes-added").press("Add it", "themes-without-a-name")
    where = f"year={last_quarter.year_label}&quarter={last_quarter.quarter}"
    officer.open(f"/staff/counts?{where}", "figures-of-a-quarter")
    officer.click("tr:has-text('Corporate complaints, stage 1') a:text-is('3')").look(
        "figures-behind-a-number"
    )
    assert "3 receipts" in officer.page.inner_text("main")
    officer.click("tbody a").click("text=Change").look("case-about")
    officer.page.select_option("#theme", label="Delay <b>in</b> =1+1")
    officer.press("Keep it", "case-about-kept")
    assert "Delay <b>in</b> =1+1" in officer.page.inner_text("main")
    officer.open(f"/staff/counts?year={last_quarter.year_label}", "figures-of-a-year")
    assert officer.page.locator("svg[role=img]").count()


def test_a_senior_officer_publishes_and_revises_and_the_public_reads(
    officer, arrives, last_quarter, days_ago, scriptless_page
):
    for service, number in (("Housing", 7), ("Early help", 2)):
        for _ in range(number):
            arrives("corporate", "Late again.", days_ago=days_ago, service=service)
    where = f"year={last_quarter.year_label}&quarter={last_quarter.quarter}"
    public = scriptless_page
    assert public.goto(f"{officer.url}/figures?{where}").status == 404

    officer.sign_in("senior").open(f"/staff/counts/publish?{where}", "publish")
    officer.press("Publish these figures", "published")
    assert "The figures are published" in officer.page.inner_text("main")
    arrives("corporate", "It had gone astray.", days_ago=days_ago, service="Housing")
    officer.open(f"/staff/counts?{where}", "figures-changed-since")
    assert "now 10" in officer.page.inner_text("main")
    officer.open(f"/staff/counts/publish?{where}", "revise").press("Publish the revised", "revise-no-reason")
    officer.page.fill("#reason", "One complaint had gone astray.")
    officer.press("Publish the revised", "revised")
    assert "One complaint had gone astray." in officer.page.inner_text("main")
    officer.open(f"/staff/counts?{where}&edition=1", "figures-first-edition")

    public.goto(f"{officer.url}/figures")
    told = public.inner_text("main")
    assert "10 r" in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "[c]" in told
    assert "Early help 2" not in " ".join(told.split())
    public.goto(f"{officer.url}/figures?{where}&edition=1")
    assert "9 (0)" in public.inner_text("main").replace("\N{NO-BREAK SPACE}", " ")
    officer.page.goto(f"{officer.url}/figures")
    fit_for_everybody(officer.page, "public-figures", RULES)


def test_the_monitoring_officer_writes_for_the_committee(officer, arrives, last_quarter, days_ago):
    reference = arrives("whistleblowing", "Timesheets are signed for nobody.", days_ago=days_ago)
    officer.sign_in("monitoring").open(f"/staff/cases/{reference}/committee", "committee")
    officer.page.fill("#text", "Timesheets in one team. Controls were tightened.")
    officer.press("Keep these words", "committee-kept")
    officer.click("text=Sign out").sign_in("deputy").open(
        f"/staff/cases/{reference}/committee", "committee-read"
    )
    officer.page.check("#seen")
    officer.press("Release these words", "committee-let-go")
    where = f"year={last_quarter.year_label}&quarter={last_quarter.quarter}"
    officer.open(f"/staff/counts?{where}&edition=own", "figures-with-the-appendix")
    assert "Controls were tightened." in officer.page.inner_text("main")


def test_the_manager_keeps_the_services_and_each_directorate_is_published(
    officer, arrives, office, manager, senior_officer, last_quarter, days_ago
):
    places.take_in(office, COUNTY.read_bytes(), now=datetime.now(UTC))
    for service, number in (("SEND assessment", 7), ("Early help", 6), ("Roads and pavements", 5)):
        for _ in range(number):
            arrives("corporate", "Late again.", days_ago=days_ago, service=service)
    officer.sign_in("manager").open("/staff/services", "services")
    officer.page.fill("#name", "Highways  Depot")
    officer.page.select_option("#kind", label="Team")
    officer.press("Add it", "services-team-without-a-service")
    assert "Choose the service to which the team belongs." in officer.page.inner_text("main")
    officer.page.select_option("#below", label="Environment and Place: Roads and pavements")
    officer.press("Add it", "services-added")
    officer.click("text=Roads and pavements").look("service")
    officer.page.select_option("#below", label="Resources")
    officer.press("Move it", "services-moved")
    publishing.publish(office, senior_officer, last_quarter, "", last=0, now=datetime.now(UTC))
    where = f"year={last_quarter.year_label}&quarter={last_quarter.quarter}"
    officer.open(f"/staff/counts?{where}", "figures-of-the-whole")
    officer.page.select_option("#for", label="Children, Education and Families")
    officer.press("Show", "figures-of-a-directorate")
    assert "13 (0)" in officer.page.inner_text("main").replace("\N{NO-BREAK SPACE}", " ")
    officer.page.goto(f"{officer.url}/figures?{where}")
    officer.click("a:text-is('Resources')")
    assert "5 (not told)" in officer.page.inner_text("main").replace("\N{NO-BREAK SPACE}", " ")
    fit_for_everybody(officer.page, "public-figures-of-a-directorate", RULES)


def test_a_concern_is_counted_for_a_directorate(officer, arrives, office):
    places.take_in(office, COUNTY.read_bytes(), now=datetime.now(UTC))
    reference = arrives("whistleblowing", "Timesheets are signed for nobody.")
    officer.sign_in("monitoring").open(f"/staff/cases/{reference}", "concern-not-placed")
    officer.click("text=Change directorate").look("concern-directorate")
    officer.page.select_option("#place", label="Resources")
    officer.press("Keep it", "concern-placed")
    assert "Resources" in officer.page.inner_text("main")
