"""The points of a case as officers read them: on the page of the case, and on the page where they are set out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.counts.places import Tree
from intake.database import reading
from intake.models import Staff
from intake.procedures.standing import Standing
from intake.services.cases import places, themes, timekeeping
from intake.services.cases.reaching import whole
from intake.services.cases.words import Answer, submitted
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import Officer

from . import setting_out
from .reading import Change, Complaint, Point, Shown, Statement, opened, shown

_WHAT = {
    setting_out.ADDED: "Point {} added",
    setting_out.REWORDED: "Point {} put in other words",
    setting_out.MOVED: "Point {} moved",
    setting_out.CLASSIFIED: "Point {}: service or theme chosen",
    setting_out.WITHDRAWN: "Point {} withdrawn",
    setting_out.SET_OUT: "Set out",
}


@dataclass(frozen=True)
class Told:
    """What was done to the points: the day, by whom, in words, and the words of a point before."""

    on: date
    by: str
    text: str
    was: tuple[str, str]


@dataclass(frozen=True)
class OnTheCase:
    """The points of a case, with its statement. `offered`: they may be set out in it at all; `refused`: why they cannot
    be changed now. `places`, `themes`: what those of its points are called. `earlier`: statements that came before.
    """

    offered: bool
    refused: str
    points: tuple[Shown, ...]
    places: Mapping[str, str]
    themes: Mapping[str, str]
    statement: Statement | None
    earlier: tuple[Statement, ...]
    changes: tuple[Told, ...]
    complaint: Complaint

    @property
    def standing(self) -> tuple[Point, ...]:
        """The points that count."""
        return self.complaint.standing


@dataclass(frozen=True)
class PointsPage:
    """What stands on the page where the points are set out."""

    reference: str
    revision: int
    procedure_name: str
    stage_label: str
    place_id: str | None
    theme_id: str | None
    words: tuple[Answer, ...]
    on_the_case: OnTheCase


def on_the_case(
    office: Office,
    standing: Standing,
    complaint: Complaint,
    tree: Tree,
    names: Mapping[str, str],
    today: date,
) -> OnTheCase:
    """The points as a page shows them, inside the caller's transaction. `names`: of accounts."""
    used = {point.place for point in complaint.points if point.place}
    themed = any(point.theme for point in complaint.points)
    return OnTheCase(
        offered=setting_out.may_have_points(office, standing.version),
        refused=setting_out.why_closed(standing),
        points=shown(standing.version, complaint),
        places={place: tree.words(place, today) for place in used if place in tree.places},
        themes=themes.names_as_counted(office) if themed else {},
        statement=complaint.statement,
        earlier=complaint.statements[-2::-1] if len(complaint.statements) > 1 else (),
        changes=tuple(_told(change, names) for change in reversed(complaint.changes)),
        complaint=complaint,
    )


def open_points(office: Office, officer: Officer, reference: str, *, now: datetime) -> PointsPage:
    """The points of a case. Raises `NotFound`, also where it has none and never can, and `Damaged`."""
    with reading(office.session):
        session, file = office.session, whole(office, officer, reference)
        case, key, today = file.case, file.key(), office.today(now)
        standing = timekeeping.standing(office, case)
        complaint = opened(key, file.records)
        names = dict(session.execute(select(Staff.id, Staff.name)).all())
        seen = on_the_case(office, standing, complaint, places.tree_of(session), names, today)
        if not seen.offered and not seen.points:
            raise NotFound
        return PointsPage(
            reference=case.reference,
            revision=case.revision,
            procedure_name=office.catalogue[case.procedure].name,
            stage_label=standing.stage.label,
            place_id=case.place_id,
            theme_id=themes.counted_as(office, case.theme_id)[0],
            words=submitted(key.for_purpose("submission"), file.record("submission")),
            on_the_case=seen,
        )


def _told(change: Change, names: Mapping[str, str]) -> Told:
    text = _WHAT.get(change.what, change.what).format(change.number)
    return Told(change.on, names.get(change.by, ""), text, change.was)
