"""What to call the values that cases are counted by: outcomes, themes, channels, services, procedures."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from intake.counts.figures import EXTENDED, NEXT_STAGE, TIMELINESS, Names
from intake.models import Theme

from .office import Office

CHANNELS = {
    "online": "Online form",
    "phone": "Telephone",
    "letter": "Letter",
    "email": "E-mail",
    "in-person": "In person",
    "mp": "Through an MP",
    "councillor": "Through a councillor",
    "unknown": "Not said",  # of a case from a register
}


def names(office: Office, themes: Mapping[str, str] | None = None) -> Names:
    """Every name, inside the caller's transaction; `themes` as they were called when figures were published."""
    outcomes = {
        outcome.id: outcome.label
        for procedure in office.catalogue
        for version in procedure.versions
        for outcome in version.outcomes
    }
    return Names(
        {
            "outcome": outcomes,
            "timeliness": TIMELINESS,
            "service": {service: service for service in office.settings.services},
            "theme": theme_names(office) if themes is None else dict(themes),
            "channel": CHANNELS,
            "extended": EXTENDED,
            "next-stage": NEXT_STAGE,
        },
        {procedure.id: procedure.name for procedure in office.catalogue},
    )


def theme_names(office: Office) -> dict[str, str]:
    """Every theme by its id, those merged into another too, in the order of their names."""
    return dict(office.session.execute(select(Theme.id, Theme.name).order_by(Theme.name)).all())


def merged_themes(office: Office) -> dict[str, str]:
    """For each theme that was merged, the one as which it counts now."""
    into = dict(
        office.session.execute(
            select(Theme.id, Theme.merged_into).where(Theme.merged_into.is_not(None))
        ).all()
    )
    return {theme: _last(theme, into) for theme in into}


def _last(theme: str, into: Mapping[str, str]) -> str:
    while theme in into:
        theme = into[theme]
    return theme
