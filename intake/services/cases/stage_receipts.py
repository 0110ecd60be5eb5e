"""What a case is counted as, and by what: kept beside the case in the same transaction as every act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import bindparam, func, select

from intake.models import Case, Extension, Reclassification, StageReceipt
from intake.procedures.definitions import Version
from intake.procedures.stages_reached import Receipt
from intake.procedures.standing import Standing
from intake.services.ground.office import AnySession, Office

OF_THE_CASE = ("reader", "place_id", "theme_id", "channel")  # what a receipt carries of its row
# Asked with every act, so written once.
_KEPT = select(StageReceipt).where(StageReceipt.case_id == bindparam("case"))


def keep(office: Office, case: Case, version: Version, reached: Iterable[Receipt], *, extended: bool) -> None:
    """Write the receipts of a case at each stage that it has reached, inside the caller's transaction.

    `extended`: whether a date of it was ever moved.
    """
    session = office.session
    rows = session.scalars(_KEPT, {"case": case.id}).all()
    kept = {row.stage: row for row in rows}  # in hand, so that `merge` asks for none of them
    extensions = _extensions(session, case, version) if extended else []
    shared = {"case_id": case.id} | {name: getattr(case, name) for name in OF_THE_CASE}
    for receipt in reached:
        mine = [beyond for stage, beyond in extensions if stage == receipt.stage]
        more = {
            "extensions": len(mine),
            "beyond": sum(mine),
            "allocated_in": _allocated_in(office, case, receipt) if receipt.number == 1 else None,
        }
        row = StageReceipt(**first_row(receipt) | shared | more)
        if receipt.stage in kept:
            session.merge(row)
        else:
            session.add(row)


def first_row(receipt: Receipt) -> dict[str, object]:
    """A receipt of a case on which nobody has worked, but for its key and what is `OF_THE_CASE`."""
    return asdict(receipt) | {"extensions": 0, "beyond": 0, "allocated_in": None}


def note_reclassified(session: AnySession, case: Case, before: Standing, after: Standing, on: date) -> None:
    """Remember from what to what a case was taken: it is counted once, as what it is now."""
    past = session.scalar(
        select(func.count()).select_from(Reclassification).where(Reclassification.case_id == case.id)
    )
    session.add(
        Reclassification(
            case_id=case.id,
            number=past,
            received_on=case.received_on,
            decided_on=on,
            from_procedure=before.version.procedure,
            to_procedure=after.version.procedure,
        )
    )


def _extensions(session: AnySession, case: Case, version: Version) -> list[tuple[str, bool]]:
    """Each extension that was given: of which stage, and whether good reason alone allowed it."""
    given = select(Extension.deadline, Extension.beyond).where(Extension.case_id == case.id)
    return [(version.limit(deadline).stage, beyond) for deadline, beyond in session.execute(given)]


def _allocated_in(office: Office, case: Case, receipt: Receipt) -> int | None:
    """Working days from the day of receipt, by the team that has it now, to the first allocation."""
    if case.allocated_on is None:
        return None
    return office.calendar.between(receipt.received_on, case.allocated_on)
