"""The quarter: receipts at a stage, counted from clear facts alone. No key is held here."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from intake.counts.published import MEASURES, Recorded, Table, tabulate
from intake.counts.quarters import Period
from intake.database import reading, writing
from intake.models import Coverage, StageReceipt

from . import journal
from .office import Office


def quarter(office: Office, period: Period, *, now: datetime) -> Table:
    """The table of a quarter or of a whole year beside the same period a year earlier."""
    with reading(office.session):
        recorded = [
            Recorded(row.measure, row.first_day, row.last_day)
            for row in office.session.scalars(select(Coverage))
        ]
        return tabulate(
            period,
            _receipts(office, period),
            _receipts(office, period.before),
            recorded,
            today=office.today(now),
        )


def start_recording(office: Office, first_day: date, *, now: datetime) -> None:
    """From this day on every measure is recorded, so that a period without a case is 0."""
    with writing(office.session):
        for measure in MEASURES:
            office.session.merge(Coverage(measure=measure, first_day=first_day))
        journal.append(
            office.session, at=now, actor="administrator", act="recording-began", first_day=first_day
        )


def _receipts(office: Office, period: Period) -> dict[str, int]:
    return dict(
        office.session.execute(
            select(StageReceipt.measure, func.count())
            .where(
                StageReceipt.measure.is_not(None),
                StageReceipt.received_on.between(period.first_day, period.last_day),
            )
            .group_by(StageReceipt.measure)
        ).all()
    )
