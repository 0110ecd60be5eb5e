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
        settings = current_app.extensions["intake"].settings
        return render_template(template, reviewed=REVIEWED, urgent=helping.contacts(settings.urgent_contacts))

    return show


for _address, _template in PAGES.items():
    bp.add_url_rule(f"/{_address}", _address.replace("-", "_"), _page(_template), methods=["GET"])
