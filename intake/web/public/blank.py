"""Pages on which nobody has answered anything: the same for everybody, but for an address and a form's token.

They are drawn for nobody, with gaps where those two go, and nothing of a visitor's is kept here. The first who asks for
one has all of them drawn: else the time of an answer would tell, of a road on which few go, that somebody is the first.
"""

from __future__ import annotations

import secrets

from flask import current_app, g, render_template
from flask_wtf.csrf import generate_csrf

from intake.web.asked import helping, offering
from intake.web.asked.roads import COMPLAINT, CONCERN, ROADS, Page, Road

from . import wire

ADDRESS, TOKEN = secrets.token_hex(), secrets.token_hex()  # the gaps: nothing that is drawn can hold them
START = "start"
KEPT = "intake_blank"


def start() -> str:
    """The start page."""
    return _filled(START)


def question(road: Road, page: Page, address: str, *, for_a_child: bool) -> str:
    """A page of a road, for whoever is at that address. A complaint may be for a child."""
    return _filled(road.id, page.id, for_a_child).replace(ADDRESS, address)


def _filled(*which) -> str:
    offered = (offering.services(), offering.offices())
    drawn_for, drawn = current_app.extensions.get(KEPT, (None, {}))
    if drawn_for != offered:
        drawn = _all()
        current_app.extensions[KEPT] = (offered, drawn)
    page: str = drawn[which]
    return page.replace(TOKEN, generate_csrf())


def _all() -> dict:
    with current_app.app_context():  # of nobody's request
        g.csrf_token = TOKEN
        return {(START,): draw_start()} | {
            (road.id, page.id, for_a_child): draw_question(road, page, ADDRESS, for_a_child=for_a_child)
            for road in ROADS.values()
            for page in road.pages
            for for_a_child in {False, road is COMPLAINT}
        }


def draw_start(notice: str = "") -> str:
    """The start page, with what went wrong."""
    return render_template(
        "public/start.html", roads=ROADS.values(), notice=notice, filling=wire.filling(None)
    )


def draw_question(
    road: Road,
    page: Page,
    address: str,
    *,
    for_a_child: bool,
    form=None,
    notice: str = "",
    moved: bool = False,
) -> str:
    """A page of a road. `form`: what was answered; none for what was not."""
    settings = current_app.extensions["intake"].settings
    form = form or page.bound(None, settings)
    return render_template(
        page.template,
        address=address,
        page=page,
        road=road,
        roads=ROADS.values(),
        form=wire.dress(form),
        filling=wire.filling(form),
        for_a_child=for_a_child,
        urgent=helping.contacts(settings.urgent_contacts, *_whom(road, for_a_child)),
        notice=notice,
        moved=moved,
    )


def _whom(road: Road, for_a_child: bool) -> tuple[str, ...]:
    """For whom somebody to call is named beside what is written on a road."""
    if road is CONCERN:
        return helping.ANYBODY, helping.WORK, helping.ADULT, helping.CHILD
    return helping.ANYBODY, helping.CHILD if for_a_child else helping.ADULT
