"""Whatever moves are tried on whatever case, in any order: it stays whole."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.procedures.at_the_door import GROUNDS
from intake.procedures.loading import load_catalogue
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
    Refusal,
    RefuseAtTheDoor,
    RefuseNextStage,
    Reopen,
    Respond,
    ResumeClock,
    SetDate,
    TakeUpAgain,
    Withdraw,
    Write,
)
from intake.procedures.people import CONNECTIONS, Named
from intake.procedures.permitted import effect, offered
from intake.procedures.standing import Standing, opened
from intake.procedures.workflow import decide
from intake.procedures.working_days import Calendar

from .conftest import day

D = day

CATALOGUE, CALENDAR = load_catalogue(), Calendar()
EVENTS = sorted({event.id for procedure in CATALOGUE for v in procedure.versions for event in v.events})
PEOPLE = [
    tuple(Named(f"Somebody {n}", kind) for n in range(many)) for many in (0, 1, 3) for kind in CONNECTIONS
]
LIMITS = sorted({limit.id for procedure in CATALOGUE for v in procedure.versions for limit in v.limits})
OUTCOMES = sorted(
    {outcome.id for procedure in CATALOGUE for v in procedure.versions for outcome in v.outcomes}
)


@st.composite
def moves(draw, on):
    near = st.none() | st.integers(-40, 40).map(lambda days: on + timedelta(days=days))
    reason = draw(st.sampled_from(["", "because"]))
    happened = draw(near)
    return draw(
        st.sampled_from(
            [
                Acknowledge(on),
                Allocate(on, "officer"),
                Extend(
                    on,
                    draw(st.sampled_from(LIMITS)),
                    happened or on,
                    reason,
                    draw(st.sampled_from(["", "-"])),
                ),
                Record(on, draw(st.sampled_from(EVENTS)), happened),
                Appoint(on, draw(st.sampled_from(EVENTS)), draw(st.sampled_from(PEOPLE)), happened, reason),
                Respond(on, draw(st.sampled_from(OUTCOMES)), reason),
                OpenNextStage(on, reason, happened),
                RefuseNextStage(on, reason),
                RefuseAtTheDoor(on, draw(st.sampled_from(["", *GROUNDS])), reason),
                PauseClock(on, reason),
                ResumeClock(on, happened),
                SetDate(on, happened or on, reason),
                Reclassify(on, draw(st.sampled_from(list(CATALOGUE))), reason),
                Withdraw(on, reason),
                Close(on, reason),
                TakeUpAgain(on, reason),
                Reopen(on, reason),
                Write(on),
                Note(on),
            ]
        )
    )


@pytest.mark.long
@settings(max_examples=60)
@given(st.data())
def test_whatever_is_tried_a_case_stays_whole(data):
    procedure = data.draw(st.sampled_from(list(CATALOGUE)))
    received = data.draw(st.datetimes(datetime(2026, 6, 19), datetime(2030, 1, 1)))
    standing = opened(procedure.version_at(received), received, CALENDAR)
    today = received.date()
    for _ in range(data.draw(st.integers(1, 12))):
        today += timedelta(days=data.draw(st.integers(0, 20)))
        before = repr(standing)
        move = data.draw(moves(today))
        result = decide(standing, move)
        assert repr(standing) == before
        if isinstance(result, Refusal):
            assert result.reason.endswith(".")
            assert effect(standing, move) == ()
            continue
        assert isinstance(result, Standing)
        standing = result
        for event in standing.version.events[1:]:
            if event.id in standing.events and event.kind not in {"set-date", "arrange"}:
                assert standing.events[event.follows] <= standing.events[event.id] <= today
        for deadline in standing.deadlines:
            extension = standing.version.limit(deadline.id).extension
            assert not deadline.beyond or (extension and extension.beyond)
            assert deadline.latest is None or deadline.due <= deadline.latest or deadline.beyond
    assert {offer.act for offer in offered(standing, today)} >= {"write", "note"}
