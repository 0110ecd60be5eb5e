"""What may be destroyed, a list that is proposed, and a second person who reads and confirms it."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField, PasswordField

from intake.services.desk.leafing import Place, Turn
from intake.services.ground.refusals import ActedMeanwhile, NotFound, NotStored, Refused, SignInRefused
from intake.services.retention import beyond_backups, destroying, due, listing
from intake.web.fields import Needed, brought_back
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

HERE = "/staff/destroy"
AT_ONCE = 10  # transactions in one answer: what is left follows with the next ticks
GONE = "That list is not there any more: somebody took it back."
DONE = {
    "proposed": "The list waits for a second person, who is told. Nothing is destroyed yet.",
    "confirmed": "It is confirmed.",
    "back": "The list was taken back. Nothing of it was destroyed.",
}


class Confirm(Form):
    """That a second person has read the list."""

    password = PasswordField("Your password, once more", [Needed("Enter your password")])
    digest = HiddenField()


@bp.route("/destroy", methods=["GET", "POST"])
def to_destroy():
    """What a vault's closed cases may be destroyed; proposes a list of them."""
    if request.method == "GET":
        return _due()
    everything = request.form.get("step") == "everything"
    lines = [line.partition(".") for line in request.form.getlist("case") if len(line) <= 40]
    chosen = [] if everything else [(reference, brought_back(revision)) for reference, _, revision in lines]
    try:
        made = listing.propose(office(), officer(), chosen, everything=everything, now=now())
    except Refused as error:
        return _due(notice=str(error), status=409)
    if made.left:
        return _list(made.id, left=made.left, done=DONE["proposed"])
    return redirect(f"{HERE}/{made.id}?done=proposed", 303)


@bp.route("/destroy/<list_id>", methods=["GET", "POST"])
def destruction(list_id: str):
    """A list: read, taken back, or confirmed and carried out. One that is not there, or not theirs, is told as gone."""
    try:
        return _destruction(list_id)
    except NotFound:
        return _due(notice=GONE, status=410)


def _destruction(list_id: str):
    if request.method == "GET":
        return _list(list_id, done=DONE.get(request.args.get("done", ""), ""))
    if request.form.get("step") == "back":
        try:
            listing.take_back(office(), officer(), list_id, now=now())
        except Refused as error:
            return _list(list_id, notice=str(error), status=409)
        return redirect(f"{HERE}?done=back", 303)
    form = Confirm(request.form)
    if not form.validate():
        return _list(list_id, form, status=422)
    try:
        listing.confirm(office(), officer(), list_id, form.digest.data or "", form.password.data, now=now())
    except SignInRefused as error:
        form.password.errors = [str(error)]
        return _list(list_id, form, status=422)
    except Refused as error:  # of a list that changed as it is now
        return _list(list_id, notice=str(error), status=409, anew=isinstance(error, ActedMeanwhile))
    try:
        destroying.go_on(office(), now=now(), most=AT_ONCE)
    except (Refused, NotStored):  # it is confirmed, and the next tick goes on
        office().session.rollback()
    return redirect(f"{HERE}/{list_id}?done=confirmed", 303)


def _due(*, notice: str = "", status: int = 200):
    asked, back = request.args, Place.parse(request.args.get("before", ""))
    turn = Turn(back, back=True) if back else Turn(Place.parse(asked.get("after", "")))
    found = due.page(office(), officer(), turn, now=now())
    page = render_template(
        "staff/retention/to_destroy.html",
        here=HERE,
        due=found,
        most=due.MOST,
        pages=_pages(found),
        pending=beyond_backups.pending(office(), officer().vaults),
        notice=notice,
        done=DONE.get(asked.get("done", ""), "") if request.method == "GET" else "",
    )
    return page, status


def _pages(found: due.Due) -> list[dict[str, str]]:
    """The ways to other pages of a list."""
    ways = []
    if found.leaf.before and found.leaf.before.place:
        place = found.leaf.before.place
        ways.append({"text": "Closed before these", "href": f"{HERE}?before={place}", "rel": "prev"})
    if found.leaf.after and found.leaf.after.place:
        ways.append(
            {"text": "Closed after these", "href": f"{HERE}?after={found.leaf.after.place}", "rel": "next"}
        )
    return ways


def _list(
    list_id: str,
    form: Confirm | None = None,
    *,
    notice: str = "",
    done: str = "",
    left=(),
    status: int = 200,
    anew: bool = True,
):
    view = listing.look(office(), officer(), list_id, brought_back(request.args.get("page")), now=now())
    form = form or Confirm()
    if anew:
        form.digest.data = view.digest
    body = render_template(
        "staff/retention/list.html",
        here=f"{HERE}/{list_id}",
        view=view,
        form=form,
        notice=notice,
        done=done,
        left=left,
    )
    return body, status
