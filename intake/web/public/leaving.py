"""`/leave`: away at once to a neutral page; what the visit kept is thrown away here and in the browser.

It is a link, so that it works without scripts and with one press. What was typed opens with the visit's cookie
alone: the row goes here, the cookie goes there, and either would be enough. Nothing rests on a lifetime.

A page elsewhere that links here must not end somebody's visit: the cookie is `SameSite=Strict`, and the answer
takes nothing away when the browser says that the press came from another site.
"""

from __future__ import annotations

from flask import current_app, redirect, request

from intake.services.ground.refusals import NotStored
from intake.services.holders import visits
from intake.web import cookies

from . import visiting
from .blueprint import bp

ELSEWHERE = {"cross-site", "same-site"}
OURS = (cookies.FORM, cookies.VISIT)  # what this door gives; an officer's own end by signing out


@bp.get("/leave")
def leave():
    """Off to the page that the authority chose."""
    office = current_app.extensions["intake"]
    answer = redirect(office.settings.exit_address, 303)
    if request.headers.get("Sec-Fetch-Site") in ELSEWHERE:
        return answer
    visit = visiting.current()
    if visit:
        try:
            visits.leave(office, visit)
        except (
            NotStored
        ):  # whoever leaves must not wait: without the cookie the row opens no more, and is swept
            current_app.logger.error("a visit could not be thrown away at once")
    for base in OURS:
        cookies.take(answer, base)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
