"""Triage: one page, one press. Where the procedure changes, what that does to the clock is shown before it is done."""

from __future__ import annotations

from dataclasses import asdict

from flask import redirect, render_template, request

from intake.procedures import points
from intake.procedures import triage as rules
from intake.procedures.permitted import offered
from intake.services.cases import concerns, places, themes
from intake.services.casework import case_page
from intake.services.casework.acting import Left
from intake.services.casework.case_page import CasePage
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.triage import beginning, deciding
from intake.services.triage.deciding import Decision
from intake.web.fields import brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from .form import Triage

MEANWHILE = (
    "This case changed after you had opened this page: a colleague acted, or your own first press arrived. Nothing "
    "more was done, and nothing you typed was lost: look at the case as it is now, then press again."
)
CHANGED = "You chose another procedure after you had checked it. See again what it does, then press."


@bp.route("/cases/<reference>/triage", methods=["GET", "POST"])
def triage(reference: str):
    """GET shows what is known; POST keeps it, and does what follows."""
    page = _opened(reference)
    form = _form(page)
    if request.method == "GET":
        return _ask(page, form)
    if form.what.data == rules.CONCERN:
        return redirect(f"/staff/cases/{page.reference}/reroute", 303)
    if brought_back(request.form.get("revision")) != page.revision:
        return _ask(page, form, notice=MEANWHILE, status=409)
    if not form.validate() or form.told(_faults(page, form)):
        return _ask(page, form, status=422)
    return _checked(page, form)


@typed.draws_again("triage")
def _again(notice: str, status: int, reference: str):
    page = _opened(reference)
    return _ask(page, _form(page), notice=notice, status=status)


def _opened(reference: str) -> CasePage:
    page = case_page.open_case(office(), officer(), reference, now=now())
    if concerns.is_one(office().catalogue[page.procedure_id]):
        raise NotFound
    return page


def _faults(page: CasePage, form: Triage) -> dict[str, str]:
    return rules.faults(form.found, received_on=page.received_on, today=office().today(now()))


def _checked(page: CasePage, form: Triage):
    """What it does to the clock, where that was not seen; else what was decided, done."""
    what = form.what.data
    try:
        does = deciding.effects(office(), page, what, now=now())
        if does and form.checked.data != what:
            notice = CHANGED if form.checked.data else ""
            form.checked.data = what
            return _ask(page, form, does=does, notice=notice)
        decision = Decision(form.found, form.service.data, form.theme.data, form.to.data)
        left = deciding.decide(
            office(), officer(), page.reference, decision, revision=page.revision, now=now()
        )
    except ActedMeanwhile:
        return _again(MEANWHILE, 409, page.reference)
    except Refused as error:
        form.form_errors.append(str(error))
        return _ask(page, form, status=409)
    return redirect(f"/staff/cases/{page.reference}{_next(page, form, left)}", 303)


def _next(page: CasePage, form: Triage, left: Left) -> str:
    """Where the work goes on: to refusing or answering what is not taken on, to its points, to the
    acknowledgement, or to the case.
    """
    acts = {offer.act for offer in offered(left.standing, office().today(now()))}
    if rules.ground_against(form.found, page.received_on):
        return "/refuse" if "refuse" in acts else "/respond"
    then = request.form.get("then")
    if then == "points" and points.family(left.standing.version):
        return "/points"
    if then == "acknowledge" and "acknowledge" in acts:
        return "/acknowledge"
    return "?done=triage"


def _form(page: CasePage) -> Triage:
    kept = asdict(beginning.of(page)) | {
        "service": page.place_id or "",
        "theme": page.theme_id or "",
        "to": page.handler_id or "",
    }
    form = Triage(request.form if request.method == "POST" else None, data=kept)
    here = office().catalogue[page.procedure_id]
    handlers = dict(page.handlers) | ({page.handler_id: page.handler_name} if page.handler_id else {})
    return form.fit(
        [(one.id, one.name) for one in office().catalogue if one.reader == here.reader],
        places.choices(office(), now=now(), also=page.place_id),
        themes.open_themes(office()),
        handlers.items() if page.handler_id else [("", "Nobody yet"), *handlers.items()],
        childrens=page.procedure_id == rules.CHILDRENS,
    )


def _ask(page: CasePage, form: Triage, *, does=(), notice: str = "", status: int = 200):
    form.revision.data, form.by.data = str(page.revision), officer().id
    if not does:
        form.checked.data = ""
    acts = {offer.act for offer in page.offers}
    body = render_template(
        "staff/triage/triage.html",
        case=page,
        form=form,
        does=does,
        notice=notice,
        acknowledges="acknowledge" in acts,
        has_points=page.points.offered,
        when=beginning.when(page.words),
        late_before=rules.late_before(page.received_on),
    )
    return body, status
