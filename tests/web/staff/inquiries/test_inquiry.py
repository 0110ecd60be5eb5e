"""Officers at their desks: a concern is assessed, looked into, concluded and signed off on its pages."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from intake.procedures import assessment
from intake.web.asked.questions import CATEGORIES
from tests.actors import now
from tests.services.access.story import give
from tests.web.staff.at_a_desk import Forms
from tests.web.statements import asked_for

TODAY = date(2026, 5, 5)
SOON = TODAY + timedelta(days=10)
WORDS = "Timesheets are signed for shifts nobody worked."
INQUIRE = {
    "safety": "none",
    "about_a_receiver": "no",
    "categories": "criminal-offence",
    "decision": "inquire",
    "why": "It can be looked into.",
}


def on(field: str, day: date) -> dict[str, str]:
    return {f"{field}-day": str(day.day), f"{field}-month": str(day.month), f"{field}-year": str(day.year)}


@pytest.fixture
def concern(arrives) -> str:
    return f"/staff/cases/{arrives('whistleblowing', WORDS)}"


class Inquirer:
    """An officer at the page of one inquiry."""

    def __init__(self, desk, case: str) -> None:
        self.desk, self.case = desk, case

    def keep(self, fold: str, **typed: str) -> int:
        self.desk.visit(f"{self.case}/inquiry")
        return self.desk.press(f"{self.case}/inquiry/{fold}", **typed).status_code

    def do(self, words: str, deed: str, **typed: str) -> int:
        """Follow the first link of that deed, and press its button."""
        page = self.desk.visit(f"{self.case}/inquiry").text
        (address, *_) = re.findall(rf'href="([^"]*/inquiry/{deed}/\d+)"', page)
        assert words in self.desk.visit(address).text
        fields = next(held for goes, held in Forms(self.desk.page.text).forms if goes == "")
        self.desk.page = self.desk.client.post(address, data=fields | typed)
        return self.desk.page.status_code

    def to_review(self) -> None:
        desk, case = self.desk, self.case
        desk.visit(f"{case}/assess")
        assert desk.press(f"{case}/assess", **INQUIRE).status_code == 303
        assert self.keep("terms", terms_text="Were shifts paid that nobody worked?") == 303
        assert self.keep("investigator", outside="Bevan & Co, solicitors") == 303
        assert self.keep("plan", step_words="Ask payroll.", **on("step_due", SOON)) == 303
        assert self.do("Ask payroll.", "settle", how="They sent them.") == 303
        assert self.keep("allegations", allegation_words="Shifts were paid that nobody worked.") == 303
        found = {"found": "substantiated", "found_why": "The gate's log shows it."}
        assert self.do("Shifts were paid", "find", **found) == 303


def test_the_page_leads_from_assessing_to_the_sign_off(at_desk, concern):
    ruth, piotr = Inquirer(at_desk("monitoring"), concern), Inquirer(at_desk("deputy"), concern)
    ruth.desk.visit(concern)
    assert "Assess it: what it is, who is in danger, who must know now." in ruth.desk.words
    ruth.to_review()
    desk = ruth.desk
    desk.visit(f"{concern}/inquiry")
    assert "Next Give the person who raised it feedback" in desk.words
    assert "Substantiated: of 1 allegation, 1 substantiated." in desk.words
    assert "You wrote findings or the report of this." in desk.words
    assert "Here that may be Piotr Lis." in desk.words
    assert f'action="{concern}/sign-off"' not in desk.page.text
    piotr.desk.visit(f"{concern}/inquiry")
    answer = piotr.desk.press(f"{concern}/sign-off", reviewed_text="I read all of it.")
    assert answer.status_code == 303
    piotr.desk.visit(f"{concern}/inquiry?done=sign-off")
    assert "You have signed it off." in piotr.desk.words
    assert "Signed off, and nothing was changed since" in piotr.desk.words
    assert "Here that may be" not in piotr.desk.words
    ruth.keep("lessons", lessons_text="Two people sign sheets.")
    ruth.desk.visit(f"{concern}/inquiry")
    assert "something was changed since: it stands no more" in ruth.desk.words


def act(desk, address: str, **typed: str) -> int:
    desk.visit(address)
    return desk.press(address, step="do", **typed).status_code


def test_closing_unsigned_is_refused_in_words_and_feedback_against_the_findings_too(at_desk, concern):
    ruth, piotr = (Inquirer(at_desk(who), concern) for who in ("monitoring", "deputy"))
    ruth.to_review()
    desk, told = ruth.desk, {"text": "We looked into it, and this is what we can say."}
    assert act(desk, f"{concern}/acknowledge", text="We have it, and will look into it.") == 303
    assert act(desk, f"{concern}/respond", outcome="not-substantiated", **told) == 409
    assert "That contradicts the findings. Substantiated: of 1 allegation, 1 substantiated." in desk.words
    assert act(desk, f"{concern}/respond", outcome="substantiated", **told) == 303
    assert act(desk, f"{concern}/close", reason="All is done.") == 409
    assert "nobody has signed off what stands there now" in desk.words
    piotr.desk.visit(f"{concern}/inquiry")
    assert piotr.desk.press(f"{concern}/sign-off", reviewed_text="All of it.").status_code == 303
    ruth.desk.visit(f"{concern}/inquiry")
    assert "Next Close it" in ruth.desk.words
    piotr.desk.visit(f"{concern}/inquiry")
    assert act(desk, f"{concern}/close", reason="All is done.") == 303
    answer = piotr.desk.press(f"{concern}/inquiry/terms", terms_text="One more thing.")
    assert answer.status_code == 409  # closed meanwhile, and nothing of what was typed is lost
    assert piotr.desk.form(f"{concern}/inquiry/terms")["terms_text"] == "One more thing."
    assert piotr.desk.press(f"{concern}/inquiry/terms").status_code == 409
    assert "This concern was closed on Tuesday 5 May 2026. Reopen it first." in piotr.desk.words


def test_assessing_tells_what_is_missing_and_keeps_what_was_typed(at_desk, concern):
    desk = at_desk("monitoring")
    desk.visit(f"{concern}/assess")
    told = {"police": "told", "police_who": "101", **on("police_on", TODAY + timedelta(days=1))}
    answer = desk.press(
        f"{concern}/assess", decision="inquire", why="", public_interest="Public money.", **told
    )
    assert answer.status_code == 422
    for words in (
        "Say what it is about, as the law lists it.",
        "Say whether anybody may come to harm.",
        "Give the reason for this decision.",
        "is in the future. Tell them, then write it down.",
        "Say by whom they were told.",
    ):
        assert words in desk.words
    form = desk.form(f"{concern}/assess")
    assert form["public_interest"] == "Public money."
    assert form["police_who"] == "101"


def test_what_was_assessed_stands_on_the_page_and_whoever_must_know_first(at_desk, concern):
    desk = at_desk("monitoring")
    desk.visit(f"{concern}/assess")
    told = {
        "audit": "to-be-told",
        "police": "told",
        "police_who": "101",
        "police_by": "Ruth",
        **on("police_on", TODAY),
    }
    assert desk.press(f"{concern}/assess", **INQUIRE | told | {"about_a_receiver": "yes"}).status_code == 303
    desk.visit(f"{concern}/inquiry?done=assessed")
    assert "Still to be told: Internal audit, where it may be fraud" in desk.words
    assert "101, told on Tuesday 5 May 2026 by Ruth" in desk.words
    assert "It is about somebody who received it. Whoever it is about does not work on it" in desk.words
    desk.visit(concern)
    assert "Decided how to look into it" in desk.words


def test_a_complaint_in_disguise_leads_to_where_it_is_sent_on(at_desk, concern):
    desk = at_desk("monitoring")
    desk.visit(f"{concern}/assess")
    elsewhere = {"decision": "send-on", "elsewhere": "complaints", "says": "agrees"}
    answer = desk.press(f"{concern}/assess", **INQUIRE | elsewhere)
    assert answer.headers["Location"] == f"{concern}/reroute"


@pytest.mark.parametrize(
    ("fold", "typed", "words"),
    [
        ("terms", {}, "Write the terms of reference"),
        ("terms", {"terms_text": "x" * 20_001}, "It is 1 too long"),
        ("investigator", {}, "Choose somebody who can open this concern"),
        ("investigator", {"investigator": "f" * 32}, "That person cannot open this concern"),
        ("plan", {"step_words": "Ask.", **on("step_due", TODAY - timedelta(days=1))}, "is in the past"),
        ("plan", {"step_words": "Ask."}, "Say by when"),
        (
            "interviews",
            {"interview_who": "A", "interview_text": "B", **on("interview_on", SOON)},
            "in the future",
        ),
        (
            "actions",
            {"action_words": "A", "action_owner": "B", **on("action_due", date(2025, 1, 1))},
            "in the past",
        ),
        ("evidence", {"evidence_item": "Logs."}, "Say from whom it came"),
        ("decisions", {"decision_text": "To wait."}, "Give the reason"),
    ],
)
def test_what_cannot_be_is_said_in_its_own_fold_and_stays_typed(at_desk, concern, fold, typed, words):
    ruth = Inquirer(at_desk("monitoring"), concern)
    assert ruth.keep(fold, **typed) in {409, 422}
    page = ruth.desk.page.text
    assert words in ruth.desk.words
    assert re.search(rf'<details class="govuk-details" id="{fold}" open>', page)
    again = ruth.desk.form(f"{concern}/inquiry/{fold}")
    for name, text in typed.items():
        assert again.get(name, "") == text or name == "investigator"


def test_two_at_once_the_second_loses_nothing(at_desk, concern):
    ruth, piotr = (Inquirer(at_desk(who), concern) for who in ("monitoring", "deputy"))
    piotr.desk.visit(f"{concern}/inquiry")
    ruth.keep("terms", terms_text="Mine came first.")
    answer = piotr.desk.press(f"{concern}/inquiry/terms", terms_text="And these are mine.")
    assert answer.status_code == 409
    assert "This concern changed after you had opened this page" in piotr.desk.words
    assert "Mine came first." in piotr.desk.words
    assert piotr.desk.form(f"{concern}/inquiry/terms")["terms_text"] == "And these are mine."
    assert piotr.desk.press(f"{concern}/inquiry/terms").status_code == 303


def test_what_was_settled_meanwhile_is_told(at_desk, concern):
    ruth = Inquirer(at_desk("monitoring"), concern)
    ruth.to_review()
    for deed in ("settle", "find", "agree"):
        assert ruth.desk.visit(f"{concern}/inquiry/{deed}/999").status_code == 303
    ruth.desk.visit(f"{concern}/inquiry")
    token = ruth.desk.form(f"{concern}/inquiry/terms")
    answer = ruth.desk.client.post(f"{concern}/inquiry/find/999", data=token | {"found_why": "It is so."})
    assert answer.status_code == 409
    assert "Nothing was done with what you typed." in answer.text
    assert "It is so." in answer.text
    assert ruth.desk.client.post(f"{concern}/inquiry/nothing", data=token).status_code == 404


def test_a_name_of_the_council_is_one_of_those_who_can_open_it(at_desk, concern, deputy, manager):
    ruth = Inquirer(at_desk("monitoring"), concern)
    ruth.desk.visit(f"{concern}/inquiry")
    assert "Piotr Lis" in ruth.desk.words
    assert "Tom Hendry" not in ruth.desk.words
    assert ruth.keep("investigator", investigator=deputy.id) == 303
    ruth.desk.visit(f"{concern}/inquiry")
    assert "Nobody else can open this concern" not in ruth.desk.words
    assert ruth.keep("investigator", investigator=manager.id) == 409


def test_the_file_holds_all_of_it_and_no_button(at_desk, concern):
    ruth = Inquirer(at_desk("monitoring"), concern)
    ruth.to_review()
    ruth.keep(
        "interviews",
        interview_who="A porter",
        interview_text="<b>Nobody</b> was there.",
        interview_agreed="yes",
        **on("interview_on", TODAY),
    )
    ruth.do("A porter", "agree", agreed="no", agreed_why="It was the evening.")
    ruth.keep("evidence", evidence_item="The gate's log.", evidence_source="Estates", evidence_kept="Safe 2")
    ruth.keep("decisions", decision_text="To hear two more.", decision_why="They were on shift.")
    ruth.keep(
        "actions", action_words="Two people sign.", action_owner="Head of payroll", **on("action_due", SOON)
    )
    ruth.keep("report", report_text="What we did, and found.")
    page = ruth.desk.visit(f"{concern}/inquiry-file")
    for words in (
        WORDS,
        "Were shifts paid that nobody worked?",
        "Bevan & Co, solicitors, from outside",
        "Done Tuesday 5 May 2026",
        "<b>Nobody</b> was there.",
        "They do not agree with this note, Tuesday 5 May 2026: It was the evening.",
        "Kept: Safe 2",
        "Decided by: Ruth Adeyemi",
        "Allegation 1 Shifts were paid that nobody worked. Substantiated. The gate's log shows it.",
        "Whose: Head of payroll",
        "What we did, and found.",
        "Nobody has signed it off.",
    ):
        assert words in ruth.desk.words
    main = page.text[page.text.index("<main") :]
    assert "<form" not in main
    assert "<b>Nobody" not in main


def test_actions_go_on_after_the_closing_and_stand_in_the_list_of_dates(at_desk, concern, clock):
    ruth, piotr = (Inquirer(at_desk(who), concern) for who in ("monitoring", "deputy"))
    ruth.keep("actions", action_words="Two people sign.", action_owner="Payroll", **on("action_due", SOON))
    ruth.desk.visit("/staff/inquiries")
    assert f"Friday 15 May 2026 {concern[-8:]}" in ruth.desk.words
    clock.shift(timedelta(days=20))
    desk = at_desk("monitoring")
    desk.visit("/staff/inquiries")
    assert "Friday 15 May 2026 Late" in desk.words
    desk.visit(concern)
    assert "An action was due on Friday 15 May 2026 and is not done." in desk.words
    desk.visit(f"{concern}/inquiry")
    assert "Next An action was due on Friday 15 May 2026" in desk.words
    assert Inquirer(desk, concern).do("Two people sign.", "settle", how="They do.") == 303
    desk.visit("/staff/inquiries")
    assert "Nothing waits." in desk.words
    assert piotr.desk.visit("/staff/inquiries").status_code in {200, 303}


@pytest.mark.parametrize("who", ["officer", "manager", "senior", "alternate"])
def test_nobody_else_comes_to_any_of_it(at_desk, concern, who):
    desk = at_desk(who)
    for page in ("assess", "inquiry", "inquiry-file", "inquiry/find/1"):
        assert desk.visit(f"{concern}/{page}").status_code == 404
    listed = desk.visit("/staff/inquiries")
    assert listed.status_code == (200 if who == "alternate" else 404)
    assert concern[-8:] not in listed.text


def test_a_complaint_has_no_such_page_and_no_such_link(at_desk, arrives):
    case = f"/staff/cases/{arrives('corporate')}"
    desk = at_desk("manager")
    assert "inquiry" not in desk.visit(case).text
    for page in ("assess", "inquiry", "inquiry-file"):
        assert desk.visit(f"{case}/{page}").status_code == 404


def test_no_page_says_that_the_law_protects_anybody_or_asks_why_they_speak_up(at_desk, concern):
    ruth = Inquirer(at_desk("monitoring"), concern)
    ruth.to_review()
    for page in ("", "/assess", "/inquiry", "/inquiry-file", "/inquiry/find/6", "/respond"):
        told = ruth.desk.visit(f"{concern}{page}").text.lower()
        for never in ("protected", "good faith", "motive", "malicious"):
            assert never not in told, (page, never)


def test_the_categories_are_those_of_the_reporters_door():
    assert list(assessment.CATEGORIES) == [name for name, _ in CATEGORIES]


def test_forty_allegations_are_one_page_that_asks_no_more_than_one(at_desk, concern, clock):
    ruth = Inquirer(at_desk("monitoring"), concern)
    ruth.keep("allegations", allegation_words="Thing 0.")
    few = asked_for(lambda: ruth.desk.visit(f"{concern}/inquiry"))
    for number in range(1, 40):
        assert ruth.keep("allegations", allegation_words=f"Thing {number}.") == 303
    many = asked_for(lambda: ruth.desk.visit(f"{concern}/inquiry"))
    assert "Allegation 40" in ruth.desk.words
    assert len(many) == len(few) <= 20, "\n".join(many)


def test_a_session_that_ran_out_keeps_what_was_typed(at_desk, concern, clock):
    ruth = Inquirer(at_desk("monitoring"), concern)
    ruth.desk.visit(f"{concern}/inquiry")
    clock.shift(timedelta(hours=3))
    ruth.desk.press(f"{concern}/inquiry/terms", terms_text="All of an afternoon.")
    assert ruth.desk.page.status_code == 401
    assert "kept in this page" in ruth.desk.words


def test_an_investigator_works_the_one_inquiry_and_neither_sets_its_terms_nor_signs_it_off(
    at_desk, arrives, office, monitoring_officer, investigator
):
    reference, other = (arrives("whistleblowing", WORDS) for _ in range(2))
    give(office, monitoring_officer, reference, investigator, now=now())
    case, desk = f"/staff/cases/{reference}", at_desk("investigator")
    theirs = Inquirer(desk, case)
    note = {"interview_who": "The night manager", "interview_text": "I saw it."}
    assert theirs.keep("interviews", **note, **on("interview_on", TODAY)) == 303
    page = desk.visit(f"{case}/inquiry").text
    for shut in ("inquiry/terms", "inquiry/investigator", "sign-off", "assess", "keeping"):
        assert f'"{case}/{shut}"' not in page
    assert "That is for those who received it." in page
    seen = desk.form(f"{case}/inquiry/interviews")  # token and revision as they are: nothing else stops it
    for fold in ("terms", "investigator"):
        typed = seen | {"terms_text": "x", "outside": "Me"}
        assert desk.client.post(f"{case}/inquiry/{fold}", data=typed).status_code == 404
    assert f'"{case}/keeping"' not in desk.visit(case).text
    assert desk.visit(f"/staff/cases/{other}/inquiry").status_code == 404
    ruth = at_desk("monitoring")
    assert "Iris Kemp" in ruth.visit(f"{case}/inquiry").text  # who can be named
