"""Cases keep the version of the procedure under which they were received: its file must keep it and what they await."""

from __future__ import annotations

from sqlalchemy import select

from intake.config import BadSetting
from intake.database import reading
from intake.models import Case, DeadlineRow, StepRow
from intake.procedures.definitions import NoVersion
from intake.services.ground.office import Office


class RulesMissing(BadSetting):
    """A file no longer has what cases keep. Nothing is served so; the tick goes on, for their dates are still due."""

    def __init__(self, why: str) -> None:
        super().__init__("catalogue_folder", why)


def check(office: Office) -> None:
    """Refuse to start where a case's procedure or version, or a date or step that an open case waits for, is in no file
    any more. Raises `RulesMissing`.
    """
    session = office.session
    version, limit = (Case.procedure, Case.version), DeadlineRow.deadline
    step = (StepRow.deadline, StepRow.step)
    with reading(session):
        versions = session.execute(select(*version).distinct()).all()
        limits = session.execute(
            select(*version, limit)
            .join(DeadlineRow, DeadlineRow.case_id == Case.id)
            .where(Case.closed_on.is_(None))
            .distinct()
        ).all()
        steps = session.execute(
            select(*version, *step)
            .join(StepRow, StepRow.case_id == Case.id)
            .where(Case.closed_on.is_(None), StepRow.taken_at.is_(None))
            .distinct()
        ).all()
    for kept in (*sorted(versions), *sorted(limits), *sorted(steps)):
        _check(office, *kept)


def _check(
    office: Office, procedure: str, version: str, limit: str | None = None, step: str | None = None
) -> None:
    file = f"{procedure}.toml must keep"
    try:
        rules = office.catalogue[procedure].version(version)
    except (KeyError, NoVersion):
        raise RulesMissing(
            f"{file} its version {version!r}: cases were received under it, and keep its dates for good. Put it back, "
            "and add another version below it."
        ) from None
    if limit is None:
        return
    way_on = (
        "Put it back, and add another version below this one; if nobody changed the file, find out who changed the "
        "database."
    )
    try:
        known = rules.limit(limit)
    except KeyError:
        raise RulesMissing(
            f"{file} the limit {limit!r} of its version {version!r}: open cases have a date by it. {way_on}"
        ) from None
    if step is not None and step not in {rung.id for rung in known.steps}:
        raise RulesMissing(
            f"{file} the step {step!r} of the limit {limit!r} of its version {version!r}: open cases wait for it. "
            f"{way_on}"
        )
