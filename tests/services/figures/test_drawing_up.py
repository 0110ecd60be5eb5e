"""The quarter, drawn from cases that people sent and officers worked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from intake.counts.facts import IN_TIME, LATE, NONE, WAITING, Span
from intake.counts.published import REFERRALS, Figure
from intake.counts.quarters import Period
from intake.database import writing
from intake.models import Base, Case, StageReceipt
from intake.services.cases import themes
from intake.services.cases.words import Answer
from intake.services.casework import case_page, classifying
from intake.services.figures import coverage, drawing_up, drill_down
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.ground.roles import COMPLAINTS, ROLES, Right
from intake.services.holders.submitting import Submission
from tests import officers
from tests.actors import place_called
from tests.services.test_spine import MONDAY, complaint, concern, send

Q1 = Period(2026, 1)


@pytest.fixture
def recording(office):
    """An office that counts everything since April."""
    coverage.start_recording(office, date(2026, 4, 1), now=MONDAY)
    return office


def answer(office, officer, reference, on, outcome="upheld"):
    """Take a complaint and acknowledge it on the Monday, and answer it later."""
    for act, given, moment in (
        (officers.allocate, (officer.id,), MONDAY),
        (officers.acknowledge, ("We have it.",), MONDAY),
        (officers.respond, (outcome, "Our answer.", ""), on),
    ):
        revision = case_page.open_case(office, officer, reference, now=moment).revision
        act(office, officer, reference, *given, revision=revision, now=moment)


def row(office, measure, period=Q1, now=MONDAY, **more):
    return drawing_up.draw_up(office, period, now=now, **more).table.row(measure)


def test_a_complaint_is_counted_with_everything_it_is_counted_by(recording, officer, manager):
    sent = send(recording, complaint())
    themes.add_theme(recording, manager, "Missed collection", now=MONDAY)
    ((theme, _),) = themes.open_themes(recording)
    housing = place_called(recording, "Housing")
    classifying.classify(recording, officer, sent.reference, housing, theme, revision=1, now=MONDAY)
    answer(recording, officer, sent.reference, MONDAY + timedelta(days=7))

    told = drawing_up.draw_up(recording, Q1, now=MONDAY + timedelta(days=8))
    facts = told.facts
    assert facts.receipts == {"corporate-stage-1": 1}
    for breakdown, value in (
        ("outcome", "upheld"),
        ("timeliness", IN_TIME),
        ("service", f"/{housing}"),
        ("theme", theme),
        ("channel", "online"),
        ("extended", "no"),
        ("next-stage", NONE),
        ("refusal", NONE),
    ):
        assert facts.values(breakdown, "corporate-stage-1") == {value: 1}
    assert facts.answers == {"corporate-stage-1": Span(1, 5, 5)}
    assert facts.allocations == {"corporate-stage-1": Span(1, 0, 0)}
    assert told.names.name("theme", theme) == "Missed collection"
    assert told.provisional


def test_each_stage_counts_in_the_quarter_in_which_it_was_reached(recording, officer):
    """Received on 1 June, stage 2 asked for in July."""
    sent = send(recording, complaint())
    answer(recording, officer, sent.reference, datetime(2026, 6, 29, 9, tzinfo=UTC))
    later = datetime(2026, 7, 6, 9, tzinfo=UTC)
    revision = case_page.open_case(recording, officer, sent.reference, now=later).revision
    officers.open_next_stage(
        recording, officer, sent.reference, None, "Asked for.", revision=revision, now=later
    )

    first, second = (drawing_up.draw_up(recording, Period(2026, q), now=later) for q in (1, 2))
    assert first.facts.receipts == {"corporate-stage-1": 1}
    assert second.facts.receipts == {"corporate-stage-2": 1}
    assert first.facts.values("next-stage", "corporate-stage-1") == {"opened": 1}
    assert first.facts.values("timeliness", "corporate-stage-1") == {LATE: 1}
    assert second.facts.values("timeliness", "corporate-stage-2") == {WAITING: 1}


@pytest.mark.parametrize(
    ("moment", "period"),
    [
        (datetime(2027, 3, 31, 22, 59, 59, tzinfo=UTC), Period(2026, 4)),  # 23:59:59 in London's summer
        (datetime(2027, 3, 31, 23, 0, 0, tzinfo=UTC), Period(2027, 1)),  # 1 April 00:00
        (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), Period(2027, 4)),
    ],
)
def test_london_decides_the_day_and_so_the_year(recording, moment, period):
    send(recording, complaint(), now=moment)
    later = moment + timedelta(days=2)
    for quarter in (Period(2026, 4), Period(2027, 1), Period(2027, 4)):
        expected = {"corporate-stage-1": 1} if quarter == period else {}
        assert drawing_up.draw_up(recording, quarter, now=later).facts.receipts == expected


def test_an_extension_is_counted_where_it_was_used(recording, officer):
    sent = send(recording, complaint())
    officers.allocate(recording, officer, sent.reference, officer.id, revision=1, now=MONDAY)
    officers.acknowledge(recording, officer, sent.reference, "We have it.", revision=2, now=MONDAY)
    officers.extend(
        recording,
        officer,
        sent.reference,
        "stage-1-response",
        date(2026, 6, 22),
        "A witness is away.",
        revision=3,
        now=MONDAY,
    )
    facts = drawing_up.draw_up(recording, Q1, now=MONDAY).facts
    assert facts.extensions == {"corporate-stage-1": 1}
    assert facts.values("extended", "corporate-stage-1") == {"yes": 1}


def test_a_case_that_was_reclassified_counts_once_as_what_it_is_now_and_the_change_is_told(
    recording, officer, manager
):
    sent = send(recording, complaint(procedure="general-enquiry"))
    officers.reclassify(
        recording, officer, sent.reference, "corporate", "A complaint.", revision=1, now=MONDAY
    )
    facts = drawing_up.draw_up(recording, Q1, now=MONDAY).facts
    assert facts.receipts == {"corporate-stage-1": 1}
    assert facts.reclassified == {("general-enquiry", "corporate"): 1}
    listed = drill_down.cases(
        recording, manager, Q1, "general-enquiry", drill_down.RECLASSIFIED, "corporate", 1, now=MONDAY
    )
    assert [line.reference for line in listed.lines] == [sent.reference]


def test_concerns_are_counted_for_those_who_may_know_of_them(recording):
    send(recording, concern())
    send(recording, concern(named=("unsure",)))

    def seen(role, edition=None):
        told = drawing_up.draw_up(recording, Q1, now=MONDAY, role=ROLES[role], edition=edition)
        return {row.measure: row.total.figure for row in told.table.rows}.get(REFERRALS)

    assert seen("senior-officer") == Figure(2)
    assert seen("monitoring-officer") is None, "one is about this very person"
    assert seen("monitoring-officer", drawing_up.OWN) == Figure(1)
    assert seen("complaints-manager") is None
    for role in ("senior-officer", "complaints-manager"):
        with pytest.raises(NotFound):
            seen(role, drawing_up.OWN)
    told = drawing_up.draw_up(recording, Q1, now=MONDAY, role=ROLES["complaints-manager"])
    assert REFERRALS not in told.facts.receipts


def test_a_concern_carries_no_theme_and_no_service(recording, monitoring_officer, monkeypatch):
    ref, who = send(recording, concern()).reference, monitoring_officer
    with pytest.raises(NotFound):
        classifying.classify(recording, who, ref, None, None, revision=1, now=MONDAY)
    more = replace(who.role, rights=who.role.rights | {Right.CLASSIFY})
    monkeypatch.setitem(ROLES, who.role_id, more)  # a role to come that classifies: the wall stands behind it
    with pytest.raises(Refused, match="could tell who"):
        classifying.classify(recording, who, ref, None, None, revision=1, now=MONDAY)


def test_whoever_classifies_second_is_told(recording, officer):
    sent = send(recording, complaint())
    housing, early = place_called(recording, "Housing"), place_called(recording, "Early help")
    classifying.classify(recording, officer, sent.reference, housing, None, revision=1, now=MONDAY)
    with pytest.raises(ActedMeanwhile):
        classifying.classify(recording, officer, sent.reference, early, None, revision=1, now=MONDAY)


def test_a_theme_that_is_renamed_or_merged_counts_so_in_the_whole_year(recording, officer, manager):
    for name in ("Delay", "Waiting time"):
        themes.add_theme(recording, manager, name, now=MONDAY)
    ids = {name: theme for theme, name in themes.open_themes(recording)}
    for name in ids:
        sent = send(recording, complaint())
        classifying.classify(recording, officer, sent.reference, None, ids[name], revision=1, now=MONDAY)
    themes.merge_themes(recording, manager, ids["Waiting time"], ids["Delay"], now=MONDAY)
    themes.rename_theme(recording, manager, ids["Delay"], "Delay in service", now=MONDAY)

    told = drawing_up.draw_up(recording, Q1, now=MONDAY)
    assert told.facts.values("theme", "corporate-stage-1") == {ids["Delay"]: 2}
    assert told.names.name("theme", ids["Delay"]) == "Delay in service"
    listed = drill_down.cases(
        recording, manager, Q1, "corporate-stage-1", "theme", ids["Delay"], 1, now=MONDAY
    )
    assert listed.total == 2
    with pytest.raises(Refused, match="not on the list any more"):
        themes.rename_theme(recording, manager, ids["Waiting time"], "Other", now=MONDAY)
    with pytest.raises(Refused, match="already"):
        themes.add_theme(recording, manager, "DELAY IN SERVICE", now=MONDAY)
    with pytest.raises(Refused, match="complaints manager"):
        themes.add_theme(recording, officer, "Another", now=MONDAY)


def test_a_number_leads_to_its_cases_and_to_nobody_elses(
    recording, officer, manager, monitoring_officer, senior_officer
):
    sent = send(recording, complaint(service="Waste and recycling"))
    told = send(recording, concern())
    bins, housing = place_called(recording, "Waste and recycling"), place_called(recording, "Housing")

    def lines(who, measure, breakdown="", value=""):
        return [
            line.reference
            for line in drill_down.cases(recording, who, Q1, measure, breakdown, value, 1, now=MONDAY).lines
        ]

    assert lines(manager, "corporate-stage-1") == [sent.reference]
    assert lines(manager, "corporate-stage-1", "service", f"/{bins}") == [sent.reference]
    assert lines(manager, "corporate-stage-1", "service", f"/{housing}") == []
    assert lines(manager, "corporate-stage-1", "timeliness", "answered") == []
    assert lines(manager, "corporate-stage-1", "timeliness", "waiting") == [sent.reference]
    assert lines(monitoring_officer, REFERRALS) == [told.reference]
    for who, measure in (
        (manager, REFERRALS),
        (monitoring_officer, "corporate-stage-1"),
        (senior_officer, "corporate-stage-1"),
        (officer, "corporate-stage-1"),
        (manager, "no-such-measure"),
    ):
        with pytest.raises(NotFound):
            lines(who, measure)
    with pytest.raises(NotFound):
        lines(manager, "corporate-stage-1", "no-such-breakdown", "x")


def test_the_count_outlives_its_case(recording, manager):
    sent = send(recording, complaint())
    with writing(recording.session):
        case = recording.session.scalar(select(Case.id).where(Case.reference == sent.reference))
        for table in reversed(Base.metadata.sorted_tables):
            if "case_id" in table.c and table.name not in {"stage_receipts", "journal"}:
                recording.session.execute(delete(table).where(table.c.case_id == case))
        recording.session.execute(delete(Case).where(Case.id == case))
    assert row(recording, "corporate-stage-1").total.figure == Figure(1)
    listed = drill_down.cases(recording, manager, Q1, "corporate-stage-1", "", "", 1, now=MONDAY)
    assert (listed.counted, listed.total) == (1, 0)


def test_every_receipt_stands_in_one_part_of_each_breakdown(recording, officer):
    """However cases are worked, the parts add up to the receipts."""
    for number in range(6):
        sent = send(recording, complaint(procedure="corporate" if number % 2 else "children-statutory"))
        if number > 2:
            answer_or_not = {3: "upheld", 4: "not-upheld"}.get(number)
            if answer_or_not:
                answer(recording, officer, sent.reference, MONDAY, answer_or_not)
            else:
                officers.withdraw(recording, officer, sent.reference, "Asked to.", revision=1, now=MONDAY)
    send(recording, Submission("compliment", "named", (Answer("?", "Thank you."),)))
    facts = drawing_up.draw_up(recording, Q1, now=MONDAY).facts
    for breakdown, measure in {(key[0], key[1]) for key in facts.parts}:
        assert sum(facts.values(breakdown, measure).values()) == facts.receipts[measure]
    assert not facts.values("timeliness", "compliments")


@pytest.mark.sqlite
def test_the_tally_reads_one_index_and_only_its_own_period(recording):
    """The cost of a quarter must not grow with the years."""
    from sqlalchemy import func

    from intake.counts.places import Tree
    from intake.services.figures import tallying

    query = (
        select(StageReceipt.measure, tallying.values(MONDAY.date())["theme"], func.count())
        .where(*tallying.of(Q1, tallying.Scope(Tree({}), (COMPLAINTS,))))
        .group_by(StageReceipt.measure, tallying.values(MONDAY.date())["theme"])
    )
    engine = recording.session.get_bind()
    text = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with engine.connect() as connection:
        plan = " ".join(step[3] for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))
    assert "SEARCH stage_receipts USING COVERING INDEX ix_stage_receipts_counted (received_on>? AND" in plan
