"""An inquiry in real Chromium: an anonymous concern from assessing to sign-off, at a desk and on a telephone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.journeys.in_chromium import Officer

TODAY = datetime.now(UTC)
SOON = TODAY + timedelta(days=10)


def signs_out(officer: Officer) -> None:
    officer.page.context.clear_cookies()


def test_an_anonymous_concern_from_assessing_to_sign_off(officer, arrives):
    case = arrives("whistleblowing", "Timesheets are signed for shifts that nobody worked. " * 6, name="")
    here = f"/staff/cases/{case}"
    officer.sign_in("monitoring").open(here, "inquiry-on-a-new-case")
    page = officer.page
    officer.open(f"{here}/inquiry", "inquiry-nothing-yet")
    officer.open(f"{here}/assess", "inquiry-assess")
    page.select_option("#decision", "inquire")
    page.select_option("#police", "told")
    officer.press("Keep what was found", "inquiry-assess-missing")
    page.check("input[name=categories][value=criminal-offence]")
    page.check("input[name=knows][value=first-hand]")
    page.select_option("#safety", "none")
    page.select_option("#about_a_receiver", "no")
    page.fill("#why", "The sheets can be compared with the gate's log.")
    page.fill("#police_who", "101, reference 7")
    page.fill("#police_by", "Ruth Adeyemi")
    officer.date("police_on", TODAY)
    officer.look("inquiry-assess-filled")
    officer.press("Keep what was found", "inquiry-assessed")
    assert "Write the terms of reference" in page.inner_text("main")

    page.fill("#terms_text", "Were shifts paid since January that nobody worked?")
    officer.press("Keep these terms", "inquiry-terms")
    page.fill("#outside", "Bevan & Co, solicitors")
    officer.press("Name them", "inquiry-investigator")
    page.fill("#step_words", "Ask payroll for the sheets, and the agency for its invoices.")
    officer.date("step_due", TODAY - timedelta(days=400))
    officer.press("Add this step", "inquiry-step-in-the-past")
    officer.date("step_due", SOON)
    officer.press("Add this step", "inquiry-step")
    officer.click("a:has-text('Done, or dropped')").look("inquiry-settle")
    page.fill("#how", "They sent them the same day.")
    officer.press("Keep it", "inquiry-settled")
    page.fill("#allegation_words", "Shifts were paid that nobody worked.")
    officer.press("Set it out", "inquiry-allegation")
    officer.click("a:has-text('Say what was found')").look("inquiry-find")
    page.check("input[name=found][value=substantiated]")
    page.fill("#found_why", "The gate's log shows it for eleven nights.")
    officer.press("Keep the finding", "inquiry-found")
    officer.look_inside("inquiry-all-folds")
    page.fill("#interview_who", "A porter")
    officer.date("interview_on", TODAY)
    page.fill("#interview_text", "Nobody was there at night. https://estates.example/" + "a" * 120)
    officer.press("Keep this note", "inquiry-interview")
    officer.look_inside("inquiry-all-folds-again")
    officer.click("a:has-text('Whether they agree')").look("inquiry-agree")
    officer.open(f"{here}/inquiry", "inquiry-review-wanted")
    officer.look_inside("inquiry-own-work")
    assert "You wrote findings or the report of this." in page.inner_text("main")

    signs_out(officer)
    officer.sign_in("deputy").open(f"{here}/inquiry", "inquiry-second-person")
    officer.look_inside("inquiry-second-person-inside")
    page.fill("#reviewed_text", "Terms, notes, log and the finding. It is fair, and the finding follows.")
    officer.press("Sign it off", "inquiry-signed-off")
    officer.look_inside("inquiry-signed-off-inside")
    assert "Signed off, and nothing was changed since" in page.inner_text("main")
    page.fill("#action_words", "Two people sign each sheet.")
    page.fill("#action_owner", "Head of payroll")
    officer.date("action_due", SOON)
    officer.press("Add this action", "inquiry-action")
    officer.look_inside("inquiry-undone")
    assert "it stands no more" in page.inner_text("main")
    officer.click(f"a[href*='{here}/inquiry/move/']").look("inquiry-move")
    officer.open("/staff/inquiries", "inquiry-dates")
    officer.open(f"{here}/inquiry-file", "inquiry-file")
    officer.open(here, "inquiry-on-the-case")
