"""Pages that are read: how we protect you, privacy, cookies, accessibility, help."""

from __future__ import annotations

from flask import current_app, render_template

from intake.web.asked import helping

from .blueprint import bp

PAGES = {
    "how-we-protect-you": "public/how_we_protect_you.html",
    "privacy": "public/privacy.html",
    "cookies": "public/cookies.html",
    "accessibility": "public/accessibility.html",
    "help": "public/help.html",
}
REVIEWED = "November 2026"


def _page(template: str):
    def show() -> str:
        kept, for_good = _kept_for()
        settings = current_app.extensions["intake"].settings
        return render_template(
            template,
            reviewed=REVIEWED,
            kept_for=kept,
            kept_for_good=for_good,
            urgent=helping.contacts(settings.urgent_contacts),
        )

    return show


def _kept_for() -> tuple[list[tuple[str, list[str]]], list[str]]:
    """How long what is closed is kept, the longest first, with the procedures; and those that keep for good."""
    catalogue = current_app.extensions["intake"].catalogue
    schedules = {one.retention.months: one.retention.words for one in catalogue if one.retention}
    kept = [
        (
            schedules[months],
            sorted(one.name for one in catalogue if one.retention and one.retention.months == months),
        )
        for months in sorted(schedules, reverse=True)
    ]
    return kept, sorted(one.name for one in catalogue if one.retention is None)


for _address, _template in PAGES.items():
    bp.add_url_rule(f"/{_address}", _address.replace("-", "_"), _page(_template), methods=["GET"])
