"""Which right each page takes. The guard works from this table and from the one of roles (`ground.roles`) alone.

A page that is not in it opens to nobody, so a forgotten line shuts a door and never opens one.
"""

from __future__ import annotations

from intake.services.ground.roles import Right, role_of

WITHOUT_SIGNING_IN = frozenset({"staff.sign_in", "staff.join", "staff.finish_joining"})

TAKES = {
    "staff.sign_out": Right.OWN_ACCOUNT,
    "staff.password": Right.OWN_ACCOUNT,
    "staff.line": Right.OWN_ACCOUNT,
    "staff.line_of": Right.ALLOCATE,
    "staff.desk": Right.OWN_ACCOUNT,
    "staff.nothing_here": Right.OWN_ACCOUNT,
    "staff.case": Right.WORK_CASES,
    "staff.mark_read": Right.WORK_CASES,
    "staff.act": Right.WORK_CASES,
    "staff.points": Right.SET_OUT,
    "staff.point": Right.SET_OUT,
    "staff.withdraw_point": Right.SET_OUT,
    "staff.statement": Right.SET_OUT,
    "staff.links": Right.WORK_CASES,
    "staff.unlink": Right.WORK_CASES,
    "staff.take_in": Right.WORK_CASES,
    "staff.bulk": Right.WORK_CASES,
    "staff.save_list": Right.WORK_CASES,
    "staff.forget_list": Right.WORK_CASES,
    "staff.dates": Right.WORK_CASES,
    "staff.dates_file": Right.WORK_CASES,
    "staff.load": Right.ALLOCATE,
    "staff.identity": Right.OPEN_IDENTITIES,
    "staff.reroute": Right.WORK_CASES,
    "staff.before": Right.WORK_CASES,
    "staff.handed_on": Right.WORK_CASES,
    "staff.proposals": Right.REROUTE,
    "staff.enter": Right.ENTER_CASES,
    "staff.give_receipt": Right.ENTER_CASES,
    "staff.about": Right.CLASSIFY,
    "staff.triage": Right.TRIAGE,
    "staff.summarise": Right.SUMMARISE,
    "staff.directorate": Right.PLACE_CONCERNS,
    "staff.themes": Right.KEEP_THEMES,
    "staff.add_theme": Right.KEEP_THEMES,
    "staff.rename_theme": Right.KEEP_THEMES,
    "staff.merge_themes": Right.KEEP_THEMES,
    "staff.services": Right.KEEP_SERVICES,
    "staff.add_service": Right.KEEP_SERVICES,
    "staff.service": Right.KEEP_SERVICES,
    "staff.rename_service": Right.KEEP_SERVICES,
    "staff.move_service": Right.KEEP_SERVICES,
    "staff.close_service": Right.KEEP_SERVICES,
    "staff.open_service": Right.KEEP_SERVICES,
    "staff.away": Right.OWN_ACCOUNT,
    "staff.away_for": Right.ALLOCATE,
    "staff.hand_over": Right.WORK_CASES,
    "staff.hand_over_for": Right.ALLOCATE,
    "staff.colleagues": Right.GRANT,
    "staff.grant": Right.GRANT,
    "staff.team_key": Right.GRANT,
    "staff.seal_on": Right.GRANT,
    "staff.late": Right.OVERSEE,
    "staff.counts": Right.COUNT,
    "staff.counts_file": Right.COUNT,
    "staff.behind_a_number": Right.DRILL_DOWN,
    "staff.publish": Right.PUBLISH,
    "staff.register": Right.IMPORT,
    "staff.register_check": Right.IMPORT,
    "staff.register_import": Right.IMPORT,
}


def may(role_id: str, endpoint: str | None) -> bool:
    """Whether a role may come to a page. A page that nobody wrote down opens to nobody."""
    return role_of(role_id).may(TAKES.get(endpoint or ""))
