"""Adults and children apart: what an older program counted together is told apart from now on, and what was published
stays as it was printed.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select, update

from intake.counts.published import ADDED, NOT_RECORDED, Figure
from intake.counts.quarters import Period
from intake.models import Case, Coverage, DeadlineRow, JournalLine, StageReceipt, StepRow
from intake.services.figures import coverage, drawing_up, open_figures, publishing
from intake.services.ground import journal
from intake.services.instance import backfill, kept_versions
from tests.actors import MONDAY, complaint, send

Q1, Q2 = Period(2026, 1), Period(2026, 2)
APRIL, UPGRADED = date(2026, 4, 1), datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
JULY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
CHILDREN, ADULTS, DATA = "statutory-stage-1", "adult-social-care", "data-protection"


@pytest.fixture
def older(office, senior_officer):
    """What the program before left: two children's, three adults' and a data protection complaint in June, counted as
    it counted them, and the quarter published.
    """
    coverage.start_recording(office, APRIL, now=MONDAY)
    for procedure, number in (("children-statutory", 2), ("adult-social-care", 3), ("data-protection", 1)):
        for _ in range(number):
            send(office, complaint(procedure=procedure), now=datetime(2026, 6, 29, 9, tzinfo=UTC))
    session = office.session
    for measure, was in ((ADULTS, CHILDREN), (DATA, None)):
        session.execute(update(StageReceipt).where(StageReceipt.measure == measure).values(measure=was))
    session.execute(delete(Coverage).where(Coverage.measure.in_(ADDED)))
    session.commit()
    publishing.publish(office, senior_officer, Q1, "", last=0, now=JULY)
    return office


def upgraded(office):
    backfill.recount(office)
    backfill.reckon_anew(office)
    coverage.begin_what_is_new(office, now=UPGRADED)
    return office


def rows(figures):
    return {row.measure: row for row in figures.table.rows}


def test_live_figures_move_and_a_published_quarter_stays_as_it_was_printed(older):
    printed = drawing_up.draw_up(older, Q1, now=JULY, edition=1)
    upgraded(older)

    live = rows(drawing_up.draw_up(older, Q1, now=UPGRADED, edition=drawing_up.LIVE))
    assert [live[measure].total.figure for measure in (CHILDREN, ADULTS)] == [Figure(2), Figure(3)]

    again = drawing_up.draw_up(older, Q1, now=UPGRADED, edition=1)
    assert rows(again) == rows(printed)
    assert ADULTS not in rows(again)
    assert again.facts == printed.facts

    beside = rows(drawing_up.draw_up(older, Q1, now=UPGRADED))
    assert [(beside[m].total.figure, beside[m].cells[-1].now) for m in (CHILDREN, ADULTS)] == [
        (Figure(5), Figure(2)),
        (NOT_RECORDED, Figure(3)),
    ]


def test_what_was_counted_by_nobody_is_not_recorded_and_not_0(older):
    upgraded(older)
    known = {measure: spans for measure, spans in coverage.coverage(older).items() if measure in ADDED}
    assert {
        measure: [(span.first_day, span.last_day) for span in spans] for measure, spans in known.items()
    } == {
        "adult-social-care": [(APRIL, None)],  # its receipts were kept all along
        "data-protection": [(date(2026, 6, 19), None)],  # kept too, since the law came into force
        "public-health": [(UPGRADED.date(), None)],
        "service-requests": [(UPGRADED.date(), None)],
        "suggestions": [(UPGRADED.date(), None)],
    }
    live = rows(drawing_up.draw_up(older, Q1, now=UPGRADED, edition=drawing_up.LIVE))
    assert live[DATA].total.figure == Figure(1, partly=True)
    assert "public-health" not in live
    second = rows(drawing_up.draw_up(older, Q2, now=UPGRADED))
    assert second["public-health"].cells[-1].figure == Figure(0, partly=True)
    began = older.session.scalars(select(JournalLine).where(JournalLine.act == journal.Act.RECORDING_BEGAN))
    assert {json.loads(line.detail).get("measure") for line in began} >= ADDED


def test_a_registers_year_counts_as_the_adults_only_where_it_held_any(older):
    session = older.session
    for year in (2022, 2023):
        session.add(Coverage(measure=CHILDREN, first_day=date(year, 4, 1), last_day=date(year + 1, 3, 31)))
    case = session.scalar(select(Case.id).where(Case.procedure == "adult-social-care"))
    session.execute(
        update(StageReceipt).where(StageReceipt.case_id == case).values(received_on=date(2023, 5, 2))
    )
    session.commit()
    upgraded(older)
    assert [span.first_day for span in coverage.coverage(older)[ADULTS]] == [date(2023, 4, 1), APRIL]


def test_it_is_done_once_whoever_upgrades_again(older):
    upgraded(older)
    before = coverage.coverage(older)
    coverage.begin_what_is_new(older, now=datetime(2027, 1, 4, 9, tzinfo=UTC))
    assert coverage.coverage(older) == before


def test_a_correction_after_the_upgrade_tells_adults_apart_and_the_year_adds_up(older, senior_officer):
    upgraded(older)
    reason = "Adult social care has a row of its own."
    publishing.publish(older, senior_officer, Q1, reason, last=1, now=UPGRADED)
    told = rows(drawing_up.draw_up(older, Q1, now=UPGRADED))
    assert (told[CHILDREN].total.figure, told[CHILDREN].cells[-1].revised_from) == (Figure(2), Figure(5))
    assert told[ADULTS].total.figure == Figure(3)
    public = open_figures.shown(older, Q1)
    assert [public.told.receipts[measure] for measure in (CHILDREN, ADULTS)] == [Figure(2), Figure(3)]
    assert ADULTS not in open_figures.shown(older, Q1, 1).told.receipts


def test_what_was_published_as_one_and_again_as_two_gives_no_part_of_either_away(older, senior_officer):
    """The parts of both were told: those of the children taken from them would be the adults', kept back as too few."""
    for outcome_of in ("children-statutory",) * 9 + ("adult-social-care",) * 9:
        send(older, complaint(procedure=outcome_of), now=datetime(2026, 6, 29, 9, tzinfo=UTC))
    session = older.session
    session.execute(update(StageReceipt).where(StageReceipt.measure == ADULTS).values(measure=CHILDREN))
    session.commit()
    publishing.publish(older, senior_officer, Q1, "Found in a drawer.", last=1, now=JULY)
    assert open_figures.shown(older, Q1).told.values("channel", CHILDREN)
    upgraded(older)
    publishing.publish(older, senior_officer, Q1, "Adults apart.", last=2, now=UPGRADED)
    told = open_figures.shown(older, Q1).told
    assert [told.receipts[measure] for measure in (CHILDREN, ADULTS)] == [Figure(11), Figure(12)]
    assert not any(measure in (CHILDREN, ADULTS) for _, measure, _ in told.parts)
    assert {("channel", CHILDREN), ("channel", ADULTS)} <= told.withheld


def test_a_year_is_told_to_the_public_though_its_first_quarter_has_no_row_for_adults(older, senior_officer):
    upgraded(older)
    for number, day in ((2, (2026, 10, 20)), (3, (2027, 1, 20)), (4, (2027, 4, 20))):
        moment = datetime(*day, 9, tzinfo=UTC)
        publishing.publish(older, senior_officer, Period(2026, number), "", last=0, now=moment)
    year = rows(drawing_up.draw_up(older, Period(2026), now=datetime(2027, 5, 4, 9, tzinfo=UTC)))
    assert year[ADULTS].total.figure == Figure(0, partly=True)
    assert year[CHILDREN].total.figure == Figure(5)
    public = open_figures.shown(older, Period(2026))
    assert [public.told.receipts[measure] for measure in (CHILDREN, ADULTS)] == [
        Figure(5),
        Figure(0, partly=True),
    ]


def test_open_cases_get_the_dates_that_the_law_gave_them_all_along(older):
    """As the program before left a case: one reading, and steps counted from it."""
    session = older.session
    case = session.scalar(select(Case.id).where(Case.procedure == "data-protection"))
    session.execute(
        delete(DeadlineRow).where(DeadlineRow.deadline.in_(("acknowledgement-regulator", "notice-of-delay")))
    )
    session.execute(
        update(StepRow)
        .where(StepRow.case_id == case, StepRow.step == "+1:complaints-manager")
        .values(falls_on=date(2026, 7, 29))
    )
    session.commit()
    kept_versions.check(older)
    upgraded(older)
    due = dict(
        session.execute(
            select(DeadlineRow.deadline, DeadlineRow.due).where(DeadlineRow.case_id == case)
        ).all()
    )
    assert due == {"acknowledgement": date(2026, 7, 28), "acknowledgement-regulator": date(2026, 7, 29)}
    late = select(StepRow.falls_on).where(StepRow.case_id == case, StepRow.step == "+1:complaints-manager")
    assert session.scalars(late).all() == [date(2026, 7, 30)]
    assert session.get(Case, case).next_due == date(2026, 7, 29)
    notices = session.scalars(select(DeadlineRow.due).where(DeadlineRow.deadline == "notice-of-delay")).all()
    assert notices == [date(2026, 12, 28)] * 3
