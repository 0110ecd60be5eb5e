"""A concern about the monitoring officer from its first word to its feedback, in real Chromium; she learns nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.database import reading
from intake.services.access import persons
from intake.services.ground.roles import VAULTS
from tests import offices

from .in_chromium import Officer, served
from .looking import press

FEEDBACK = "Thank you. We looked into it, and found that the form bears a date that is not true."
UNSEEN = (
    "/staff/",
    "/staff/concerns",
    "/staff/inquiries",
    "/staff/counts",
    "/staff/destroy",
)


@pytest.fixture
def marks(office) -> dict[str, str]:
    """What each reads out on the telephone; the chief internal auditor has an office, with one person in it."""
    offices.open_office(
        office, "chief-internal-auditor", "audit@demonstration.example", now=datetime.now(UTC)
    )
    with reading(office.session):
        return {one.name: one.fingerprint for one in persons.takers(office.session, VAULTS)}


def goes_on(page) -> None:
    press(page, "form#step .form-actions button")


def sends(page, url: str) -> str:
    """Without scripts and without a name; the receipt's code."""
    page.goto(url)
    press(page, "text=I have seen wrongdoing at work")
    goes_on(page)
    page.check("#category")
    goes_on(page)
    page.check("#about_officer")
    page.check("#named_monitoring_officer-2")
    goes_on(page)
    page.fill(
        "#story", "She took her cousin's company off the register, and put an earlier date on the form."
    )
    goes_on(page)
    goes_on(page)
    page.check("#level-3")
    goes_on(page)
    page.check("#read_again")
    goes_on(page)
    told = page.inner_text("main")
    assert "It goes to the chief internal auditor, and to nobody else." in told
    assert "Nobody whom you named can open it, and nobody who answers to them." in told
    goes_on(page)
    return " ".join(page.locator(".receipt span").all_inner_texts())


def reads(page, url: str, receipt: str) -> str:
    page.goto(f"{url}/return")
    page.fill("#code", receipt)
    press(page, "text=Open my case")
    return page.inner_text("main")


def gives(desk: Officer, case: str, to: str, mark: str, why: str) -> None:
    """Give a case to somebody by name, whose fingerprint was read out."""
    page = desk.page
    page.goto(f"{desk.url}{case}/give")
    offered = page.inner_text("main form")
    assert to in offered
    assert "Ruth Adeyemi" not in offered  # whoever is named
    assert "Piotr Lis" not in offered  # who answers to her
    page.check(f"label:has-text('{to}')")
    page.fill("#fingerprint", mark)
    page.fill("#reason", why)
    press(page, "text=Give them the case")


def sits_down(desk: Officer, who: str) -> Officer:
    desk.page.context.clear_cookies()
    return desk.sign_in(who)


def sees_nothing(desk: Officer, case: str, before: dict[str, str] | None = None) -> dict[str, str]:
    """What the monitoring officer reads on her pages: it is what she read before anybody had sent anything."""
    page, read = sits_down(desk, "monitoring").page, {}
    page.set_viewport_size({"width": 1440, "height": 900})
    for path in UNSEEN:
        page.goto(desk.url + path)
        read[path] = page.inner_text("main")
    page.goto(f"{desk.url}/staff/journal")
    assert set(page.locator("tbody tr td:nth-of-type(2)").all_inner_texts()) == {"Signed in"}
    for below in ("", "/inquiry", "/holders", "/give", "/assess", "/close"):
        answer = page.goto(f"{desk.url}{case}{below}")
        assert answer.status == 404
    if before is not None:
        assert read == before
    assert case.rpartition("/")[2] not in "".join(read.values())
    return read


def test_it_is_looked_into_signed_off_and_told_and_she_learns_nothing(
    app, marks, scriptless_page, browser_page
):
    reporter, today = scriptless_page, datetime.now(UTC)
    with served(app) as url:
        desk = Officer(browser_page, url)
        page = desk.page
        before = sees_nothing(desk, "/staff/cases/ABC-2345")
        receipt = sends(reporter, url)
        assert "the chief internal auditor" in reads(reporter, url, receipt)

        sits_down(desk, "audit")
        page.click("tbody th a >> nth=0")
        case = page.url.removeprefix(url).partition("?")[0]
        desk.look("about-her-case")
        assert "The chief internal auditor. Nobody else can open it." in page.inner_text("main")
        sees_nothing(desk, case, before)

        sits_down(desk, "audit").open(f"{case}/acknowledge", "about-her-acknowledge")
        page.fill("#text", "We have it, and look into it.")
        press(page, "main button:has-text('Send the acknowledgement')")
        page.goto(f"{url}{case}/assess")
        page.check("input[name=categories][value=concealment]")
        page.check("input[name=knows][value=first-hand]")
        page.select_option("#safety", "none")
        page.select_option("#about_a_receiver", "yes")
        page.select_option("#decision", "inquire")
        page.fill("#why", "The form and the contract can be compared.")
        desk.press("Keep what was found", "about-her-assessed")
        page.fill("#terms_text", "Which date does the form bear, and who wrote it?")
        press(page, "main button:has-text('Keep these terms')")
        gives(desk, case, "Iris Kemp", marks["Iris Kemp"], "She knows registers.")
        page.goto(f"{url}{case}/inquiry")
        page.select_option("select[name=investigator]", label="Iris Kemp")
        press(page, "main button:has-text('Name them')")

        sits_down(desk, "investigator").open("/staff/given", "about-her-given")
        page.goto(f"{url}{case}/inquiry")
        desk.look_inside("about-her-investigator")
        page.fill("#step_words", "Compare the form with the contract.")
        desk.date("step_due", today + timedelta(days=3))
        press(page, "main button:has-text('Add this step')")
        press(page, "a:has-text('Done, or dropped')")
        page.fill("#how", "Both lie in the file.")
        press(page, "main button:has-text('Keep it')")
        desk.look_inside("about-her-investigating")
        page.fill("#interview_who", "A clerk of the register")
        desk.date("interview_on", today)
        page.fill("#interview_text", "They were asked to put the earlier date.")
        press(page, "main button:has-text('Keep this note')")
        desk.look_inside("about-her-heard")
        page.fill("#allegation_words", "The form bears a date that is not true.")
        press(page, "main button:has-text('Set it out')")
        press(page, "a:has-text('Say what was found')")
        page.check("input[name=found][value=substantiated]")
        page.fill("#found_why", "The contract is older, and the clerk says so.")
        press(page, "main button:has-text('Keep the finding')")

        sits_down(desk, "audit").open(f"{case}/respond", "about-her-feedback")
        page.check("label:text-is('Substantiated')")
        page.fill("#text", FEEDBACK)
        press(page, "main button:has-text('Check what this does')")
        press(page, "main button:has-text('Send')")
        gives(desk, case, "Helen Marsh", marks["Helen Marsh"], "A second person is to sign it off.")
        desk.look("about-her-second-office")
        sees_nothing(desk, case, before)

        sits_down(desk, "alternate").open(f"{case}/inquiry", "about-her-second-person")
        desk.look_inside("about-her-second-person-inside")
        page.fill("#reviewed_text", "Terms, note, and finding. It follows, and it is fair.")
        desk.press("Sign it off", "about-her-signed-off")
        sits_down(desk, "audit")
        page.goto(f"{url}{case}/close")
        page.fill("#reason", "It was found out, told and signed off.")
        press(page, "main button:has-text('Close')")
        desk.look("about-her-closed")
        assert "Closed" in page.inner_text("main")

        assert FEEDBACK in reads(reporter, url, receipt)
        sees_nothing(desk, case, before)
