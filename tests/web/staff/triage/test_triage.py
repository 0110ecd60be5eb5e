"""Triage on its page: one press for the commonest case, and nothing typed is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from intake.database import reading, writing
from intake.demonstration.living import PASSWORD
from intake.models import Record, Staff
from intake.services.cases import places, themes
from intake.services.cases.words import Answer
from intake.services.casework import case_page
from tests import officers
from tests.actors import MONDAY, now, place_called, send, submission
from tests.web.staff.casework.test_working_a_case import act


def address(reference: str) -> str:
    return f"/staff/cases/{reference}/triage"


def day(name: str, day: int, month: int, year: int = 2026) -> dict[str, str]:
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)}


def typed(**more: str) -> dict[str, str]:
    """What a select holds is not read by the desk, so a story names all of it."""
    empty = dict.fromkeys(("signpost", "service", "theme", "who", "consent", "interest", "advocate"), "")
    empty |= dict.fromkeys(("safeguarding", "late", "to"), "")
    return {"what": "corporate", "severity": "ordinary"} | empty | more


def triage(desk, reference: str, **more: str):
    desk.visit(address(reference))
    return desk.press(address(reference), **typed(**more))


def test_the_commonest_case_is_two_pages_and_one_press_from_the_list(
    at_desk, arrives, office, manager, officer
):
    """It was open, change, keep, allocate, check, allocate: six pages, and nothing recorded of who complains."""
    themes.add_theme(office, manager, "Missed bins", now=MONDAY)
    ((theme, _),) = themes.open_themes(office)
    reference, desk, housing = arrives("corporate"), at_desk("manager"), place_called(office, "Housing")
    desk.visit("/staff/")
    desk.follow(f'Triage<span class="govuk-visually-hidden"> {reference}</span>')
    assert desk.page.status_code == 200
    done = desk.press(address(reference), **typed(service=housing, theme=theme, who="self", to=officer.id))
    assert done.status_code == 303
    desk.visit(done.location)
    assert "It was triaged." in desk.words
    for told in ("Maya Okafor", "Housing", "Missed bins", "The person it is about", "Triage it again"):
        assert told in desk.words
    desk.visit("/staff/?view=new")
    assert reference not in desk.words


def test_triaged_and_given_to_nobody_it_stays_among_the_new_and_says_so(at_desk, arrives):
    reference, desk = arrives("corporate"), at_desk("officer")
    triage(desk, reference)
    desk.visit("/staff/?view=new")
    assert reference in desk.words
    assert "Nobody yet Triaged" in desk.words


def test_another_procedure_says_what_it_does_to_the_clock_before_it_is_done(
    at_desk, arrives, office, officer
):
    reference, desk = arrives("corporate"), at_desk("officer")
    page = triage(desk, reference, what="children-statutory", note="About a foster placement.")
    assert page.status_code == 200
    assert "“Acknowledgement” falls away." in desk.words
    assert "“Stage 1 answer” begins: due Tuesday 19 May 2026." in desk.words
    assert "Nothing has been done yet." in desk.words
    assert "About a foster placement." in desk.page.text
    page = desk.press(address(reference), **typed(what="compliment"))
    assert "You chose another procedure after you had checked it." in desk.words
    desk.press(address(reference), **typed(what="children-statutory"))
    assert desk.press(address(reference), **typed(what="children-statutory")).status_code == 303
    known = case_page.open_case(office, officer, reference, now=now())
    assert known.procedure_id == "children-statutory"
    assert known.notes[0].text == "Found out at triage; it had come as “Complaint about a council service”."


def test_adjustments_stand_first_on_the_case_and_beside_each_letter(at_desk, arrives):
    reference, desk = arrives("corporate"), at_desk("officer")
    triage(desk, reference, adjustments="Large print; no calls before ten.")
    for page in ("", "/acknowledge", "/respond", "/write", "/extend/stage-1-response", "/refuse"):
        desk.visit(f"/staff/cases/{reference}{page}")
        assert "Large print; no calls before ten." in desk.words, page
        assert "letters obey them" in desk.words, page
    desk.visit(f"/staff/cases/{reference}/note")
    assert "Large print" not in desk.words


def test_what_the_reporter_answered_is_there_already(at_desk, office):
    answers = (
        Answer("Who are you to the child?", "I have left care"),
        Answer("Would you like an advocate?", "Yes, please find me one"),
        Answer("What happened?", "Nobody visits."),
        Answer("When did it happen, or when did you find out?", "Since Easter"),
        Answer("Is there anything that would make it easier to deal with us?", "Text me, do not ring."),
    )
    sent = replace(submission("children-statutory"), words=answers)
    reference, desk = send(office, sent, now=now()).reference, at_desk("officer")
    desk.visit(f"/staff/cases/{reference}")
    assert "Adjustments they asked for: letters obey them Text me, do not ring." in desk.words
    desk.follow("Triage it")
    assert '<option value="care-leaver" selected>' in desk.page.text
    assert '<option value="asked" selected>Asked for' in desk.page.text
    assert "as they wrote it: Since Easter" in desk.words
    page = desk.press(
        address(reference), **typed(what="children-statutory", who="care-leaver", advocate="asked")
    )
    assert page.status_code == 422
    assert "Say who finds an advocate, and by when." in desk.words
    more = typed(what="children-statutory", who="care-leaver", advocate="asked", advocate_by="Sam Ash")
    assert desk.press(address(reference), **more, **day("advocate_until", 8, 5)).status_code == 303
    desk.visit(f"/staff/cases/{reference}")
    assert "still to be found: Sam Ash, by Friday 8 May 2026" in desk.words
    letter = desk.visit(f"/staff/cases/{reference}/acknowledge").text
    assert "Sam Ash will find one for you by 8 May 2026." in letter


def test_a_child_for_a_sibling_and_a_day_to_come_are_answered_in_words(at_desk, arrives):
    reference, desk = arrives("children-statutory"), at_desk("officer")
    known = {"what": "children-statutory", "who": "sibling", "note": "She is nine."}
    page = triage(desk, reference, **known, **day("aware_on", 6, 5))
    assert page.status_code == 422
    assert "Wednesday 6 May 2026 is in the future." in desk.words
    assert "Decide whether the interest of a brother or sister in the child is sufficient" in desk.words
    assert "She is nine." in desk.page.text
    more = {"interest": "yes", "interest_why": "They shared a placement."}
    assert (
        desk.press(address(reference), **typed(**known, **more), **day("aware_on", 1, 5)).status_code == 303
    )
    desk.visit(f"/staff/cases/{reference}")
    assert "Yes, sufficient: They shared a placement." in desk.words


def test_a_late_one_asks_for_a_decision_and_goes_on_to_the_door_if_it_is_not_taken_on(at_desk, arrives):
    reference, desk = arrives("corporate"), at_desk("officer")
    assert triage(desk, reference, **day("matter_on", 4, 5, 2025)).status_code == 422
    assert "the twelve months ended on Monday 4 May 2026. Decide whether to look into it" in desk.words
    known = typed(late="refuse", late_why="He knew all along, says his sister.")
    done = desk.press(address(reference), **known, **day("matter_on", 4, 5, 2025))
    assert done.location.endswith(f"/staff/cases/{reference}/refuse")
    desk.visit(done.location)
    assert 'value="over-12-months" checked' in desk.page.text
    assert "He knew all along" not in desk.words, "the letter is the holder's"
    assert "The letter always ends with" in desk.words
    desk.press(
        done.location, ground="over-12-months", step="check", reason="Nothing shows what was said then."
    )
    assert "“Stage 1 answer” no longer runs." in desk.words
    assert desk.press(done.location, ground="over-12-months", step="do").status_code == 303
    desk.visit(f"/staff/cases/{reference}")
    for told in (
        "We do not take this on as a complaint",
        "It came more than 12 months after the matter",
        "Nothing shows what was said then.",
        "lgo.org.uk",
        "Refused, and not taken on",
        "Closed",
    ):
        assert told in desk.words


def test_nothing_for_us_goes_on_with_its_signpost(at_desk, arrives):
    reference, desk = arrives("corporate"), at_desk("officer")
    assert triage(desk, reference, what="not-for-us").status_code == 422
    assert "Say who deals with it." in desk.words
    done = desk.press(address(reference), **typed(what="not-for-us", signpost="schools"))
    desk.visit(done.location)
    assert 'value="not-the-council" checked' in desk.page.text
    assert "complain to the school itself" in desk.words
    thanks = arrives("compliment")
    done = triage(desk, thanks, what="not-for-us", signpost="other")
    assert done.location.endswith("/respond")


def test_a_concern_leads_on_to_where_it_is_moved_and_nothing_is_kept(at_desk, arrives, office, officer):
    reference, desk = arrives("corporate"), at_desk("officer")
    done = triage(desk, reference, what="concern", note="Timesheets are false.")
    assert done.location.endswith(f"/staff/cases/{reference}/reroute")
    known = case_page.open_case(office, officer, reference, now=now())
    assert (known.revision, known.triaged) == (1, ())


def test_the_acknowledgement_is_the_next_page_where_it_is_wanted(at_desk, arrives):
    reference, desk = arrives("corporate"), at_desk("officer")
    assert triage(desk, reference, then="acknowledge").location.endswith("/acknowledge")
    act(desk, reference, "acknowledge")
    desk.visit(address(reference))
    assert "write the acknowledgement" not in desk.words


def test_its_points_are_the_next_page_where_that_is_wanted_and_it_has_any(at_desk, arrives):
    desk = at_desk("officer")
    reference, enquiry = arrives("corporate"), arrives("general-enquiry")
    assert triage(desk, reference, then="points").location.endswith(f"{reference}/points")
    desk.visit(address(enquiry))
    assert "set out its points" not in desk.words
    kept = triage(desk, enquiry, then="points", what="general-enquiry")
    assert kept.location.endswith(f"{enquiry}?done=triage")


def test_whoever_is_second_is_told_and_finds_everything_typed(at_desk, arrives, office, manager, officer):
    reference, desk = arrives("corporate"), at_desk("officer")
    desk.visit(address(reference))
    officers.allocate(office, manager, reference, officer.id, revision=1, now=now())
    page = desk.press(address(reference), **typed(note="He asks for Ann.", adjustments="Braille."))
    assert page.status_code == 409
    assert "Nothing more was done, and nothing you typed was lost" in desk.words
    assert "He asks for Ann." in page.text
    again = typed(to=officer.id)
    assert desk.press(address(reference), **again).status_code == 303
    desk.visit(f"/staff/cases/{reference}")
    assert "Braille." in desk.words


def test_a_service_closed_while_typing_is_told_and_the_rest_stays(at_desk, arrives, office, manager):
    reference, desk, housing = arrives("corporate"), at_desk("officer"), place_called(office, "Housing")
    desk.visit(address(reference))
    places.close(office, manager, housing, now=now())
    page = desk.press(address(reference), **typed(service=housing, note="He asks for Ann."))
    assert page.status_code == 422
    assert "it was closed or removed meanwhile. Choose again." in desk.words
    assert "He asks for Ann." in page.text


def test_what_was_typed_when_a_session_ran_out_comes_back(at_desk, arrives, clock):
    reference, desk = arrives("corporate"), at_desk("officer")
    desk.visit(address(reference))
    clock.shift(timedelta(minutes=30))
    page = desk.press(address(reference), **typed(note="He asks for Ann."))
    assert page.status_code == 401
    kept = desk.form("/staff/sign-in")
    desk.press("/staff/sign-in", **kept | {"email": "officer@demonstration.example", "password": PASSWORD})
    desk.press(address(reference))
    assert "You are signed in again, and what you typed is here." in desk.words
    assert "He asks for Ann." in desk.page.text


def test_for_who_may_not_triage_the_page_is_not_there(at_desk, arrives, office):
    complaint, concern = arrives("corporate"), arrives("whistleblowing")
    assert at_desk("monitoring").visit(address(concern)).status_code == 404
    assert at_desk("monitoring").visit(address(complaint)).status_code == 404
    assert at_desk("officer").visit(address(concern)).status_code == 404
    assert at_desk("senior").visit(address(complaint)).status_code == 404


def test_an_officer_whose_role_was_taken_away_while_typing_does_nothing(at_desk, arrives, office, officer):
    reference, desk = arrives("corporate"), at_desk("officer")
    desk.visit(address(reference))
    with writing(office.session):
        office.session.execute(update(Staff).where(Staff.id == officer.id).values(role="senior-officer"))
    assert desk.press(address(reference), **typed(note="He asks for Ann.")).status_code == 404
    with reading(office.session):
        assert office.session.scalars(select(Record).where(Record.kind == "triage")).all() == []


def test_what_it_may_be_stands_in_the_order_of_its_names(at_desk, arrives):
    desk, reference = at_desk("officer"), arrives("children-statutory")
    desk.visit(address(reference))
    chosen = desk.page.text.split('name="what"')[1].split("</select>")[0]
    names = re.findall(r"<option[^>]*>([^<]+)</option>", chosen)
    assert names[-2:] == ["Nothing for us", "A concern for whistleblowing"]
    assert names[:-2] == sorted(names[:-2])
    assert "one is still to be found (optional)" not in desk.words  # it is asked for
