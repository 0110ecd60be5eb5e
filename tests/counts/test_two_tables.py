"""The rule run backwards over two tables of the same answers."""

from intake.counts.facts import IN_TIME, LATE, NONE, WAITING

from .test_suppression import MEASURE, Q1, facts_of, publish


def test_two_tables_of_the_same_answers_are_not_both_told_where_something_is_hidden():
    """Sums of 6 and of 10, each of one small number and one other, met in a single answer: 1, 5 and 9."""
    facts = facts_of(
        outcome={"not-upheld": 20, "upheld": 5, NONE: 1}, timeliness={IN_TIME: 16, LATE: 9, WAITING: 1}
    )
    (issued,) = publish((Q1, facts))
    assert issued.told.values("outcome", MEASURE) == {"not-upheld": 20, "upheld": None, NONE: None}
    assert issued.told.values("timeliness", MEASURE) == {}
