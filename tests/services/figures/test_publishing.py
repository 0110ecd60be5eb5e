"""A quarter is published, corrected and read back; the public is told what it may know."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from intake.counts.published import HELD, REFERRALS, Figure
from intake.counts.quarters import Period
from intake.documents import open_report
from intake.models import Edition
from intake.services.cases import places, themes
from intake.services.casework import classifying
from intake.services.figures import coverage, drawing_up, open_figures, publishing
from intake.services.ground.refusals import NotFound, Refused
from tests import officers
from tests.actors import MONDAY, complaint, concern, place_called, send

Q1 = Period(2026, 1)
JULY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
MEASURE = "corporate-stage-1"


@pytest.fixture
def a_quarter(office):
    """Twelve complaints about bins, three about housing and a concern, all in June."""
    coverage.start_recording(office, date(2026, 4, 1), now=MONDAY)
    for service, number in (("Waste and recycling", 12), ("Housing", 3)):
        for _ in range(number):
            send(office, complaint(service=service))
    send(office, concern())
    return office


def cell(office, measure=MEASURE, now=JULY, **more):
    return drawing_up.draw_up(office, Q1, now=now, **more).table.row(measure).cells[-1]


def test_a_published_quarter_stays_as_it_was_and_what_changed_shows_beside_it(a_quarter, senior_officer):
    assert publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=JULY) == 1
    send(a_quarter, complaint(), now=MONDAY)  # entered late: it had gone to a councillor first
    told = cell(a_quarter)
    assert (told.figure, told.now, told.revised_from) == (Figure(15), Figure(16), None)

    reason = "One complaint had gone to a councillor first."
    assert publishing.publish(a_quarter, senior_officer, Q1, reason, last=1, now=AUGUST) == 2
    told = cell(a_quarter, now=AUGUST)
    assert (told.figure, told.now, told.revised_from) == (Figure(16), None, Figure(15))
    figures = drawing_up.draw_up(a_quarter, Q1, now=AUGUST)
    assert (figures.edition.number, figures.edition.reason) == (2, reason)
    first = drawing_up.draw_up(a_quarter, Q1, now=AUGUST, edition=1)
    assert first.table.row(MEASURE).total.figure == Figure(15)
    assert first.facts.receipts[MEASURE] == 15
    with pytest.raises(NotFound):
        drawing_up.draw_up(a_quarter, Q1, now=AUGUST, edition=3)


def test_an_edition_keeps_the_names_and_the_brackets_it_was_printed_with(a_quarter, senior_officer, manager):
    themes.add_theme(a_quarter, manager, "Missed bins", now=MONDAY)
    ((theme, _),) = themes.open_themes(a_quarter)
    sent, housing = send(a_quarter, complaint()), place_called(a_quarter, "Housing")
    classifying.classify(a_quarter, manager, sent.reference, housing, theme, revision=1, now=MONDAY)
    publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=JULY)
    places.rename(a_quarter, manager, housing, "Homes", now=JULY)
    themes.rename_theme(a_quarter, manager, theme, "Collections", now=JULY)
    coverage.start_recording(a_quarter, date(2025, 4, 1), now=JULY)  # last year's turns up afterwards

    printed = drawing_up.draw_up(a_quarter, Q1, now=JULY, edition=1)
    today = drawing_up.draw_up(a_quarter, Q1, now=JULY)
    live = drawing_up.draw_up(a_quarter, Q1, now=JULY, edition=drawing_up.LIVE)
    assert [told.names.name("theme", theme) for told in (printed, today, live)] == [
        "Missed bins",
        "Missed bins",
        "Collections",
    ]
    assert [told.names.name("service", f"/{housing}") for told in (printed, today, live)] == [
        "Housing",
        "Housing",
        "Homes",
    ]
    assert printed.table.row(MEASURE).cells[-1].prior.number is None
    assert today.table.row(MEASURE).cells[-1].prior == Figure(0)


def test_what_cannot_be_published_says_why(a_quarter, senior_officer, manager, monitoring_officer):
    for who in (manager, monitoring_officer):
        with pytest.raises(Refused, match="senior officer"):
            publishing.publish(a_quarter, who, Q1, "", last=0, now=JULY)
        with pytest.raises(Refused, match="senior officer"):
            publishing.standing(a_quarter, who, Q1, now=JULY)
    for period, now, why in (
        (Q1, datetime(2026, 6, 30, 22, 59, tzinfo=UTC), "ends on 30 June 2026"),
        (Period(2025, 1), JULY, "Nothing was recorded"),
        (Period(2026), JULY, "A quarter is published"),
    ):
        with pytest.raises(Refused, match=why):
            publishing.publish(a_quarter, senior_officer, period, "", last=0, now=now)
    publishing.publish(
        a_quarter, senior_officer, Q1, "", last=0, now=datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    )
    with pytest.raises(Refused, match="nothing to revise"):
        publishing.publish(a_quarter, senior_officer, Q1, "Why not.", last=1, now=JULY)
    with pytest.raises(Refused, match="while you were looking"):
        publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=JULY)
    send(a_quarter, complaint(), now=MONDAY)
    with pytest.raises(Refused, match="Say why"):
        publishing.publish(a_quarter, senior_officer, Q1, "  ", last=1, now=JULY)


def test_an_answer_given_later_is_a_difference_too(a_quarter, senior_officer, officer):
    sent = send(a_quarter, complaint())
    publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=JULY)
    officers.withdraw(a_quarter, officer, sent.reference, "Asked to.", revision=1, now=JULY)
    standing = publishing.standing(a_quarter, senior_officer, Q1, now=JULY)
    assert (standing.edition, standing.differences, standing.parts_differ) == (1, (), True)
    assert not standing.obstacle


def test_the_public_reads_exact_totals_and_no_small_part(a_quarter, senior_officer):
    with pytest.raises(NotFound):
        open_figures.shown(a_quarter, Q1)
    publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=JULY)
    assert open_figures.published(a_quarter) == (Q1,)
    shown = open_figures.shown(a_quarter, Q1)
    assert shown.table.row(MEASURE).total.figure == Figure(15)
    with pytest.raises(KeyError):
        shown.table.row(REFERRALS)  # told with the year, and of no quarter
    assert shown.told.number("service", MEASURE, f"/{place_called(a_quarter, 'Housing')}") is None
    assert (
        shown.told.number("service", MEASURE, f"/{place_called(a_quarter, 'Waste and recycling')}") is None
    ), "15 less 12 would give it away"
    assert not shown.told.values("outcome", REFERRALS)
    written = open_report.as_csv(shown)
    assert "2026-27 Q1,received,corporate-stage-1,,15,\r\n" in written
    assert ",service,corporate-stage-1,Housing,,c\r\n" in written or (
        ",service,corporate-stage-1,,,c\r\n" in written
    )
    assert "Housing,3" not in written


def test_the_year_is_open_when_its_last_quarter_is(a_quarter, senior_officer):
    for quarter in (1, 2, 3, 4):
        now = datetime(2027, 4, 5, 9, quarter, tzinfo=UTC)
        publishing.publish(a_quarter, senior_officer, Period(2026, quarter), "", last=0, now=now)
        if quarter < 4:
            with pytest.raises(NotFound):
                open_figures.shown(a_quarter, Period(2026))
    year = open_figures.shown(a_quarter, Period(2026))
    assert year.table.row(MEASURE).total.figure == Figure(15)
    assert year.table.row(REFERRALS).total.figure == Figure(1), "exact, for the year"
    assert {cell.figure for cell in year.table.row(REFERRALS).cells} == {HELD}
    assert open_figures.published(a_quarter)[0] == Period(2026)
    assert open_report.set_out(year, "Testford Council").sections


def test_the_journal_says_who_published_what(a_quarter, senior_officer):
    from intake.services.ground import journal

    publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=JULY)
    assert journal.verify(a_quarter).fault == ""
    (row,) = a_quarter.session.scalars(select(Edition)).all()
    assert row.published_by == senior_officer.id


def test_a_year_counts_what_was_published_and_tells_the_rest_as_the_cases_stand(
    a_quarter, senior_officer, officer
):
    """What was waiting when its quarter was published is not waiting for good."""
    sent = send(a_quarter, complaint())
    publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=JULY)
    officers.withdraw(a_quarter, officer, sent.reference, "Asked to.", revision=1, now=JULY)
    send(a_quarter, complaint(), now=MONDAY)
    quarter, year = (drawing_up.draw_up(a_quarter, one, now=AUGUST) for one in (Q1, Period(2026)))
    assert quarter.facts.values("outcome", MEASURE) == {"": 16}
    assert year.facts.values("outcome", MEASURE) == {"": 16, "withdrawn": 1}
    assert year.table.row(MEASURE).cells[0].figure == Figure(16)
    assert year.table.row(MEASURE).cells[0].now == Figure(17)


def test_the_monitoring_officer_counts_their_own_concerns_apart_from_everything_that_counts_all(
    a_quarter, senior_officer, monitoring_officer
):
    """One concern is theirs, one is about them: nothing that was published stands beside the one."""
    send(a_quarter, concern(named=("unsure",), channel="letter"))
    publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=JULY)
    role = monitoring_officer.role
    for edition in (None, 1, drawing_up.LIVE):
        told = drawing_up.draw_up(a_quarter, Q1, now=JULY, role=role, edition=edition)
        assert told.hidden == {REFERRALS}
        assert REFERRALS not in {row.measure for row in told.table.rows}
        assert not told.facts.values("channel", REFERRALS)
        assert told.table.row(MEASURE).cells[-1].figure == Figure(15), (
            "of complaints everybody counts every one"
        )
    own = drawing_up.draw_up(a_quarter, Q1, now=JULY, role=role, edition=drawing_up.OWN)
    assert [(row.measure, row.cells[-1].figure, row.cells[-1].now) for row in own.table.rows] == [
        (REFERRALS, Figure(1), None)
    ]
    assert own.facts.values("channel", REFERRALS) == {"online": 1}
    assert (own.edition, own.editions) == (None, ())
    whole = drawing_up.draw_up(a_quarter, Q1, now=JULY, edition=1, role=senior_officer.role)
    assert whole.facts.values("channel", REFERRALS) == {"online": 1, "letter": 1}


def test_only_the_last_quarter_is_revised_for_what_is_told_by_the_year(a_quarter, senior_officer):
    """Anybody would see a revision in which nothing else has changed."""
    may = datetime(2027, 5, 3, 9, 0, tzinfo=UTC)
    publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=JULY)
    send(a_quarter, concern(named=("unsure",)))
    assert "nothing to revise" in publishing.standing(a_quarter, senior_officer, Q1, now=JULY).obstacle
    shown = drawing_up.draw_up(a_quarter, Q1, now=JULY, role=senior_officer.role).table.row(REFERRALS)
    assert (shown.cells[-1].figure, shown.cells[-1].now) == (Figure(2), None)
    for quarter in (2, 3, 4):
        publishing.publish(a_quarter, senior_officer, Period(2026, quarter), "", last=0, now=may)
    assert open_figures.shown(a_quarter, Period(2026)).table.row(REFERRALS).total.figure == Figure(2)
    send(a_quarter, concern())
    shown = drawing_up.draw_up(a_quarter, Q1, now=may, role=senior_officer.role).table.row(REFERRALS)
    assert (shown.cells[-1].figure, shown.cells[-1].now) == (Figure(2), Figure(3))
    assert publishing.standing(a_quarter, senior_officer, Q1, now=may).obstacle
    publishing.publish(a_quarter, senior_officer, Period(2026, 4), "One came late.", last=1, now=may)
    assert open_figures.shown(a_quarter, Period(2026)).table.row(REFERRALS).total.figure == Figure(3)


def test_quarters_are_published_in_their_order(a_quarter, senior_officer):
    """An edition holds the columns before it: they would be out before they were published."""
    november = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    with pytest.raises(Refused, match="Publish 2026-27 Q1 first"):
        publishing.publish(a_quarter, senior_officer, Period(2026, 2), "", last=0, now=november)
    publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=november)
    publishing.publish(a_quarter, senior_officer, Period(2026, 2), "", last=0, now=november)


def test_revisions_of_one_day_stand_in_the_order_in_which_they_came(a_quarter, senior_officer):
    may = datetime(2027, 5, 3, 9, 0, tzinfo=UTC)
    for quarter in (1, 2, 3, 4):
        publishing.publish(a_quarter, senior_officer, Period(2026, quarter), "", last=0, now=may)
    for quarter, last in ((2, 1), (2, 2), (1, 1)):
        day = datetime(2026, 6 if quarter == 1 else 8, 3, 9, 0, tzinfo=UTC)
        for _ in range(7):
            send(a_quarter, complaint(), now=day)
        publishing.publish(a_quarter, senior_officer, Period(2026, quarter), "Late.", last=last, now=may)
    year = open_figures.shown(a_quarter, Period(2026))
    assert year.table.row(MEASURE).total.figure == Figure(15 + 21)
    assert year.told.receipts[MEASURE] == Figure(15 + 21)


def test_what_was_not_recorded_has_no_parts_in_the_year(a_quarter, senior_officer):
    coverage.stop(a_quarter, MEASURE, date(2026, 6, 30), now=AUGUST)
    for _ in range(6):
        send(a_quarter, complaint(), now=AUGUST)
    may = datetime(2027, 5, 3, 9, 0, tzinfo=UTC)
    for quarter in (1, 2, 3, 4):
        publishing.publish(a_quarter, senior_officer, Period(2026, quarter), "", last=0, now=may)
    year = open_figures.shown(a_quarter, Period(2026))
    assert year.table.row(MEASURE).total.figure == Figure(15, partly=True)
    told = year.told.values("channel", MEASURE)
    assert not told or sum(told.values()) == 15
    live = drawing_up.draw_up(a_quarter, Period(2026), now=may)
    assert live.facts.receipts[MEASURE] == 15


def test_a_theme_that_was_merged_since_stays_apart_in_a_revision(a_quarter, senior_officer, manager):
    """Two of a theme that was kept back, and nine of the one into which it was merged: not eleven."""
    for name in ("Bullying", "Conduct"):
        themes.add_theme(a_quarter, manager, name, now=MONDAY)
    ids = {name: theme for theme, name in themes.open_themes(a_quarter)}
    for name, number in (("Bullying", 2), ("Conduct", 9)):
        for _ in range(number):
            send(a_quarter, complaint(theme=ids[name]))
    publishing.publish(a_quarter, senior_officer, Q1, "", last=0, now=JULY)
    themes.merge_themes(a_quarter, manager, ids["Bullying"], ids["Conduct"], now=JULY)
    send(a_quarter, complaint(), now=MONDAY)
    publishing.publish(a_quarter, senior_officer, Q1, "One came late.", last=1, now=AUGUST)
    told = open_figures.shown(a_quarter, Q1).told
    assert told.number("theme", MEASURE, ids["Bullying"]) is None
    assert told.number("theme", MEASURE, ids["Conduct"]) in (None, 9)
