"""Where a receipt is counted: the tree of services, and what moves in it."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from intake.counts.places import ALWAYS, DIRECTORATE, SERVICE, TEAM, Place, Spell, Tree
from intake.counts.quarters import Period

YEAR = Period(2026)
CHILDREN = Place("c", DIRECTORATE, "Children, Education and Families")
ADULTS = Place("a", DIRECTORATE, "Adults and Public Health")
HIGHWAYS = Place("h", SERVICE, "Highways", (Spell(ALWAYS, None),))
SEND = Place("s", SERVICE, "SEND assessment", (Spell(ALWAYS, "c"),))
TRANSPORT = Place("t", SERVICE, "School transport", (Spell(ALWAYS, "c"), Spell(date(2026, 8, 15), "a")))
NORTH = Place("n", TEAM, "North", (Spell(ALWAYS, "t"),))
TREE = Tree.of((CHILDREN, ADULTS, HIGHWAYS, SEND, TRANSPORT, NORTH))
BEFORE, AFTER = date(2026, 8, 14), date(2026, 8, 15)


def test_a_team_is_counted_with_the_service_and_the_directorate_above_it():
    assert TREE.counted_as("n", BEFORE) == "c/t"
    assert TREE.counted_as("s", BEFORE) == "c/s"
    assert TREE.counted_as("h", BEFORE) == "/h"
    assert TREE.counted_as("c", BEFORE) == "c/"
    assert TREE.counted_as(None, BEFORE) == TREE.counted_as("gone", BEFORE) == ""


def test_what_moved_is_counted_where_it_stood_on_the_day():
    assert TREE.counted_as("n", AFTER) == "a/t"
    assert TREE.within("c", "n", BEFORE)
    assert not TREE.within("c", "n", AFTER)
    assert TREE.words("n", AFTER) == "Adults and Public Health: School transport: North"


def test_a_period_comes_apart_on_the_day_of_a_move_and_not_without_one():
    assert [(span.first_day, span.last_day) for span in TREE.spans(Period(2026, 2))] == [
        (date(2026, 7, 1), BEFORE),
        (AFTER, date(2026, 9, 30)),
    ]
    assert len(TREE.spans(Period(2026, 1))) == 1
    assert len(TREE.spans(Period(2027))) == 1


def test_names_tell_the_directorate_where_there_are_several():
    names = TREE.names()
    assert names["c/s"] == "Children, Education and Families: SEND assessment"
    assert {"c/t", "a/t", "/h", "c/"} <= set(names)
    assert Tree.of((CHILDREN, SEND)).names()["c/s"] == "SEND assessment"


def test_the_order_has_each_place_below_what_it_stands_below():
    assert [place.id for place in TREE.in_order(AFTER)] == ["a", "t", "n", "c", "s", "h"]


DAYS = st.dates(date(2025, 4, 1), date(2028, 3, 31))


@st.composite
def trees(draw):
    above = {SERVICE: ["d0", "d1", None], TEAM: ["s0", "s1", "s2", None]}
    places = [Place(f"d{number}", DIRECTORATE, f"D{number}") for number in range(2)]
    for kind, many in ((SERVICE, 3), (TEAM, 3)):
        for number in range(many):
            moves = sorted(draw(st.sets(DAYS, max_size=2)))
            spells = tuple(Spell(day, draw(st.sampled_from(above[kind]))) for day in (ALWAYS, *moves))
            places.append(Place(f"{kind[0]}{number}", kind, f"{kind} {number}", spells))
    return Tree.of(places)


@given(trees(), DAYS, st.sampled_from([1, 2, 3, 4, None]))
def test_every_day_of_a_period_lies_in_one_span_and_every_place_in_one_directorate(tree, day, quarter):
    period = Period(Period.of(day).year, quarter)
    spans = tree.spans(period)
    assert spans[0].first_day == period.first_day
    assert spans[-1].last_day == period.last_day
    for one, other in itertools.pairwise(spans):
        assert other.first_day - one.last_day == timedelta(days=1)
    for span in spans:
        for place in tree.places:
            assert tree.counted_as(place, span.first_day) == tree.counted_as(place, span.last_day)
    homes = {place: [d for d in ("d0", "d1") if tree.within(d, place, day)] for place in tree.places}
    assert all(len(home) <= 1 for home in homes.values())
    assert tree.below("d0", day) == {place for place, home in homes.items() if home == ["d0"]}


def test_the_order_of_a_long_tree_is_found_in_one_walk():
    """Every desk asks for it with each page."""
    asked = []

    class Counted(Place):
        def parent(self, day: date) -> str | None:
            asked.append(self.id)
            return super().parent(day)

    of_each = [
        Counted(
            f"{above}-{number}",
            kind,
            f"{kind} {number}",
            (Spell(ALWAYS, below and f"{below}-{number // 3}"),),
        )
        for kind, above, below in ((DIRECTORATE, "d", ""), (SERVICE, "s", "d"), (TEAM, "t", "s"))
        for number in range(3 if kind == DIRECTORATE else 9 if kind == SERVICE else 27)
    ]
    ordered = [place.id for place in Tree.of(of_each).in_order(AFTER)]
    assert ordered[:5] == ["d-0", "s-0", "t-0", "t-1", "t-2"]
    assert ordered[-4:] == ["s-8", "t-24", "t-25", "t-26"]
    assert len(asked) <= len(of_each)
