"""What the holder of a concern is told of where it stands: each stage by itself, and nobody and nothing given away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intake.procedures.loading import load_catalogue
from intake.procedures.outlook import concern_in_words
from intake.procedures.standing import Standing, opened
from intake.procedures.working_days import Calendar

DAY = date(2026, 6, 1)


@pytest.fixture
def received() -> Standing:
    version = load_catalogue()["whistleblowing"].versions[-1]
    return opened(version, datetime(2026, 6, 1, 10, tzinfo=UTC), Calendar({}, 2028))


def test_each_stage_has_a_sentence_of_its_own(received):
    acknowledged = replace(received, events={"received": DAY, "acknowledged": DAY})
    decided = replace(acknowledged, events={**acknowledged.events, "triage-decided": DAY})
    given = replace(
        decided,
        events={**decided.events, "feedback-given": DAY},
        outcomes={"stage-1": "substantiated"},
    )
    closed = replace(given, closed_on=DAY)
    told = [concern_in_words(one) for one in (received, acknowledged, decided, given, closed)]
    assert len(set(told)) == 5
    for words in (
        "We have received it",
        "deciding how",
        "are doing so",
        "what came of it",
        "closed on 1 June 2026",
    ):
        assert any(words in sentence for sentence in told)


def test_neither_a_handler_nor_an_outcome_changes_a_word(received):
    assert concern_in_words(replace(received, handler="ruth")) == concern_in_words(received)
    both = {
        concern_in_words(
            replace(received, events={"received": DAY, "feedback-given": DAY}, outcomes={"stage-1": outcome})
        )
        for outcome in ("substantiated", "not-substantiated", "insufficient-information")
    }
    assert len(both) == 1
