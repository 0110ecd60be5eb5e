"""The outcome of a case follows from its points: every combination of them, and what is refused."""

import tomllib
from itertools import product

import pytest

from intake.procedures.loading import BUILT_IN, CatalogueError, load_catalogue, procedure_of
from intake.procedures.moves import Acknowledge, OpenNextStage, Record, Respond
from intake.procedures.permitted import offered
from intake.procedures.points import Answered, family, follows, how, of_a_point
from intake.procedures.workflow import needs_signpost

from .conftest import after, day, refusal

D = day
FAMILY = {"upheld", "partly-upheld", "not-upheld"}


@pytest.fixture
def corporate(receive):
    return after(receive("corporate", "2026-05-05T09:00"), Acknowledge(D("2026-05-06")))


def answer(outcome: str, *points: str, reason: str = "Because.") -> Respond:
    told = tuple(Answered(str(number), one, reason) for number, one in enumerate(points, start=1))
    return Respond(D("2026-05-11"), outcome, points=told)


@pytest.mark.parametrize(
    ("points", "outcome"),
    [
        (("upheld",), "upheld"),
        (("upheld", "upheld"), "upheld"),
        (("not-upheld", "not-upheld", "not-upheld"), "not-upheld"),
        (("upheld", "not-upheld"), "partly-upheld"),
        (("partly-upheld",), "partly-upheld"),
        (("partly-upheld", "upheld"), "partly-upheld"),
        (("upheld", "referred"), "upheld"),
        (("not-upheld", "refused"), "not-upheld"),
        (("upheld", "not-upheld", "referred"), "partly-upheld"),
        (("referred", "referred"), "referred"),
        (("refused",), "refused"),
        (("referred", "refused"), "refused"),
    ],
)
def test_the_outcome_that_follows(corporate, points, outcome):
    assert follows(corporate.version, points) == outcome
    assert after(corporate, answer(outcome, *points)).outcomes == {"stage-1": outcome}


def test_any_three_points_have_one_outcome_whatever_their_order_and_no_other_is_accepted(corporate):
    version = corporate.version
    may = [outcome.id for outcome in of_a_point(version)]
    for points in product(may, repeat=3):
        outcome = follows(version, points)
        assert outcome == follows(version, reversed(points))
        decided = FAMILY & set(points)
        assert (outcome in FAMILY) == bool(decided)
        for other in set(may) - {outcome}:
            assert "That contradicts the points." in refusal(corporate, answer(other, *points))


def test_the_sentence_counts_the_points(corporate):
    move = answer("partly-upheld", "upheld", "not-upheld", "not-upheld", "refused")
    assert how(corporate.version, move.points) == (
        "Partly upheld: of 4 points, 1 upheld, 2 not upheld, 1 refused."
    )
    assert how(corporate.version, move.points[:1]) == "Upheld: of 1 point, 1 upheld."


def test_a_point_without_outcome_or_reason_is_refused_in_words(corporate):
    assert refusal(corporate, answer("upheld", "upheld", "")).startswith("Point 2 has no outcome yet.")
    assert "Point 1 has no reason yet." in refusal(corporate, answer("upheld", "upheld", reason=" "))
    assert "Point 1 has no outcome yet." in refusal(corporate, answer("upheld", "withdrawn"))
    with pytest.raises(ValueError, match="No point"):
        follows(corporate.version, [])


def test_a_case_without_points_is_answered_as_before(corporate):
    assert after(corporate, answer("partly-upheld")).outcomes == {"stage-1": "partly-upheld"}
    assert "needs a reason" in refusal(corporate, answer("refused"))


def test_a_point_that_is_refused_tells_of_the_ombudsman_whatever_became_of_the_others(corporate):
    assert needs_signpost(corporate, answer("upheld", "upheld", "refused"))
    assert not needs_signpost(corporate, answer("upheld", "upheld", "referred"))


def test_the_next_stage_decides_the_points_again_and_the_earlier_outcome_stays(receive):
    childs = receive("children-statutory", "2026-04-01T09:00")
    answered = after(childs, answer("not-upheld", "not-upheld", "not-upheld"), OpenNextStage(D("2026-05-12")))
    assert answered.outcomes == {"stage-1": "not-upheld"}
    again = Respond(D("2026-06-01"), "partly-upheld", points=answer("", "upheld", "not-upheld").points)
    assert after(answered, again).outcomes == {"stage-1": "not-upheld", "stage-2": "partly-upheld"}


def test_only_what_can_be_upheld_in_part_has_points():
    have = {procedure.id for procedure in load_catalogue() if all(family(one) for one in procedure.versions)}
    assert have == {
        "adult-social-care",
        "children-statutory",
        "corporate",
        "data-protection",
        "public-health",
        "whistleblowing",
    }


def test_an_enquiry_has_no_points(receive):
    enquiry = receive("mp-enquiry", "2026-05-05T09:00")
    assert "Nothing in this procedure has points" in refusal(enquiry, answer("answered", "answered"))


def test_the_agreed_statement_asks_for_its_words(receive):
    childs = receive("children-statutory", "2026-04-01T09:00")
    at_stage_2 = after(childs, Respond(D("2026-04-16"), "not-upheld"), OpenNextStage(D("2026-05-01")))
    (offer,) = (
        one for one in offered(at_stage_2, D("2026-05-06")) if one.subject.endswith("statement-agreed")
    )
    assert [(field.name, field.long) for field in offer.fields] == [("happened", False), ("reason", True)]
    agreed = after(at_stage_2, Record(D("2026-05-06"), offer.subject, D("2026-05-05"), "He was not heard."))
    assert agreed.events["stage-2-statement-agreed"] == D("2026-05-05")


def test_a_concern_has_no_statement_for_its_receipt_opens_it():
    file = (BUILT_IN / "whistleblowing.toml").read_text("utf-8")
    recorded = 'kind = "record"'
    assert recorded in file
    odd = tomllib.loads(file.replace(recorded, f"{recorded}, statement = true", 1))
    with pytest.raises(CatalogueError, match="whoever finds a concern's receipt would read it"):
        procedure_of("whistleblowing.toml", odd)


@pytest.mark.parametrize("wrong", ['kind = "refuse-stage"', 'kind = "record", names = "panel"'])
def test_a_statement_is_for_an_event_that_is_recorded_and_names_nobody(wrong):
    file = (BUILT_IN / "children-statutory.toml").read_text("utf-8")
    last = 'follows = "stage-2-requested", statement = true'
    assert f'kind = "record", {last}' in file
    odd = tomllib.loads(file.replace(f'kind = "record", {last}', f"{wrong}, {last}"))
    with pytest.raises(CatalogueError, match="statement: is for an event of the kind 'record'"):
        procedure_of("children-statutory.toml", odd)
