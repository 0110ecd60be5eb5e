"""The committee report: what it says of a period, and what it does not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.counts.facts import Facts, Span
from intake.counts.published import ADDED, MEASURES, Figure, Published, tabulate
from intake.counts.quarters import Period
from intake.documents.committee_report import Referral, set_out
from intake.documents.wording import per_cent

from .the_year import (
    AUTHORITY,
    LAST,
    NAMES,
    NEW,
    REFERRALS,
    THIS,
    YEAR,
    figures_of,
    quarter_of,
    revised_year,
    table_of,
)

NOTHING = Facts()


def section(report, heading):
    return next(section for section in report.sections if section.heading == heading)


def headings(report):
    return [section.heading for section in report.sections]


def row(table, label):
    return {
        head: cell
        for head, cell in zip(table.head, next(r for r in table.rows if r[0].text == label), strict=True)
    }


def words_of(report):
    """Everything that the report says, as one text."""
    told = [report.title, report.standing]
    for part in report.sections:
        told += [part.heading, *part.paragraphs, *part.points, *part.after]
        for table in part.tables:
            told += [table.caption, *table.head, *table.notes]
            told += [cell.printed for line in table.rows for cell in line]
        told += [f"{chart.title} {chart.description}" for chart in part.charts]
    return "\n".join(told)


def test_the_published_year_reads_as_the_council_published_it(report):
    summary = section(report, "Summary")
    assert summary.paragraphs == ("Between 1 April 2024 and 31 March 2025 the council received:",)
    assert summary.points == (
        "153 compliments (2023/24: not recorded)",
        "72 general enquiries (2023/24: not recorded)",
        "31 councillor enquiries (2023/24: not recorded)",
        "149 MP enquiries (2023/24: not recorded)",
        "62 stage 1, 16 stage 2 and 0 stage 3 statutory complaints (86, 10 and 1)",
        "720 stage 1, 148 stage 2 and 60 stage 3 corporate complaints (368, 39 and 16)",
        "37 Ombudsman enquiries (17)",
        "3 whistleblowing referrals (2023/24: not recorded)",
    )


def test_the_sections_stand_in_their_order(report):
    assert headings(report) == [
        "Summary",
        "Counts",
        "Answered in time",
        "Outcomes",
        "From stage to stage",
        "Services",
        "Themes",
        "How it came",
        "Extensions",
        "Time to allocate",
        "Reclassified",
        "Ombudsman decisions",
        "Whistleblowing",
        "Appendix: whistleblowing referrals",
    ]


def test_without_facts_nothing_stands_but_the_counts():
    bare = figures_of(facts=NOTHING, before=NOTHING)
    assert headings(set_out(bare, AUTHORITY)) == [
        "Summary",
        "Counts",
        "From stage to stage",
        "Whistleblowing",
    ]
    told = section(set_out(bare, AUTHORITY), "From stage to stage")
    assert told.tables == ()  # the flow is known from the counts, the cohort is not
    assert all(point.startswith("Flow: ") for point in told.points)


def test_the_table_has_quarters_total_brackets_and_change(report):
    table = section(report, "Counts").tables[0]
    assert table.head == ("Measure", "Q1", "Q2", "Q3", "Q4", "2024-25", "Change")
    assert [line[0].text for line in table.rows] == [
        label for measure, label in MEASURES.items() if measure not in ADDED
    ]
    corporate = row(table, "Corporate complaints, stage 1")
    assert corporate["Q1"].printed == "180 (92)"
    assert corporate["2024-25"].printed == "720 (368)"
    assert (corporate["Change"].printed, corporate["Change"].number) == ("+352", 352)
    assert row(table, "Statutory complaints, stage 1")["Change"].text == "−24"
    compliments = row(table, "Compliments")
    assert compliments["2024-25"].printed == "153 (not recorded)"
    assert compliments["2024-25"].before_number is None
    assert compliments["Change"].printed == "–"


def test_a_revised_figure_says_what_it_was_why_and_what_it_is_now(report):
    table = section(report, "Counts").tables[0]
    assert row(table, "Corporate complaints, stage 1")["Q4"].printed == "184\N{NO-BREAK SPACE}r (94), now 185"
    assert "r Corporate complaints, stage 1, Q4: first published as 186, revised to 184." in table.notes
    assert (
        "2024-25 Q4 was revised on 20 May 2025 (edition 2): two corporate complaints were reclassified."
        in table.notes
    )


@pytest.mark.parametrize(
    ("edition", "standing"),
    [
        (None, "As the cases stand on 2 June 2025."),
        (
            Published(1, date(2025, 5, 2)),
            "Published on 2 May 2025. What became of the cases is told as it was that day.",
        ),
        (
            Published(2, date(2025, 5, 20), "a case was found."),
            "Revised on 20 May 2025 (edition 2): a case was found.",
        ),
    ],
)
def test_the_report_says_where_its_figures_stand(edition, standing):
    assert set_out(figures_of(edition=edition), AUTHORITY).standing == standing


def test_a_period_that_has_not_ended_is_provisional_everywhere():
    period = Period(2024, 3)
    figures = figures_of(period, table=table_of(period, ended=False), drawn_on=date(2024, 11, 22))
    report = set_out(figures, AUTHORITY)
    assert report.standing.startswith("Provisional")
    assert section(report, "Summary").paragraphs == (
        "Between 1 October 2024 and 22 November 2024 (provisional: the period has not ended) the council received:",
    )
    table = section(report, "Counts").tables[0]
    assert table.head == ("Measure", "Q1", "Q2", "Q3 p", "Year to date p", "Change")
    assert any(note.startswith("p Provisional") for note in table.notes)


def test_quarters_to_come_are_not_yet_and_not_nought():
    quarters = [quarter_of(Period(2024, n), THIS) for n in (1, 2)]
    quarters += [quarter_of(Period(2024, n), {}, tuple(MEASURES), ended=False) for n in (3, 4)]
    before = [quarter_of(Period(2023, n), LAST, NEW) for n in (1, 2, 3, 4)]
    figures = figures_of(table=tabulate(YEAR, quarters, before), drawn_on=date(2024, 9, 30))
    table = section(set_out(figures, AUTHORITY), "Counts").tables[0]
    assert table.head[3:6] == ("Q3", "Q4", "Year to date p")
    assert row(table, "Corporate complaints, stage 1")["Q3"].printed == "not yet (92)"
    assert row(table, "Corporate complaints, stage 1")["Q3"].number is None


def test_a_quarter_is_told_of_the_quarter_beside_the_year_to_date():
    report = set_out(figures_of(Period(2024, 2)), AUTHORITY)
    assert report.title == "Complaints and whistleblowing, 2024-25 Q2"
    assert section(report, "Summary").points[5] == (
        "172 stage 1, 38 stage 2 and 14 stage 3 corporate complaints (90, 10 and 4)"
    )
    table = section(report, "Counts").tables[0]
    assert row(table, "Corporate complaints, stage 1")["Year to date"].printed == "352 (182)"
    outcomes = section(report, "Outcomes").tables[1]
    assert row(outcomes, "All")["Stage 1"].printed == "172 (90)"


def test_flow_and_cohort_are_named_as_what_they_are(report):
    points = section(report, "From stage to stage").points
    assert (
        "Flow: corporate complaints, 148 stage 2 for 720 stage 1 received in the same period: "
        "21% (2023/24: 39 for 368, 11%)." in points
    )
    assert (
        "Cohort: of the 720 corporate complaints whose stage 1 was received in the period, "
        "129 have gone on to stage 2 so far, 7 were refused it (2 June 2025)." in points
    )


def test_a_share_of_nothing_is_not_printed():
    """Stage 3 for no stage 2 at all has no per cent."""
    none = {**THIS, "statutory-stage-2": (0, 0, 0, 0)}
    quarters = [quarter_of(Period(2024, n), none) for n in (1, 2, 3, 4)]
    before = [quarter_of(Period(2023, n), LAST, NEW) for n in (1, 2, 3, 4)]
    report = set_out(figures_of(table=tabulate(YEAR, quarters, before)), AUTHORITY)
    assert not any("for 0 stage 2" in point for point in section(report, "From stage to stage").points)


def test_a_flow_from_a_stage_that_was_partly_recorded_is_not_printed():
    quarters = [quarter_of(Period(2024, n), THIS) for n in (1, 2, 3, 4)]
    figures = dict(quarters[0].figures) | {"corporate-stage-1": Figure(180, partly=True)}
    quarters[0] = replace(quarters[0], figures=figures)
    before = [quarter_of(Period(2023, n), LAST, NEW) for n in (1, 2, 3, 4)]
    report = set_out(figures_of(table=tabulate(YEAR, quarters, before)), AUTHORITY)
    flows = [
        point
        for point in section(report, "From stage to stage").points
        if point.startswith("Flow: corporate")
    ]
    assert len(flows) == 1
    assert "60 stage 3 for 148 stage 2" in flows[0]


def test_answers_are_told_with_their_share_and_their_days(report):
    table = section(report, "Answered in time").tables[0]
    corporate = row(table, "Corporate complaints, stage 1")
    assert corporate["Answered"].printed == "663 (339)"
    assert corporate["Per cent in time"].printed == "67% (68%)"
    assert corporate["Average working days"].printed == "12.0 (12.0)"
    assert corporate["Longest, working days"].number == 48


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_per_cent_is_whole_and_a_half_goes_up(part, base):
    exact = per_cent(part, base)
    assert 2 * base * exact <= 200 * part + base < 2 * base * (exact + 1)


def themes_of(**parts):
    """The year with MP enquiries on the themes given, all others without one."""
    facts = {("theme", "mp-enquiries", value): many for value, many in parts.items()}
    return figures_of(facts=Facts({"mp-enquiries": sum(parts.values())}, facts), before=NOTHING)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"t1": 75, "t2": 74}, True),  # of the 149 received
        ({"t1": 74, "t2": 75}, False),
        ({"t1": 74}, False),  # 75 are not held: they count in the denominator
        ({"t1": 75}, True),
    ],
)
def test_the_theme_sentence_stands_only_when_more_than_half_share_it(parts, told):
    sentence = "The majority of MP enquiries concern delay in assessment."
    after = section(set_out(themes_of(**parts), AUTHORITY), "Summary").after
    assert (sentence in after) is told


def test_an_abbreviation_keeps_its_capitals():
    names = replace(NAMES, by_breakdown={"theme": {"t1": "SEND assessments"}})
    report = set_out(replace(themes_of(t1=149), names=names), AUTHORITY)
    assert section(report, "Summary").after == ("The majority of MP enquiries concern SEND assessments.",)


def test_complaints_of_all_stages_are_taken_together():
    """Neither stage alone, but both families together, share one theme."""
    parts = {("theme", "statutory-stage-1", "t1"): 10, ("theme", "corporate-stage-1", "t1"): 600}
    figures = figures_of(
        facts=Facts({"statutory-stage-1": 62, "corporate-stage-1": 720}, parts), before=NOTHING
    )
    assert section(set_out(figures, AUTHORITY), "Summary").after == (
        "The majority of complaints, all stages taken together, concern delay in assessment.",
        "The majority of corporate complaints concern delay in assessment.",
    )


def test_cases_that_are_not_all_held_say_so():
    parts = {("outcome", "corporate-stage-1", "upheld"): 10}
    figures = figures_of(facts=Facts({"corporate-stage-1": 10}, parts), before=NOTHING)
    table = section(set_out(figures, AUTHORITY), "Outcomes").tables[0]
    assert table.rows[0][1].printed == "10"  # nothing is held of last year, so no bracket says 0
    assert table.notes == (
        "Corporate complaints, stage 1: the cases held are 10 of the 720 received.",
        "Of 2023/24 only the number received is held: Corporate complaints, stage 1.",
    )


def test_partly_recorded_is_starred_and_has_no_change():
    quarters = [quarter_of(Period(2024, n), THIS) for n in (1, 2, 3, 4)]
    figures = dict(quarters[0].figures) | {"mp-enquiries": Figure(30, partly=True)}
    quarters[0] = replace(quarters[0], figures=figures)
    before = [quarter_of(Period(2023, n), LAST) for n in (1, 2, 3, 4)]
    report = set_out(figures_of(table=tabulate(YEAR, quarters, before)), AUTHORITY)
    table = section(report, "Counts").tables[0]
    mp = row(table, "MP enquiries")
    assert (mp["Q1"].printed, mp["2024-25"].printed, mp["Change"].text) == ("30* (0)", "149* (0)", "–")
    assert "* Recorded for a part of the period only." in table.notes


def test_hidden_measures_are_nowhere_and_the_table_says_so():
    hidden = frozenset({"whistleblowing-referrals"})
    moved = {("whistleblowing", "corporate"): 1, ("corporate", "children-statutory"): 7}
    figures = figures_of()
    figures = replace(figures, facts=replace(figures.facts, reclassified=moved))
    report = set_out(figures, AUTHORITY, hidden=hidden, referrals=REFERRALS)
    told = words_of(report)
    assert "Not shown here: Whistleblowing referrals." in told
    assert told.lower().count("whistleblowing") == 1
    assert "Purchasing" not in told
    assert "referrals" not in [heading.lower() for heading in headings(report)]


def test_the_appendix_lists_each_referral_and_says_when_some_are_missing():
    report = set_out(figures_of(), AUTHORITY, referrals=[Referral("2024-25 Q1", "Substantiated")])
    appendix = report.sections[-1]
    assert appendix.appendix
    assert [cell.text for cell in appendix.tables[0].rows[0]] == ["1", "2024-25 Q1", "Substantiated"]
    assert appendix.tables[0].notes == ("1 of the 3 referrals are listed.",)


def test_whistleblowing_is_told_by_outcome_only(report):
    captions = [table.caption for table in section(report, "Whistleblowing").tables]
    assert captions == ["Whistleblowing referrals by outcome, 2024-25"]
    others = [s for s in report.sections if s.heading in ("Themes", "Services", "How it came", "Extensions")]
    told = [cell.text for s in others for table in s.tables for line in table.rows for cell in line]
    assert len(others) == 4
    assert not any("histleblow" in text for text in told)


def test_every_count_leads_to_its_cases():
    asked = set()

    def link(breakdown, measure, value, period):
        asked.add((breakdown, measure, value, period))
        return f"/{breakdown}/{measure}/{value}/{period.label}"

    figures = figures_of()
    report = set_out(figures, AUTHORITY, link=link)
    table = section(report, "Counts").tables[0]
    corporate = row(table, "Corporate complaints, stage 1")
    assert corporate["Q2"].href == "//corporate-stage-1//2024-25 Q2"
    assert corporate["Q2"].before_href == "//corporate-stage-1//2023-24 Q2"
    assert row(table, "Compliments")["Q2"].before_href == ""  # not recorded leads nowhere
    told = {
        key
        for key in figures.facts.parts
        if key[0] in ("service", "theme", "channel") and key[1] != "whistleblowing-referrals"
    }
    assert {(*key, YEAR) for key in told} <= asked


def test_a_table_adds_up(report):
    for part in ("Outcomes", "Services", "Themes", "How it came"):
        for table in section(report, part).tables:
            *lines, total = table.rows
            if total[0].text != "All":
                continue
            for at in range(1, len(table.head)):
                assert sum(line[at].number for line in lines) == total[at].number


def test_one_of_a_kind_is_told_in_the_singular():
    ones = {measure: (1, 0, 0, 0) for measure in MEASURES}
    quarters = [quarter_of(Period(2024, n), ones) for n in (1, 2, 3, 4)]
    before = [quarter_of(Period(2023, n), ones) for n in (1, 2, 3, 4)]
    points = section(set_out(figures_of(table=tabulate(YEAR, quarters, before)), AUTHORITY), "Summary").points
    assert points[0] == "1 compliment (2023/24: 1)"
    assert points[1:3] == ("1 suggestion or representation (1)", "1 service request (1)")
    assert points[5:9] == (
        "1 MP enquiry (1)",
        "1 stage 1, 1 stage 2 and 1 stage 3 statutory complaints (1, 1 and 1)",
        "1 adult social care complaint (1)",
        "1 public health complaint (1)",
    )


def test_what_was_never_recorded_is_left_out_and_what_lapsed_is_said():
    lapsed = ("mp-enquiries", "statutory-stage-3")
    quarters = [quarter_of(Period(2024, n), THIS, (*lapsed, "compliments")) for n in (1, 2, 3, 4)]
    before = [quarter_of(Period(2023, n), LAST, ("compliments",)) for n in (1, 2, 3, 4)]
    points = section(set_out(figures_of(table=tabulate(YEAR, quarters, before)), AUTHORITY), "Summary").points
    assert not any("compliment" in point for point in points)
    assert "MP enquiries: not recorded (0)" in points
    assert "statutory complaints: stage 1 62, stage 2 16, stage 3 not recorded (86, 10 and 1)" in points


def test_an_authority_that_is_no_council_is_called_by_its_name():
    report = set_out(figures_of(), "Ellerby Fire Authority")
    assert section(report, "Summary").paragraphs[0].endswith("Ellerby Fire Authority received:")


def test_the_longest_wait_is_told_even_where_only_one_was_answered():
    key = ("timeliness", "corporate-stage-1", "in-time")
    facts = Facts({"corporate-stage-1": 1}, {key: 1}, {"corporate-stage-1": Span(1, 7, 7)})
    table = section(set_out(figures_of(facts=facts, before=NOTHING), AUTHORITY), "Answered in time").tables[0]
    assert [cell.printed for cell in table.rows[0][1:]] == ["1", "1", "0", "100%", "7.0", "7"]


def test_the_report_of_a_revised_year_is_the_same_each_time():
    assert set_out(revised_year(), AUTHORITY) == set_out(revised_year(), AUTHORITY)
