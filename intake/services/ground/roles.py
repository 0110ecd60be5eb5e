"""Who may do what: the one written table of roles."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.vault.keys import KeyPair

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
    """A role: the vault that its members may be granted, and what else it may do.

    `counted_readers`: the vaults whose cases are counted for this role; empty for one that sees no counts. Where
    that is some cases of a measure and not all, they are counted apart from everything else (`counts.wall`).
    """

    label: str
    vault: str | None = None
    counted_readers: tuple[str, ...] = ()
    allocates: bool = False
    publishes: bool = False
    keeps_themes: bool = False

    def reads(self, measure: str) -> bool:
        """Whether the cases of a measure are of the kind that this role may open."""
        if self.vault is None:
            return False
        return (measure == "whistleblowing-referrals") == (self.vault != COMPLAINTS)


ROLES = {
    "complaints-officer": Role("Complaints officer", vault=COMPLAINTS),
    "complaints-manager": Role(
        "Complaints manager",
        vault=COMPLAINTS,
        counted_readers=(COMPLAINTS,),
        allocates=True,
        keeps_themes=True,
    ),
    # Not the alternate's: a concern about the monitoring officer must not show in a number either.
    "monitoring-officer": Role(
        "Monitoring officer",
        vault=WHISTLEBLOWING,
        counted_readers=(COMPLAINTS, WHISTLEBLOWING),
        allocates=True,
    ),
    "deputy-monitoring-officer": Role(
        "Deputy monitoring officer",
        vault=WHISTLEBLOWING,
        counted_readers=(COMPLAINTS, WHISTLEBLOWING),
        allocates=True,
    ),
    "alternate-recipient": Role("Alternate recipient of concerns", vault=ALTERNATE, allocates=True),
    "senior-officer": Role(
        "Senior officer", counted_readers=(COMPLAINTS, WHISTLEBLOWING, ALTERNATE), publishes=True
    ),
}


NO_ROLE = Role("A role that this program does not know")


def role_of(role_id: str) -> Role:
    """The role of an account's row; one that opens nothing for a word that somebody wrote into the database."""
    return ROLES.get(role_id, NO_ROLE)


def roles_of(vault: str) -> list[str]:
    """The roles whose members may be granted a vault."""
    return [role_id for role_id, role in ROLES.items() if role.vault == vault]


@dataclass(frozen=True)
class Officer:
    """Somebody signed in, with the key that signing in unlocked."""

    id: str
    name: str
    email: str
    role_id: str
    pair: KeyPair = field(repr=False)
    session: bytes = field(repr=False, default=b"")

    @property
    def role(self) -> Role:
        return role_of(self.role_id)
