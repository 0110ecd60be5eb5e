"""The wall round concerns: what is otherwise with them, and what a role may be told of them.

Pure, and the one place that compares readers and vaults: everything else asks here. A concern is a case of a procedure
that the monitoring officer usually reads; one about somebody who would receive it lies with others
(`procedures.offices`), and nobody whom it may be about finds it in a list, in a number or in a difference of two
numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

from intake.counts import wall
from intake.counts.published import MEASURES, REFERRALS
from intake.counts.wall import Sight
from intake.procedures.definitions import Procedure
from intake.procedures.offices import BY_VAULT, in_circle
from intake.services.ground.roles import COMPLAINTS, WHISTLEBLOWING, Officer, Right, Role

NO_VAULT = ""  # the reader of a case that persons alone hold by name


def is_one(procedure: Procedure) -> bool:
    """Whether its cases are concerns: they carry no service and no theme, their letters no outcome, their receipts
    do not read back what was sent, and the committee is told of each in words that name nobody.
    """
    return procedure.reader == WHISTLEBLOWING


def none_of_them(catalogue: Iterable[Procedure]) -> dict[str, str]:
    """The procedures whose cases are no concerns, each with the vault in which they lie: what may be told, without a
    word, to somebody who opens nothing.
    """
    return {procedure.id: procedure.reader for procedure in catalogue if not is_one(procedure)}


def seals_identity(procedure: Procedure, level: str) -> bool:
    """Whether who sent a case is opened on its own, with a reason that is recorded."""
    return is_one(procedure) or level == "confidential"


def vaults_of(procedure: Procedure) -> frozenset[str]:
    """Where its cases may lie: with its reader; of a concern with any of the offices."""
    return _vaults(procedure.reader)


def enters(role: Role, procedure: Procedure) -> bool:
    """Whether a role enters cases of a procedure: those that its own vault may hold."""
    return not vaults_of(procedure).isdisjoint(role.vaults)


def tells_the_published_line(reader: str) -> bool:
    """Whether the holder of a concern is told the monitoring officer's published line: not where they are left out."""
    return WHISTLEBLOWING in in_circle(reader)


def reads(role: Role | None, vault: str) -> bool:
    """Whether a role's own cases lie in a vault. Without a role: the administrator, who is told no content."""
    return role is None or vault in role.vaults


def opens_one(officer: Officer, vaults: Iterable[str]) -> bool:
    """Whether an officer is among the readers of a case that is sealed to some vaults."""
    return not officer.vaults.isdisjoint(vaults)


def told_at_once() -> frozenset[str]:
    """The vaults in which no concern lies: what is done there may be told to somebody whom a concern may be about."""
    return frozenset({COMPLAINTS})


def opens(role: Role, measure: str) -> bool:
    """Whether the cases of a measure, or of a procedure, are of the kind that a role may open."""
    if role.vault is None:
        return False
    return (measure == REFERRALS) == (role.vault != COMPLAINTS)


def sees_behind(role: Role, measure: str) -> bool:
    """Whether a role is shown the cases behind the numbers of a measure."""
    return role.may(Right.DRILL_DOWN) and opens(role, measure)


def sight(catalogue: Iterable[Procedure], role: Role | None) -> Sight:
    """What a role counts: all cases of a measure, some of them, or none. Without a role: all, for the council."""
    if role is None:
        return wall.EVERYTHING
    by_procedure: dict[str, frozenset[str]] = {}
    lie_in = dict.fromkeys(MEASURES, frozenset({COMPLAINTS})) | {REFERRALS: _vaults(WHISTLEBLOWING)}
    for procedure in catalogue:
        by_procedure[procedure.id] = vaults_of(procedure)
        for stage in (stage for version in procedure.versions for stage in version.stages):
            if stage.measure:
                lie_in[stage.measure] |= vaults_of(procedure)
    return wall.sight(lie_in, by_procedure, role.counted_readers)


def _vaults(reader: str) -> frozenset[str]:
    return frozenset(BY_VAULT) if reader == WHISTLEBLOWING else frozenset({reader})
