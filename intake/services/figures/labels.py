"""What to call the values that cases are counted by: outcomes, themes, channels, services, procedures."""

from __future__ import annotations

from intake.counts.figures import EXTENDED, NEXT_STAGE, TIMELINESS, Names
from intake.counts.places import Tree
from intake.procedures import at_the_door
from intake.procedures.at_the_door import GROUNDS
from intake.services.cases.channels import CHANNELS
from intake.services.cases.themes import theme_names
from intake.services.ground.office import Office

from .editions import Frozen


def names(office: Office, tree: Tree, frozen: Frozen | None = None, place: str | None = None) -> Names:
    """Every name, inside the caller's transaction; those of themes and services as they were called when figures were
    published, where they were. `place`: the part of the authority of which the figures are.
    """
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
            "service": tree.names(place) | (dict(frozen.services) if frozen else {}),
            "theme": theme_names(office) if frozen is None else dict(frozen.themes),
            "channel": CHANNELS,
            "extended": EXTENDED,
            "next-stage": NEXT_STAGE,
            "refusal": GROUNDS | at_the_door.grounds(office.settings.refusal_grounds),
        },
        {procedure.id: procedure.name for procedure in office.catalogue},
    )
