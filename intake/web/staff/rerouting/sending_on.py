"""A case goes to another team: proposed, decided; what it was before; and what waits to be decided."""

from __future__ import annotations

from flask import redirect, render_template, request
from wtforms import Form, HiddenField
from wtforms.validators import Optional

from intake.services.ground.refusals import ActedMeanwhile, Refused
from intake.services.rerouting import looking, moving, proposing, remembering
from intake.web.asked import assembling
from intake.web.asked import questions as q
from intake.web.fields import Choose, LongText, Needed, brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

REASON_LIMIT = 4_000
MEANWHILE = (
    "This case changed after you had opened this page. Nothing was done, and nothing you typed was lost: look at it as "
    "it is now, then press again."
)


class Carried(Form):
    """What each of the forms carries: the state of the case that the page showed, and whose page it was."""

    revision = HiddenField()
    by = HiddenField()


class OfAComplaint(Carried):
    """What stands for the yes of a complaint's holder, where they did not give it here."""

    agreed = LongText(
        "How and when did the holder agree?",
        [Optional()],
        limit=REASON_LIMIT,
        description="Only where they told you otherwise than here: by telephone, in a letter, face to face.",
    )
    danger = LongText(
        "Who is in danger, and from what?",
        [Optional()],
        limit=REASON_LIMIT,
        description="Only where it cannot wait for the holder’s word. They are told that you did not wait for it.",
    )


@bp.route("/cases/<reference>/reroute", methods=["GET", "POST"])
def reroute(reference: str):
    """Shows what is proposed and what it would do; proposes, takes back or does it."""
    view = looking.at(office(), officer(), reference, now=now())
    if request.method == "GET":
        return _ask(view)
    step = request.form.get("step", "")
    if step == "back":
        return _take_back(view)
    if step == "move" and view.plan:
        return _move(view)
    return _propose(view)


@typed.draws_again("reroute")
def _again(notice: str, status: int, reference: str):
    view = looking.at(office(), officer(), reference, now=now())
    return _ask(view, _form(view, request.form), notice=notice, status=status)


@bp.get("/cases/<reference>/before")
def before(reference: str):
    """What a case was before another team had it."""
    found = remembering.before(office(), officer(), reference, now=now())
    return render_template("staff/rerouting/before.html", reference=reference.strip().upper(), found=found)


@bp.get("/proposals")
def proposals():
    """What waits to be decided."""
    return render_template("staff/rerouting/proposals.html", waiting=looking.waiting(office(), officer()))


@bp.get("/handed-on")
def handed_on():
    """It was done. The case is not named: it is not this officer's any more."""
    return render_template("staff/rerouting/handed_on.html")


def _propose(view: looking.View):
    form = _form(view, request.form)
    whole = not view.plan and form.validate()
    if whole and "about" in form and (fault := q.conflict(form.about.data, q.named_in(form))):
        form.about.errors = [fault]
        whole = False
    if not whole:
        return _ask(view, form, status=422)
    to = form.to.data if "to" in form else view.choices[0][0]
    try:
        proposing.propose(
            office(),
            officer(),
            view.reference,
            to,
            form.reason.data,
            named=assembling.named(form.about.data, q.named_in(form)) if "about" in form else (),
            danger=(form.danger.data or "").strip() if "danger" in form else "",
            revision=brought_back(form.revision.data),
            now=now(),
        )
    except Refused as error:
        return _refused(view, form, error)
    return redirect(f"/staff/cases/{view.reference}/reroute?done=proposed", 303)


def _move(view: looking.View):
    form = _form(view, request.form)
    if not form.validate():
        return _ask(view, form, status=422)
    try:
        moving.move(
            office(),
            officer(),
            view.reference,
            agreed=(form.agreed.data or "").strip() if "agreed" in form else "",
            danger=(form.danger.data or "").strip() if "danger" in form else "",
            revision=brought_back(form.revision.data),
            now=now(),
        )
    except Refused as error:
        return _refused(view, form, error)
    return redirect("/staff/handed-on", 303)


def _take_back(view: looking.View):
    form = _form(view, request.form)
    try:
        proposing.take_back(
            office(), officer(), view.reference, revision=brought_back(form.revision.data), now=now()
        )
    except Refused as error:
        return _refused(view, form, error)
    return redirect(f"/staff/cases/{view.reference}/reroute?done=back", 303)


def _refused(view: looking.View, form: Form, error: Refused):
    """The page again with why; of a case that changed meanwhile as it is now, with what was typed."""
    if isinstance(error, ActedMeanwhile):
        view = looking.at(office(), officer(), view.reference, now=now())
        return _ask(view, _form(view, request.form), notice=MEANWHILE, status=409)
    return _ask(view, form, notice=str(error), status=409)


def _form(view: looking.View, given=None) -> Form:
    if view.plan is None:
        return _proposing(view)(given)
    return (OfAComplaint if view.becomes_a_concern else Carried)(given)


def _proposing(view: looking.View) -> type[Form]:
    made = {}
    if len(view.choices) > 1:
        made["to"] = Choose("Under which procedure?", "Choose the procedure", view.choices)
    made["reason"] = LongText(
        "Why is it for them?",
        [Needed("Give the reason")],
        limit=REASON_LIMIT,
        description="Those who decide read it."
        + (" So do those who get it." if view.becomes_a_concern else " The complaints team never does."),
    )
    if view.becomes_a_concern:
        made["about"] = Choose(
            "Is it about anybody who would receive it?",
            "Say whether it is about anybody who would receive it",
            q.ABOUT_OFFICER,
            description="Whoever it is about does not get it and does not learn of it, nor does anybody who answers to "
            "them. If you are not sure, those who usually receive concerns do not get it.",
        )
        made |= {q.field_of(role): q.Named(role, title) for role, title in view.asked}
        made["danger"] = LongText(
            "Is somebody in danger, so that the holder cannot be asked first?",
            [Optional()],
            limit=REASON_LIMIT,
            description="Say who, and from what. Leave it empty otherwise: the holder is then asked at once.",
        )
    return type("Propose", (Carried,), made)


def _ask(view: looking.View, form: Form | None = None, *, notice: str = "", status: int = 200):
    form = form or _form(view)
    form.revision.data, form.by.data = str(view.revision), officer().id
    body = render_template(
        "staff/rerouting/reroute.html",
        view=view,
        form=form,
        notice=notice,
        done=request.args.get("done", "") if request.method == "GET" else "",
    )
    return body, status
