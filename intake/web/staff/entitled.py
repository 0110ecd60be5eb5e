"""Who may come to which page: the one written table, role by role.

The guard works from this table alone. A page that is not in it opens to nobody, so a forgotten line shuts a
door and never opens one. Which cases somebody may open is not decided here: their keys decide that.
"""

from __future__ import annotations

from intake.services.access import ROLES

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

WITHOUT_SIGNING_IN = frozenset({"staff.sign_in", "staff.join", "staff.finish_joining"})

MAY_COME_TO = {
    "staff.sign_out": EVERYBODY,
    "staff.password": EVERYBODY,
    "staff.desk": EVERYBODY,
    "staff.case": READERS,
    "staff.mark_read": READERS,
    "staff.identity": READERS,
    "staff.act": READERS,
    "staff.enter": READERS,
    "staff.colleagues": READERS,
    "staff.grant": READERS,
    "staff.counts": COUNTERS,
    "staff.counts_csv": COUNTERS,
    "staff.counts_json": COUNTERS,
    "staff.nothing_here": EVERYBODY,
}


def may(role_id: str, endpoint: str) -> bool:
    """Whether a role may come to a page. A page that nobody wrote down opens to nobody."""
    return role_id in MAY_COME_TO.get(endpoint, frozenset())
