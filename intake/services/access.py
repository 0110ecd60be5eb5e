"""Who may do what: the one written table of roles."""

from __future__ import annotations

from dataclasses import dataclass, field

COMPLAINTS = "complaints"
WHISTLEBLOWING = "whistleblowing"
ALTERNATE = "whistleblowing-alternate"

VAULTS = {
    COMPLAINTS: "the complaints team",
    WHISTLEBLOWING: "the monitoring officer and the deputy",
    ALTERNATE: "the alternate recipient of concerns",
}


@dataclass(frozen=True)
class Role:
    """A role: the vault that its members may be granted, and what else it may do."""

    label: str
    vault: str | None = None
    counts: bool = False
    whistleblowing_counts: bool = False
    allocates: bool = False


ROLES = {
    "complaints-officer": Role("Complaints officer", vault=COMPLAINTS),
    "complaints-manager": Role("Complaints manager", vault=COMPLAINTS, counts=True, allocates=True),
    "monitoring-officer": Role(
        "Monitoring officer", vault=WHISTLEBLOWING, counts=True, whistleblowing_counts=True, allocates=True
    ),
    "deputy-monitoring-officer": Role(
        "Deputy monitoring officer",
        vault=WHISTLEBLOWING,
        counts=True,
        whistleblowing_counts=True,
        allocates=True,
    ),
    "alternate-recipient": Role("Alternate recipient of concerns", vault=ALTERNATE, allocates=True),
    "senior-officer": Role("Senior officer", counts=True, whistleblowing_counts=True),
}


@dataclass(frozen=True)
class Officer:
    """Somebody signed in, with the key that signing in unlocked."""

    id: str
    name: str
    email: str
    role_id: str
    pair: object = field(repr=False)
    session: bytes = field(repr=False, default=b"")

    @property
    def role(self) -> Role:
        return ROLES[self.role_id]
