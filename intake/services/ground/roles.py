"""Who may do what: the one written table of roles.

Every page, act and command names the right that it takes; nothing else decides who may come to it. What names none
opens to nobody, and fails the build. Which cases somebody may open is not decided here: their keys decide that. What a
role may be told of concerns stands in `cases.concerns`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.procedures.offices import BY_ROLE, LAST_RESORT, OFFICES, SHARED

if TYPE_CHECKING:
    from intake.vault.keys import KeyPair

COMPLAINTS = "complaints"
WHISTLEBLOWING = "whistleblowing"
ALTERNATE = LAST_RESORT.vault
FIRST = (
    COMPLAINTS,
    WHISTLEBLOWING,
    ALTERNATE,
)  # which every instance has; the others once their office is set up
DEPUTYS = BY_ROLE["deputy-monitoring-officer"].vault

INVESTIGATOR = "investigator"

VAULTS = {COMPLAINTS: "the complaints team"} | {office.vault: office.title for office in OFFICES}
VAULTS[WHISTLEBLOWING] = SHARED  # by name alone; who reads a case is told by `sealing.in_words`


class Right(StrEnum):
    """Something that may be done to something, and how people are told of it."""

    words: str

    def __new__(cls, right: str, words: str) -> Right:
        made = str.__new__(cls, right)
        made._value_, made.words = right, words
        return made

    OWN_ACCOUNT = "own-account", "Come in, change their own password, and sign out"
    # Cases: always those of the role's own vault.
    READ_CASES = "read-cases", "Read the cases that their keys open, and write notes on them"
    WORK_CASES = "work-cases", "Act on the cases of their vault"
    GIVE_CASES = "give-cases", "Give one case to an investigator, and take it back"
    ENTER_CASES = "enter-cases", "Enter what came by telephone, letter or in person"
    OPEN_IDENTITIES = "open-identities", "Open who sent a concern, with a reason that is recorded"
    SHARE = "share-copies", "Make copies of the words of a case for somebody else, with passages taken out"
    ALLOCATE = "allocate", "Give a case to a colleague who can read it"
    CLASSIFY = "classify", "Say which service and theme a case is about"
    SET_OUT = "set-out-points", "Set out the points of a complaint, and keep the statement that was agreed"
    TRIAGE = "triage", "Say of a new case what it is, who complains for whom, and who gets it"
    ASSESS = "assess", "Say of a concern what it is and how it is looked into"
    INQUIRE = "inquire", "Work the inquiry into a concern"
    SIGN_OFF = "sign-off", "Review an inquiry that others made, and sign it off"
    SUMMARISE = (
        "summarise",
        "Write what the audit committee is told of a concern, and release a colleague's words",
    )
    OVERSEE_CONCERNS = "oversee-concerns", "See the register of concerns, each with what became of it"
    MARK_GOVERNANCE = (
        "mark-governance",
        "Mark a case as a significant governance issue, and list those that are",
    )
    PLACE_CONCERNS = "place-concerns", "Say for which directorate a concern is counted"
    REROUTE = "reroute", "Decide that a case goes to another team, and see what is proposed of it"
    DESTROY = (
        "destroy",
        "Propose that cases whose time is over are destroyed, and confirm what a colleague proposed",
    )
    GRANT = "grant", "Let a colleague of the same team into their vault, by comparing the key"
    # Figures.
    COUNT = "count", "See the figures of the cases that are counted for them"
    OVERSEE = "oversee", "See what is late, how long and with whom, without a word of any case"
    DRILL_DOWN = "drill-down", "See the cases behind a number, where they can open them"
    KEEP_THEMES = "keep-themes", "Keep the list of themes"
    KEEP_SERVICES = "keep-services", "Keep the list of directorates, services and teams"
    PUBLISH = "publish", "Publish a quarter's figures"
    IMPORT = "import", "Take over past cases from a register"
    # The journal.
    READ_JOURNAL = "read-journal", "Read the lines of the journal that are theirs, and take them as a file"
    CHECK_JOURNAL = "check-journal", "Hold the journal against a mark that was kept, and copy a mark down"
    # The machine: nobody's account has these, and none of them opens a case.
    KEEP_THE_INSTANCE = "keep-the-instance", "Set up, upgrade, check and run the instance"
    KEEP_ACCOUNTS = "keep-accounts", "Invite and switch off accounts"
    KEEP_VAULTS = (
        "keep-vaults",
        "Let somebody in with two printed shares, take somebody out, have a key changed",
    )
    BACK_UP = "back-up", "Make backups, and restore them with their key"
    AUDIT = "audit", "Check the journal against heads that were kept elsewhere"
    REPORT = "report", "Print the council's own figures"


@dataclass(frozen=True)
class Role:
    """A role: what its members may do, the vault that they may be granted, and what is counted for them.

    `counted_readers`: the vaults whose cases are counted for this role; empty for one that sees no counts. Where
    that is some cases of a measure and not all, they are counted apart from everything else (`counts.wall`).
    `own_office`: the vault into which they are let once it is there, and no more into the one that they shared.
    """

    label: str
    rights: frozenset[Right]
    vault: str | None = None
    counted_readers: tuple[str, ...] = ()
    own_office: str | None = None

    @property
    def vaults(self) -> tuple[str, ...]:
        """The vaults that its members may hold."""
        return tuple(vault for vault in (self.vault, self.own_office) if vault)

    @property
    def beside(self) -> tuple[str, ...]:
        """The vaults among whose members somebody stands in for, and hands over to, another: the deputy's too."""
        return (WHISTLEBLOWING, DEPUTYS) if self.vault == WHISTLEBLOWING else self.vaults

    def may(self, right: Right | None) -> bool:
        """Whether it has a right; nobody has the right that something forgot to name."""
        return right in self.rights


_OFFICER = frozenset(
    {
        Right.OWN_ACCOUNT,
        Right.READ_CASES,
        Right.WORK_CASES,
        Right.ENTER_CASES,
        Right.OPEN_IDENTITIES,
        Right.GRANT,
        Right.READ_JOURNAL,
        Right.SHARE,
        Right.DESTROY,
    }
)
_COUNTER = frozenset({Right.COUNT, Right.DRILL_DOWN, Right.IMPORT})
_CONCERNS = _OFFICER | {
    Right.GIVE_CASES,
    Right.ALLOCATE,
    Right.ASSESS,
    Right.INQUIRE,
    Right.SIGN_OFF,
    Right.SUMMARISE,
    Right.PLACE_CONCERNS,
    Right.REROUTE,
    Right.OVERSEE_CONCERNS,
    Right.MARK_GOVERNANCE,
}
_MONITORING = _CONCERNS | _COUNTER

ROLES = {
    "complaints-officer": Role(
        "Complaints officer", _OFFICER | {Right.CLASSIFY, Right.SET_OUT, Right.TRIAGE}, vault=COMPLAINTS
    ),
    "complaints-manager": Role(
        "Complaints manager",
        _OFFICER
        | _COUNTER
        | {
            Right.GIVE_CASES,
            Right.ALLOCATE,
            Right.CLASSIFY,
            Right.SET_OUT,
            Right.TRIAGE,
            Right.KEEP_THEMES,
            Right.KEEP_SERVICES,
            Right.REROUTE,
            Right.MARK_GOVERNANCE,
        },
        vault=COMPLAINTS,
        counted_readers=(COMPLAINTS,),
    ),
    # Not the other offices': a concern about the monitoring officer must not show in a number either.
    "monitoring-officer": Role(
        "Monitoring officer", _MONITORING, vault=WHISTLEBLOWING, counted_readers=(COMPLAINTS, WHISTLEBLOWING)
    ),
    "deputy-monitoring-officer": Role(
        "Deputy monitoring officer",
        _MONITORING,
        vault=WHISTLEBLOWING,
        counted_readers=(COMPLAINTS, WHISTLEBLOWING, DEPUTYS),
        own_office=DEPUTYS,
    ),
    "chief-internal-auditor": Role(
        "Chief internal auditor", _CONCERNS, vault=BY_ROLE["chief-internal-auditor"].vault
    ),
    "chief-executive": Role("Chief executive", _CONCERNS, vault=BY_ROLE["chief-executive"].vault),
    "chair-of-audit": Role("Chair of the audit committee", _CONCERNS, vault=BY_ROLE["chair-of-audit"].vault),
    "alternate-recipient": Role(
        "Alternate recipient of concerns",
        _CONCERNS,
        vault=ALTERNATE,
    ),
    # Of no vault: what somebody gives them, a case at a time, and nothing else.
    INVESTIGATOR: Role(
        "Investigator",
        frozenset({Right.OWN_ACCOUNT, Right.READ_CASES, Right.INQUIRE, Right.OPEN_IDENTITIES}),
    ),
    "senior-officer": Role(
        "Senior officer",
        frozenset({Right.OWN_ACCOUNT, Right.COUNT, Right.OVERSEE, Right.PUBLISH}),
        counted_readers=(COMPLAINTS, *(office.vault for office in OFFICES)),
    ),
    # Belongs to no vault and counts nothing: the journal, and no word of a case. A concern may be about them.
    "auditor": Role("Auditor", frozenset({Right.OWN_ACCOUNT, Right.READ_JOURNAL, Right.CHECK_JOURNAL})),
}
# Whoever runs commands on the machine: an account of its operating system, and none of ours.
ADMINISTRATOR = Role(
    "Administrator",
    frozenset(
        {
            Right.KEEP_THE_INSTANCE,
            Right.KEEP_ACCOUNTS,
            Right.KEEP_VAULTS,
            Right.BACK_UP,
            Right.AUDIT,
            Right.REPORT,
            Right.IMPORT,
            Right.KEEP_SERVICES,
        }
    ),
)
NO_ROLE = Role("A role that this program does not know", frozenset())


def role_of(role_id: str) -> Role:
    """The role of an account's row; one that opens nothing for a word that somebody wrote into the database."""
    return ROLES.get(role_id, NO_ROLE)


def roles_of(vault: str) -> list[str]:
    """The roles whose members may be granted a vault."""
    return [role_id for role_id, role in ROLES.items() if vault in role.vaults]


@dataclass(frozen=True)
class Officer:
    """Somebody signed in, with the key that signing in unlocked."""

    id: str
    name: str
    email: str
    role_id: str
    pair: KeyPair = field(repr=False)
    session: bytes = field(repr=False, default=b"")
    granted: frozenset[str] = frozenset()  # the vaults that they were let into, as the request began

    @property
    def role(self) -> Role:
        """Their role; of one that may hold two vaults, only the cases that they open are counted for them."""
        role = role_of(self.role_id)
        if role.own_office is None:
            return role
        not_theirs = set(role.vaults) - self.granted
        return replace(role, counted_readers=tuple(v for v in role.counted_readers if v not in not_theirs))

    @property
    def vaults(self) -> frozenset[str]:
        """The vaults that they open."""
        return self.granted.intersection(role_of(self.role_id).vaults)

    @property
    def own_vault(self) -> str | None:
        """The vault that is theirs among these: a deputy's own, where they have one apart."""
        return next((vault for vault in reversed(role_of(self.role_id).vaults) if vault in self.vaults), None)
