"""The catalogue as shipped."""

from datetime import UTC, datetime

import pytest

from intake.counts.witness import UNANSWERED
from intake.procedures.definitions import FORCES, ROLES, Kind, NoVersion

DEADLINES = {
    ("children-statutory", "2006"): "stage-1-response stage-2-request stage-2-response "
    "stage-2-response-from-statement stage-3-request panel-meeting panel-report stage-3-response",
    ("corporate", "three-stage"): "stage-1-response stage-2-response stage-3-response",
    (
        "corporate",
        "two-stage",
    ): "stage-1-acknowledgement stage-1-response stage-2-acknowledgement stage-2-response",
    ("adult-social-care", "2009"): "acknowledgement response notice-of-delay",
    ("public-health", "2013"): "acknowledgement response notice-of-delay",
    ("data-protection", "2026"): "acknowledgement acknowledgement-regulator",
    ("whistleblowing", "1"): "acknowledgement triage-decision feedback",
    ("mp-enquiry", "1"): "response",
    ("councillor-enquiry", "1"): "acknowledgement response",
    ("general-enquiry", "1"): "response",
    ("service-request", "1"): "response",
    ("suggestion", "1"): "response",
    ("ombudsman-enquiry", "1"): "response",
    ("ombudsman-enquiry", "2"): "response",
    ("compliment", "1"): "",
}
MEASURES = {
    ("children-statutory", "2006"): ["statutory-stage-1", "statutory-stage-2", "statutory-stage-3"],
    ("corporate", "three-stage"): ["corporate-stage-1", "corporate-stage-2", "corporate-stage-3"],
    ("corporate", "two-stage"): ["corporate-stage-1", "corporate-stage-2"],
    ("adult-social-care", "2009"): ["adult-social-care"],
    ("public-health", "2013"): ["public-health"],
    ("data-protection", "2026"): ["data-protection"],
    ("whistleblowing", "1"): ["whistleblowing-referrals"],
    ("mp-enquiry", "1"): ["mp-enquiries"],
    ("councillor-enquiry", "1"): ["councillor-enquiries"],
    ("general-enquiry", "1"): ["general-enquiries"],
    ("service-request", "1"): ["service-requests"],
    ("suggestion", "1"): ["suggestions"],
    ("ombudsman-enquiry", "1"): ["ombudsman-enquiries"],
    ("ombudsman-enquiry", "2"): ["ombudsman-enquiries"],
    ("compliment", "1"): ["compliments"],
}


def versions(catalogue):
    return [version for procedure in catalogue for version in procedure.versions]


def test_every_procedure_has_its_deadlines_and_measures(catalogue):
    written = {
        (v.procedure, v.id): [limit.id for limit in v.limits if not limit.id.endswith("-new-answer")]
        for v in versions(catalogue)
    }
    assert written == {key: ids.split() for key, ids in DEADLINES.items()}
    assert {
        (v.procedure, v.id): [stage.measure for stage in v.stages] for v in versions(catalogue)
    } == MEASURES


def test_every_limit_and_extension_says_where_it_comes_from(catalogue):
    for version in versions(catalogue):
        for limit in version.limits:
            assert len(limit.source) > 5
            assert limit.force in FORCES
            assert limit.extension is None or limit.extension.source


def test_what_nobody_has_verified_says_so(catalogue):
    unread = {
        limit.id for version in versions(catalogue) for limit in version.limits if limit.force == "unread"
    }
    assert unread == {"stage-3-request", "response"}
    assert "legal team" in FORCES["unread"]


def test_everything_the_authority_owes_is_escalated_before_on_and_after_its_date(catalogue):
    for version in versions(catalogue):
        for limit in version.limits:
            if limit.owed_by == "complainant" or limit.second_reading_of or limit.moves_with:
                assert limit.steps == ()
                continue
            offsets = [step.days for step in limit.steps]
            assert min(offsets) < 0 < max(offsets), (version.procedure, limit.id)
            assert 0 in offsets
            levels = [step.level for step in limit.steps]
            assert levels == sorted(levels)


def test_each_side_escalates_to_its_own_people_only(catalogue):
    for procedure in catalogue:
        used = {step.to for version in procedure.versions for limit in version.limits for step in limit.steps}
        assert used <= ROLES[procedure.reader]
    assert ROLES["complaints"] & ROLES["whistleblowing"] == {"handler"}


def test_the_corporate_cut_over_is_exact(catalogue):
    received = datetime(2026, 1, 16, 16, 59, 59)
    corporate = catalogue["corporate"]
    assert corporate.version_at(received).id == "three-stage"
    assert corporate.version_at(datetime(2026, 1, 16, 17, 0)).id == "two-stage"
    assert corporate.version_at(datetime(2026, 1, 16, 17, 0, tzinfo=UTC)).id == "two-stage"
    assert corporate.version("three-stage").stages[-1].id == "stage-3"
    with pytest.raises(NoVersion, match="four-stage"):
        corporate.version("four-stage")


def test_data_protection_complaints_begin_on_19_june_2026(catalogue):
    procedure = catalogue["data-protection"]
    with pytest.raises(NoVersion, match="Friday 19 June 2026"):
        procedure.version_at(datetime(2026, 6, 18, 23, 59))
    # 23:30 UTC on the 18th is half past midnight on the 19th in London.
    assert procedure.version_at(datetime(2026, 6, 18, 23, 30, tzinfo=UTC)).id == "2026"


def test_outcomes_are_each_procedures_own(catalogue):
    def of(procedure):
        return [outcome.id for outcome in catalogue[procedure].versions[0].outcomes]

    complaint = ["upheld", "partly-upheld", "not-upheld", "withdrawn", "refused", "referred"]
    for procedure in (
        "children-statutory",
        "corporate",
        "adult-social-care",
        "public-health",
        "data-protection",
    ):
        settled_at_once = ["resolved-orally"] if procedure == "adult-social-care" else []
        assert of(procedure) == complaint + settled_at_once
    for procedure in ("mp-enquiry", "councillor-enquiry", "general-enquiry"):
        assert of(procedure) == ["answered", "withdrawn", "referred"]
    assert of("compliment") == ["passed-on"]
    assert of("ombudsman-enquiry") == [
        "upheld",
        "not-upheld",
        "closed-after-initial-enquiries",
        "not-for-the-ombudsman",
    ]
    assert len(of("whistleblowing")) == 8


def test_the_ombudsmans_own_decisions_hold_for_enquiries_from_december_2026_on(catalogue):
    enquiry = catalogue["ombudsman-enquiry"]
    assert enquiry.version_at(datetime(2026, 11, 30, 23, 59)).id == "1"
    since = enquiry.version_at(datetime(2026, 12, 1))
    assert [outcome.id for outcome in since.outcomes] == [
        "upheld",
        "upheld-already-remedied",
        "not-upheld",
        "closed-after-initial-enquiries",
        "referred-back",
        "advice-given",
        "incomplete-or-invalid",
    ]
    assert [event.id for event in since.events][-3:] == [
        "remedy-recommended",
        "remedy-complied-with",
        "compliance-accepted",
    ]


def test_the_last_stage_of_every_complaint_signposts(catalogue):
    for procedure in ("children-statutory", "corporate", "adult-social-care", "public-health"):
        for version in catalogue[procedure].versions:
            assert [stage.final for stage in version.stages][-1]
            assert "Ombudsman" in version.signpost.name
    assert catalogue["data-protection"].versions[0].signpost.name == "Information Commissioner"


def test_everybody_is_told_what_will_happen(catalogue):
    for version in versions(catalogue):
        assert version.told
        assert all(
            thing.label for thing in (*version.events, *version.stages, *version.limits, *version.outcomes)
        )
        assert version.events[0].kind is Kind.RECEIVE


def test_the_open_figures_know_which_outcomes_come_without_an_answer(catalogue):
    """What is kept back from the public rests on it."""
    without = {
        outcome.id
        for procedure in catalogue
        for version in procedure.versions
        for outcome in version.outcomes
        if outcome.given_by != "response"
    }
    assert without == UNANSWERED
