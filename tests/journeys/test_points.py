"""Points of complaint in real Chromium: set out, changed, answered, and read by the holder."""

from __future__ import annotations

from datetime import UTC, datetime

from tests import actors

from .looking import fit_for_everybody

LETTER = "We looked into it.\n\nThis is what we did."
POINTS = (
    ("The taxi was late on eleven mornings this term.", "A taxi that comes on time."),
    ("Contractor and council sent us from one to the other.", ""),
    ("https://contractor.example/complaints/" + "a" * 150 + " was no help.", "A page that answers."),
)


def sets_out(officer, case: str) -> None:
    for number, (words, wanted) in enumerate(POINTS, start=1):
        officer.page.fill("#words", words)
        officer.page.fill("#wanted", wanted)
        officer.press("Add this point", f"points-{number}")


def answers(officer, case: str, name: str, *outcomes: str) -> None:
    page = officer.page
    page.goto(f"{officer.url}{case}/respond")
    officer.look(f"{name}-empty")
    page.fill("#text", LETTER)
    officer.press("Check what this does", f"{name}-points-left-out")
    assert "Point 1 has no outcome yet." in page.inner_text("main")
    for number, outcome in enumerate(outcomes, start=1):
        page.check(f"input[name=found_{number}][value={outcome}]")
        page.fill(f"#why_{number}", "That is what the records show.")
    if page.locator("#own").count():
        page.fill("#own", "Nobody else of the team may read it this week.")
    officer.press("Check what this does", f"{name}-checked")
    assert "Partly upheld: of 3 points" in page.inner_text("main")
    officer.press("Send the answer", name)


def test_points_are_set_out_answered_agreed_and_read(app, office, officer):
    sent = actors.send(
        office,
        "children-statutory",
        " ".join(words for words, _ in POINTS),
        name="Nadia Whitlam",
        now=datetime.now(UTC),
    )
    case = f"/staff/cases/{sent.reference}"
    officer.sign_in("manager")
    page = officer.page
    officer.open(f"{case}/points", "points-none")
    officer.press("Add this point", "points-nothing-typed")
    sets_out(officer, case)
    officer.open(f"{case}/points/3", "point-one")
    page.fill("#words", POINTS[2][0].replace("was no help", "did not help"))
    page.select_option("#position", "1")
    officer.press("Keep it so", "points-moved")
    officer.look_inside("points-what-was-done")
    officer.open(f"{case}/points/2/withdraw", "point-withdraw")
    page.goto(f"{officer.url}{case}/acknowledge")
    officer.look("points-acknowledge")
    answers(officer, case, "points-stage-1", "upheld", "not-upheld", "referred")

    page.goto(f"{officer.url}{case}/open-next-stage")
    officer.press("Check what this does", "points-stage-2-checked").press(
        "Open the next stage", "points-stage-2"
    )
    officer.open(f"{case}/record/stage-2-statement-agreed", "points-agree")
    page.fill("#reason", "We met, and agreed that these are the points to be investigated.")
    officer.press("Check what this does", "points-agree-checked").press("Record it", "points-agreed")
    officer.open(f"{case}/points/2", "point-once-agreed")
    page.fill("#words", "The taxi was late on nineteen mornings.")
    officer.press("Keep it so", "point-in-silence")
    assert "It is not changed in silence" in page.inner_text("main")
    officer.date("agreed_on", datetime.now(UTC))
    page.fill("#agreed_why", "She has counted again.")
    officer.press("Keep it so", "point-agreed-anew")
    officer.open(f"{case}/statement", "statement")
    answers(officer, case, "points-stage-2-answer", "upheld", "upheld", "not-upheld")
    officer.look_inside("points-on-the-case")

    page.goto(f"{officer.url}/return")
    page.fill("#code", sent.receipt)
    with page.expect_navigation():
        page.click("main button.govuk-button")
    assert "What we understand that you complain of" in page.inner_text("main")
    fit_for_everybody(page, "points-holder", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
