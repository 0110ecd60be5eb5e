"""What a case is about: its place among the services, and its theme."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from intake.counts.places import DIRECTORATE
from intake.database import writing
from intake.models import Case, StageReceipt
from intake.services.cases import concerns, places, reaching
from intake.services.cases.themes import _open_themes
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import ActedMeanwhile, Refused, needs
from intake.services.ground.roles import Officer, Right


def classify(
    office: Office,
    officer: Officer,
    reference: str,
    place: str | None,
    theme: str | None,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Say what a case is about; every count of it follows, those of closed years too.

    Raises `NotFound`, `Refused` (a concern has neither: they could tell who wrote), `ActedMeanwhile`.
    """
    needs(officer, Right.CLASSIFY)
    session = office.session
    with writing(session):
        case = _reached(office, officer, reference, revision)
        _check_theme(session, theme)
        _check_place(office, case, place, now)
        _keep(office, officer, case, place or None, theme or None, now)


def keep_with(
    office: Office, officer: Officer, case: Case, place: str | None, theme: str | None, *, now: datetime
) -> None:
    """The same inside the transaction of another act, which has reached the case and looked at its revision; nothing
    where nothing changes. Raises `NotFound` and `Refused`.
    """
    needs(officer, Right.CLASSIFY)
    if (place or None, theme or None) != (case.place_id, case.theme_id):
        _check_theme(office.session, theme)
        _check_place(office, case, place, now)
        _keep(office, officer, case, place or None, theme or None, now)


def set_place(
    office: Office, officer: Officer, reference: str, place: str, *, revision: int, now: datetime
) -> None:
    """Say which service a case is about, and leave its theme. Raises as `classify`."""
    needs(officer, Right.CLASSIFY)
    with writing(office.session):
        case = _reached(office, officer, reference, revision)
        _check_place(office, case, place, now)
        _keep(office, officer, case, place, case.theme_id, now)


def set_theme(
    office: Office, officer: Officer, reference: str, theme: str, *, revision: int, now: datetime
) -> None:
    """Say which theme a case has, and leave its service. Raises as `classify`."""
    needs(officer, Right.CLASSIFY)
    with writing(office.session):
        case = _reached(office, officer, reference, revision)
        _check_theme(office.session, theme)
        _check_place(office, case, None, now)
        _keep(office, officer, case, case.place_id, theme, now)


def count_for(
    office: Office, officer: Officer, reference: str, directorate: str | None, *, revision: int, now: datetime
) -> None:
    """Say for which directorate a concern is counted, and nothing finer; every count of it follows.

    Raises `NotFound`, `Refused` (for what is no directorate, or no concern), `ActedMeanwhile`.
    """
    needs(officer, Right.PLACE_CONCERNS)
    session = office.session
    with writing(session):
        case = _reached(office, officer, reference, revision)
        if not concerns.is_one(office.catalogue[case.procedure]):
            raise Refused("This is no concern: give it its service.")
        if directorate:
            tree = places.tree_of(session)
            places.check_open(tree, directorate, office.today(now))
            if tree.places[directorate].kind != DIRECTORATE:
                raise Refused("A concern is counted for a directorate, and for nothing finer.")
        _keep(office, officer, case, directorate or None, None, now)


def _check_theme(session: AnySession, theme: str | None) -> None:
    if theme and theme not in {line.id for line in _open_themes(session)}:
        raise Refused("That theme is not on the list.")


def _check_place(office: Office, case: Case, place: str | None, now: datetime) -> None:
    """That a case carries a place at all, and that one which is new to it is open."""
    if concerns.is_one(office.catalogue[case.procedure]):
        raise Refused("A concern carries no service and no theme: they could tell who raised it.")
    if place and place != case.place_id:
        places.check_open(places.tree_of(office.session), place, office.today(now))


def _reached(office: Office, officer: Officer, reference: str, revision: int) -> Case:
    case, _, _ = reaching.reach(office, officer, reference)
    if case.revision != revision:
        raise ActedMeanwhile(
            "Somebody else changed this case while you were working on it. Look at it again."
        )
    return case


def _keep(
    office: Office, officer: Officer, case: Case, place: str | None, theme: str | None, now: datetime
) -> None:
    case.place_id, case.theme_id = place, theme
    case.revision += 1
    for receipt in office.session.scalars(select(StageReceipt).where(StageReceipt.case_id == case.id)):
        receipt.place_id, receipt.theme_id = place, theme
    journal.append(office.session, at=now, actor=officer.id, act=journal.Act.CLASSIFIED, case_id=case.id)
