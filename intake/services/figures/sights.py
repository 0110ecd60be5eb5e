"""What each role counts: all cases of a measure, some of them, or none."""

from __future__ import annotations

from intake.counts import wall
from intake.counts.published import MEASURES, WHISTLEBLOWING
from intake.counts.wall import Sight
from intake.services.ground import roles
from intake.services.ground.office import Office
from intake.services.ground.roles import Role


def of(office: Office, role: Role | None) -> Sight:
    """What a role counts. Without one: everything, for the council's own report."""
    if role is None:
        return wall.EVERYTHING
    by_procedure = {procedure.id: _vaults(procedure.reader) for procedure in office.catalogue}
    vaults_of = {measure: frozenset({roles.COMPLAINTS}) for measure in MEASURES}
    vaults_of[WHISTLEBLOWING] = _vaults(roles.WHISTLEBLOWING)
    for procedure in office.catalogue:
        for stage in (stage for version in procedure.versions for stage in version.stages):
            if stage.measure:
                vaults_of[stage.measure] |= by_procedure[procedure.id]
    return wall.sight(vaults_of, by_procedure, role.counted_readers)


def _vaults(reader: str) -> frozenset[str]:
    """Where a procedure's cases may lie: with its reader, or with the alternate if they are about that one."""
    if reader == roles.WHISTLEBLOWING:
        return frozenset({roles.WHISTLEBLOWING, roles.ALTERNATE})
    return frozenset({reader})
