"""MPs and councillors, the Ombudsman, children, and concerns that come by telephone."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from intake.database import writing
from intake.models import Staff
from tests.web.staff.casework.test_working_a_case import day

from .calls import CALL, ENTER, FRIDAY, enter, reference_on

MP = {
    "procedure": "mp-enquiry",
    "channel": "email",
    "for_whom": "",
    "level": "",
    "name": "Ann Carr MP",
    "person": "Joyce Pell",
    "agreed": "not-yet",
}
LETTER = {
    "procedure": "ombudsman-enquiry",
    "channel": "letter",
    "for_whom": "",
    "level": "",
    "ombudsman_reference": "25 001 002",
}
CONCERN = {
    "procedure": "whistleblowing",
    "for_whom": "",
    "about_officer": "no",
    "category": "other",
    "level": "confidential",
}


def case_of(desk):
    desk.visit(f"/staff/cases/{reference_on(desk)}")
    return desk.words


def test_an_mps_letter_is_an_enquiry_with_a_constituent_and_consent(at_desk):
    desk = at_desk("officer")
    enter(desk, **MP)
    assert "From that day the clock can be paused on the case." in desk.words
    told = case_of(desk)
    for said in (
        "Enquiry from a Member of Parliament",
        "Ann Carr MP",
        "Joyce Pell",
        "I have not asked them yet",
    ):
        assert said in told


def test_a_complaint_through_an_mp_is_a_complaint_with_the_mp_as_its_channel(at_desk):
    desk = at_desk("officer")
    enter(desk, channel="mp", member="Ann Carr MP", agreed="agreed")
    told = case_of(desk)
    for said in (
        "Complaint about a council service",
        "Through an MP",
        "Ann Carr MP",
        "Yes, they agreed",
        "Nadia Whitlam",
    ):
        assert said in told


def test_an_enquiry_may_need_nobodys_consent(at_desk):
    desk = at_desk("officer")
    enter(desk, **MP | {"procedure": "councillor-enquiry", "agreed": "not-needed"})
    assert "It is not needed" in case_of(desk)


def test_the_ombudsman_has_a_reference_a_date_and_a_case_of_ours(at_desk, arrives):
    ours = arrives("corporate")
    desk = at_desk("officer")
    enter(desk, **LETTER | {"our_case": ours.lower()} | day("response_date", 29, 5))
    told = case_of(desk)
    for said in ("25 001 002", ours, "Friday 29 May 2026", "Nadia Whitlam"):
        assert said in told
    assert f"Follows from {ours}" in told
    desk.visit(f"/staff/cases/{ours}")
    assert "Is followed by" in desk.words


def test_a_case_that_is_not_theirs_and_one_that_is_not_there_are_answered_alike(at_desk, arrives):
    concern = arrives("whistleblowing")
    desk = at_desk("officer")
    answers = []
    for reference in (concern, "ZZZ-ZZZZ"):
        page = enter(desk, **LETTER | {"our_case": reference})
        assert page.status_code == 422
        answers.append(desk.words.replace(reference, ""))
    assert answers[0] == answers[1]
    assert "There is no case of this reference that you can open" in answers[0]


def test_a_date_of_the_ombudsman_before_the_letter_is_refused_in_words(at_desk):
    desk = at_desk("officer")
    page = enter(desk, **LETTER | day("response_date", 1, 4))
    assert page.status_code == 409
    assert "before the day of receipt" in desk.words


def test_a_young_person_is_asked_for_an_advocate_and_nobody_else_is(at_desk):
    desk = at_desk("officer")
    enter(desk, procedure="children-statutory", for_whom="", relation="care-leaver", advocate="yes")
    told = case_of(desk)
    assert "I have left care" in told
    assert "Yes, please find me one" in told
    enter(
        desk,
        procedure="children-statutory",
        for_whom="",
        relation="somebody-else",
        consent="cannot",
        person="Sam",
    )
    told = case_of(desk)
    assert "Sam" in told
    assert "Would you like an advocate?" not in told


def test_a_concern_is_entered_by_its_reader_alone(at_desk):
    complaints, reader = at_desk("officer"), at_desk("monitoring")
    complaints.visit(ENTER)
    assert "A concern is not kept here" in complaints.words
    assert "A concern is not kept here" not in reader.visit(ENTER).text
    enter(reader, **CONCERN)
    reference = reference_on(reader)
    assert "Nadia Whitlam" not in case_of(reader)
    assert complaints.visit(f"/staff/cases/{reference}").status_code == 404


def test_the_complaints_team_keeps_nothing_of_a_concern(at_desk, office):
    desk = at_desk("officer")
    for procedure in ("elsewhere", "whistleblowing"):
        page = enter(desk, **CONCERN | {"procedure": procedure})
        assert page.status_code == 422
    assert "What you typed stands in this page alone" in enter(desk, procedure="elsewhere").text
    desk.visit("/staff/")
    assert "0 New" in desk.words


@pytest.mark.parametrize(
    ("who", "about", "entered"),
    [
        ("monitoring", "no", True),
        ("monitoring", "yes", False),
        ("monitoring", "unsure", False),
        ("alternate", "yes", True),
        ("alternate", "unsure", True),
        ("alternate", "no", False),
    ],
)
def test_a_concern_about_its_reader_is_not_kept_by_them(at_desk, who, about, entered):
    desk = at_desk(who)
    whom = {"named_monitoring_officer": "monitoring-officer yes"} if about == "yes" else {}
    page = enter(desk, **CONCERN | {"about_officer": about} | whom)
    assert page.status_code == (200 if entered else 422)
    assert ("nothing was kept" in desk.words) != entered
    if entered:
        other = at_desk({"monitoring": "alternate", "alternate": "monitoring"}[who])
        assert other.visit(f"/staff/cases/{reference_on(desk)}").status_code == 404


@pytest.mark.parametrize(
    "answers",
    [
        {"about_officer": "yes"},
        {"about_officer": "no", "named_deputy_monitoring_officer": "deputy-monitoring-officer yes"},
        {"about_officer": "no", "named_deputy_monitoring_officer": "chief-executive yes"},
    ],
    ids=["nobody is named", "No, and a name", "another office's answer"],
)
def test_answers_that_do_not_fit_together_are_asked_again(at_desk, answers):
    desk = at_desk("monitoring")
    assert enter(desk, **CONCERN | answers).status_code == 422
    assert "Error" in desk.words


def test_a_concern_without_a_name_asks_for_none(at_desk):
    desk = at_desk("monitoring")
    assert enter(desk, **CONCERN | {"level": "anonymous", "name": "", "phone": ""}).status_code == 200


def test_what_an_authority_adds_to_the_catalogue_is_asked_as_a_complaint(at_desk):
    desk = at_desk("officer")
    enter(desk, procedure="public-health")
    told = case_of(desk)
    assert "Complaint about public health" in told
    assert "What is your complaint about?" not in told


def test_consent_to_a_complaint_through_an_mp_pauses_nothing(at_desk):
    desk = at_desk("officer")
    enter(desk, channel="mp", member="Ann Carr MP", agreed="not-yet")
    assert "The constituent has not agreed yet" in desk.words
    assert "The clock runs meanwhile." in desk.words
    enter(desk, channel="mp", member="Ann Carr MP", agreed="agreed")
    assert "has not agreed yet" not in desk.words


def test_whoever_may_enter_no_more_keeps_nothing(at_desk, office, officer):
    """The role was taken away while they typed."""
    desk = at_desk("officer")
    desk.visit(ENTER)
    form = desk.form(ENTER) | CALL | FRIDAY
    with writing(office.session):
        office.session.execute(update(Staff).where(Staff.id == officer.id).values(role="senior-officer"))
    assert desk.client.post(ENTER, data=form).status_code == 404
    manager = at_desk("manager")
    manager.visit("/staff/")
    assert "0 New" in manager.words
