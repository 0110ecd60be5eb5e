"""The team's day at the first page: what is answered, lists narrowed and kept, many cases at one press."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from intake.services.cases import themes
from intake.services.casework import classifying
from intake.services.desk import leafing
from intake.services.people import absences
from tests import officers
from tests.actors import now, place_called


def listed(desk) -> list[str]:
    return re.findall(r'href="/staff/cases/([\w-]+)"', desk.page.text)


def answer(office, officer, reference: str) -> None:
    """Take a general enquiry and answer it."""
    officers.allocate(office, officer, reference, officer.id, revision=1, now=now())
    officers.respond(office, officer, reference, "answered", "It is on Tuesdays.", "", revision=2, now=now())


def bulk(desk, chosen: list[str], act: str, **typed):
    """Tick some lines and press a button under the list."""
    ticked = re.findall(r'name="case" value="([^"]+)"', desk.page.text)
    cases = [line for line in ticked if line.partition(".")[0] in chosen]
    desk.page = desk.client.post(
        "/staff/bulk", data=desk.form("/staff/bulk") | {"case": cases, "act": act} | typed
    )
    return desk.page


def test_what_is_answered_waits_to_be_closed_and_is_neither_open_nor_new_nor_mine(
    at_desk, arrives, office, officer
):
    done, waits = arrives("general-enquiry", "When?"), arrives("general-enquiry", "Where?")
    answer(office, officer, done)
    desk = at_desk("officer")
    for view in ("open", "new"):
        desk.visit(f"/staff/?view={view}")
        assert listed(desk) == [waits], view
    for view in ("mine", "step", "due", "overdue"):
        desk.visit(f"/staff/?view={view}")
        assert done not in listed(desk), view
    desk.follow("<strong>1</strong> To close")
    assert listed(desk) == [done]
    assert "Answered 5 May 2026" in desk.words
    officers.close(office, officer, done, "Done.", revision=3, now=now())
    desk.visit("/staff/?view=to-close")
    assert "Nothing is answered and still to be closed." in desk.words
    desk.visit("/staff/?view=closed")
    assert listed(desk) == [done]


def test_an_answer_that_is_followed_by_the_next_stage_is_new_again(at_desk, arrives, office, officer):
    reference = arrives("corporate", "The bin.")
    officers.allocate(office, officer, reference, officer.id, revision=1, now=now())
    officers.acknowledge(office, officer, reference, "We have it.", revision=2, now=now())
    officers.respond(office, officer, reference, "upheld", "So it was.", "", revision=3, now=now())
    desk = at_desk("officer")
    desk.visit("/staff/?view=to-close")
    assert listed(desk) == [reference]
    officers.open_next_stage(office, officer, reference, None, "", revision=4, now=now())
    desk.visit("/staff/?view=to-close")
    assert listed(desk) == []
    desk.visit("/staff/?view=new")
    assert listed(desk) == [reference]


def test_my_next_step_is_what_waits_for_nobody_else(at_desk, arrives, office, officer, clock):
    waits, mine = arrives("mp-enquiry"), arrives("mp-enquiry")
    for reference in (waits, mine):
        officers.allocate(office, officer, reference, officer.id, revision=1, now=now())
    desk = at_desk("officer")
    desk.visit(f"/staff/cases/{waits}/pause-clock")
    desk.press(f"/staff/cases/{waits}/pause-clock", reason="We need the constituent's consent.")
    desk.visit("/staff/?view=mine")
    assert sorted(listed(desk)) == sorted([waits, mine])
    desk.visit("/staff/?view=step")
    assert mine in listed(desk)


def test_filters_hold_together_stay_in_the_address_and_are_kept_under_a_name(
    at_desk, arrives, office, manager, officer
):
    for kind in ("corporate", "general-enquiry"):
        arrives(kind, service=place_called(office, "Housing"))
    waste = place_called(office, "Waste and recycling")
    wanted = arrives("corporate", "Bins.", place=waste)
    desk = at_desk("manager")
    desk.visit(f"/staff/?view=open&procedure=corporate&place={waste}&handler=nobody&channel=online")
    assert listed(desk) == [wanted]
    assert "All open, narrowed: 1 of 3" in desk.words
    what = "Complaint about a council service · Waste and recycling · Nobody yet · Online form"
    assert f"Narrowed to: {what}" in desk.words
    desk.press("/staff/saved", name=" My  bins ")
    assert desk.page.status_code == 303
    desk.visit("/staff/")
    desk.follow("My bins")
    assert listed(desk) == [wanted]
    others = at_desk("officer")
    others.visit("/staff/")
    assert "My bins" not in others.page.text
    (gone,) = re.findall(r"/staff/saved/\w+/remove", desk.page.text)
    others.client.post(gone, data=others.form("/staff/sign-out"))
    desk.visit("/staff/")
    assert "My bins" in desk.words
    desk.press(gone)
    desk.visit("/staff/")
    assert "My bins" not in desk.words


def test_a_name_that_is_none_is_asked_for_again(at_desk, arrives):
    arrives("corporate")
    desk = at_desk("manager")
    desk.visit("/staff/?procedure=corporate")
    assert desk.press("/staff/saved", name=" ").status_code == 409
    assert "Give the list a name of 1 to 60 characters." in desk.words
    assert desk.press("/staff/saved", name="Corporate").status_code == 303
    assert desk.page.headers["Location"] == "/staff/?view=open&procedure=corporate"


def test_days_and_orders_narrow_and_turn_the_list(at_desk, arrives, clock, monkeypatch):
    monkeypatch.setattr(leafing, "PAGE", 2)
    came = []
    for _ in range(5):
        came.append(arrives("general-enquiry"))
        clock.shift(timedelta(days=1))
    desk = at_desk("officer")
    desk.visit("/staff/?view=open&order=received&from=2026-05-06&to=2026-05-08")
    assert listed(desk) == came[1:3]
    desk.follow("Next page")
    assert listed(desk) == came[3:4]
    desk.follow("Previous page")
    assert listed(desk) == came[1:3]
    desk.follow("Received")
    assert listed(desk) == [came[3], came[2]]
    assert 'aria-sort="descending"' in desk.page.text
    desk.visit("/staff/?view=open&order=reference")
    assert listed(desk) == sorted(came)[:2]
    desk.follow("Last page")
    assert listed(desk) == sorted(came)[3:]
    desk.follow("Previous page")
    assert listed(desk) == sorted(came)[1:3]
    due = "/staff/?view=open&until="
    desk.visit(f"{due}2026-05-05")
    assert "No case of this list is like that." in desk.words
    for odd in ("2026-02-30", "x", "%00"):
        desk.visit(due + odd)
        assert "All open: 5" in desk.words


@pytest.mark.parametrize(
    "asked", ["procedure=x", "theme=%27", "place=gone", "handler=" + "0" * 70, "stage=%00"]
)
def test_an_address_that_asks_for_what_is_not_there_is_answered(at_desk, arrives, asked):
    arrives("corporate")
    desk = at_desk("officer")
    assert desk.visit(f"/staff/?{asked}&order=size&turned=2").status_code == 200


def test_three_of_many_moved_meanwhile_and_each_row_says_what_happened(
    at_desk, arrives, office, manager, officer
):
    references = [arrives("corporate", f"Bin {number}") for number in range(6)]
    desk = at_desk("manager")
    desk.visit("/staff/?view=new")
    for moved in references[:3]:
        officers.acknowledge(office, officer, moved, "We have it.", revision=1, now=now())
    bulk(desk, references, "allocate", to=officer.id)
    assert "3 done, 3 left as they are" in desk.words
    assert desk.words.count("Somebody else changed it meanwhile. It was left as it is") == 3
    assert desk.words.count("Allocated.") == 3
    desk.visit(f"/staff/?view=open&handler={officer.id}")
    assert sorted(listed(desk)) == sorted(references[3:])
    told = office.session.connection().exec_driver_sql(
        "SELECT staff_id FROM notices WHERE kind = 'allocated'"
    )
    assert told.scalars().all() == [officer.id]


def test_all_of_a_page_are_given_a_service_and_a_theme_and_keep_the_other(at_desk, arrives, office, manager):
    references = [arrives("corporate") for _ in range(3)]
    themes.add_theme(office, manager, "Missed bins", now=now())
    ((theme, _),) = themes.open_themes(office)
    waste = place_called(office, "Waste and recycling")
    desk = at_desk("manager")
    desk.visit("/staff/")
    bulk(desk, [], "place", place=waste, all="1")
    assert "3 done" in desk.words
    desk.follow("Back to the list")
    bulk(desk, references[:2], "theme", theme=theme)
    assert "2 done" in desk.words
    desk.visit(f"/staff/?theme={theme}&place={waste}")
    assert sorted(listed(desk)) == sorted(references[:2])


def test_a_press_that_chooses_nothing_is_told(at_desk, arrives, officer):
    reference = arrives("corporate")
    desk = at_desk("manager")
    desk.visit("/staff/")
    assert bulk(desk, [], "allocate", to=officer.id).status_code == 422
    assert "Choose at least one case in the list." in desk.words
    desk.visit("/staff/")
    assert bulk(desk, [reference], "allocate").status_code == 422
    assert "Say to whom they are given." in desk.words


def test_an_officer_takes_many_and_gives_none_away(at_desk, arrives, officer, manager):
    references = [arrives("corporate") for _ in range(2)]
    desk = at_desk("officer")
    desk.visit("/staff/")
    bulk(desk, references, "allocate", to=manager.id)
    assert desk.words.count("You can take a case yourself.") == 2
    desk.visit("/staff/")
    bulk(desk, references, "allocate", to=officer.id)
    assert "2 done" in desk.words


def test_concerns_carry_no_service_and_a_case_of_others_is_not_there(at_desk, arrives, office):
    concern = arrives("whistleblowing")
    waste = place_called(office, "Waste and recycling")
    for who, told in (("monitoring", "There is no such case"), ("manager", "There is no such case")):
        desk = at_desk(who)
        desk.visit("/staff/")
        form = desk.form("/staff/sign-out")
        desk.page = desk.client.post(
            "/staff/bulk", data=form | {"case": [f"{concern}.1"], "act": "place", "place": waste}
        )
        assert told in desk.words


def test_the_load_of_each_officer_leads_to_their_lists(at_desk, arrives, office, manager, officer, clock):
    references = [arrives("corporate") for _ in range(3)] + [arrives("general-enquiry")]
    clock.shift(timedelta(days=1))
    for reference in references[:2]:
        officers.allocate(office, manager, reference, officer.id, revision=1, now=now())
    clock.move_to(datetime(2026, 7, 1, 10, 0, tzinfo=UTC))
    desk = at_desk("manager")
    desk.visit("/staff/")
    desk.follow("Who has how much")
    assert "Maya Okafor 2 0 2 Complaint about a council service 2" in desk.words
    assert (
        "2 have been given to somebody: after 1.0 working days on average, after 1 at the longest"
        in desk.words
    )
    assert "2 still wait for somebody" in desk.words
    today = office.today(now())
    absences.enter(office, officer, officer.id, today, today + timedelta(days=4), manager.id, now=now())
    desk.visit("/staff/load")
    assert "Maya Okafor Away until Sunday 5 July 2026 Tom Hendry stands in 2 0 2" in desk.words
    desk.visit(f"/staff/?view=overdue&handler={officer.id}")
    assert sorted(listed(desk)) == sorted(references[:2])
    assert at_desk("officer").visit("/staff/load").status_code == 404


def test_a_month_and_a_week_show_what_falls_due(at_desk, arrives, office, officer):
    mine, others = arrives("general-enquiry"), arrives("general-enquiry")
    officers.allocate(office, officer, mine, officer.id, revision=1, now=now())
    desk = at_desk("officer")
    desk.visit("/staff/?view=mine")
    (due,) = re.findall(r"[MTWF]\w\w (\d+ May 2026)", desk.words)
    desk.visit("/staff/dates")
    assert "May 2026: 1 date" in desk.words
    assert listed(desk) == [mine]
    desk.follow("The team&#39;s") if "The team&#39;s</a>" in desk.page.text else desk.follow("The team's")
    assert sorted(listed(desk)) == sorted([mine, others])
    day = datetime.strptime(due, "%d %B %Y").date()
    desk.visit(f"/staff/dates?whose=team&span=week&day={day}")
    assert "2 dates" in desk.words
    desk.follow("Week before")
    assert "0 dates" in desk.words
    for odd in (
        "day=0001-01-01",
        "day=9999-12-31",
        "day=x",
        "day=2026-02-30",
        "day=1899-12-31",
        "day=1900-01-01",
        "day=1990-01-01",
        "day=1991-01-01",
        "day=2099-12-31",
    ):
        assert desk.visit(f"/staff/dates?{odd}&span=week").status_code == 200, odd
        assert desk.visit(f"/staff/dates?{odd}").status_code == 200, odd


def test_ones_own_dates_are_a_file_without_a_word_of_what_was_sent(at_desk, arrives, office, officer):
    mine = arrives("general-enquiry", "Where is the tip?")
    arrives("general-enquiry", "Something else.")
    officers.allocate(office, officer, mine, officer.id, revision=1, now=now())
    desk = at_desk("officer")
    answer = desk.visit("/staff/dates.ics")
    assert answer.mimetype == "text/calendar"
    assert answer.text.count("BEGIN:VEVENT") == 1
    assert f"SUMMARY:{mine}: " in answer.text
    for word in ("tip", "Nadia", "Whitlam", "Maya"):
        assert word not in answer.text


def test_a_theme_that_counts_as_another_is_found_with_it(at_desk, arrives, office, manager):
    for name in ("Bins", "Refuse"):
        themes.add_theme(office, manager, name, now=now())
    by_name = {name: theme for theme, name in themes.open_themes(office)}
    reference = arrives("corporate")
    classifying.classify(office, manager, reference, None, by_name["Refuse"], revision=1, now=now())
    themes.merge_themes(office, manager, by_name["Refuse"], by_name["Bins"], now=now())
    desk = at_desk("manager")
    desk.visit(f"/staff/?theme={by_name['Bins']}")
    assert listed(desk) == [reference]
