"""An act: its form, what it will do to the clock, and doing it."""

from __future__ import annotations

from flask import redirect, render_template, request

from intake.procedures import points as rule
from intake.procedures.moves import Move, Respond
from intake.procedures.permitted import Offer
from intake.services.casework import acting, acts, case_page
from intake.services.casework.case_page import CasePage
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from . import act_forms, act_words, case
from .act_words import Words

CHANGED = "You changed something after you had checked it. See again what it does, then confirm."
SAME = "This is still the empty letter. Write the answer first."
MEANWHILE = (
    "This case changed after you had opened this page: a colleague acted, or your own first press arrived. "
    "Nothing more was done, and nothing you typed was lost. Look at the case as it is now, then decide again."
)


@bp.route("/cases/<reference>/<act>", methods=["GET", "POST"])
@bp.route("/cases/<reference>/<act>/<subject>", methods=["GET", "POST"])
def act(reference: str, act: str, subject: str = ""):
    """GET shows the form; POST shows what it will do, or does it."""
    moment = now()
    page, offer = _find(reference, act, subject, moment)
    if offer is None:
        return _not_offered(page, act, subject, moment)
    if request.method == "GET":
        return _ask(page, offer, _empty(page, offer, moment), moment)
    if acts.BY_WORD[act].clashes and request.form.get("revision") != str(page.revision):
        return _again(MEANWHILE, 409, reference, act, subject)
    form = act_forms.form_for(offer, page.handlers, request.form, revision=page.revision, by=officer().id)
    if not form.validate():
        return _ask(page, offer, form, moment, status=422)
    if _still_to_be_filled_in(page, offer, form, moment):
        form.text.errors = [SAME]
        return _ask(page, offer, form, moment, status=422)
    move = _move(page, offer, form, moment)
    if request.form.get("step") == "check":
        return _preview(page, offer, form, move, moment)
    if form.checked.data and form.checked.data != act_forms.chosen(form):
        return _preview(page, offer, form, move, moment, notice=CHANGED)
    return _do(page, offer, form, move, moment)


@typed.draws_again("act")
def _again(notice: str, status: int, reference: str, act: str, subject: str = ""):
    moment = now()
    page, offer = _find(reference, act, subject, moment)
    if offer is None:
        return case.show(reference, notice=notice, left=_left(), status=status)
    form = act_forms.form_for(offer, page.handlers, request.form, revision=page.revision, by=officer().id)
    return _ask(page, offer, form, moment, notice=notice, status=status)


def _find(reference: str, act: str, subject: str, moment) -> tuple[CasePage, Offer | None]:
    page = case_page.open_case(office(), officer(), reference, now=moment)
    if act in acts.BY_WORD and not officer().role.may(acts.BY_WORD[act].right):
        raise NotFound
    offers = case.other_procedures(page, office().today(moment)) if act == "reclassify" else page.offers
    return page, next((one for one in offers if (one.act, one.subject) == (act, subject)), None)


def _move(page: CasePage, offer: Offer, form, moment) -> Move:
    today = office().today(moment)
    typed = act_forms.typed(offer, form, today, page, office().catalogue)
    return act_words.of(offer).typed(typed)


def _do(page: CasePage, offer: Offer, form, move: Move, moment):
    text = form.text.data if act_words.of(offer).writing else ""
    seen, press = page.revision, form.token.data
    try:
        acting.do(
            office(), officer(), page.reference, move, text=text, revision=seen, token=press, now=moment
        )
    except ActedMeanwhile:
        return _again(MEANWHILE, 409, page.reference, offer.act, offer.subject)
    except Refused as error:
        form.form_errors.append(str(error))
        return _ask(page, offer, form, moment, status=409)
    return redirect(case.address(page.reference, offer.act), 303)


def _preview(page: CasePage, offer: Offer, form, move: Move, moment, notice: str = ""):
    try:
        does = acting.effects(page.standing, move, page.appointed)
    except Refused as error:
        form.form_errors.append(str(error))
        return _ask(page, offer, form, moment, status=409)
    form.checked.data = act_forms.chosen(form)
    return _ask(page, offer, form, moment, does=does, follows=_outcome(page, move), notice=notice)


def _outcome(page: CasePage, move: Move) -> str:
    """The outcome that follows from the points of an answer."""
    points = move.points if isinstance(move, Respond) else ()
    return rule.how(page.standing.version, points) if points else ""


def _ask(
    page: CasePage, offer: Offer, form, moment, *, does=None, follows="", notice: str = "", status: int = 200
):
    check = act_forms.needs_checking(offer)
    if does is None:
        form.checked.data = ""
        does = None if check else _at_once(page, offer, moment)
    body = render_template(
        "staff/casework/act.html",
        case=page,
        offer=offer,
        title=act_words.title(offer),
        form=form,
        does=does,
        follows=follows,
        rule=rule.RULE if any(field.point for field in offer.fields) else "",
        check=check,
        notice=notice,
        left=_of_points_gone(form),
        words=act_words.of(offer),
        promise=act_words.promise(offer, page, office().today(moment)),
        address=case.address(page.reference),
    )
    return body, status


def _of_points_gone(form) -> list[str]:
    """What was typed of points that somebody withdrew meanwhile: the form asks of them no more."""
    gone = [name for name in request.form if name.startswith("why_") and name not in form]
    return [request.form[name] for name in gone if request.form[name].strip()]


def _at_once(page: CasePage, offer: Offer, moment) -> tuple[str, ...]:
    """What it will do, where that does not depend on what is typed."""
    return acting.effects(page.standing, _sample(page, act_words.of(offer), offer.subject, moment))


def _sample(page: CasePage, words: Words, subject: str, moment) -> Move:
    procedure = office().catalogue[page.procedure_id]
    return words.typed(act_forms.nothing_typed(subject, office().today(moment), page, procedure))


def _not_offered(page: CasePage, act: str, subject: str, moment):
    """Why the rules refuse it, on the page of the case, with what was typed so that it can be copied."""
    known = act_words.BY_WORD.get(act)
    if known is None or (subject and not known.has_subject):
        raise NotFound
    words = "The rules do not allow this for the case as it stands now."
    try:
        acting.effects(page.standing, _sample(page, known, subject, moment))
    except KeyError:
        raise NotFound from None  # a deadline or an event that this procedure does not have
    except Refused as error:
        words = str(error)
    return case.show(page.reference, refusal=words, left=_left(), status=409)


def _left() -> list[str]:
    names = ["text", "reason", *(name for name in request.form if name.startswith("why_"))]
    return [text for name in names for text in request.form.getlist(name) if text.strip()]


def _empty(page: CasePage, offer: Offer, moment):
    return act_forms.form_for(
        offer,
        page.handlers,
        revision=page.revision,
        by=officer().id,
        text=_letter(page, offer, moment),
        happened=act_forms.begins_with(offer, page),
        begins=act_forms.refused_for(offer, page),
    )


def _still_to_be_filled_in(page: CasePage, offer: Offer, form, moment) -> bool:
    writing = act_words.of(offer).writing
    if writing is None or not writing.to_be_filled_in:
        return False
    return form.text.data.split() == _letter(page, offer, moment).split()


def _letter(page: CasePage, offer: Offer, moment) -> str:
    procedure = office().catalogue[page.procedure_id]
    return act_words.first_draft(offer, page, procedure, office().calendar, office().today(moment))
