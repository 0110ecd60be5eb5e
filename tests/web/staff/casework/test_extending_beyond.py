"""A date that moves further than the Code allows without good reason: asked, told, flagged, kept, counted."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from intake.counts.quarters import Period
from intake.database import reading
from intake.models import Case, Extension, JournalLine, StageReceipt
from intake.services.cases import places
from intake.services.figures import tallying

from .test_working_a_case import act, day


def test_the_code_lets_an_answer_be_later_with_good_reason(at_desk, arrives, office):
    reference, desk = arrives("corporate", "The lift has been broken since January."), at_desk("officer")
    case = f"/staff/cases/{reference}"
    act(desk, reference, "acknowledge")
    address = f"{case}/extend/stage-1-response"
    desk.visit(address)
    assert "later than that with good reason alone." in desk.words
    assert "Good reason for a date after Wednesday 3 June 2026" in desk.words
    page = desk.press(address, step="check", reason="The engineer is ill.", **day("until", 12, 6))
    assert page.status_code == 422
    assert "Friday 12 June 2026 is after Wednesday 3 June 2026. Give the good reason" in desk.words
    assert "The engineer is ill." in page.text
    desk.press(address, step="check", good_reason="The part comes from abroad on 8 June.")
    assert (
        "moves from Tuesday 19 May 2026 to Friday 12 June 2026. That goes beyond Wednesday 3 June 2026"
        in desk.words
    )
    assert "Nothing has been done yet." in desk.words
    assert desk.press(address, step="do").status_code == 303
    desk.visit(case)
    assert "Extended with good reason" in desk.words
    assert "The part comes from abroad on 8 June." in desk.words
    assert "longer than the rules allow as a rule (up to 10 working days more)" in desk.words
    assert "Furthest without good reason" in desk.words
    assert "extended to 12 June 2026, with good reason beyond the furthest date that needs none" in desk.words
    assert "lgo.org.uk" in desk.words
    with reading(office.session):
        (given,) = office.session.scalars(select(Extension))
        (counted,) = office.session.scalars(select(StageReceipt))
        (line,) = office.session.scalars(select(JournalLine).where(JournalLine.act == "extend"))
        assert (given.beyond, counted.extensions, counted.beyond) == (True, 1, 1)
        assert "abroad" not in line.detail
        assert office.session.scalars(select(Case.next_due)).one() == given.until
        counted = tallying.tally(
            office.session, Period(2026, 1), date(2026, 6, 1), tallying.Scope(places.tree_of(office.session))
        )
        assert (counted.extensions, counted.beyond) == ({"corporate-stage-1": 1}, {"corporate-stage-1": 1})


def test_good_reason_that_an_earlier_date_does_not_need_is_not_said(at_desk, arrives):
    reference, desk = arrives("corporate"), at_desk("officer")
    act(desk, reference, "acknowledge")
    address = f"/staff/cases/{reference}/extend/stage-1-response"
    desk.visit(address)
    desk.press(address, step="check", reason="Ill.", good_reason="Very ill.", **day("until", 1, 6))
    assert desk.press(address, step="do").status_code == 303
    desk.visit(f"/staff/cases/{reference}")
    assert "Extended with good reason" not in desk.words
    assert "Very ill." not in desk.words


def test_a_childs_complaint_is_extended_within_its_law_alone(at_desk, arrives):
    reference, desk = arrives("children-statutory"), at_desk("officer")
    address = f"/staff/cases/{reference}/extend/stage-1-response"
    desk.visit(address)
    assert "good reason" not in desk.words
    page = desk.press(address, step="check", reason="Complex.", good_reason="Very.", **day("until", 3, 12))
    assert page.status_code == 422
    assert "Give Wednesday 3 June 2026 or an earlier day." in desk.words


def test_twelve_weeks_in_all_stand_on_the_case_and_nobody_is_chased(at_desk, arrives):
    reference, desk = arrives("corporate"), at_desk("officer")
    desk.visit(f"/staff/cases/{reference}")
    assert "12 weeks in all: Tuesday 28 July 2026. 59 working days left." in desk.words
    assert "nobody is chased for it" in desk.words
    desk.visit(f"/staff/cases/{arrives('children-statutory')}")
    assert "weeks in all" not in desk.words


def test_what_was_answered_in_time_and_closed_long_after_was_answered_in_time(at_desk, arrives, clock):
    reference, desk = arrives("corporate"), at_desk("officer")
    act(desk, reference, "acknowledge")
    act(desk, reference, "respond", outcome="not-upheld", text="We looked into it.")
    clock.shift(timedelta(days=100))
    desk.sign_in("officer")
    act(desk, reference, "close", reason="The remedy was carried out.")
    desk.visit(f"/staff/cases/{reference}")
    assert "Within it: the last answer was on Tuesday 5 May 2026." in desk.words
