"""`/leave`: away at once to a neutral page, and what the browser holds of ours is cleared.

It is a link, so that it works without scripts and with one press. It changes nothing on the server: there
is nothing there to clear. The `left` mark lives for half an hour, so that a form which the browser sends
again after leaving is answered with a page that shows nothing typed.

`Clear-Site-Data` does not name cookies, on purpose: seen in Chromium, it took the mark away too, and then
Back and Reload brought back what was typed. Our cookies are expired one by one instead.
"""

from __future__ import annotations

from flask import current_app, redirect

from intake.web import cookies

from . import bp

MARK = cookies.LEFT
OURS = (cookies.FORM,)  # what this door gives; an officer's own end by signing out
MARK_SECONDS = 1_800


@bp.get("/leave")
def leave():
    """Off to the page that the authority chose."""
    settings = current_app.extensions["intake"].settings
    answer = redirect(settings.exit_address, 303)
    for base in OURS:
        cookies.take(answer, base)
    cookies.give(answer, MARK, "1", seconds=MARK_SECONDS)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def has_left() -> bool:
    """Whether this browser pressed *Exit this page* a short while ago."""
    return cookies.given(MARK) is not None
