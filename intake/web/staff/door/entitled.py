"""Who may come to which page: the one written table, role by role.

The guard works from this table alone. A page that is not in it opens to nobody, so a forgotten line shuts a
door and never opens one. Which cases somebody may open is not decided here: their keys decide that.
"""

from __future__ import annotations

from intake.services.ground.roles import ROLES

EVERYBODY = frozenset(ROLES)
READERS = frozenset(
    {
        "complaints-officer",
        "complaints-manager",
        "monitoring-officer",
        "deputy-monitoring-officer",
        "alternate-recipient",
    }
)
COUNTERS = frozenset(
    {"complaints-manager", "monitoring-officer", "deputy-monitoring-officer", "senior-officer"}
)

COMPLAINTS_TEAM = frozenset({"complaints-officer", "complaints-manager"})
CONCERNS_TEAM = frozenset({"monitoring-officer", "deputy-monitoring-officer", "alternate-recipient"})
KEEPERS = frozenset({"complaints-manager"})
PUBLISHERS = frozenset({"senior-officer"})
IMPORTERS = frozenset({"complaints-manager", "monitoring-officer", "deputy-monitoring-officer"})

WITHOUT_SIGNING_IN = frozenset({"staff.sign_in", "staff.join", "staff.finish_joining"})

MAY_COME_TO = {
    "staff.sign_out": EVERYBODY,
    "staff.password": EVERYBODY,
    "staff.desk": EVERYBODY,
    "staff.case": READERS,
    "staff.mark_read": READERS,
    "staff.identity": READERS,
    "staff.act": READERS,
    "staff.take_in": READERS,
    "staff.enter": READERS,
    "staff.about": COMPLAINTS_TEAM,
    "staff.summarise": CONCERNS_TEAM,
    "staff.themes": KEEPERS,
    "staff.add_theme": KEEPERS,
    "staff.rename_theme": KEEPERS,
    "staff.merge_themes": KEEPERS,
    "staff.colleagues": READERS,
    "staff.grant": READERS,
    "staff.counts": COUNTERS,
    "staff.counts_file": COUNTERS,
    "staff.behind_a_number": COUNTERS & READERS,
    "staff.publish": PUBLISHERS,
    "staff.register": IMPORTERS,
    "staff.register_check": IMPORTERS,
    "staff.register_import": IMPORTERS,
    "staff.nothing_here": EVERYBODY,
}


def may(role_id: str, endpoint: str) -> bool:
    """Whether a role may come to a page. A page that nobody wrote down opens to nobody."""
    return role_id in MAY_COME_TO.get(endpoint, frozenset())
