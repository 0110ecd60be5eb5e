"""Themes: the list that the complaints manager keeps, and what each is called."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from intake.database import reading, writing
from intake.models import StageReceipt, Theme
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Officer, Right

LONGEST = 80


@dataclass(frozen=True)
class ThemeLine:
    """A theme, how many receipts carry it, and the theme as which it counts where it was merged."""

    id: str
    name: str
    receipts: int
    merged_into: str | None


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
        names = theme_names(office)
        into = merged_themes(office)
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
        journal.append(office.session, at=now, actor=officer.id, act=journal.Act.THEME_ADDED, theme=theme.id)


def rename_theme(office: Office, officer: Officer, theme_id: str, name: str, *, now: datetime) -> None:
    """Call a theme something else, in every year; what was published keeps the name it had."""
    with writing(office.session):
        _check_keeper(officer)
        theme = _theme(office, theme_id)
        theme.name = _free_name(office, name, but=theme.id)
        journal.append(
            office.session, at=now, actor=officer.id, act=journal.Act.THEME_RENAMED, theme=theme.id
        )


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
            office.session,
            at=now,
            actor=officer.id,
            act=journal.Act.THEME_MERGED,
            theme=theme.id,
            into=into.id,
        )


def _open_themes(session: AnySession) -> list[Theme]:
    return list(session.scalars(select(Theme).where(Theme.merged_into.is_(None)).order_by(Theme.name)))


def _check_keeper(officer: Officer) -> None:
    if not officer.role.may(Right.KEEP_THEMES):
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


def theme_names(office: Office) -> dict[str, str]:
    """Every theme by its id, those merged into another too, in the order of their names."""
    return dict(office.session.execute(select(Theme.id, Theme.name).order_by(Theme.name)).all())


def merged_themes(office: Office) -> dict[str, str]:
    """For each theme that was merged, the one as which it counts now."""
    rows = office.session.execute(select(Theme.id, Theme.merged_into))
    into = {theme: other for theme, other in rows if other is not None}
    return {theme: _last(theme, into) for theme in into}


def names_as_counted(office: Office) -> dict[str, str]:
    """What each theme is called now: one that was merged as the one as which it counts."""
    listed = office.session.execute(select(Theme.id, Theme.name, Theme.merged_into)).all()
    names = {theme.id: theme.name for theme in listed}
    into = {theme.id: theme.merged_into for theme in listed if theme.merged_into}
    return {theme: names[_last(theme, into)] for theme in names}


def counted_as(office: Office, theme_id: str | None) -> tuple[str | None, str | None]:
    """The theme as which a case's counts now, and its name."""
    if theme_id is None:
        return None, None
    listed = office.session.execute(select(Theme.id, Theme.name, Theme.merged_into)).all()
    last = _last(theme_id, {theme.id: theme.merged_into for theme in listed if theme.merged_into})
    return last, next((theme.name for theme in listed if theme.id == last), None)


def _last(theme: str, into: Mapping[str, str]) -> str:
    while theme in into:
        theme = into[theme]
    return theme
