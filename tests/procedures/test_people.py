"""The people of a child's complaint: who may be appointed, when, and what it does to the clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.procedures.loading import BUILT_IN, CatalogueError, procedure_of
from intake.procedures.moves import Appoint, OpenNextStage, Record, Respond
from intake.procedures.people import CONNECTIONS, NONE, POSTS, Named, clash, why_not
from intake.procedures.permitted import effect, offered

from .conftest import after, day, refusal

D = day
IRIS, OMAR = (Named("Iris Brand"),), (Named("Omar Reyes", NONE),)
PANEL = tuple(Named(name, NONE) for name in ("Ann Lowe", "Ben Okri", "Cy Dahl"))


@pytest.fixture
def investigated(receive):
    """A child's complaint at stage 2, asked for on Friday 1 May 2026."""
    childs = receive("children-statutory", "2026-04-01T09:00")
    return after(childs, Respond(D("2026-04-16"), "not-upheld"), OpenNextStage(D("2026-05-01")))


@pytest.fixture
def at_panel(investigated):
    return after(investigated, Respond(D("2026-06-01"), "not-upheld"), OpenNextStage(D("2026-06-05")))


def offers(standing, on: str):
    return {offer.subject: offer for offer in offered(standing, D(on)) if offer.act == "appoint"}


def test_an_investigating_officer_and_an_independent_person_are_appointed_by_name(investigated):
    asked = offers(investigated, "2026-05-06")
    assert [field.name for field in asked["investigating-officer-appointed"].fields] == ["name1", "happened"]
    independent = asked["independent-person-appointed"]
    assert [field.name for field in independent.fields] == ["name1", "connection1", "happened"]
    assert independent.label == "Appoint the independent person"
    both = after(
        investigated,
        Appoint(D("2026-05-06"), "investigating-officer-appointed", IRIS, D("2026-05-05")),
        Appoint(D("2026-05-07"), "independent-person-appointed", OMAR),
    )
    assert both.events["investigating-officer-appointed"] == D("2026-05-05")
    assert both.events["independent-person-appointed"] == D("2026-05-07")
    assert both.deadlines == investigated.deadlines


@pytest.mark.parametrize("connection", sorted(set(CONNECTIONS) - {NONE}))
def test_an_independent_person_who_belongs_to_the_authority_is_refused_in_words(investigated, connection):
    move = Appoint(D("2026-05-06"), "independent-person-appointed", (Named("Omar Reyes", connection),))
    assert "Omar Reyes cannot be appointed" in refusal(investigated, move)
    assert "is not independent (SI 2006/1738 regulation 2)" in refusal(investigated, move)


def test_what_is_not_declared_or_not_named_is_asked_for(investigated, at_panel):
    on = D("2026-06-10")
    unasked = Appoint(on, "independent-person-appointed", (Named("Omar Reyes"),))
    assert "Say of Omar Reyes whether" in refusal(investigated, unasked)
    assert "Give the name." in refusal(investigated, Appoint(on, "independent-person-appointed", ()))
    assert "names of all 3" in refusal(at_panel, Appoint(on, "panel-arranged", PANEL[:2], on))
    twice = (*PANEL[:2], Named("  ann LOWE", NONE))
    assert "stands there twice" in refusal(at_panel, Appoint(on, "panel-arranged", twice, on))


def test_appointments_have_their_own_act_and_their_place(investigated):
    on = D("2026-05-06")
    recorded = Record(on, "independent-person-appointed")
    assert "use the act that brings it about" in refusal(investigated, recorded)
    assert "Nobody is appointed" in refusal(investigated, Appoint(on, "panel-met", PANEL))
    assert "comes after" in refusal(investigated, Appoint(on, "panel-arranged", PANEL, on))
    early = Appoint(on, "investigating-officer-appointed", IRIS, D("2026-04-30"))
    assert "what it follows was on Friday 1 May 2026" in refusal(investigated, early)
    late = Appoint(on, "investigating-officer-appointed", IRIS, D("2026-05-07"))
    assert "in the future" in refusal(investigated, late)


def test_another_person_needs_a_reason_and_keeps_the_day(investigated):
    first = after(investigated, Appoint(D("2026-05-06"), "investigating-officer-appointed", IRIS))
    again = Appoint(D("2026-05-20"), "investigating-officer-appointed", (Named("Lev Ash"),))
    assert "Give the reason for the change" in refusal(first, again)
    offer = offers(first, "2026-05-20")["investigating-officer-appointed"]
    assert offer.label == "Change: investigating officer"
    assert [field.name for field in offer.fields] == ["name1", "reason"]
    because = Appoint(
        D("2026-05-20"), "investigating-officer-appointed", (Named("Lev Ash"),), reason="Iris is ill."
    )
    changed = after(first, because)
    assert changed.events == first.events
    answered = after(changed, Respond(D("2026-06-01"), "upheld"))
    assert "its people stay as they were" in refusal(answered, because)


def test_a_panel_is_set_up_for_a_day_to_come(at_panel):
    move = Appoint(D("2026-06-10"), "panel-arranged", PANEL, D("2026-07-14"))
    (change,) = effect(at_panel, move)
    assert change.words == (
        "“Review panel meets” stays due Friday 17 July 2026: Tuesday 14 July 2026 is in time for it."
    )
    late = Appoint(D("2026-06-10"), "panel-arranged", PANEL, D("2026-07-21"))
    assert "Tuesday 21 July 2026 is 2 working days after it." in effect(at_panel, late)[0].words
    arranged = after(at_panel, move)
    assert arranged.deadlines == at_panel.deadlines
    assert "Give the reason for the change" in refusal(arranged, late)
    moved = after(arranged, Appoint(late.on, late.event, late.people, late.happened, "Ben Okri is away."))
    assert moved.events["panel-arranged"] == D("2026-07-21")
    met = after(moved, Record(D("2026-07-21"), "panel-met"))
    assert "“Review panel met” was recorded" in refusal(
        met, Appoint(D("2026-07-22"), late.event, PANEL, late.happened, "-")
    )


def test_who_holds_one_post_is_not_given_another():
    others = {"investigating-officer": IRIS, "independent-person": OMAR}
    sits = (*PANEL[:2], Named("omar  reyes", NONE))
    assert clash(POSTS["panel"], sits, others) == (
        "omar  reyes is the independent person of this complaint, and cannot be a member of the panel too. They may "
        "attend the panel."
    )
    assert "cannot be its independent person too." in clash(POSTS["independent-person"], IRIS, others)
    assert clash(POSTS["panel"], PANEL, others) == clash(POSTS["panel"], PANEL, {}) == ""


@given(st.lists(st.builds(Named, st.text(max_size=5), st.sampled_from(["", *CONNECTIONS])), max_size=4))
def test_nobody_is_independent_but_who_declares_it(people):
    for post in POSTS.values():
        if why_not(post, people) == "":
            assert len({person.known_as for person in people} - {""}) == post.number
            assert not post.independent or {person.connection for person in people} == {NONE}


@pytest.mark.parametrize(
    ("was", "wrong", "words"),
    [
        ('arranges = "panel-met"', 'arranges = "panel-meets"', "arranges: 'panel-meets' is not an event"),
        (', arranges = "panel-met"', "", "arranges: names the event that is arranged"),
        ('names = "panel", ', "", "names: an event of the kind 'arrange' appoints people"),
        (
            'kind = "respond", follows = "panel-reported"',
            'kind = "respond", names = "panel", follows = "panel-reported"',
            "names: people are",
        ),
    ],
)
def test_a_file_that_appoints_nobody_or_nowhere_is_refused(was, wrong, words):
    import tomllib

    text = (BUILT_IN / "children-statutory.toml").read_text("utf-8")
    assert was in text
    with pytest.raises(CatalogueError, match=words):
        procedure_of("children-statutory.toml", tomllib.loads(text.replace(was, wrong)))
