"""The complaints manager at the list of services, and what reporters then choose from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.services.cases import places
from intake.web.asked import offering
from tests.actors import MONDAY, place_called
from tests.web.public.visitor import Visitor


@pytest.fixture
def manager_at_desk(at_desk):
    return at_desk("manager")


def pressed(desk, action: str, **typed: str) -> None:
    """A button is pressed, and the page to which it leads is looked at."""
    if desk.press(action, **typed).status_code == 303:
        desk.visit(desk.page.location)


def test_the_manager_builds_a_tree_and_a_reporter_chooses_from_it(manager_at_desk, office, client, app):
    desk = manager_at_desk
    desk.visit("/staff/services")
    assert "Housing" in desk.words
    pressed(desk, "/staff/services/add", kind="directorate", name="Environment and Place", below="")
    assert "It is on the list." in desk.words
    above = place_called(office, "Environment and Place")
    desk.visit("/staff/services")
    pressed(desk, "/staff/services/add", kind="service", name="Buses", below=above)
    with app.app_context():
        offering.forget()
    assert "Buses" in Visitor(client).begin("thanks").page.text
    buses = place_called(office, "Buses")
    desk.visit(f"/staff/services/{buses}")
    pressed(desk, f"/staff/services/{buses}/close")
    assert "Nothing new is given to it" in desk.words
    with app.app_context():
        offering.forget()
    assert "Buses" not in Visitor(client).begin("thanks").page.text


def test_a_service_that_was_closed_while_somebody_wrote_is_asked_for_again_and_nothing_is_lost(
    client, office, app, manager
):
    visitor = Visitor(client).begin("thanks").press(service="Housing").press(story="Thank you all.").press()
    places.close(office, manager, place_called(office, "Housing"), now=datetime.now(UTC))
    with app.app_context():
        offering.forget()
    visitor.press("send")
    assert "Which service is it about?" in visitor.page.text
    visitor.press(service="Early help").press("send")
    assert visitor.receipt


def test_a_list_that_cannot_be_read_just_now_is_the_one_known_last(client, office, app, monkeypatch):
    from intake.services.ground.refusals import NotStored

    assert "Housing" in Visitor(client).begin("thanks").page.text

    def gone(*_args, **_kwargs):
        raise NotStored

    monkeypatch.setattr(places, "offered", gone)
    monkeypatch.setattr(offering, "SECONDS", -1)
    assert "Housing" in Visitor(client).begin("thanks").page.text


def test_a_name_that_is_taken_is_told_beside_what_was_typed(manager_at_desk):
    desk = manager_at_desk
    desk.visit("/staff/services")
    pressed(desk, "/staff/services/add", kind="service", name="housing", below="")
    assert "There is one of that name there already." in desk.words
    assert 'value="housing"' in desk.page.text


def test_renaming_and_moving_on_the_page_of_one(manager_at_desk, office, manager):
    above = places.add(office, manager, "directorate", "Place", None, now=MONDAY)
    housing = place_called(office, "Housing")
    desk = manager_at_desk
    desk.visit(f"/staff/services/{housing}")
    pressed(desk, f"/staff/services/{housing}/rename", name="Homes")
    desk.visit(f"/staff/services/{housing}")
    pressed(desk, f"/staff/services/{housing}/move", below=above)
    assert "It belongs there now." in desk.words
    desk.visit(f"/staff/services/{housing}")
    assert "Service of Place" in desk.words
    assert "Homes" in desk.words


def test_the_day_of_a_move_stands_on_the_page_also_where_nothing_was_above_before(
    manager_at_desk, office, manager, arrives
):
    arrives("corporate", service="Housing")
    above = places.add(office, manager, "directorate", "Place", None, now=MONDAY)
    housing = place_called(office, "Housing")
    desk = manager_at_desk
    desk.visit(f"/staff/services/{housing}")
    day = {"since-day": "1", "since-month": "5", "since-year": "2026"}
    pressed(desk, f"/staff/services/{housing}/move", below=above, **day)
    assert "Directorate: Place 1" in desk.words
    assert "Service: Housing 1" in desk.words
    desk.visit(f"/staff/services/{housing}")
    assert "Since Friday 1 May 2026: Place" in desk.words


def test_figures_of_one_part_are_asked_for_in_the_address(manager_at_desk, office, arrives):
    arrives("corporate", service="Housing")
    arrives("corporate", service="Early help")
    housing = place_called(office, "Housing")
    desk = manager_at_desk
    desk.visit(f"/staff/counts?year=2026-27&for={housing}")
    assert "Housing" in desk.words
    told = desk.client.get(f"/staff/counts.json?year=2026-27&for={housing}")
    assert '"part": "Housing"' in told.text
    assert "figures-housing-2026-27-as-of" in told.headers["Content-Disposition"]
    assert desk.visit("/staff/counts?for=nowhere").status_code == 404
