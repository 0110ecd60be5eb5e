"""A complaint that is a concern, in Chromium: proposed, asked of its holder, decided, and read by its new readers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from intake.database import reading
from intake.models import Case
from tests import actors, officers

from .in_chromium import Officer, served
from .looking import press
from .test_asking import opened


def test_a_complaint_goes_to_the_monitoring_officer(app, browser_page, office, manager):
    now = datetime.now(UTC)
    sent = actors.send(
        office,
        "corporate",
        "They sign for shifts nobody works.",
        name="Sam Ash",
        now=now - timedelta(days=1),
    )
    officers.allocate(office, manager, sent.reference, manager.id, revision=1, now=now)
    officers.note(office, manager, sent.reference, "Payroll knows.", token="n" * 40, now=now)
    page, case = browser_page, f"/staff/cases/{sent.reference}"
    with served(app) as url:
        desk = Officer(page, url).sign_in("manager").open(case, "another-team-case")
        press(page, "section[aria-labelledby=another-team] a")
        desk.look("another-team-propose")
        press(page, "text=Propose it")
        desk.look("another-team-propose-empty")
        page.fill("#reason", "Records of a home are falsified.")
        page.check("input[name=about][value=no]")
        press(page, "text=Propose it")
        desk.look("another-team-proposed")
        press(page, "text=Send it on now")
        desk.look("another-team-not-agreed")
        desk.open("/staff/proposals", "another-team-proposals")
        page.context.clear_cookies()
        holder = opened(page, url, sent.receipt).look("another-team-asked")
        press(page, "text=Read what it means, and answer")
        holder.look("another-team-question")
        press(page, "form#answer .govuk-button")
        holder.look("another-team-question-empty")
        page.check("form#answer input[type=radio] >> nth=0")
        page.fill("#text", "Please be careful.")
        press(page, "form#answer .govuk-button")
        holder.look("another-team-answered")
        page.context.clear_cookies()
        Officer(page, url).sign_in("manager").open(f"{case}/reroute", "another-team-agreed")
        press(page, "text=Send it on now")
        desk.look("another-team-sent-on")
        with reading(office.session):
            new = office.session.scalar(select(Case.reference))
        page.context.clear_cookies()
        opened(page, url, sent.receipt).look("another-team-holder-after")
        page.context.clear_cookies()
        monitoring = (
            Officer(page, url).sign_in("monitoring").open(f"/staff/cases/{new}", "another-team-arrived")
        )
        press(page, "text=What it was before")
        monitoring.look("another-team-before")
        monitoring.open(f"/staff/cases/{new}/reroute", "another-team-back")
