"""Choosing texts and what is taken out of them, looking at it, making the copy; and the copies that were made."""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField

from intake.services.ground.press import new_token
from intake.services.ground.refusals import Refused
from intake.services.sharing import choosing, copying
from intake.services.sharing.choosing import Marks
from intake.web.fields import LongText, Needed, ShortText
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer


class NewCopy(Form):
    """For whom, why, and what is taken out."""

    words = LongText("Words to take out, wherever they stand", limit=20_000)
    for_whom = ShortText("Who gets the copy", [Needed("Say who gets the copy")])
    why = LongText("Why do they need it?", [Needed("Say why they need it")], limit=2_000)
    token = HiddenField()
    by = HiddenField()


@bp.route("/cases/<reference>/share", methods=["GET", "POST"])
def share(reference: str):
    """The texts of a case and what would be taken out of them; the press *Make the copy* keeps what was looked at."""
    if request.method == "GET":
        return _draw(reference, NewCopy(data={"token": new_token(), "by": officer().id}), MultiDict())
    form, given = NewCopy(request.form), request.form
    if given.get("act") != "make":
        return _draw(reference, form, given)
    if not form.validate():
        return _draw(reference, form, given, status=422)
    told = {
        "for_whom": form.for_whom.data or "",
        "why": form.why.data or "",
        "token": form.token.data or new_token(),
    }
    try:
        marks = _marks(given)
        number = copying.make(
            office(), officer(), reference, marks, seen=given.get("seen", ""), now=now(), **told
        )
    except copying.LookAgain as error:
        return _draw(reference, form, given, notice=str(error), status=409)
    except Refused as error:
        return _draw(reference, form, given, notice=str(error), status=422)
    return redirect(f"/staff/cases/{reference.strip().upper()}/copies/{number}?done=1", 303)


@typed.draws_again("share")
def _again(notice: str, status: int, reference: str):
    return _draw(reference, NewCopy(request.form), request.form, notice=notice, status=status)


@bp.get("/cases/<reference>/copies/<int:number>")
def copy(reference: str, number: int):
    """A copy that was made, and what was taken out beside what stays."""
    found = copying.one_of(office(), officer(), reference, number, now=now())
    if found is None:
        return redirect(f"/staff/cases/{reference.strip().upper()}/share", 303)
    return render_template(
        "staff/sharing/copy.html",
        copy=found,
        address=f"/staff/cases/{found.reference}",
        done="done" in request.args,
    )


@bp.get("/cases/<reference>/copies/<int:number>/copy.<any(txt, html):ending>")
def copy_file(reference: str, number: int, ending: str):
    """The copy alone, to be printed or sent: plain text, or a page without anything of ours round it."""
    found = copying.one_of(office(), officer(), reference, number, now=now())
    if found is None:
        return redirect(f"/staff/cases/{reference.strip().upper()}/share", 303)
    if ending == "html":
        return render_template("staff/sharing/alone.html", copy=found)
    response = Response(found.plain, mimetype="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="copy.txt"'
    return response


def _marks(given: MultiDict[str, str]) -> Marks:
    """What a form asks for. Raises `Refused` for words that cannot be taken out."""
    ticked: dict[str, set[int]] = {}
    for one in given.getlist("sentence"):
        part, _, place = one.rpartition(".")
        if place.isdecimal() and len(place) < 6:
            ticked.setdefault(part, set()).add(int(place))
    words = choosing.words_in("\n".join([given.get("words", ""), *given.getlist("suggested")]))
    return Marks(
        tuple(given.getlist("part")), words, {part: frozenset(places) for part, places in ticked.items()}
    )


def _draw(reference: str, form: NewCopy, given: MultiDict[str, str], *, notice: str = "", status: int = 200):
    reference, parts = choosing.parts_of(office(), officer(), reference, now=now())
    shown, marks = None, Marks()
    if given:
        try:
            marks = _marks(given)
            form.words.data = "\n".join(marks.words)  # with the suggestions that were taken
            shown = choosing.preview(office(), parts, marks)
        except Refused as error:
            notice, status = notice or str(error), max(status, 422)
    page = render_template(
        "staff/sharing/share.html",
        form=form,
        parts=parts,
        chosen=set(marks.parts),
        shown=shown,
        notice=notice,
        reference=reference,
        address=f"/staff/cases/{reference}",
        copies=copying.of_case(office(), officer(), reference, now=now()),
    )
    return page, status
