"""The cases behind a number: the same receipts that were counted, for whoever can open them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, select

from intake.counts.facts import ANSWERED, BREAKDOWNS
from intake.counts.figures import Names
from intake.counts.places import Tree
from intake.counts.published import MEASURES
from intake.counts.quarters import Period
from intake.database import reading
from intake.models import Case, Envelope, Reclassification, RegisterEntry, StageReceipt
from intake.services.cases import concerns, places, themes, timekeeping
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import Officer

from . import labels, tallying

PAGE = 50
RECLASSIFIED = "reclassified"


@dataclass(frozen=True)
class ReceiptLine:
    """One receipt at a stage, and the case that it leads to."""

    reference: str
    register_reference: str | None
    procedure_name: str
    stage_label: str
    received_on: date
    answered_on: date | None
    outcome: str
    theme: str
    service: str


@dataclass(frozen=True)
class Behind:
    """A page of them. `counted`: how many receipts there are; `total`: how many lead to a case of yours."""

    measure_name: str
    value_name: str
    lines: tuple[ReceiptLine, ...]
    page: int
    pages: int
    total: int
    counted: int


def cases(
    office: Office,
    officer: Officer,
    period: Period,
    measure: str,
    breakdown: str,
    value: str,
    page: int,
    *,
    place: str | None = None,
    now: datetime,
) -> Behind:
    """The receipts of a measure in a period, or of one part of them; the earliest first.

    Of `RECLASSIFIED`, `measure` and `value` are the procedures before and now. Raises `NotFound` for a measure
    or a breakdown that there is not, and for one that is another role's.
    """
    if breakdown == RECLASSIFIED:
        known = _may_be_told(office, officer, measure, value)
    else:
        known = measure in MEASURES and (not breakdown or breakdown in BREAKDOWNS)
    if not known or not concerns.sees_behind(officer.role, measure):
        raise NotFound
    with reading(office.session):
        tree = places.tree_of(office.session)
        scope = tallying.Scope(tree, officer.role.counted_readers, place, officer.id)
        where = _where(office, scope, period, measure, breakdown, value, office.today(now))
        pairs = sealing.pairs_of(office.session, officer)
        theirs = exists().where(
            Envelope.case_id == StageReceipt.case_id,
            Envelope.scope == "case",
            Envelope.keyholder.in_(pairs),
        )
        total = (
            office.session.scalar(select(func.count()).select_from(StageReceipt).where(*where, theirs)) or 0
        )
        pages = max(1, -(-total // PAGE))
        page = min(max(1, page), pages)
        shown = (
            select(StageReceipt.case_id, StageReceipt.stage)
            .where(*where, theirs)
            .order_by(StageReceipt.received_on, StageReceipt.case_id, StageReceipt.stage)
            .limit(PAGE)
            .offset((page - 1) * PAGE)
            .subquery()
        )  # found in the index; only these fifty are read whole
        names = labels.names(office, tree, place=place)
        rows = office.session.execute(
            select(StageReceipt, Case, RegisterEntry.reference)
            .join(shown, and_(shown.c.case_id == StageReceipt.case_id, shown.c.stage == StageReceipt.stage))
            .join(Case, Case.id == StageReceipt.case_id)
            .outerjoin(RegisterEntry, RegisterEntry.case_id == Case.id)
            .order_by(StageReceipt.received_on, StageReceipt.case_id, StageReceipt.stage)
        ).all()
        return Behind(
            measure_name=MEASURES.get(measure) or names.procedures[measure],
            value_name=names.procedures.get(value) or (names.name(breakdown, value) if breakdown else ""),
            lines=tuple(_line(office, names, tree, *row) for row in rows),
            page=page,
            pages=pages,
            total=total,
            counted=office.session.scalar(select(func.count()).select_from(StageReceipt).where(*where)) or 0,
        )


def _may_be_told(office: Office, officer: Officer, *procedures: str) -> bool:
    """Whether a move between two procedures may be told: only to whoever counts all cases of both, as in figures."""
    counted = concerns.sight(office.catalogue, officer.role).procedures or frozenset()
    return counted.issuperset(procedures)


def _where(
    office: Office,
    scope: tallying.Scope,
    period: Period,
    measure: str,
    breakdown: str,
    value: str,
    today: date,
) -> list[ColumnElement[bool]]:
    where = tallying.of(period, scope)
    if breakdown == RECLASSIFIED:
        taken = select(Reclassification.case_id).where(
            Reclassification.received_on.between(period.first_day, period.last_day),
            Reclassification.from_procedure == measure,
            Reclassification.to_procedure == value,
        )
        return [*where, StageReceipt.number == 1, StageReceipt.case_id.in_(taken)]
    where.append(StageReceipt.measure == measure)
    if (breakdown, value) == ("timeliness", ANSWERED):
        where.append(StageReceipt.met_on.is_not(None))
    elif breakdown == "theme" and value:
        into = themes.merged_themes(office)
        same = [value, *(theme for theme, last in into.items() if last == value)]
        where.append(StageReceipt.theme_id.in_(same))
    elif breakdown == "service":
        where.append(tallying.counted_as(period, scope, value))
    elif breakdown:
        where.append(tallying.values(today)[breakdown] == value)
    return where


def _line(
    office: Office,
    names: Names,
    tree: Tree,
    receipt: StageReceipt,
    case: Case,
    register_reference: str | None,
) -> ReceiptLine:
    version = timekeeping.version_of(office, case)
    return ReceiptLine(
        reference=case.reference,
        register_reference=register_reference,
        procedure_name=office.catalogue[case.procedure].name,
        stage_label=version.stage(receipt.stage).label,
        received_on=receipt.received_on,
        answered_on=receipt.met_on,
        outcome=names.name("outcome", receipt.outcome or ""),
        theme=names.name("theme", receipt.theme_id) if receipt.theme_id else "",
        service=tree.words(receipt.place_id, receipt.received_on),
    )
