"""Each thing that can be wrong in a row is told by row and column, in words that say what to do."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.register.checking import Fault, Row
from intake.register.columns import COLUMNS, KINDS

from .files import EXAMPLE, TODAY, as_csv, checked, faults, row

STAGE_2 = {"stage2_received": "2024-05-01", "stage2_responded": "2024-05-20", "stage2_outcome": "upheld"}
STAGE_3 = {"stage3_received": "2024-06-01", "stage3_responded": "2024-06-20", "stage3_outcome": "upheld"}
ONE_STAGE = {"kind": "mp enquiry", "stage1_outcome": ""}
STORIES = {
    "an unknown kind": ({"kind": "grumble"}, "kind", "no kind “grumble”. Write one of: corporate,"),
    "no kind": ({"kind": ""}, "kind", "The kind is missing"),
    "an unknown channel": ({"channel": "pigeon"}, "channel", "no channel “pigeon”"),
    "29 February of a common year": ({"received_on": "29/02/2023"}, "received_on", "no 29 February in 2023"),
    "31 April": ({"stage1_responded": "2024-04-31"}, "stage1_responded", "no 31 April in 2024"),
    "month 13": ({"received_on": "04/13/2024"}, "received_on", "no month 13"),
    "no date at all": ({"received_on": "last week"}, "received_on", "“last week” is not a date"),
    "a year of two figures": ({"received_on": "01/04/24"}, "received_on", "is not a date"),
    "before 1990": ({"received_on": "1924-04-02"}, "received_on", "2 April 1924 is before 1990"),
    "in the future": (
        {"stage1_responded": "2026-05-06"},
        "stage1_responded",
        "6 May 2026 lies in the future",
    ),
    "no day of receipt": ({"received_on": ""}, "received_on", "The day of receipt is missing"),
    "no reference": ({"reference": " "}, "reference", "The reference is missing"),
    "an invisible reference": ({"reference": "A\u202eB"}, "reference", "cannot be seen"),
    "a long reference": ({"reference": "x" * 41}, "reference", "41 characters; at most 40"),
    "stage 1 before receipt": (
        {"stage1_received": "2024-04-01"},
        "stage1_received",
        "Stage 1 was received on 1 April 2024, before the case was received on 2 April 2024",
    ),
    "stage 2 before stage 1": (
        STAGE_2 | {"stage2_received": "2024-04-01"},
        "stage2_received",
        "before stage 1 was received on 2 April 2024",
    ),
    "stage 3 before stage 2": (
        STAGE_2 | STAGE_3 | {"stage3_received": "2024-04-30"},
        "stage3_received",
        "before stage 2 was received on 1 May 2024",
    ),
    "stage 3 without stage 2": (STAGE_3, "stage2_received", "There is a stage 3"),
    "an answer to a stage that nobody asked for": (
        {"stage2_responded": "2024-05-20"},
        "stage2_received",
        "Stage 2 has an answer",
    ),
    "answered before received": (
        {"stage1_responded": "2024-04-01"},
        "stage1_responded",
        "answered on 1 April 2024, before it was received on 2 April 2024",
    ),
    "stage 2 answered before received": (
        STAGE_2 | {"stage2_responded": "2024-04-30"},
        "stage2_responded",
        "Stage 2 was answered",
    ),
    "a second stage of an enquiry": (ONE_STAGE | STAGE_2, "stage2_received", "has one stage and no stage 2"),
    "a third corporate stage after the Code": (
        {
            "received_on": "2026-01-17",
            "stage1_received": "2026-01-17",
            "stage1_responded": "2026-01-30",
            "stage2_received": "2026-02-10",
            "stage3_received": "2026-03-10",
        },
        "stage3_received",
        "has 2 stages and no stage 3",
    ),
    "a kind that did not exist yet": ({"kind": "data protection"}, "kind", "before 19 June 2026"),
    "an outcome of another procedure": (
        {"stage1_outcome": "passed on"},
        "stage1_outcome",
        "is no outcome here",
    ),
    "an outcome without its day": ({"stage1_responded": ""}, "stage1_responded", "no day of the answer"),
    "a formula": ({"service": "=1+1"}, "service", "begins with “=”"),
    "a plus": ({"theme": "+44"}, "theme", "begins with “+”"),
    "a minus": ({"reference": "-1"}, "reference", "begins with “-”"),
    "an at sign behind spaces": ({"summary": "  @SUM(1,1)"}, "summary", "begins with “@”"),
    "a tab": ({"complainant": "\tx"}, "complainant", "begins with a tab"),
    "a line break": ({"complainant": "\rx"}, "complainant", "begins with a line break"),
    "a long service": ({"service": "x" * 81}, "service", "at most 80"),
    "a long theme": ({"theme": "x" * 81}, "theme", "at most 80"),
    "a long complainant": ({"complainant": "x" * 201}, "complainant", "at most 200"),
    "a long summary": ({"summary": "x" * 20_001}, "summary", "20,001 characters; at most 20,000"),
    "a control character": ({"summary": "a\x00b"}, "summary", "U+0000"),
    "a name on two lines": ({"complainant": "a\nb"}, "complainant", "U+000A"),
    "a damaged text": ({"summary": "caf\ufffd"}, "summary", "arrived damaged"),
}


@pytest.mark.parametrize("story", STORIES)
def test_one_thing_is_wrong(story):
    said, column, words = STORIES[story]
    (fault,) = faults(as_csv(row(), row(**{"reference": "CEF-2"} | said)))
    assert (fault.row, fault.column) == (3, column)
    assert words in fault.words


def test_everything_that_is_wrong_in_a_row_is_told_at_once():
    wrong = row(kind="grumble", received_on="2023-02-29", stage1_responded="soon", service="=x")
    assert [fault.column for fault in faults(as_csv(wrong))] == [
        "service",
        "kind",
        "received_on",
        "stage1_responded",
    ]


def test_the_other_row_of_a_reference_is_named():
    (fault,) = faults(as_csv(row(), row(reference="CEF-2"), row()))
    assert (fault.row, fault.words) == (
        4,
        "“CEF-1” stands in row 2 already. Give each case its own reference.",
    )


def test_a_cell_too_many_is_told():
    (fault,) = faults(
        as_csv(row()) + b"CEF-2,corporate,email,a,b,c,d,2024-04-02,2024-04-02,,,,,,,,,beyond\r\n"
    )
    assert fault.row == 3
    assert "Cell 18 of this row stands under no heading" in fault.words


def test_more_rows_than_a_register_holds_are_refused(monkeypatch):
    monkeypatch.setattr("intake.register.checking.MOST_ROWS", 2)
    (fault,) = faults(as_csv(*(row(reference=f"R{n}") for n in range(4))))
    assert fault == Fault(4, "", "There are more than 2 rows. Split the register by year.")


@pytest.mark.parametrize("column", ["complainant", "summary"])
@pytest.mark.parametrize("before", ["=", "\x07", "\ufffd", "x" * 20_001])
def test_no_fault_repeats_what_is_sealed(column, before):
    told = faults(as_csv(row(**{column: before + "Kamila Zieba of 4 High Street"}, kind="?")))
    assert told
    assert not any("Kamila" in fault.words or "Street" in fault.words for fault in told)


@pytest.mark.parametrize("written", ["2024-04-02", "02/04/2024", "2/4/2024", "2024-04-02 00:00:00"])
def test_a_day_may_be_written_in_several_ways(written):
    (one,) = checked(as_csv(row(received_on=written)))
    assert one.received_on == date(2024, 4, 2)


def test_a_leap_day_is_a_day():
    (one,) = checked(as_csv(row(received_on="29/02/2024", stage1_received="", stage1_responded="2024-03-01")))
    assert one.stages[0].received == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Corporate complaints", "corporate"),
        ("STATUTORY", "children-statutory"),
        ("adult_social-care", "adult-social-care"),
        ("Compliments", "compliment"),
        ("MP enquiries", "mp-enquiry"),
        ("councillor-enquiry", "councillor-enquiry"),
        ("whistleblowing", "whistleblowing"),
    ],
)
def test_a_kind_may_be_written_in_several_ways(written, kind):
    (one,) = checked(as_csv(row(kind=written, stage1_outcome="", stage1_responded="")))
    assert (one.kind, one.settled) == (kind, False)


def test_every_kind_is_a_procedure_of_the_catalogue():
    from .files import RULES

    assert set(KINDS.values()) == set(RULES)


@pytest.mark.parametrize("outcome", ["withdrawn", "Refused"])
def test_what_was_withdrawn_or_refused_needs_no_answer(outcome):
    (one,) = checked(as_csv(row(stage1_outcome=outcome, stage1_responded="")))
    assert one.settled


def test_an_ongoing_concern_is_not_settled():
    (one,) = checked(as_csv(row(kind="whistleblowing", stage1_outcome="ongoing", stage1_responded="")))
    assert not one.settled


def test_a_third_stage_of_a_complaint_received_on_the_morning_of_the_cut_over():
    said = {"received_on": "2026-01-16", "stage1_received": "2026-01-16", "stage1_responded": "2026-01-30"}
    said |= {"stage2_received": "2026-02-10", "stage3_received": "2026-03-10"}
    (one,) = checked(as_csv(row(**said)))
    assert (one.edition, len(one.stages)) == ("three-stage", 3)


def test_the_example_is_sound():
    found = checked(EXAMPLE.read_bytes(), EXAMPLE.name)
    assert len(found) == 1698
    assert all(isinstance(one, Row) for one in found)


@pytest.mark.long
def test_what_a_fault_is_about_may_stand_far_down():
    """A fault in row 40,000 is found, and nothing is remembered of the rows before but their references."""

    def rows():
        cells = [row()[column] for column in COLUMNS]
        for number in range(2, 60_002):
            yield number, [f"R{number}", "grumble" if number == 40_000 else "corporate", *cells[2:]]

    from intake.register.checking import Checker
    from intake.register.columns import lay_out

    from .files import RULES

    told = Checker(lay_out(COLUMNS, {}), RULES, TODAY).check(rows())
    (fault,) = [one for one in told if isinstance(one, Fault)]
    assert fault.row == 40_000


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_kept_as_it_is_or_refused_in_words(text):
    """Line breaks within a cell count as written."""
    (one,) = checked(as_csv(row(summary=text)))
    if isinstance(one, Fault):
        assert one.column == "summary"
        assert one.words.endswith(".")
    else:
        assert one.summary == text
