"""What a case is about: its service and its theme, and the authority's list of themes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from intake.database import reading, writing
from intake.models import StageReceipt, Theme

from . import access, casework, journal, naming
from .access import Officer
from .office import Office
from .refusals import ActedMeanwhile, Refused

LONGEST = 80


@dataclass(frozen=True)
class ThemeLine:
    """A theme, how many receipts carry it, and the theme as which it counts where it was merged."""

    id: str
    name: str
    receipts: int
    merged_into: str | None


def classify(
    office: Office,
    officer: Officer,
    reference: str,
    service: str | None,
    theme: str | None,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Say what a case is about; every count of it follows, those of closed years too.

    Raises `NotFound`, `Refused` (a concern has neither: they could tell who wrote), `ActedMeanwhile`.
    """
    session = office.session
    with writing(session):
        case, _, _ = casework.reach(office, officer, reference)
        if office.catalogue[case.procedure].reader != access.COMPLAINTS:
            raise Refused("A concern carries no service and no theme: they could tell who raised it.")
        if case.revision != revision:
            raise ActedMeanwhile(
                "Somebody else changed this case while you were working on it. Look at it again."
            )
        if theme and theme not in {line.id for line in _open_themes(session)}:
            raise Refused("That theme is not on the list.")
        if service and service not in (*office.settings.services, case.service):
            raise Refused("That service is not on the list.")
        case.service, case.theme_id = service or None, theme or None
        case.revision += 1
        for receipt in session.scalars(select(StageReceipt).where(StageReceipt.case_id == case.id)):
            receipt.service, receipt.theme_id = case.service, case.theme_id
        journal.append(session, at=now, actor=officer.id, act="classified", case_id=case.id)


def open_themes(office: Office) -> tuple[tuple[str, str], ...]:
    """The themes that a case can be given: id and name, in the order of their names."""
    with reading(office.session):
        return tuple((theme.id, theme.name) for theme in _open_themes(office.session))


def themes(office: Office) -> tuple[ThemeLine, ...]:
    """The whole list, with how many receipts carry each."""
    with reading(office.session):
        counted = dict(
            office.session.execute(
                select(StageReceipt.theme_id, func.count()).group_by(StageReceipt.theme_id)
            ).all()
        )
        names = naming.theme_names(office)
        into = naming.merged_themes(office)
    return tuple(
        ThemeLine(theme, name, counted.get(theme, 0), names.get(into.get(theme, "")))
        for theme, name in names.items()
    )


def add_theme(office: Office, officer: Officer, name: str, *, now: datetime) -> None:
    """Put a theme on the list. Raises `Refused` for a name that is there already."""
    with writing(office.session):
        _check_keeper(officer)
        theme = Theme(id=uuid.uuid4().hex, name=_free_name(office, name))
        office.session.add(theme)
        journal.append(office.session, at=now, actor=officer.id, act="theme-added", theme=theme.id)


def rename_theme(office: Office, officer: Officer, theme_id: str, name: str, *, now: datetime) -> None:
    """Call a theme something else, in every year; what was published keeps the name it had."""
    with writing(office.session):
        _check_keeper(officer)
        theme = _theme(office, theme_id)
        theme.name = _free_name(office, name, but=theme.id)
        journal.append(office.session, at=now, actor=officer.id, act="theme-renamed", theme=theme.id)


def merge_themes(office: Office, officer: Officer, theme_id: str, into_id: str, *, now: datetime) -> None:
    """Count a theme as another from now on, in every year; what was published stays as it was."""
    with writing(office.session):
        _check_keeper(officer)
        theme, into = _theme(office, theme_id), _theme(office, into_id)
        if theme.id == into.id:
            raise Refused("Choose two different themes.")
        if into.merged_into:
            raise Refused("The other theme was merged itself. Choose the one as which it counts.")
        theme.merged_into = into.id
        journal.append(
            office.session, at=now, actor=officer.id, act="theme-merged", theme=theme.id, into=into.id
        )


def _open_themes(session) -> list[Theme]:
    return list(session.scalars(select(Theme).where(Theme.merged_into.is_(None)).order_by(Theme.name)))


def _check_keeper(officer: Officer) -> None:
    if not officer.role.keeps_themes:
        raise Refused("The complaints manager keeps the list of themes.")


def _theme(office: Office, theme_id: str) -> Theme:
    theme = office.session.get(Theme, theme_id)
    if theme is None or theme.merged_into:
        raise Refused("That theme is not on the list any more.")
    return theme


def _free_name(office: Office, name: str, but: str = "") -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise Refused(f"Give the theme a name of 1 to {LONGEST} characters.")
    taken = select(Theme.id).where(func.lower(Theme.name) == name.lower(), Theme.id != but)
    if office.session.scalar(taken):
        raise Refused("There is a theme of that name already.")
    return name
