"""What to call the values that cases are counted by: outcomes, themes, channels, services, procedures."""

from __future__ import annotations

from collections.abc import Mapping

from intake.counts.figures import EXTENDED, NEXT_STAGE, TIMELINESS, Names
from intake.services.cases.channels import CHANNELS
from intake.services.cases.themes import theme_names
from intake.services.ground.office import Office


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
