"""A complaint that is not taken on: whoever sent it is told why and where to go, and no clock runs on."""

import pytest

from intake.procedures import outlook
from intake.procedures.at_the_door import GROUNDS, grounds
from intake.procedures.moves import (
    Acknowledge,
    OpenNextStage,
    Reclassify,
    RefuseAtTheDoor,
    Reopen,
    Respond,
    Withdraw,
)
from intake.procedures.permitted import effect, offered
from intake.procedures.stages_reached import receipts
from intake.procedures.workflow import needs_signpost

from .conftest import after, refusal
from .conftest import day as D

REFUSED = RefuseAtTheDoor(D("2026-07-03"), "court", "The county court hears it on 4 August.")


@pytest.fixture
def complaint(receive):
    return receive("corporate", "2026-07-01T09:00")


@pytest.mark.parametrize(
    "procedure", ["corporate", "children-statutory", "adult-social-care", "public-health", "data-protection"]
)
def test_every_complaint_may_be_refused_at_the_door_and_its_letter_names_the_way_on(receive, procedure):
    new = receive(procedure, "2026-07-01T09:00")
    (offer,) = [one for one in offered(new, D("2026-07-03")) if one.act == "refuse"]
    assert [(field.name, field.kind) for field in offer.fields] == [("ground", "choice"), ("reason", "text")]
    assert offer.fields[0].choices == tuple(GROUNDS.items())
    assert offer.signposts
    assert needs_signpost(new, REFUSED)
    refused = after(new, REFUSED)
    assert (refused.closed_on, refused.refused_for) == (D("2026-07-03"), "court")
    assert refused.outcomes == {refused.stage.id: "refused"}
    assert outlook.ombudsman_is_next(refused)
    assert outlook.next_stage_to_ask_for(refused, D("2026-07-06")) is None
    assert outlook.dates_owed(refused) == ()
    assert "did not take this on" in outlook.state_in_words(refused)


@pytest.mark.parametrize(
    "procedure",
    ["whistleblowing", "general-enquiry", "mp-enquiry", "compliment", "suggestion", "service-request"],
)
def test_what_is_no_complaint_is_answered_and_not_refused(receive, procedure):
    new = receive(procedure, "2026-07-01T09:00")
    assert "refuse" not in {offer.act for offer in offered(new, D("2026-07-03"))}
    assert "nothing is refused at the door" in refusal(new, REFUSED)


def test_it_says_what_it_does_to_the_clock(complaint):
    told = {change.words for change in effect(complaint, REFUSED)}
    assert told == {"“Acknowledgement” no longer runs.", "“Stage 1 answer” no longer runs."}


def test_it_is_counted_once_unanswered_and_with_its_ground(complaint):
    (counted,) = receipts(after(complaint, Acknowledge(D("2026-07-02")), REFUSED))
    assert (counted.outcome, counted.refusal, counted.responded_on, counted.met_on) == (
        "refused",
        "court",
        None,
        None,
    )


def test_reopened_it_is_as_it_was(complaint):
    reopened = after(complaint, REFUSED, Reopen(D("2026-07-10"), "The court will not hear it."))
    assert reopened == complaint
    assert receipts(reopened)[0].refusal is None
    answered = after(reopened, Acknowledge(D("2026-07-11")), Respond(D("2026-07-20"), "upheld"))
    assert answered.outcomes == {"stage-1": "upheld"}


def test_past_the_door_it_is_answered(complaint):
    answered = after(complaint, Acknowledge(D("2026-07-02")), Respond(D("2026-07-03"), "not-upheld"))
    assert "has been answered already" in refusal(answered, REFUSED)
    second = after(answered, OpenNextStage(D("2026-07-03")))
    assert "It is past the door" in refusal(second, REFUSED)


@pytest.mark.parametrize(
    ("move", "says"),
    [
        (RefuseAtTheDoor(D("2026-07-03"), " ", "-"), "Choose why it is not taken on."),
        (RefuseAtTheDoor(D("2026-07-03"), "court", "  "), "Give the reason."),
    ],
)
def test_a_refusal_without_its_reasons_is_refused(complaint, move, says):
    assert refusal(complaint, move) == says


def test_what_was_refused_is_reopened_before_anything_else(complaint, catalogue):
    refused = after(complaint, REFUSED)
    for move in (
        Withdraw(D("2026-07-04"), "-"),
        Reclassify(D("2026-07-04"), catalogue["general-enquiry"], "-"),
        RefuseAtTheDoor(D("2026-07-04"), "court", "-"),
    ):
        assert "Reopen it first" in refusal(refused, move)
    assert "no step may be skipped" in refusal(refused, OpenNextStage(D("2026-07-04")))


def test_an_authority_keeps_a_list_of_its_own():
    assert grounds(()) == GROUNDS
    assert grounds(("court: A court hears it", "pub:It is about a pub: not ours")) == {
        "court": "A court hears it",
        "pub": "It is about a pub: not ours",
    }
