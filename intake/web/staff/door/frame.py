"""What stands around every page: the officer's name, and the ways that are open to the role."""

from __future__ import annotations

from flask import g, request
from flask_login import current_user

from intake.services.ground import custody
from intake.services.ground.refusals import NotStored
from intake.services.ground.roles import VAULTS, Officer

from . import entitled
from .session import now, office

CASES = {
    "staff.desk",
    "staff.bulk",
    "staff.save_list",
    "staff.load",
    "staff.dates",
    "staff.case",
    "staff.act",
    "staff.identity",
    "staff.opened",
    "staff.share",
    "staff.copy",
    "staff.links",
    "staff.unlink",
    "staff.about",
    "staff.directorate",
    "staff.points",
    "staff.point",
    "staff.withdraw_point",
    "staff.statement",
    "staff.summarise",
    "staff.release_words",
    "staff.governance",
    "staff.prescribed",
    "staff.reroute",
    "staff.before",
    "staff.handed_on",
    "staff.triage",
    "staff.holders",
    "staff.give",
    "staff.given_to",
    "staff.name_to",
    "staff.aside",
    "staff.stood_aside",
    "staff.assess",
    "staff.inquiry",
    "staff.inquire",
    "staff.inquire_of",
    "staff.sign_off",
    "staff.keeping",
}
FIGURES = {
    "staff.counts",
    "staff.behind_a_number",
    "staff.publish",
    "staff.themes",
    "staff.services",
    "staff.service",
}
REGISTER = {"staff.register", "staff.register_check", "staff.register_import"}
JOURNAL = {"staff.journal", "staff.journal_check", "staff.journal_mark"}
COLLEAGUES = {
    "staff.colleagues",
    "staff.grant",
    "staff.hand_over",
    "staff.hand_over_for",
    "staff.away_for",
    "staff.team_key",
    "staff.seal_on",
}
WAYS = (
    ("staff.desk", "Cases", "/staff/", CASES),
    ("staff.given", "Given to you", "/staff/given", CASES | {"staff.given"}),
    ("staff.enter", "Enter a case", "/staff/enter", {"staff.enter", "staff.give_receipt"}),
    ("staff.proposals", "For another team", "/staff/proposals", {"staff.proposals"}),
    ("staff.concerns", "Concerns", "/staff/concerns", {"staff.concerns", "staff.prescribed_report"}),
    ("staff.inquiries", "Inquiries", "/staff/inquiries", {"staff.inquiries"}),
    ("staff.late", "Late", "/staff/late", {"staff.late"}),
    ("staff.counts", "Figures", "/staff/counts", FIGURES),
    ("staff.register", "Register", "/staff/register", REGISTER),
    ("staff.to_destroy", "To destroy", "/staff/destroy", {"staff.to_destroy", "staff.destruction"}),
    ("staff.journal", "Journal", "/staff/journal", JOURNAL),
    ("staff.colleagues", "Colleagues", "/staff/colleagues", COLLEAGUES),
    ("staff.away", "Away", "/staff/away", {"staff.away"}),
    ("staff.password", "Password", "/staff/password", {"staff.password"}),
)
HOMES = {
    "Cases": "Go to your cases",
    "Given to you": "Go to what was given to you",
    "Figures": "Go to the figures",
    "Late": "Go to what is late",
    "Journal": "Go to the journal",
}  # the first way of each role
TO_SIGN_IN = {"text": "Sign in", "href": "/staff/sign-in"}
UNATTENDED = (
    "Nobody can open what is sent to {}. Tell the administrator today: `intake check` says what to do."
)


def around_every_page() -> dict:
    """Values for the layout; nothing for somebody who is not signed in."""
    if g.get("unexpected"):  # who is signed in may be the very thing that cannot be read
        return {}
    try:
        return _around()
    except NotStored:  # a page that says so is drawn without
        return {}


def _around() -> dict:
    if not current_user or not current_user.is_authenticated:
        return {"home": TO_SIGN_IN}
    officer = current_user.officer
    navigation = _navigation(officer)
    first = navigation[0] if navigation else None
    return {
        "officer": officer.name,
        "taken_to_be": office().ahead and office().today(now()),
        "unattended": [UNATTENDED.format(VAULTS[vault]) for vault in custody.unattended(office())],
        "key_warnings": g.get("key_warnings", []),
        "navigation": navigation,
        "home": first and {"text": HOMES.get(first["text"], first["text"]), "href": first["href"]},
    }


def _navigation(officer: Officer) -> list[dict]:
    return [
        {"text": text, "href": href, "current": request.endpoint in here}
        for endpoint, text, href, here in WAYS
        if entitled.may(officer.role_id, endpoint)
        and (officer.role.vault is not None or endpoint != "staff.desk")
        and (officer.role.vault is None or endpoint != "staff.given")
    ]
