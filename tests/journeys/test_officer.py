"""Officers in real Chromium: every page at both widths, looked over by axe, by legend and for sideways scroll."""

from __future__ import annotations

import base64
import re
import time
from dataclasses import replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from intake import config
from intake.demonstration.living import PASSWORD
from intake.services.people import accounts

from .in_chromium import Officer, served

HOSTILE = "<img src=x onerror=\"document.title='X'\"></textarea><script>document.title='X'</script>"


def test_the_way_in(officer):
    officer.open("/staff/", "sign-in").press("Sign in", "sign-in-empty")
    officer.sign_in("nobody").look("sign-in-wrong")
    assert officer.page.input_value("#email") == "nobody@demonstration.example"
    assert officer.page.input_value("#password") == ""
    officer.sign_in("manager").look("desk-empty")
    for name in ("enter", "colleagues", "counts"):
        officer.open(f"/staff/{name}", name)
    officer.open("/staff/nothing-here", "not-found")
    officer.click("text=Sign out").look("signed-out")


def test_a_complaint_from_its_arrival_to_the_answer(officer, arrives):
    late = arrives("corporate", "The bins have not been emptied for six weeks.", days_ago=40)
    reference = arrives("children-statutory", f"Nobody listened.\n\n{HOSTILE}\n" + "unbreakable" * 30)
    arrives("compliment", "Thank you for your kindness.", name="")
    officer.sign_in("manager").look("desk")
    assert "Overdue" in officer.page.inner_text(f"tr:has-text('{late}')")
    officer.open(f"/staff/?search={late[:3]}", "desk-search").open("/staff/?view=closed", "desk-none")
    officer.page.set_viewport_size({"width": 1440, "height": 900})
    case = f"/staff/cases/{reference}"
    officer.open(f"/staff/cases/{late}", "case-late").open(case, "case").look_inside("case-inside")
    assert HOSTILE in officer.page.inner_text(".narrative")
    officer.open(f"{case}/acknowledge", "acknowledge").press("Send the acknowledgement", "case-acknowledged")
    officer.open(f"{case}/allocate", "allocate")
    officer.page.check("input[name=to] >> nth=0")
    officer.press("Allocate", "case-allocated")

    officer.open(f"{case}/extend/stage-1-response", "extend")
    officer.page.fill("#reason", "We wait for the records.")
    officer.press("Check what this does", "extend-without-a-date")
    hint = officer.page.inner_text("#until-hint")
    latest = datetime.strptime(re.search(r"to \w+ (\d+ \w+ \d{4})", hint)[1], "%d %B %Y")
    officer.date("until", latest).press("Check what this does", "extend-checked")
    assert officer.page.input_value("#reason") == "We wait for the records."
    officer.press("Move the date", "case-extended")

    officer.open(f"{case}/note", "note")
    officer.page.fill("#text", HOSTILE)
    officer.press("Keep the note", "case-noted")
    officer.open(f"{case}/respond", "respond").press("Check what this does", "respond-empty")
    officer.page.check("#outcome-2")
    officer.page.fill("#text", f"We found this.\n\n{HOSTILE}")
    officer.press("Check what this does", "respond-checked").press("Send the answer", "case-answered")
    officer.open(f"{case}/respond", "respond-twice")
    assert "already" in officer.page.inner_text("[role=alert]")
    officer.open(f"{case}/open-next-stage", "open-next-stage").look_inside("open-next-stage-inside")
    officer.press("Check what this does", "open-next-stage-checked").press(
        "Open the next stage", "case-stage-2"
    )
    officer.open("/staff/counts", "counts-with-figures").open(
        f"{case}/refuse-next-stage", "refused-by-the-rules"
    )


def test_a_concern_and_its_identity(officer, arrives):
    reference = arrives("whistleblowing", "Timesheets are signed for shifts that nobody worked.")
    officer.sign_in("monitoring").look("concerns").open(f"/staff/cases/{reference}", "concern")
    assert "Nadia Whitlam" not in officer.page.content()
    officer.click("text=Open who sent it").press("Open the identity", "concern-without-a-reason")
    officer.page.fill("#reason", "To meet her.")
    officer.page.fill("#password", PASSWORD)
    officer.press("Open the identity", "concern-identity")
    assert "Nadia Whitlam" in officer.page.content()
    officer.open("/staff/counts", "counts-whistleblowing").open(
        "/staff/colleagues", "colleagues-monitoring"
    ).open("/staff/password", "password")


def test_joining_with_a_telephone(app, office, browser_page):
    app.extensions["intake"] = replace(
        app.extensions["intake"], settings=replace(office.settings, second_factor=True)
    )
    code = accounts.invite(
        office, "kim@demonstration.example", "Kim Sato", "complaints-officer", now=datetime.now(UTC)
    )
    with served(app) as url:
        kim = Officer(browser_page, url).open("/staff/join", "join")
        kim.page.fill("#email", "kim@demonstration.example")
        kim.page.fill("#code", code)
        kim.press("Continue", "join-telephone")
        secret = base64.b32decode("".join(kim.page.locator(".receipt span").all_inner_texts()))
        for field in ("#password", "#again"):
            kim.page.fill(field, "three quiet words")
        kim.press("Join", "join-without-a-code")
        for field in ("#password", "#again"):
            kim.page.fill(field, "three quiet words")
        totp = TOTP(secret, 6, SHA1(), 30)
        kim.page.fill("#one_time_code", totp.generate(int(time.time())).decode())
        kim.press("Join", "joined")
        kim.click("main a:has-text('Sign in')")
        kim.page.fill("#email", "kim@demonstration.example")
        kim.page.fill("#password", "three quiet words")
        kim.page.fill("#code", totp.generate(int(time.time()) + 30).decode())
        kim.press("Sign in", "not-let-in-yet").open("/staff/colleagues", "colleagues-not-let-in")
        maya = Officer(browser_page, url)
        browser_page.context.clear_cookies()
        app.extensions["intake"] = replace(
            app.extensions["intake"], settings=config.load(office.settings.instance)
        )
        maya.sign_in("manager").open("/staff/colleagues", "colleagues-to-let-in").press(
            "let in", "colleague-let-in"
        )


def test_the_whole_program_signs_an_officer_in(live_server, scriptless_page):
    scriptless_page.goto(f"{live_server.url}/staff/")
    scriptless_page.fill("#email", "manager@demonstration.example")
    scriptless_page.fill("#password", PASSWORD)
    scriptless_page.click("main button")
    assert scriptless_page.inner_text("h1") == "Cases"
    assert scriptless_page.evaluate("document.cookie") == ""
