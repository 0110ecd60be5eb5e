"""Extensions further than a rule allows without good reason, and the time that everything takes in all."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.procedures.loading import BUILT_IN, CatalogueError, load_catalogue, procedure_of
from intake.procedures.moves import Acknowledge, Extend, Refusal, Respond
from intake.procedures.permitted import effect, offered
from intake.procedures.standing import opened
from intake.procedures.workflow import decide
from intake.procedures.working_days import Calendar

from .conftest import after, day, due, refusal

D = day
CATALOGUE, CALENDAR = load_catalogue(), Calendar()


@pytest.fixture
def acknowledged(receive):
    """A corporate complaint under the Code: due on 18 February 2026, at the furthest on 4 March without good reason."""
    return after(receive("corporate", "2026-02-02T09:00"), Acknowledge(D("2026-02-04")))


def test_with_good_reason_an_answer_may_come_later_than_the_code_allows_without(acknowledged):
    further = Extend(
        D("2026-02-10"), "stage-1-response", D("2026-03-20"), "a witness is ill", "she returns on 16 March"
    )
    longer = after(acknowledged, further)
    answer = next(one for one in longer.deadlines if one.id == "stage-1-response")
    assert (answer.due, answer.latest, answer.beyond) == (D("2026-03-20"), D("2026-03-04"), True)
    assert answer.warnings == (
        "Extended beyond Wednesday 4 March 2026, the furthest without good reason: the reason is in the letter.",
    )
    assert "extended to Friday 20 March 2026, beyond Wednesday 4 March 2026" in answer.working[-2]
    assert [change.words for change in effect(acknowledged, further)] == [
        "“Stage 1 answer” moves from Wednesday 18 February 2026 to Friday 20 March 2026. That goes beyond Wednesday "
        "4 March 2026, the furthest without good reason."
    ]


def test_good_reason_is_asked_for_beyond_alone(acknowledged):
    without = Extend(D("2026-02-10"), "stage-1-response", D("2026-03-05"), "ill", " ")
    assert "Give the good reason, or an earlier date." in refusal(acknowledged, without)
    within = Extend(D("2026-02-10"), "stage-1-response", D("2026-03-04"), "ill", "very ill")
    assert "Leave that empty" in refusal(acknowledged, within)


def test_what_went_beyond_may_go_further_and_is_still_offered(acknowledged):
    once = after(
        acknowledged, Extend(D("2026-02-10"), "stage-1-response", D("2026-03-20"), "ill", "still ill")
    )
    (offer,) = [one for one in offered(once, D("2026-03-10")) if one.act == "extend"]
    until, _, good = offer.fields
    assert (until.earliest, good.needed_after) == (D("2026-03-21"), D("2026-03-04"))
    assert (
        due(after(once, Extend(D("2026-03-10"), "stage-1-response", D("2026-03-25"), "ill", "still")))[
            "stage-1-response"
        ]
        == "2026-03-25"
    )


@pytest.mark.parametrize(
    ("procedure", "received", "deadline", "latest"),
    [
        ("children-statutory", "2026-04-01T09:00", "stage-1-response", "2026-05-01"),
        ("corporate", "2026-01-16T16:59:59", "stage-1-response", "2026-02-13"),
    ],
)
def test_a_limit_that_law_or_the_authority_sets_stays_hard(receive, procedure, received, deadline, latest):
    case, on = receive(procedure, received), datetime.fromisoformat(received).date()
    beyond = Extend(on, deadline, D(latest) + timedelta(days=1), "complex", "very complex")
    assert "The furthest date allowed is" in refusal(case, beyond)
    assert "The furthest date allowed is" in refusal(case, Extend(on, deadline, beyond.until, "complex"))
    assert due(after(case, Extend(on, deadline, D(latest), "complex")))[deadline] == latest


def test_no_file_lets_a_limit_of_law_go_beyond():
    for procedure in CATALOGUE:
        for version in procedure.versions:
            for limit in version.limits:
                assert not (limit.extension and limit.extension.beyond and limit.force == "law")
    import tomllib

    told = tomllib.loads((BUILT_IN / "children-statutory.toml").read_text("utf-8"))
    told["versions"][0]["limits"][0]["extension"]["beyond_with_good_reason"] = True
    with pytest.raises(CatalogueError, match="beyond_with_good_reason: is for a limit that no law sets"):
        procedure_of("children-statutory.toml", told)


@settings(max_examples=60)
@given(st.dates(date(2026, 1, 20), date(2029, 12, 1)), st.integers(1, 200), st.booleans())
def test_an_extension_is_beyond_exactly_when_good_reason_was_given(received, days, good):
    moment = datetime(received.year, received.month, received.day, 12)
    case = after(opened(CATALOGUE["corporate"].version_at(moment), moment, CALENDAR), Acknowledge(received))
    answer = next(one for one in case.deadlines if one.id == "stage-1-response")
    until = answer.due + timedelta(days=days)
    done = decide(case, Extend(received, answer.id, until, "-", "-" if good else ""))
    if good != (until > answer.latest):
        assert isinstance(done, Refusal)
        return
    extended = next(one for one in done.deadlines if one.id == answer.id)
    assert (extended.due, extended.latest, extended.beyond) == (until, answer.latest, good)
    assert after(done, Respond(until, "upheld")).settled


def test_twelve_weeks_in_all_is_a_date_and_owed_to_nobody(receive, acknowledged):
    assert acknowledged.in_all_until == D("2026-04-27")
    assert {deadline.id for deadline in acknowledged.deadlines} == {
        "stage-1-acknowledgement",
        "stage-1-response",
    }
    assert receive("corporate", "2026-01-10T10:00").in_all_until == D("2026-04-04")
    assert receive("children-statutory", "2026-02-02T09:00").in_all_until is None
