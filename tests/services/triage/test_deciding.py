"""Triage: one decision, whole or not at all, and sealed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import Case, JournalLine, Notice, Record, StageReceipt
from intake.procedures.triage import Findings
from intake.services.cases import places, themes, triaged
from intake.services.casework import case_page
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.triage import beginning, deciding
from intake.services.triage.deciding import Decision
from intake.web.asked import questions
from tests import officers
from tests.actors import MONDAY, complaint, concern, place_called, send

LATER = MONDAY + timedelta(days=1)


def triage(office, officer, reference, found, place="", theme="", handler="", revision=1, now=MONDAY):
    decision = Decision(found, place, theme, handler)
    return deciding.decide(office, officer, reference, decision, revision=revision, now=now)


def page_of(office, officer, reference, now=MONDAY):
    return case_page.open_case(office, officer, reference, now=now)


def test_one_decision_moves_places_and_gives_a_case_and_seals_what_was_found(office, officer, manager):
    themes.add_theme(office, manager, "Missed collection", now=MONDAY)
    ((theme, _),) = themes.open_themes(office)
    housing, reference = place_called(office, "Housing"), send(office, complaint()).reference
    found = Findings(
        "service-request", who="self", adjustments="Large print.", safeguarding="told", told_whom="Ann Lee",
        told_on=MONDAY.date(), note="She rang twice.",
    )  # fmt: skip
    triage(office, manager, reference, found, housing, theme, officer.id)
    page = page_of(office, officer, reference)
    assert (page.procedure_id, page.place_id, page.theme_id) == ("service-request", housing, theme)
    assert (page.handler_id, page.adjustments) == (officer.id, "Large print.")
    assert [(one.found, one.on, one.by) for one in page.triaged] == [(found, MONDAY.date(), manager.name)]
    with reading(office.session):
        acts = office.session.scalars(select(JournalLine.act).order_by(JournalLine.number)).all()
        assert acts[-4:] == ["reclassify", "classified", "allocated", "triaged"]
        (line,) = office.session.scalars(select(JournalLine).where(JournalLine.act == "triaged"))
        assert line.detail == "{}"
        (sealed,) = office.session.scalars(select(Record).where(Record.kind == "triage"))
        assert b"Large" not in sealed.sealed
        assert b"Ann" not in sealed.sealed
        receipt = office.session.scalars(select(StageReceipt)).one()
        assert (receipt.measure, receipt.place_id, receipt.theme_id) == ("service-requests", housing, theme)
        assert "allocated" in office.session.scalars(select(Notice.kind)).all()


def test_triaged_again_the_newest_counts_and_what_was_found_before_stays(office, officer):
    reference = send(office, complaint()).reference
    left = triage(office, officer, reference, Findings("corporate", adjustments="A telephone call."))
    triage(
        office, officer, reference, Findings("corporate", adjustments=""), revision=left.revision, now=LATER
    )
    page = page_of(office, officer, reference, LATER)
    assert [one.found.adjustments for one in page.triaged] == ["A telephone call.", ""]
    assert page.adjustments == ""


def test_two_at_once_the_second_is_told_and_nothing_is_half_done(office, officer, manager):
    reference = send(office, complaint()).reference
    triage(office, officer, reference, Findings("corporate"))
    with pytest.raises(ActedMeanwhile):
        triage(office, manager, reference, Findings("compliment"), handler=officer.id)
    assert page_of(office, manager, reference).handler_id is None


def test_a_service_that_was_closed_meanwhile_leaves_everything_as_it_was(office, officer, manager):
    reference, housing = send(office, complaint()).reference, place_called(office, "Housing")
    places.close(office, manager, housing, now=MONDAY)
    with pytest.raises(Refused, match="Housing"):
        triage(office, officer, reference, Findings("service-request"), housing, handler=officer.id)
    page = page_of(office, officer, reference)
    assert (page.procedure_id, page.handler_id, page.triaged) == ("corporate", None, ())


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Findings("corporate", aware_on=date(2027, 1, 1)), "is in the future"),
        (Findings("children-statutory", who="sibling"), "the law leaves it to the council"),
        (Findings("a-procedure-of-once"), "There is no such procedure any more"),
        (Findings("whistleblowing"), "for other readers"),
    ],
)
def test_what_cannot_be_is_refused_in_words(office, officer, found, says):
    reference = send(office, complaint()).reference
    with pytest.raises(Refused, match=says):
        triage(office, officer, reference, found, handler=officer.id)
    assert page_of(office, officer, reference).handler_id is None


def test_once_work_has_begun_or_it_is_closed_it_stays_what_it_is(office, officer):
    reference = send(office, complaint()).reference
    officers.withdraw(office, officer, reference, "They rang.", revision=1, now=MONDAY)
    with pytest.raises(Refused, match="Reopen it first"):
        triage(office, officer, reference, Findings("corporate"), revision=2)


def test_an_officer_gives_it_to_nobody_but_themselves(office, officer, manager):
    reference = send(office, complaint()).reference
    with pytest.raises(Refused, match="is for your manager"):
        triage(office, officer, reference, Findings("compliment"), handler=manager.id)
    assert page_of(office, officer, reference).procedure_id == "corporate"


def test_a_concern_is_not_there_to_be_triaged(office, officer, monitoring_officer):
    reference = send(office, concern()).reference
    for who in (officer, monitoring_officer):
        with pytest.raises(NotFound):
            triage(office, who, reference, Findings("whistleblowing"))
    with reading(office.session):
        assert office.session.scalars(select(Record).where(Record.kind == "triage")).all() == []
        assert office.session.scalars(select(Case.revision)).one() == 1


def test_the_page_begins_with_what_was_answered_at_the_door():
    """Each answer of the reporter's door that says something is still asked there, in the same words."""
    asked = {
        (field.label.text, choice.label)
        for form in vars(questions).values()
        if isinstance(form, type) and issubclass(form, questions.Question)
        for field in form()
        if hasattr(field, "iter_choices")
        for choice in field.iter_choices()
    }
    assert set(beginning.SAYS) <= asked
    labels = {field.label.text for form in (questions.Adjustments, questions.Remedy) for field in form()}
    assert {triaged.ASKED_FOR, beginning.WHEN} <= labels
