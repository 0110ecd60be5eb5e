"""What is recorded from when to when: the difference between 0 and "not recorded"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, or_, select

from intake.counts.published import MEASURES, Recorded
from intake.counts.quarters import BadPeriod, Period
from intake.database import reading, writing
from intake.models import Coverage, StageReceipt
from intake.register import covering
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Officer

ADMINISTRATOR = "administrator"
ADULTS, ONCE_WITH_ADULTS, DATA_PROTECTION = "adult-social-care", "statutory-stage-1", "data-protection"


@dataclass(frozen=True)
class Span:
    """A measure is recorded on these days, both included; `last_day` None: still."""

    measure: str
    first_day: date
    last_day: date | None

    def holds(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Covered:
    """A financial year and the measures that a register records for it."""

    period: Period
    measures: tuple[str, ...]

    def spans(self) -> tuple[Span, ...]:
        return tuple(Span(measure, self.period.first_day, self.period.last_day) for measure in self.measures)


def read(office: Office, texts: Iterable[str], *, now: datetime) -> tuple[Covered, ...]:
    """`2024-25=all` and the like. Raises `Refused` in words, also for a year that has not begun."""
    try:
        written = covering.parse(texts)
        found: dict[Period, list[str]] = {}
        for year, measures in written.items():
            listed = found.setdefault(Period.parse(year), [])
            listed += [measure for measure in measures if measure not in listed]
    except (covering.BadCoverage, BadPeriod) as error:
        raise Refused(str(error)) from error
    for period in found:
        if period.first_day > office.today(now):
            raise Refused(f"The year {period.year_label} has not begun, so nothing can cover it yet.")
    return tuple(Covered(period, tuple(found[period])) for period in sorted(found))


def spans(session: AnySession) -> tuple[Span, ...]:
    """Everything that is recorded, inside the caller's transaction."""
    rows = session.scalars(select(Coverage).order_by(Coverage.measure, Coverage.first_day))
    return tuple(Span(row.measure, row.first_day, row.last_day) for row in rows)


def coverage(office: Office) -> Mapping[str, tuple[Span, ...]]:
    """What is recorded, by measure, in the order in which measures are published."""
    with reading(office.session):
        known = spans(office.session)
    return {measure: tuple(span for span in known if span.measure == measure) for measure in MEASURES}


def add(session: AnySession, covers: Iterable[Covered]) -> None:
    """Enter what a register covers, inside the caller's transaction. What is known already stays."""
    for covered in covers:
        for span in covered.spans():
            row = session.get(Coverage, (span.measure, span.first_day))
            if row is None:
                if not any(_contains(known, span) for known in spans(session)):
                    session.add(
                        Coverage(measure=span.measure, first_day=span.first_day, last_day=span.last_day)
                    )
                    session.flush()
            elif row.last_day is not None:
                row.last_day = max(row.last_day, covered.period.last_day)


def stop(office: Office, measure: str, after: date, *, now: datetime, officer: Officer | None = None) -> None:
    """A measure is switched off: nothing is recorded after this day. Raises `Refused`."""
    if measure not in MEASURES:
        raise Refused(f"There is no measure {measure!r}. Name one of: {', '.join(MEASURES)}.")
    if after > office.today(now):
        raise Refused("That day is still to come. Stop a measure on the day on which it ends, or after it.")
    with writing(office.session):
        beyond = office.session.scalars(
            select(Coverage)
            .where(Coverage.measure == measure, or_(Coverage.last_day.is_(None), Coverage.last_day > after))
            .order_by(Coverage.first_day)
        ).all()
        if not any(row.last_day is None for row in beyond):
            raise Refused(f"{MEASURES[measure]} is not being recorded, so there is nothing to stop.")
        first = beyond[0].first_day
        if after < first:
            raise Refused(
                f"{MEASURES[measure]} is recorded from {first:%-d %B %Y} on. Give that day or a later one."
            )
        for row in beyond:
            if row.first_day > after:
                office.session.delete(row)
            else:
                row.last_day = after
        actor = officer.id if officer else ADMINISTRATOR
        journal.append(
            office.session,
            at=now,
            actor=actor,
            act=journal.Act.RECORDING_ENDED,
            measure=measure,
            last_day=after,
        )


def _contains(known: Span, span: Span) -> bool:
    ends = known.last_day is None if span.last_day is None else known.holds(span.last_day)
    return known.measure == span.measure and known.holds(span.first_day) and ends


def first_period(office: Office, *, now: datetime) -> Period:
    """The earliest financial year of which anything is recorded."""
    with reading(office.session):
        first = min((entry.first_day for entry in what_is_recorded(office)), default=office.today(now))
    return Period.of(first).whole_year


def start_recording(office: Office, first_day: date, *, now: datetime) -> None:
    """From this day on every measure is recorded, so that a period without a case is 0; what there was no procedure for
    yet, from when there was one.
    """
    with writing(office.session):
        for measure in MEASURES:
            began = _not_before_the_law(office, measure, first_day)
            still = (Coverage.measure == measure, Coverage.last_day.is_(None), Coverage.first_day > began)
            office.session.execute(delete(Coverage).where(*still))  # the earlier day holds it too
            office.session.merge(Coverage(measure=measure, first_day=began))
        journal.append(
            office.session,
            at=now,
            actor="administrator",
            act=journal.Act.RECORDING_BEGAN,
            first_day=first_day,
        )


def begin_what_is_new(office: Office, *, now: datetime) -> None:
    """After an upgrade: each measure that was added is recorded from the day on which its receipts are known, and not
    recorded before. Once it has begun, nothing happens here any more. What no procedure counts is not recorded at all.
    """
    session = office.session
    counted = {
        stage.measure for procedure in office.catalogue for one in procedure.versions for stage in one.stages
    }
    with writing(session):
        known = spans(session)
        begun = {span.measure for span in known}
        for measure in MEASURES:
            if measure not in begun and measure in counted:
                for first_day, last_day in _known_since(office, measure, known, office.today(now)):
                    session.add(Coverage(measure=measure, first_day=first_day, last_day=last_day))
                    days = {"first_day": first_day} | ({"last_day": last_day} if last_day else {})
                    journal.append(
                        session,
                        at=now,
                        actor=ADMINISTRATOR,
                        act=journal.Act.RECORDING_BEGAN,
                        **{"measure": measure, **days},  # type: ignore[arg-type]  # none of them is `case_id`
                    )


def _known_since(
    office: Office, measure: str, known: Iterable[Span], today: date
) -> list[tuple[date, date | None]]:
    """Adults were counted in statutory stage 1: they are known wherever it was recorded by this program, and in those
    years of a register that held any. Data protection complaints were cases with the same dates as now and were not
    counted; they are known since everything has been recorded here, and since there was a law about them.
    """
    if measure == ADULTS:
        return [
            (span.first_day, span.last_day)
            for span in known
            if span.measure == ONCE_WITH_ADULTS and (span.last_day is None or _any(office, measure, span))
        ]
    since = [span.first_day for span in known if span.last_day is None]
    if measure == DATA_PROTECTION and since:
        return [(_not_before_the_law(office, measure, min(since)), None)]
    return [(today, None)] if since else []


def _not_before_the_law(office: Office, measure: str, day: date) -> date:
    """The day, or a later one from which there is a procedure whose cases count so."""
    began = [
        version.received_from.date() if version.received_from else day
        for procedure in office.catalogue
        for version in procedure.versions
        if any(stage.measure == measure for stage in version.stages)
    ]
    return max(day, min(began, default=day))


def _any(office: Office, measure: str, span: Span) -> bool:
    counted = select(StageReceipt.case_id).where(
        StageReceipt.measure == measure, StageReceipt.received_on.between(span.first_day, span.last_day)
    )
    return office.session.scalar(counted.limit(1)) is not None


def what_is_recorded(office: Office) -> list[Recorded]:
    """Everything that is recorded, as counts are told of it, inside the caller's transaction."""
    return [
        Recorded(row.measure, row.first_day, row.last_day) for row in office.session.scalars(select(Coverage))
    ]
