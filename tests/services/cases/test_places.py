"""The complaints manager keeps the tree of services; what moves in it, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from intake.counts.places import DIRECTORATE, SERVICE, TEAM
from intake.counts.published import REFERRALS
from intake.counts.quarters import Period
from intake.models import Case, PlaceRow, SpellRow, StageReceipt
from intake.services.cases import places
from intake.services.casework import classifying
from intake.services.figures import coverage, drawing_up, files, open_figures, publishing
from intake.services.ground import journal
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from tests.actors import MONDAY, complaint, concern, place_called, send
from tests.web.statements import watched

COUNTY = (
    b"directorate,service,team\n"
    b'"Children, Education and Families",SEND assessment,North\n'
    b'"Children, Education and Families",SEND assessment,South\n'
    b'"Children, Education and Families",Early help,\n'
    b"Resources,Customer services,\n"
)
Q1 = Period(2026, 1)
JULY = MONDAY + timedelta(days=35)
MEASURE = "corporate-stage-1"


@pytest.fixture
def county(office):
    """A county's tree, over a flat list from the years before."""
    places.take_in(office, COUNTY, now=MONDAY)
    return office


def outline(office) -> list[str]:
    today, tree = office.today(MONDAY), places.tree(office)
    return [tree.words(place.id, today) for place in tree.in_order(today)]


def test_a_list_sets_the_tree_and_the_same_list_again_changes_nothing(county):
    assert outline(county) == [
        "Children, Education and Families",
        "Children, Education and Families: Early help",
        "Children, Education and Families: SEND assessment",
        "Children, Education and Families: SEND assessment: North",
        "Children, Education and Families: SEND assessment: South",
        "Resources",
        "Resources: Customer services",
        "Adult social care",
        "Children's social care",
        "Housing",
        "Waste and recycling",
    ]
    before = journal.verify(county).lines
    again = places.take_in(county, COUNTY, now=MONDAY)
    assert (again.new, again.placed) == (0, 0)
    assert journal.verify(county).lines == before


def test_a_service_of_the_flat_list_is_put_below_the_directorate_that_a_list_names(office):
    help_before = place_called(office, "Early help")
    added = places.take_in(office, COUNTY, now=MONDAY)
    assert added.placed == 1
    assert place_called(office, "Early help") == help_before


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (b"service,team\nA,B\n", "lacks directorate"),
        (b"directorate,service,team\n,Early help,\n", "Row 2: a directorate is missing"),
        (b"directorate,service,team\nA,,North\n", "Row 2: the team 'North' has no service"),
        (b"directorate,service,team\nA,B,\nB,A,\n", "Nothing can stand below itself"),
        (b"directorate,service,team\nA," + b"x" * 81 + b",\n", "at most 80 characters"),
        (b"directorate,service,team\nA,\xe2\x80\xae,\n", "is no name"),
        (b"", "The file is empty"),
        (b"%PDF-1.7", "PDF"),
        (b"directorate;service;team\nA;B;C\n", "semicolons"),
    ],
)
def test_a_list_with_a_fault_is_told_by_row_and_nothing_of_it_is_kept(office, lines, words):
    before = outline(office)
    with pytest.raises(Refused, match=words):
        places.take_in(office, lines, now=MONDAY)
    assert outline(office) == before


def test_a_long_list_is_taken_in_without_asking_for_the_tree_again_and_again(office):
    """Whoever sends waits for it: what was asked for grew with the square of the list."""
    lines = "".join(f"Directorate {n % 9},Service {n % 90},Team {n}\n" for n in range(300))
    asked: list[str] = []
    with watched(asked):
        added = places.take_in(office, b"directorate,service,team\n" + lines.encode(), now=MONDAY)
    assert (added.new, added.known) == (9 + 90 + 300, 0)
    assert len([one for one in asked if one.startswith("SELECT places")]) == 1
    assert len(outline(office)) == added.new + 5


def test_a_list_that_names_what_was_closed_and_added_anew_means_what_is_open(county, manager):
    for _ in range(4):  # whichever comes first by chance
        for name in ("Customer services", "Resources"):
            (place,) = (
                one.id
                for one in places.tree(county).places.values()
                if one.name == name and one.closed_from is None
            )
            places.close(county, manager, place, now=MONDAY)
        above = places.add(county, manager, DIRECTORATE, "Resources", None, now=MONDAY)
        places.add(county, manager, SERVICE, "Customer services", above, now=MONDAY)
        assert places.take_in(county, COUNTY, now=MONDAY).new == 0


def test_what_is_closed_takes_nothing_new_and_keeps_what_it_has(county, manager, officer):
    north = place_called(county, "North")
    sent = send(county, complaint(service="North"))
    send_it = place_called(county, "SEND assessment")
    with pytest.raises(Refused, match="stands below it is open"):
        places.close(county, manager, send_it, now=MONDAY)
    places.close(county, manager, north, now=MONDAY)
    with pytest.raises(Refused, match="was closed"):
        places.take_in(county, COUNTY, now=MONDAY)
    other = send(county, complaint())
    with pytest.raises(Refused, match="North was closed"):
        classifying.classify(county, officer, other.reference, north, None, revision=1, now=MONDAY)
    classifying.classify(county, officer, sent.reference, north, None, revision=1, now=MONDAY)
    places.open_again(county, manager, north, now=MONDAY)
    classifying.classify(county, officer, other.reference, north, None, revision=1, now=MONDAY)


@pytest.mark.parametrize(
    ("kind", "name", "below", "words"),
    [
        (DIRECTORATE, "Resources", None, "one of that name"),
        (DIRECTORATE, "New", "Resources", "stands below nothing"),
        (SERVICE, "New", "SEND assessment", "below a directorate"),
        (SERVICE, " ", "Resources", "name of 1 to 80"),
        (TEAM, "New", None, "Choose the service"),
        (TEAM, "New", "Resources", "below a service"),
        ("office", "New", None, "directorate, a service or a team"),
        (SERVICE, "customer  SERVICES", "Resources", "one of that name"),
    ],
)
def test_what_cannot_stand_somewhere_is_refused_in_words(county, manager, kind, name, below, words):
    before = outline(county)
    with pytest.raises(Refused, match=words):
        places.add(county, manager, kind, name, below and place_called(county, below), now=MONDAY)
    assert outline(county) == before


def test_nothing_is_put_below_itself_whatever_is_asked(county, manager):
    tree = places.tree(county)
    for place in tree.places.values():
        for other in tree.places.values():
            if place.kind == other.kind or place.kind == DIRECTORATE:
                with pytest.raises(Refused):
                    places.move(county, manager, place.id, other.id, None, now=MONDAY)


def test_only_the_complaints_manager_keeps_the_list(county, officer, monitoring_officer):
    for who in (officer, monitoring_officer):
        with pytest.raises(Refused, match="complaints manager"):
            places.rename(county, who, place_called(county, "North"), "Nord", now=MONDAY)


def counted(office, now=JULY, **more):
    return drawing_up.draw_up(office, Q1, now=now, **more).facts


def test_figures_of_a_directorate_count_what_stood_below_it_on_the_day(county, manager):
    coverage.start_recording(county, date(2026, 4, 1), now=MONDAY)
    children, resources = (
        place_called(county, one) for one in ("Children, Education and Families", "Resources")
    )
    for day, service in ((0, "North"), (0, "Early help"), (9, "South"), (0, "Customer services")):
        send(county, complaint(service=service), now=MONDAY + timedelta(days=day))
    moved = place_called(county, "SEND assessment")
    later = MONDAY + timedelta(days=10)
    places.move(county, manager, moved, resources, date(2026, 6, 8), now=later)
    assert counted(county, place=children).receipts == {MEASURE: 2}
    assert counted(county, place=resources).receipts == {MEASURE: 2}
    assert counted(county, place=moved).receipts == {MEASURE: 2}
    values = counted(county).values("service", MEASURE)
    assert values[f"{children}/{moved}"] == values[f"{resources}/{moved}"] == 1
    assert sum(values.values()) == 4
    places.move(county, manager, moved, resources, None, now=later)
    assert counted(county, place=children).receipts == {MEASURE: 1}
    assert counted(county, place=resources).receipts == {MEASURE: 3}
    with pytest.raises(NotFound):
        counted(county, place="nowhere")


def test_a_day_that_no_move_can_have_is_refused(county, manager):
    moved, resources = place_called(county, "Early help"), place_called(county, "Resources")
    with pytest.raises(Refused, match="still to come"):
        places.move(county, manager, moved, resources, MONDAY.date() + timedelta(days=1), now=MONDAY)
    places.move(county, manager, moved, resources, MONDAY.date(), now=MONDAY)
    with pytest.raises(Refused, match="after that day already"):
        places.move(county, manager, moved, None, MONDAY.date() - timedelta(days=1), now=MONDAY)
    with pytest.raises(Refused, match="stands there already"):
        places.move(county, manager, moved, resources, MONDAY.date(), now=MONDAY)


def test_each_directorate_is_published_with_the_whole_and_they_agree(county, senior_officer):
    coverage.start_recording(county, date(2026, 4, 1), now=MONDAY)
    for service, number in (
        ("North", 6),
        ("South", 2),
        ("Early help", 7),
        ("Customer services", 3),
        ("Housing", 1),
    ):
        for _ in range(number):
            send(county, complaint(service=service))
    publishing.publish(county, senior_officer, Q1, "", last=0, now=JULY)
    children, resources = (
        place_called(county, one) for one in ("Children, Education and Families", "Resources")
    )
    whole, one, other = (open_figures.shown(county, Q1, place=place) for place in (None, children, resources))
    assert [shown.told.receipts[MEASURE].number for shown in (whole, one, other)] == [19, 15, 3]
    assert one.part == "Children, Education and Families"
    assert not one.told.parts
    assert REFERRALS not in one.told.receipts
    names = {
        whole.names.name("service", value): number
        for value, number in whole.told.values("service", MEASURE).items()
    }
    assert names == {
        "Children, Education and Families: SEND assessment": 8,
        "Children, Education and Families: Early help": 7,
        "Resources: all services": 3,
        "Services without a directorate": 1,
    }
    assert [name for _, name in open_figures.directorates(county)] == [one.part, other.part]
    frozen = drawing_up.draw_up(county, Q1, now=JULY, place=children)
    assert frozen.edition.number == 1
    assert frozen.facts.receipts == {MEASURE: 15}
    assert (
        "Testford Council: Children, Education and Families"
        in files.report(county, frozen, None, children).authority
    )


def test_where_a_service_was_published_elsewhere_before_nothing_is_told_from_which_it_could_be_worked_out(
    county, manager, senior_officer
):
    """Else: before, one of two services was hidden; now the number of its directorate is told, which is its own."""
    coverage.start_recording(county, date(2026, 4, 1), now=MONDAY)
    for service, number in (("Early help", 8), ("Housing", 9), ("Waste and recycling", 2)):
        for _ in range(number):
            send(county, complaint(service=service))
    publishing.publish(county, senior_officer, Q1, "", last=0, now=JULY)
    resources = place_called(county, "Resources")
    places.move(county, manager, place_called(county, "Waste and recycling"), resources, None, now=JULY)
    publishing.publish(county, senior_officer, Q1, "The list of services changed.", last=1, now=JULY)
    with pytest.raises(NotFound):
        open_figures.shown(county, Q1, number=2, place=resources)
    again = open_figures.shown(county, Q1, number=2)
    assert not again.told.values("service", MEASURE)
    assert ("service", MEASURE) in again.told.withheld


def test_a_concern_is_counted_for_a_directorate_and_nothing_finer(county, monitoring_officer, officer):
    coverage.start_recording(county, date(2026, 4, 1), now=MONDAY)
    sent = send(county, concern())
    children = place_called(county, "Children, Education and Families")
    for wrong, words in ((place_called(county, "North"), "nothing finer"), ("nowhere", "not on the list")):
        with pytest.raises(Refused, match=words):
            classifying.count_for(county, monitoring_officer, sent.reference, wrong, revision=1, now=MONDAY)
    with pytest.raises(NotFound):
        classifying.count_for(county, officer, sent.reference, children, revision=1, now=MONDAY)
    classifying.count_for(county, monitoring_officer, sent.reference, children, revision=1, now=MONDAY)
    with pytest.raises(ActedMeanwhile):
        classifying.count_for(county, monitoring_officer, sent.reference, None, revision=1, now=MONDAY)
    assert counted(county, place=children).receipts == {REFERRALS: 1}
    assert county.session.scalar(select(Case.place_id)) == children
    assert county.session.scalar(select(StageReceipt.place_id)) == children


def test_the_list_of_services_tells_no_concern_to_who_counts_none(county, manager, monitoring_officer):
    """Else: the receipts of a directorate on that page, less those in the manager's figures, are its concerns."""
    children = place_called(county, "Children, Education and Families")
    sent = send(county, concern())
    before = places.receipts(county, manager)
    classifying.count_for(county, monitoring_officer, sent.reference, children, revision=1, now=MONDAY)
    assert places.receipts(county, manager) == before == {}
    assert places.receipts(county, monitoring_officer) == {children: 1}


def test_places_are_never_deleted_and_each_line_tells_who(county, manager):
    place = places.add(county, manager, TEAM, "East", place_called(county, "SEND assessment"), now=MONDAY)
    places.rename(county, manager, place, "East and Fens", now=MONDAY)
    places.close(county, manager, place, now=MONDAY)
    county.session.rollback()
    assert county.session.scalar(select(func.count()).select_from(PlaceRow)) == 12
    assert county.session.scalar(select(func.count()).select_from(SpellRow)) == 6
    assert journal.verify(county).fault == ""
