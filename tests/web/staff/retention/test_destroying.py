"""Pages on which cases are destroyed: a list, a second person, a hold, and what old tabs and the holder read after."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from intake.database import reading
from intake.demonstration.living import PASSWORD
from intake.models import Case
from intake.services.ground.roles import Officer
from tests.actors import complaint, concern, send
from tests.services.retention.story import OVER, SENT, answered_and_closed, worked_on_until
from tests.web.public.visitor import Visitor
from tests.web.statements import asked_for

HERE = "/staff/destroy"


@pytest.fixture
def closed(office, officer, clock):
    """A complaint that was closed six years and a day ago, and somebody has worked here since; today is that day."""
    sent = send(office, complaint(), now=SENT)
    answered_and_closed(office, officer, sent.reference)
    worked_on_until(office, OVER)
    clock.move_to(OVER)
    return sent


def proposed(desk) -> str:
    """A list of everything, by somebody: its address."""
    desk.visit(HERE)
    chosen = re.search(r'name="case" value="([^"]+)"', desk.page.text)[1]
    answer = desk.press(HERE, step="chosen", case=chosen)
    assert answer.status_code == 303, desk.words
    desk.visit(answer.headers["Location"])
    return answer.headers["Location"].partition("?")[0]


def number_of_cases(office) -> int:
    with reading(office.session):
        return office.session.scalar(select(func.count()).select_from(Case))


def test_two_people_destroy_a_case_and_its_holder_reads_what_became_of_it(app, office, at_desk, closed):
    one, other = at_desk("officer"), at_desk("manager")
    one.visit("/staff/")
    one.follow("To destroy")
    assert f"{closed.reference} Complaint about a council service 8 Jun 2026 6 years 8 Jun 2032" in one.words
    address = proposed(one)
    assert "Nothing is destroyed yet" in one.words
    assert "Two people destroy" in one.words
    assert "Destroy this case" not in one.words
    other.visit(HERE)
    assert "A list waits for you to read it" in other.words
    other.visit(address)
    assert closed.reference in other.words
    other.follow(closed.reference)
    assert "The bins were missed six times." in other.words
    other.visit(address)
    other.press(address, step="confirm", password="wrong password")
    assert other.page.status_code == 422
    assert "The password is not right." in other.words
    assert other.press(address, step="confirm", password=PASSWORD).status_code == 303
    other.visit(address)
    assert "1 case is destroyed" in other.words
    assert number_of_cases(office) == 0
    holder = Visitor(app.test_client())
    holder.open("/return")
    holder.send(holder.to("/return"), code=closed.receipt)
    assert "We no longer hold your case" in holder.body
    assert "closed on Monday 8 June 2026" in holder.body
    assert "for 6 years after they are closed" in holder.body
    assert "destroyed yours on Wednesday 9 June 2032" in holder.body
    assert closed.reference not in holder.page.text
    assert "council service" not in holder.page.text


def test_an_old_tab_and_a_late_press_are_told_kindly(office, at_desk, closed):
    one, other, reader = at_desk("officer"), at_desk("manager"), at_desk("officer")
    keeping = f"/staff/cases/{closed.reference}/keeping"
    reader.visit(keeping)
    address = proposed(one)
    other.visit(address)
    other.press(address, step="confirm", password=PASSWORD)
    reader.press(keeping, step="place", reason="A claim is brought.")
    assert reader.page.status_code == 404
    assert "it was destroyed or went to another team before your hold came" in reader.words
    assert "A claim is brought." in reader.words
    assert reader.visit(f"/staff/cases/{closed.reference}").status_code == 404
    assert reader.visit(f"/staff/cases/{closed.reference}/note").status_code == 404
    never = reader.visit("/staff/cases/BBB-2222").text.replace("BBB-2222", "")
    after = reader.visit(f"/staff/cases/{closed.reference}").text.replace(closed.reference, "")
    assert re.sub(r'value="[^"]*"', "", never) == re.sub(r'value="[^"]*"', "", after)


def test_a_hold_keeps_it_until_it_is_lifted_with_a_reason(at_desk, closed):
    one, other = at_desk("officer"), at_desk("manager")
    address = proposed(one)
    keeping = f"/staff/cases/{closed.reference}/keeping"
    other.visit(address)
    one.visit(f"/staff/cases/{closed.reference}")
    one.follow("How long it is kept, and holds")
    assert "Kept until Tuesday 8 June 2032" in one.words
    assert "Closed on Monday 8 June 2026. 6 years later: Tuesday 8 June 2032." in one.words
    assert "It stands on a list of cases to be destroyed" in one.words
    one.press(keeping, step="place", reason="")
    assert one.page.status_code == 422
    one.press(keeping, step="place", reason="A claim is brought.")
    one.visit(keeping)
    assert "Kept until the hold is lifted" in one.words
    assert "Placed by Maya Okafor" in one.words
    other.press(address, step="confirm", password=PASSWORD)
    assert other.page.status_code == 409
    assert f"{closed.reference} : A hold has stood on it since Wednesday 9 June 2032." in other.words
    other.press(address, step="back")
    other.visit(HERE)
    assert "No case may be destroyed today." in other.words
    other.visit(keeping)
    other.press(keeping, step="lift", reason="The claim was settled.")
    other.visit(HERE)
    assert closed.reference in other.words


def test_nothing_ticked_and_a_list_that_waits_are_refused_in_words(at_desk, closed):
    one = at_desk("officer")
    one.visit(HERE)
    one.press(HERE, step="chosen")
    assert one.page.status_code == 409
    assert "Choose at least one case in the list." in one.words
    tab = at_desk("officer")
    tab.visit(HERE)
    proposed(one)
    tab.press(HERE, step="chosen", case=f"{closed.reference}.4")
    assert tab.page.status_code == 409
    assert "waits for a second person already" in tab.words


def test_a_list_of_another_vault_is_not_there(office, at_desk, clock, monitoring_officer):
    sent = send(office, concern(), now=SENT)
    answered_and_closed(office, monitoring_officer, sent.reference, outcome="substantiated")
    worked_on_until(office, OVER)
    clock.move_to(OVER)
    theirs, other = at_desk("deputy"), at_desk("manager")
    address = proposed(theirs)
    assert other.visit(address).status_code == other.visit(f"{HERE}/{'0' * 32}").status_code == 410
    assert "That list is not there any more" in other.words
    assert sent.reference not in other.words
    other.visit(HERE)
    assert "No case may be destroyed today." in other.words
    assert at_desk("senior").visit(HERE).status_code == 404


def test_each_page_asks_as_much_for_many_cases_as_for_one(office, officer: Officer, at_desk, closed, clock):
    desk = at_desk("officer")
    few = asked_for(lambda: desk.visit(HERE))
    for number in range(12):
        sent = send(office, complaint(words=f"Bin {number}."), now=SENT)
        answered_and_closed(office, officer, sent.reference)
    worked_on_until(office, OVER)
    many = asked_for(lambda: desk.visit(HERE))
    assert "13 cases" in desk.words
    assert len(many) == len(few) <= 24
    answer = desk.press(HERE, step="everything")
    address = answer.headers["Location"]
    assert len(asked_for(lambda: desk.visit(address))) <= 24
    keeping = f"/staff/cases/{closed.reference}/keeping"
    assert len(asked_for(lambda: desk.visit(keeping))) <= 24


def test_the_privacy_page_says_how_long_each_kind_is_kept(client):
    body = client.get("/privacy").text
    assert "<strong>25 years:</strong> Complaint about children" in body
    assert "<strong>6 years:</strong>" in body
    assert "retention schedule" not in body
