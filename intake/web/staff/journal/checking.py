"""Whether the journal holds, in plain words, and a mark to copy down."""

from __future__ import annotations

import threading

from flask import render_template, request

from intake.services.ground.refusals import Refused
from intake.services.journal import checking as services
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

# In each process: it reads every line, and many at once would leave others a small share of it.
ONE_CHECK_AT_A_TIME = threading.Lock()
BUSY = "Somebody else is checking the journal just now, which takes a while. Nothing was done: try again in a minute."


@bp.route("/journal/check", methods=["GET", "POST"])
def journal_check():
    """Ask for marks, and say whether the journal holds against them."""
    if request.method == "GET":
        return _draw()
    given = request.form.get("marks", "")
    if not ONE_CHECK_AT_A_TIME.acquire(blocking=False):
        return _draw(given=given, notice=BUSY), 409
    try:
        found = services.hold(office(), officer(), given)
    except Refused as error:
        return _draw(given=given, notice=str(error)), 422
    finally:
        ONE_CHECK_AT_A_TIME.release()
    return _draw(given=given, found=found)


@bp.post("/journal/mark")
def journal_mark():
    """A mark of today, shown in this answer alone."""
    return _draw(mark=services.take_mark(office(), officer(), now=now()))


def _draw(**more) -> str:
    return render_template("staff/journal/check.html", today=office().today(now()), **more)
