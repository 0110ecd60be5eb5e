"""Triage and the door in real Chromium: from the list to who gets it, and a complaint that is not taken on."""

from __future__ import annotations


def test_a_new_case_is_triaged_from_the_list(officer, arrives):
    arrives("corporate", "The ramp at the library has been closed since March, and I use a wheelchair. " * 4)
    officer.sign_in("manager").click("text=Triage").look("triage").look_inside("triage-inside")
    page = officer.page
    page.select_option("#service", index=2)
    page.select_option("#who", "self")
    page.fill("#adjustments", "Large print. Please ring before eleven.")
    page.select_option("#to", label="Maya Okafor")
    officer.press("Triage it", "triaged")
    assert page.is_visible("text=letters obey them")
    page.click("summary:has-text('Triaged by')")
    assert page.is_visible("text=The person it is about")
    case = page.url.partition("?")[0].removeprefix(officer.url)
    officer.open(f"{case}/acknowledge", "triage-letter")
    assert page.is_visible("text=Please ring before eleven.")
    officer.open(f"{case}/triage", "triage-again")
    page.select_option("#what", "compliment")
    officer.press("Triage it", "triage-clock")
    assert page.is_visible("text=Nothing has been done yet.")


def test_a_child_for_a_sibling_is_asked_what_is_missing(officer, arrives):
    case = arrives("children-statutory", "My sister was moved away and nobody asked us.")
    officer.sign_in("officer").open(f"/staff/cases/{case}/triage", "triage-child")
    page = officer.page
    page.select_option("#who", "sibling")
    page.click("summary:has-text('When it was')")
    page.fill("#aware_on", "1")
    page.fill("#aware_on-month", "1")
    page.fill("#aware_on-year", "2199")
    officer.press("Triage it", "triage-missing")
    assert page.is_visible("text=is in the future")
    page.click(".govuk-error-summary a >> text=brother or sister")
    assert page.evaluate("document.activeElement.id") == "interest"


def test_a_complaint_is_refused_at_the_door(officer, arrives):
    case = arrives("corporate", "It is all before the county court.")
    officer.sign_in("officer").open(f"/staff/cases/{case}/refuse", "refuse")
    page = officer.page
    page.check("input[name=ground][value=court]")
    page.fill("#reason", "The court hears it on 4 August. Come back to us if it does not decide on this.")
    officer.press("Check what this does", "refuse-checked")
    officer.press("Refuse it, send the letter and close", "refused")
    assert page.is_visible("text=We do not take this on as a complaint")
    assert page.is_visible("text=lgo.org.uk")
