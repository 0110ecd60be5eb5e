"""Cases from receipt to closing, and what is refused on the way."""

from dataclasses import replace
from datetime import date

import pytest

from intake.procedures.moves import (
    Acknowledge,
    Allocate,
    Appoint,
    Close,
    Extend,
    Note,
    OpenNextStage,
    PauseClock,
    Reclassify,
    Record,
    RefuseNextStage,
    Reopen,
    Respond,
    ResumeClock,
    SetDate,
    Withdraw,
    Write,
)
from intake.procedures.people import Named
from intake.procedures.permitted import effect, offered
from intake.procedures.workflow import needs_signpost

from .conftest import after, day, due, refusal

D = day


@pytest.fixture
def complaint(receive):
    """A corporate complaint under the Code, received on Monday 2 February 2026."""
    return receive("corporate", "2026-02-02T09:00")


@pytest.fixture
def childs(receive):
    return receive("children-statutory", "2026-04-01T09:00")


@pytest.fixture
def mps(receive):
    return receive("mp-enquiry", "2026-03-02T10:00")


@pytest.fixture
def answered(complaint):
    return after(complaint, Acknowledge(D("2026-02-04")), Respond(D("2026-02-16"), "not-upheld"))


def test_a_complaint_goes_through_both_stages_and_ends(answered):
    end = after(
        answered,
        OpenNextStage(D("2026-03-02"), happened=D("2026-02-27")),
        Allocate(D("2026-03-02"), "officer 7"),
        Acknowledge(D("2026-03-03")),
        Respond(D("2026-03-30"), "partly-upheld"),
        Close(D("2026-04-30"), "remedy carried out"),
    )
    assert end.events["stage-2-requested"] == D("2026-02-27")
    assert end.outcomes == {"stage-1": "not-upheld", "stage-2": "partly-upheld"}
    assert end.handler == "officer 7"
    assert due(end)["stage-2-response"] == "2026-03-31"
    assert after(end, Reopen(D("2026-05-05"), "new facts")).closed_on is None


def test_a_childs_complaint_goes_to_the_panel(childs):
    end = after(
        childs,
        Respond(D("2026-04-16"), "not-upheld"),
        OpenNextStage(D("2026-05-01")),
        Record(D("2026-05-22"), "stage-2-statement-agreed", D("2026-05-20")),
        Extend(D("2026-05-22"), "stage-2-response", D("2026-08-04"), "two people to interview"),
        Respond(D("2026-08-03"), "not-upheld"),
        OpenNextStage(D("2026-08-20")),
        Record(D("2026-09-30"), "panel-met"),
        Record(D("2026-10-06"), "panel-reported"),
        Respond(D("2026-10-20"), "upheld"),
    )
    assert {d.id for d in end.deadlines if d.met_on is None} == set()
    assert needs_signpost(end, Respond(D("2026-10-20"), "upheld"))


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (Acknowledge(D("2026-02-17")), "answered already"),
        (Respond(D("2026-02-17"), "upheld"), "open the next stage"),
        (Record(D("2026-02-17"), "panel-met"), "no event called"),
        (Record(D("2026-02-17"), "stage-2-requested"), "use the act"),
        (
            Extend(D("2026-02-17"), "stage-1-response", D("2026-03-01"), "-"),
            "was met on Monday 16 February 2026",
        ),
        (Extend(D("2026-02-17"), "panel-report", D("2026-03-01"), "-"), "no deadline called"),
        (OpenNextStage(D("2026-02-17"), happened=D("2026-02-18")), "in the future"),
        (
            OpenNextStage(D("2026-02-17"), happened=D("2026-02-13")),
            "what it follows was on Monday 16 February",
        ),
        (RefuseNextStage(D("2026-02-17"), "  "), "Give the reason"),
        (Withdraw(D("2026-02-17"), "-"), "Close the case instead"),
        (Reopen(D("2026-02-17"), "-"), "is open"),
        (PauseClock(D("2026-02-17"), "-"), "never pauses. It can be extended"),
        (ResumeClock(D("2026-02-17")), "not paused"),
        (SetDate(D("2026-02-17"), D("2026-03-01")), "counted, not entered"),
        (Note(D("2026-02-01")), "before the day of receipt"),
        (Allocate(D("2026-02-17"), ""), "to whom"),
        (Close(date.max, "-"), "Give a date between"),
    ],
)
def test_what_an_answered_complaint_refuses(answered, move, words):
    assert words in refusal(answered, move)


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (Respond(D("2026-02-03"), "upheld"), "comes after “Acknowledged”"),
        (OpenNextStage(D("2026-02-03")), "no step may be skipped"),
        (RefuseNextStage(D("2026-02-03"), "-"), "no step may be skipped"),
        (Extend(D("2026-02-03"), "stage-1-response", D("2026-03-01"), "-"), "Acknowledge it first"),
        (Extend(D("2026-02-03"), "stage-1-acknowledgement", D("2026-02-20"), "-"), "may not be extended"),
        (Close(D("2026-02-03"), "-"), "withdrawn"),
    ],
)
def test_what_a_new_complaint_refuses(complaint, move, words):
    assert words in refusal(complaint, move)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2026-03-05", "beyond Wednesday 4 March 2026, the furthest date without good reason"),
        ("2026-02-18", "no later than the present date"),
        ("2026-02-09", "already passed"),
    ],
)
def test_an_extension_stays_between_its_dates(complaint, until, words):
    acknowledged = after(complaint, Acknowledge(D("2026-02-04")))
    assert words in refusal(acknowledged, Extend(D("2026-02-10"), "stage-1-response", D(until), "ill"))
    longest = after(acknowledged, Extend(D("2026-02-10"), "stage-1-response", D("2026-03-04"), "ill"))
    assert due(longest)["stage-1-response"] == "2026-03-04"


def test_acknowledging_twice_is_refused_with_the_first_date(complaint):
    once = after(complaint, Acknowledge(D("2026-02-04")))
    assert "Wednesday 4 February 2026 already" in refusal(once, Acknowledge(D("2026-02-05")))


def test_an_outcome_must_be_one_of_this_procedure_and_may_need_a_reason(complaint):
    ready = after(complaint, Acknowledge(D("2026-02-04")))
    assert "Choose one of: upheld" in refusal(ready, Respond(D("2026-02-05"), "substantiated"))
    assert "Choose one of" in refusal(ready, Respond(D("2026-02-05"), "withdrawn"))
    assert "needs a reason" in refusal(ready, Respond(D("2026-02-05"), "refused"))
    refused = Respond(D("2026-02-05"), "refused", "in court already")
    assert after(ready, refused).outcomes == {"stage-1": "refused"}
    assert needs_signpost(ready, refused)
    assert not needs_signpost(ready, Respond(D("2026-02-05"), "upheld"))
    assert needs_signpost(ready, Extend(D("2026-02-05"), "stage-1-response", D("2026-02-20"), "-"))


def test_the_panel_cannot_report_before_it_met_nor_stage_3_be_answered_before(childs):
    at_panel = after(
        childs,
        Respond(D("2026-04-16"), "not-upheld"),
        OpenNextStage(D("2026-05-01")),
        Respond(D("2026-06-01"), "not-upheld"),
        OpenNextStage(D("2026-06-05")),
    )
    assert "comes after “Review panel met”" in refusal(at_panel, Record(D("2026-07-01"), "panel-reported"))
    assert "comes after “Review panel reported”" in refusal(at_panel, Respond(D("2026-07-01"), "upheld"))
    assert "may not be extended" in refusal(
        at_panel, Extend(D("2026-07-01"), "panel-meeting", D("2026-09-01"), "-")
    )


def test_a_late_request_is_accepted_with_a_reason(childs):
    late = after(childs, Respond(D("2026-04-16"), "not-upheld"))
    assert "no bar: give the reason" in refusal(late, OpenNextStage(D("2026-08-01")))
    assert after(late, OpenNextStage(D("2026-08-01"), "was in hospital")).stage.id == "stage-2"


def test_a_refused_stage_may_be_opened_after_all_with_a_reason(answered):
    refused = after(
        answered, RefuseNextStage(D("2026-02-20"), "nothing new"), Close(D("2026-02-23"), "refused")
    )
    assert refused.outcomes["stage-2"] == "refused"
    assert needs_signpost(answered, RefuseNextStage(D("2026-02-20"), "nothing new"))
    assert "Wednesday" not in refusal(refused, OpenNextStage(D("2026-03-02")))
    opened_again = after(refused, OpenNextStage(D("2026-03-02"), "new evidence"))
    assert (opened_again.closed_on, opened_again.outcomes) == (None, {"stage-1": "not-upheld"})


def test_a_withdrawn_case_stops_its_clock_and_runs_on_when_reopened(childs):
    gone = after(childs, Withdraw(D("2026-04-08"), "asked by telephone"))
    assert [deadline.stopped_on for deadline in gone.deadlines] == [D("2026-04-08")]
    assert "Reopen it first" in refusal(gone, Respond(D("2026-04-09"), "upheld"))
    assert "no step may be skipped" in refusal(gone, OpenNextStage(D("2026-04-09")))
    assert "closed only later" in refusal(gone, Reopen(D("2026-04-07"), "-"))
    back = after(gone, Write(D("2026-04-09")), Reopen(D("2026-04-10"), "changed her mind"))
    assert due(back) == due(childs)
    assert back.outcomes == {}


def test_an_mps_enquiry_waits_for_consent(mps):
    paused = after(mps, PauseClock(D("2026-03-04"), "constituent's consent"))
    assert "since Wednesday 4 March 2026 already" in refusal(paused, PauseClock(D("2026-03-05"), "-"))
    assert "runs again before" in refusal(paused, Respond(D("2026-03-05"), "answered"))
    assert "cannot be on Tuesday 3 March" in refusal(paused, ResumeClock(D("2026-03-20"), D("2026-03-03")))
    running = after(paused, ResumeClock(D("2026-03-12"), D("2026-03-11")))
    assert (due(mps)["response"], due(running)["response"]) == ("2026-03-16", "2026-03-23")
    assert "cannot begin before" in refusal(running, PauseClock(D("2026-03-10"), "-"))
    assert "would change nothing" in refusal(running, PauseClock(D("2026-03-23"), "-"))
    again = after(running, PauseClock(D("2026-03-13"), "a second form"), ResumeClock(D("2026-03-16")))
    assert (due(again)["response"], len(again.pauses)) == ("2026-03-24", 2)
    done = after(again, Respond(D("2026-03-17"), "answered"))
    assert "no clock to pause" in refusal(done, PauseClock(D("2026-03-17"), "-"))


def test_the_ombudsmans_date_is_the_one_in_the_letter_and_may_be_set_again(receive):
    asked = receive("ombudsman-enquiry", "2026-03-02T10:00")
    assert due(asked) == {}
    assert "before the day of receipt" in refusal(asked, SetDate(D("2026-03-03"), D("2026-03-01")))
    dated = after(asked, SetDate(D("2026-03-03"), D("2026-03-30")))
    assert due(dated) == {"response": "2026-03-30"}
    assert "already" in refusal(dated, SetDate(D("2026-03-04"), D("2026-03-30")))
    assert "who agreed" in refusal(dated, SetDate(D("2026-03-04"), D("2026-04-20")))
    assert "already passed" in refusal(dated, SetDate(D("2026-04-21"), D("2026-04-20"), "by telephone"))
    moved = after(dated, SetDate(D("2026-03-04"), D("2026-04-20"), "by telephone"))
    sent = after(moved, Record(D("2026-04-17"), "answer-sent"))
    assert "met already" in refusal(sent, SetDate(D("2026-04-18"), D("2026-05-01"), "-"))
    assert after(sent, Respond(D("2026-09-01"), "not-upheld"), Close(D("2026-09-01"), "decided")).closed_on


def test_social_care_dates_move_only_by_agreement_before_they_pass(receive):
    care = after(receive("adult-social-care", "2025-12-24T10:00"), Acknowledge(D("2025-12-29")))
    agreed = after(care, Extend(D("2026-06-23"), "response", D("2026-12-01"), "agreed by letter"))
    assert due(agreed)["response"] == "2026-12-01"
    assert "before it had passed" in refusal(care, Extend(D("2026-06-24"), "response", D("2026-12-01"), "-"))


def test_feedback_may_say_that_a_concern_is_ongoing_and_its_outcome_follow(receive):
    concern = after(receive("whistleblowing", "2026-03-02T10:00"), Acknowledge(D("2026-03-03")))
    told = after(concern, Respond(D("2026-05-01"), "ongoing"))
    assert "final outcome" in refusal(told, Close(D("2026-05-02"), "-"))
    end = after(told, Respond(D("2026-09-01"), "substantiated"))
    assert end.events["feedback-given"] == D("2026-05-01")
    assert "nothing is withdrawn" in refusal(told, Withdraw(D("2026-05-02"), "-"))


def test_a_complaint_sent_by_the_wrong_road_moves_while_it_is_clean(catalogue, complaint, answered):
    acknowledged = after(complaint, Acknowledge(D("2026-02-04")))
    moved = after(
        acknowledged, Reclassify(D("2026-02-05"), catalogue["children-statutory"], "a child's placement")
    )
    assert (moved.version.procedure, moved.received) == ("children-statutory", complaint.received)
    assert moved.events["stage-1-acknowledged"] == D("2026-02-04")
    assert due(moved) == {"stage-1-response": "2026-02-16"}
    assert "in that procedure already" in refusal(
        complaint, Reclassify(D("2026-02-05"), catalogue["corporate"], "-")
    )
    assert "has been answered under this procedure" in refusal(
        answered, Reclassify(D("2026-02-17"), catalogue["mp-enquiry"], "-")
    )
    early = Reclassify(D("2026-02-05"), catalogue["data-protection"], "-")
    assert "19 June 2026 Choose" not in refusal(complaint, early)
    assert "Choose another procedure" in refusal(complaint, early)


def test_an_act_says_what_it_will_do_to_the_clock_before_it_is_done(complaint, mps):
    words = [change.words for change in effect(complaint, Acknowledge(D("2026-02-04")))]
    assert words == [
        "“Acknowledgement” is met on Wednesday 4 February 2026, in time: it is due Monday 9 February 2026.",
        "“Stage 1 answer” is now due Wednesday 18 February 2026; until now it was provisionally Monday "
        "23 February 2026.",
    ]
    assert effect(complaint, Close(D("2026-02-04"), "-")) == ()
    (change,) = effect(mps, PauseClock(D("2026-03-04"), "consent"))
    assert (change.before, change.after) == (D("2026-03-16"), D("2026-03-16"))
    assert "paused" in change.words
    assert effect(mps, Note(D("2026-03-04"))) == ()


def test_other_effects_read_well_too(catalogue, childs, mps):
    def told(standing, move):
        return " ".join(change.words for change in effect(standing, move))

    assert "moves from" in told(childs, Extend(D("2026-04-10"), "stage-1-response", D("2026-04-30"), "-"))
    assert "late: it was due" in told(childs, Respond(D("2026-04-30"), "upheld"))
    assert "“Ask for stage 2” begins: due" in told(childs, Respond(D("2026-04-16"), "upheld"))
    assert "no longer runs" in told(childs, Withdraw(D("2026-04-16"), "-"))
    assert "runs again" in told(after(childs, Withdraw(D("2026-04-16"), "-")), Reopen(D("2026-04-16"), "-"))
    paused = after(mps, PauseClock(D("2026-03-04"), "-"))
    assert "before the pause" in told(paused, ResumeClock(D("2026-03-10")))
    assert "falls away" in told(mps, Reclassify(D("2026-03-03"), catalogue["corporate"], "-"))


def test_what_is_offered_says_what_it_needs(complaint):
    acknowledged = after(complaint, Acknowledge(D("2026-02-04")))
    offers = {(offer.act, offer.subject): offer for offer in offered(acknowledged, D("2026-02-10"))}
    assert set(offers) == {
        ("allocate", ""),
        ("respond", ""),
        ("extend", "stage-1-response"),
        ("refuse", ""),
        ("withdraw", ""),
        ("write", ""),
        ("note", ""),
    }
    until, reason, good = offers["extend", "stage-1-response"].fields
    assert (until.earliest, until.latest, until.beyond) == (D("2026-02-19"), D("2026-03-04"), True)
    assert reason.required
    assert (good.name, good.required, good.needed_after) == ("good_reason", False, D("2026-03-04"))
    outcome = offers["respond", ""].fields[0]
    assert "withdrawn" not in dict(outcome.choices)
    assert outcome.reason_for == ("refused", "referred")


def test_a_late_request_is_offered_with_its_reason_required(childs):
    late = after(childs, Respond(D("2026-04-16"), "not-upheld"))
    (offer,) = [each for each in offered(late, D("2026-08-01")) if each.act == "open-next-stage"]
    assert [(field.name, field.required) for field in offer.fields] == [("happened", False), ("reason", True)]


def test_a_refusal_of_a_late_request_says_whether_being_late_may_be_its_reason(childs):
    answered = after(childs, Respond(D("2026-04-16"), "not-upheld"))

    def said(standing, day):
        return next(offer.note for offer in offered(standing, D(day)) if offer.act == "refuse-next-stage")

    assert said(answered, "2026-04-20") == ""
    assert "is not refused for being late alone" in said(answered, "2026-08-01")
    version = answered.version
    limits = tuple(replace(limit, late_request="may-be-refused") if limit.id == "stage-2-request" else limit
                   for limit in version.limits)  # fmt: skip
    theirs = replace(answered, version=replace(version, limits=limits))
    assert "may be refused for that" in said(theirs, "2026-08-01")


def test_a_complaint_on_which_work_has_begun_moves_and_its_old_dates_fall_away(catalogue, mps):
    paused = after(mps, PauseClock(D("2026-03-04"), "consent"), ResumeClock(D("2026-03-10")))
    longer = after(paused, Allocate(D("2026-03-10"), "officer 7"))
    move = Reclassify(D("2026-03-11"), catalogue["corporate"], "It is a complaint.")
    words = [change.words for change in effect(longer, move)]
    assert words[0] == "“Answer” falls away."
    assert any(line.startswith("“Acknowledgement” begins: due Monday 9 March 2026") for line in words)
    moved = after(longer, move)
    assert (moved.pauses, moved.extensions, moved.handler) == ((), {}, "officer 7")
    assert set(moved.events) == {"received"}


def test_an_extension_under_the_rules_before_moves_no_date_of_the_rules_after(catalogue, complaint):
    """Both have a date of this name."""
    under_the_code = after(complaint, Acknowledge(D("2026-02-04")))
    longer = after(
        under_the_code, Extend(D("2026-02-05"), "stage-1-response", D("2026-02-27"), "two services")
    )
    moved = after(longer, Reclassify(D("2026-02-06"), catalogue["children-statutory"], "A placement."))
    assert due(moved) == {"stage-1-response": "2026-02-16"}


def test_what_was_resolved_orally_is_that_by_the_next_working_day_alone(receive):
    """SI 2009/309 reg 8(1)(c), over a weekend."""
    care = after(receive("adult-social-care", "2026-03-06T10:00"), Acknowledge(D("2026-03-06")))
    at_once = Respond(D("2026-03-09"), "resolved-orally")
    assert after(care, at_once).outcomes == {"stage-1": "resolved-orally"}
    late = Respond(D("2026-03-10"), "resolved-orally")
    assert "settled by Monday 9 March 2026" in refusal(care, late)
    for on, there in (("2026-03-09", True), ("2026-03-10", False)):
        (answer,) = (offer for offer in offered(care, D(on)) if offer.act == "respond")
        assert ("resolved-orally" in dict(answer.fields[0].choices)) is there


def test_a_complaint_that_is_about_the_nhs_too_has_a_body_that_leads(receive):
    care = after(receive("adult-social-care", "2026-03-06T10:00"), Acknowledge(D("2026-03-06")))
    named = Appoint(D("2026-03-12"), "lead-body-agreed", (Named("Fenland NHS Trust"),), D("2026-03-11"))
    joint = after(care, named)
    assert joint.events["lead-body-agreed"] == D("2026-03-11")
    assert due(joint) == due(care)
    assert "Give the name" in refusal(care, Appoint(D("2026-03-12"), "lead-body-agreed", ()))
