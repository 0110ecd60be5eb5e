"""Whatever an authority writes into a file: it is refused in words, or every act on every case of it goes well."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.procedures import clock_lines, outlook, stages_reached
from intake.procedures.clock import standing_on, steps
from intake.procedures.definitions import Catalogue, NoVersion, Procedure
from intake.procedures.loading import CatalogueError, load_catalogue, procedure_of
from intake.procedures.moves import (
    Acknowledge,
    Allocate,
    Appoint,
    Close,
    Extend,
    Move,
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
from intake.procedures.next_act import Holder, wanted
from intake.procedures.people import NONE, Named
from intake.procedures.permitted import effect, offered
from intake.procedures.standing import Standing, opened
from intake.procedures.workflow import decide, needs_signpost
from intake.procedures.working_days import Calendar
from intake.services.cases import history
from intake.services.casework import acts
from intake.services.casework.act_parts import Turn
from intake.web.staff.casework import act_words

from .odd_catalogues import SHIPPED, odd_files

RECEIVED = [datetime(2026, 6, 22, 9), datetime(2027, 12, 31, 23, 59), datetime(2100, 6, 1)]
CATALOGUE, CALENDAR = load_catalogue(), Calendar()


def accepted(file: str, values: dict) -> Procedure | None:
    """The procedure, or None where the file is refused: then in words that name it."""
    try:
        return procedure_of(file, values)
    except CatalogueError as fault:
        words = str(fault)
    assert words.startswith(f"{file}: ")
    assert words.endswith(".")
    return None


def every_move(standing: Standing, today: date) -> list[Move]:
    """All that could be tried today, with dates about today and with the ends of the calendar."""
    version, moves = standing.version, []
    days = [None, today, today - timedelta(days=3), standing.events["received"]]
    moves += [Acknowledge(today), Allocate(today, "officer"), Withdraw(today, "-"), Close(today, "-")]
    moves += [TakeUpAgain(today, "-"), Reopen(today, "-"), Write(today), Note(today), PauseClock(today, "-")]
    moves += [OpenNextStage(today, reason, day) for reason in ("", "-") for day in days]
    moves += [
        RefuseAtTheDoor(today, "other", "-"),
        RefuseAtTheDoor(today, " ", "-"),
    ]  # of our list, and of none
    moves += [RefuseNextStage(today, "-"), *(ResumeClock(today, day) for day in days)]
    moves += [Record(today, event.id, day, "-") for event in version.events for day in (None, today)]
    moves += [Respond(today, outcome.id, reason) for outcome in version.outcomes for reason in ("", "-")]
    moves += [SetDate(today, day, "-") for day in (today, today + timedelta(days=20), date(2149, 12, 31))]
    for deadline in standing.deadlines:
        further = [deadline.due + timedelta(days=1), deadline.latest, date(2149, 12, 31)]
        moves += [
            Extend(today, deadline.id, until, "-", good) for until in further if until for good in ("", "-")
        ]
    for number in (1, 3):
        people = tuple(Named(f"Somebody {one}", NONE) for one in range(number))
        moves += [Appoint(today, event.id, people, day, "-") for event in version.events for day in days]
    return moves + [Reclassify(today, procedure, "-") for procedure in CATALOGUE]


def look_at_everything(procedure: Procedure, standing: Standing, today: date) -> None:
    """All that pages, letters, ticks and counts ask of a case as it stands."""
    offers = offered(standing, today)
    assert {offer.act for offer in offers} >= {"write", "note"}
    dated = standing.deadlines
    for deadline in dated:
        limit = standing.version.limit(deadline.id)
        standing_on(deadline, today, CALENDAR)
        rungs = steps(deadline, limit, CALENDAR)
        assert len({step.id for step, _ in rungs}) == len(rungs)
    stages_reached.receipts(standing)
    outlook.ombudsman_is_next(standing)
    history._events(None, standing, [], {}, set(), standing.events["received"])
    page = SimpleNamespace(
        standing=standing,
        version_label=standing.version.label,
        stage_label=standing.stage.label,
        deadlines=[SimpleNamespace(deadline=deadline) for deadline in dated],
        received_on=standing.events["received"],
        reference="ABC-1234",
        points=SimpleNamespace(standing=(), offered=True),
        triaged=(),
        signpost=standing.version.signpost.words if standing.version.signpost else "",
    )
    for offer in offers:
        act_words.first_draft(offer, page, procedure, CALENDAR, today)
        assert act_words.promise(offer, page, today) or not offer.signposts
    for asked_on in (None, today):
        for one in wanted(standing, offers, today, Holder(True, "an answer", asked_on)):
            assert one.words.strip()
            assert set(one.acts) <= set(offers)
            assert len(one.acts) <= 2
    events = {event: str(day) for event, day in standing.events.items()}
    line = json.dumps({"procedure": procedure.id, "events": events})
    alone = Catalogue({procedure.id: procedure})
    assert "error" in clock_lines.answer(alone, CALENDAR, line) or clock_lines.explain(alone, CALENDAR, line)


def play(data, procedure: Procedure) -> None:
    """Live through a case: try everything at each turn, then do one thing that is possible."""
    received = data.draw(
        st.sampled_from([datetime(2026, 6, 22, 9), datetime(2027, 12, 31, 23, 59), datetime(2100, 6, 1)])
    )
    try:
        standing = opened(procedure.version_at(received), received, CALENDAR)
    except NoVersion:
        return
    office = SimpleNamespace(
        catalogue=Catalogue({**CATALOGUE.procedures, procedure.id: procedure}),
        settings=SimpleNamespace(refusal_grounds=()),
    )
    today = received.date()
    look_at_everything(procedure, standing, today)
    for _ in range(data.draw(st.integers(1, 8))):
        today += timedelta(days=data.draw(st.sampled_from([0, 1, 7, 40])))
        possible = []
        for move in every_move(standing, today):
            after = decide(standing, move)
            if isinstance(after, Refusal):
                assert after.reason.strip()
                assert effect(standing, move) == ()
                continue
            effect(standing, move)
            assert needs_signpost(standing, move) <= (standing.version.signpost is not None)
            acts.letter_of(Turn(office, None, None, standing, after, move, "A letter.", None))
            if not isinstance(move, (Write, Note, Reclassify)):
                possible.append(after)
        if possible:
            standing = data.draw(st.sampled_from(possible))
        look_at_everything(procedure, standing, today)


@settings(max_examples=120)
@given(odd_files(), st.data())
def test_a_file_is_refused_in_words_or_its_cases_survive_every_act(file, data):
    procedure = accepted(*file)
    if procedure:
        play(data, procedure)


@pytest.mark.parametrize("file", SHIPPED)
@settings(max_examples=8)
@given(data=st.data())
def test_our_own_files_survive_every_act(file, data):
    play(data, procedure_of(file, SHIPPED[file]))
