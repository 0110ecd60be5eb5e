"""Deadlines: their working, where they stand, and whom they reach."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.procedures.clock import deadlines, standing_on, steps
from intake.procedures.loading import load_catalogue
from intake.procedures.working_days import Calendar, Pause

from .conftest import day

CALENDAR = Calendar()
CATALOGUE = load_catalogue()
VERSIONS = [version for procedure in CATALOGUE for version in procedure.versions]
MP = CATALOGUE["mp-enquiry"].versions[0]
CODE = CATALOGUE["corporate"].version("two-stage")
CHILDREN = CATALOGUE["children-statutory"].versions[0]


def one(version, limit, calendar=CALENDAR, extensions=None, pauses=(), stopped_on=None, **events):
    dated = {name.replace("_", "-"): day(text) for name, text in events.items()}
    found = deadlines(
        version, dated, calendar, extensions=extensions or {}, pauses=pauses, stopped_on=stopped_on
    )
    return next(deadline for deadline in found if deadline.id == limit)


def test_a_deadline_explains_itself_day_by_day():
    told = one(CHILDREN, "stage-1-response", received="2026-04-02").working
    assert told[0] == "day 0 Thursday 2 April 2026"
    assert told[1] == "Friday 3 April 2026 not counted: Good Friday"
    assert told[2] == "Saturday 4 April 2026 not counted: weekend"
    assert told[4] == "Monday 6 April 2026 not counted: Easter Monday"
    assert told[-2] == "day 10 Monday 20 April 2026"
    assert told[-1] == "SI 2006/1738 reg 14: set by law"


def test_months_explain_themselves_too():
    care = CATALOGUE["adult-social-care"].versions[0]
    told = one(care, "response", received="2026-08-31").working
    assert told[1:3] == (
        "6 months on: Sunday 28 February 2027",
        "the first day counts itself, so one day earlier: Saturday 27 February 2027",
    )
    assert "does not roll forward" in told[3]


def test_a_provisional_deadline_rests_on_the_acknowledgements_due_date_and_then_on_the_event():
    before = one(CODE, "stage-1-response", received="2026-02-02")
    assert (str(before.due), before.provisional, before.counted_from) == ("2026-02-23", True, "received")
    assert "provisional" in before.working[0]
    settled = one(CODE, "stage-1-response", received="2026-02-02", stage_1_acknowledged="2026-02-03")
    assert (str(settled.due), settled.provisional) == ("2026-02-17", False)
    assert settled.counted_from == "stage-1-acknowledged"


def test_both_readings_of_stage_2_point_at_each_other_and_one_extension_covers_both():
    events = {
        "received": "2026-04-01",
        "stage_2_requested": "2026-05-01",
        "stage_2_statement_agreed": "2026-05-20",
    }
    extensions = {"stage-2-response": day("2026-08-04")}
    first = one(CHILDREN, "stage-2-response", extensions=extensions, **events)
    second = one(CHILDREN, "stage-2-response-from-statement", extensions=extensions, **events)
    assert (first.other_reading, second.other_reading) == (second.id, first.id)
    assert first.due == second.due == day("2026-08-04")
    assert (first.extended, str(first.unextended)) == (True, "2026-06-09")


def test_an_extension_recorded_beyond_the_furthest_date_is_cut_with_a_warning():
    cut = one(
        CHILDREN,
        "stage-1-response",
        extensions={"stage-1-response": day("2026-07-01")},
        received="2026-04-01",
    )
    assert cut.due == cut.latest
    assert "furthest" in cut.warnings[0]


def test_a_date_in_an_unconfirmed_year_carries_a_warning():
    assert one(MP, "response", received="2027-12-17").warnings == ()
    assert "2028" in one(MP, "response", received="2028-12-20").warnings[0]


def test_several_pauses_each_move_the_date_by_their_working_days():
    plain = one(MP, "response", received="2026-03-02")
    pauses = [Pause(day("2026-03-03"), day("2026-03-05")), Pause(day("2026-03-10"), day("2026-03-16"))]
    paused = one(MP, "response", pauses=pauses, received="2026-03-02")
    assert CALENDAR.between(plain.due, paused.due) == 2 + 4
    assert "Wednesday 4 March 2026 not counted: the clock was paused" in paused.working


def test_a_statutory_clock_is_deaf_to_pauses():
    pause = [Pause(day("2026-04-02"), day("2026-05-02"))]
    assert one(CHILDREN, "stage-1-response", pauses=pause, received="2026-04-01") == one(
        CHILDREN, "stage-1-response", received="2026-04-01"
    )


@pytest.mark.parametrize(
    ("today", "state", "days"),
    [
        ("2026-03-10", "due", 4),
        ("2026-03-16", "due-today", 0),
        ("2026-03-17", "overdue", 1),
        ("2026-03-21", "overdue", 4),
    ],
)
def test_where_a_deadline_stands_is_told_in_working_days(today, state, days):
    position = standing_on(one(MP, "response", received="2026-03-02"), day(today), CALENDAR)
    assert (position.state, position.days) == (state, days)


def test_other_places_to_stand():
    def state(deadline, today="2027-01-01"):
        return standing_on(deadline, day(today), CALENDAR).state

    assert state(one(MP, "response", received="2026-03-02", responded="2026-03-16")) == "met"
    late = standing_on(
        one(MP, "response", received="2026-03-02", responded="2026-03-18"), day("2027-01-01"), CALENDAR
    )
    assert (late.state, late.days) == ("met-late", 2)
    assert state(one(MP, "response", pauses=[Pause(day("2026-03-03"))], received="2026-03-02")) == "paused"
    assert state(one(MP, "response", stopped_on=day("2026-03-04"), received="2026-03-02")) == "stopped"
    assert state(one(CODE, "stage-1-response", received="2026-02-02"), "2026-02-04") == "provisional"
    request = one(CHILDREN, "stage-2-request", received="2026-01-05", stage_1_responded="2026-01-09")
    assert state(request) == "passed"


def test_steps_climb_from_the_handler_to_the_top():
    limit = MP.limit("response")
    told = [
        (str(on), step.to) for step, on in steps(one(MP, "response", received="2026-03-02"), limit, CALENDAR)
    ]
    assert told == [
        ("2026-03-09", "handler"),
        ("2026-03-12", "complaints-officer"),
        ("2026-03-16", "complaints-officer"),
        ("2026-03-17", "complaints-manager"),
        ("2026-03-23", "senior-officer"),
    ]


def test_a_reminder_never_comes_on_the_day_of_receipt_itself():
    version = CATALOGUE["councillor-enquiry"].versions[0]
    dated = steps(
        one(version, "acknowledgement", received="2026-12-24"), version.limit("acknowledgement"), CALENDAR
    )
    assert min(on for _, on in dated) == day("2026-12-29")


def test_a_step_on_a_saturday_comes_on_the_friday():
    version = CATALOGUE["adult-social-care"].versions[0]
    deadline = one(version, "response", received="2026-03-01")
    assert f"{deadline.due:%A}" == "Monday"  # a bank holiday
    on_the_date = [on for step, on in steps(deadline, version.limit(deadline.id), CALENDAR) if step.days == 0]
    assert on_the_date == [day("2026-08-28")]


def test_a_data_protection_complaint_is_worked_to_the_earlier_day_and_late_only_after_the_regulators():
    version = CATALOGUE["data-protection"].versions[0]
    ours = one(version, "acknowledgement", received="2026-06-19")
    regulators = one(version, "acknowledgement-regulator", received="2026-06-19")
    assert (ours.due, regulators.due) == (
        day("2026-07-18"),
        day("2026-07-20"),
    )  # a Saturday, and the Monday after
    assert (ours.other_reading, regulators.other_reading) == ("acknowledgement-regulator", "acknowledgement")
    chased = {step.days: on for step, on in steps(ours, version.limit("acknowledgement"), CALENDAR)}
    assert chased == {-1: day("2026-07-17"), 0: day("2026-07-20"), 1: day("2026-07-21"), 3: day("2026-07-23")}
    assert steps(regulators, version.limit("acknowledgement-regulator"), CALENDAR) == ()
    for today, state in (("2026-07-18", "due-today"), ("2026-07-19", "due"), ("2026-07-20", "due-today")):
        assert standing_on(ours, day(today), CALENDAR).state == state
    late = standing_on(ours, day("2026-07-21"), CALENDAR)
    assert (late.state, late.days) == ("overdue", 1)
    assert "not late before Monday 20 July 2026" in standing_on(ours, day("2026-07-19"), CALENDAR).words


def test_an_outcome_within_the_thirty_days_needs_no_acknowledgement_of_its_own():
    version = CATALOGUE["data-protection"].versions[0]
    for reading in ("acknowledgement", "acknowledgement-regulator"):
        answered = one(version, reading, received="2026-06-19", responded="2026-07-20")
        assert standing_on(answered, day("2026-08-01"), CALENDAR).state == "met"
    assert version.event("responded").follows == "received"


def test_the_notice_that_an_adults_answer_is_late_moves_with_the_answer():
    for procedure in ("adult-social-care", "public-health"):
        version = CATALOGUE[procedure].versions[0]
        answer = one(version, "response", received="2026-03-02")
        notice = one(version, "notice-of-delay", received="2026-03-02")
        assert answer.due == notice.due == day("2026-09-01")
        agreed = {"response": day("2026-11-16")}
        moved = one(version, "notice-of-delay", extensions=agreed, received="2026-03-02")
        assert moved.due == day("2026-11-16")
        assert moved.latest is None
        told = one(version, "notice-of-delay", received="2026-03-02", **{"delay-notified": "2026-09-01"})
        assert told.met_on == day("2026-09-01")
        assert (
            one(version, "response", received="2026-03-02", **{"delay-notified": "2026-09-01"}).met_on is None
        )


def test_whether_a_late_request_may_be_refused_is_the_authoritys_to_say():
    asked = {"received": "2026-03-02", "stage-1-responded": "2026-03-16", "stage-2-requested": "2026-03-17",
             "stage-2-responded": "2026-05-01"}  # fmt: skip
    passed = one(CHILDREN, "stage-3-request", **asked)
    assert "is still considered" in standing_on(passed, day("2026-07-01"), CALENDAR).words
    theirs = replace(passed, refusable=True)
    assert "may be refused for that" in standing_on(theirs, day("2026-07-01"), CALENDAR).words


def test_nobody_is_chased_once_it_is_met_paused_or_stopped():
    limit = MP.limit("response")
    for deadline in (
        one(MP, "response", received="2026-03-02", responded="2026-03-18"),
        one(MP, "response", pauses=[Pause(day("2026-03-03"))], received="2026-03-02"),
        one(MP, "response", stopped_on=day("2026-03-04"), received="2026-03-02"),
    ):
        assert steps(deadline, limit, CALENDAR) == ()


@st.composite
def histories(draw):
    """A version, and events of it in an order that could have been."""
    version = draw(st.sampled_from(VERSIONS))
    start = draw(st.dates(date(2000, 1, 1), date(2099, 1, 1)))
    events = {"received": start}
    for event in version.events[1:]:
        if event.follows in events and draw(st.booleans()):
            events[event.id] = events[event.follows] + timedelta(days=draw(st.integers(0, 120)))
    extended = draw(
        st.dictionaries(st.sampled_from([limit.id for limit in version.limits] or ["-"]), st.dates())
    )
    return version, events, extended


@pytest.mark.long
@settings(max_examples=60)
@given(histories(), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_whatever_happened_the_clock_keeps_its_promises(history, today):
    version, events, extended = history
    extensions = {key: min(max(value, date(1991, 1, 1)), date(2140, 1, 1)) for key, value in extended.items()}
    for deadline in deadlines(version, events, CALENDAR, extensions=extensions):
        assert deadline.unextended <= deadline.due
        extension = version.limit(deadline.id).extension
        assert deadline.latest is None or deadline.due <= deadline.latest or (extension and extension.beyond)
        assert deadline.counted_on <= deadline.due
        assert deadline.working
        if deadline.due.year <= 2100:
            position = standing_on(deadline, today, CALENDAR)
            assert not (deadline.met_on and position.state == "overdue")
            assert position.days >= 0


def test_on_the_days_off_after_a_date_nobody_is_nought_days_late():
    deadline = one(MP, "response", received="2026-06-05")
    assert deadline.due == day("2026-06-19")
    saturday = standing_on(deadline, day("2026-06-20"), CALENDAR)
    assert saturday.state == "overdue"
    assert saturday.words.endswith("no working day has passed since")
