"""The quick way through a register's dates is the way of the rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.procedures.loading import load_catalogue
from intake.procedures.stages_reached import receipts
from intake.procedures.standing import Standing
from intake.procedures.working_days import LONDON, Calendar
from intake.register.checking import Row, StageReached
from intake.services.register import dates, rows

NOW = datetime(2026, 5, 5, 10, 0, tzinfo=UTC)
CATALOGUE, CALENDAR = load_catalogue(), Calendar()
VERSIONS = [version for procedure in CATALOGUE for version in procedure.versions]
DATES = dates.Dates(CALENDAR, NOW.date())


@settings(max_examples=300)
@given(st.data())
def test_the_receipts_of_an_import_are_those_of_the_rules(data):
    """The quick way through the calendar and the rules' own way agree, for every procedure."""
    version = data.draw(st.sampled_from(VERSIONS))
    day = data.draw(st.dates(date(1990, 1, 1), date(2026, 4, 1)))
    stages, received = [], day
    for _ in range(data.draw(st.integers(1, len(version.stages)))):
        answered = data.draw(
            st.none() | st.integers(0, 300).map(lambda n, since=day: since + timedelta(days=n))
        )
        stages.append(StageReached(day, answered, None))
        day += timedelta(days=data.draw(st.integers(0, 200)))
    one = Row(2, "R", version.procedure, version.id, "email", "", "", "", "", received, tuple(stages), False)
    maker = rows.Maker.__new__(rows.Maker)
    way = dates.Way(version)
    maker.dates, maker.ways = DATES, {(version.procedure, version.id): way}
    events = way.events(one)
    moment = datetime.combine(received, datetime.min.time(), tzinfo=LONDON)
    standing = Standing(version, moment, CALENDAR, events, outcomes=way.outcomes(one))
    made = maker.receipts(one, events)
    assert [
        {name: receipt[name] for name in said} for receipt, said in zip(made, _told(standing), strict=True)
    ] == _told(standing)


def _told(standing: Standing) -> list[dict]:
    return [
        {name: getattr(receipt, name) for name in receipt.__dataclass_fields__}
        for receipt in receipts(standing)
    ]
