"""The page of an inquiry: what comes next, everything in folds in the order of work, and what is done in each."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from flask import redirect, render_template, request

from intake.procedures import assessment
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from intake.services.inquiries import dates, showing, signing_off
from intake.services.inquiries.showing import InquiryPage
from intake.web.fields import brought_back
from intake.web.staff.door import typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from . import forms, telling
from .folds import DEEDS, FOLDS, Deed, Thing, fitted, number_of, thing_of
from .forms import OfAnInquiry

SIGN_OFF = "sign-off"
DONE = (
    {name: fold.done for name, fold in FOLDS.items()}
    | {name: deed.done for name, deed in DEEDS.items()}
    | {"assessed": "What was found is kept.", SIGN_OFF: "You have signed it off."}
)
OPEN = {
    "settle": {"plan", "actions"},
    "move": {"plan", "actions"},
    "agree": {"interviews"},
    "assessed": {"assess"},
} | {
    deed: {"allegations"} for deed in ("find", "reword", "set-aside")
}  # the folds to which a deed belongs; a fold's own name opens itself
GONE = "That was settled, changed or set aside meanwhile. Nothing was done with what you typed."


@bp.get("/cases/<reference>/inquiry")
def inquiry(reference: str):
    """The inquiry of a concern, with what comes next before everything else."""
    done = request.args.get("done", "")
    return _draw(_opened(reference), done=DONE.get(done, ""), unfolded=OPEN.get(done, {done}))


@bp.post("/cases/<reference>/inquiry/<fold>")
def inquire(reference: str, fold: str):
    """Keep what was typed in a fold."""
    kind, page = FOLDS.get(fold), _opened(reference)
    if kind is None:
        raise NotFound
    form = fitted(kind.form(request.form), page)
    act, told = kind.keep(form)
    return _kept(page, form, act, told, fold, lambda **how: _draw(page, fold=fold, form=form, **how))


@typed.draws_again("inquire")
def _inquire_again(notice: str, status: int, reference: str, fold: str):
    kind, page = FOLDS.get(fold), _opened(reference)
    if kind is None:
        raise NotFound
    return _draw(page, fold=fold, form=fitted(kind.form(request.form), page), notice=notice, status=status)


@bp.route("/cases/<reference>/inquiry/<deed>/<item>", methods=["GET", "POST"])
def inquire_of(reference: str, deed: str, item: str):
    """Something is done to one step, action, interview or allegation: a page of its own."""
    kind, page, thing = _thing(reference, deed, item)
    if thing is None:
        return _gone(page)
    if request.method == "GET":
        return _ask(page, kind, thing, fitted(kind.form(data=kind.begins(thing)), page))
    form = fitted(kind.form(request.form), page)
    act, told = kind.keep(form, number_of(thing))
    more = {"dropped": form.dropped.data} if isinstance(form, forms.Settling) else {}
    return _kept(page, form, act, told, deed, lambda **how: _ask(page, kind, thing, form, **how), **more)


@typed.draws_again("inquire_of")
def _inquire_of_again(notice: str, status: int, reference: str, deed: str, item: str):
    kind, page, thing = _thing(reference, deed, item)
    if thing is None:
        return _gone(page)
    return _ask(page, kind, thing, fitted(kind.form(request.form), page), notice=notice, status=status)


@bp.post("/cases/<reference>/sign-off")
def sign_off(reference: str):
    """A second person signs off what the page showed."""
    page = _opened(reference)
    form = fitted(forms.SignOff(request.form), page)
    told = (form.digest.data or "", form.reviewed_text.data or "")
    return _kept(
        page,
        form,
        signing_off.sign_off,
        told,
        SIGN_OFF,
        lambda **how: _draw(page, fold=SIGN_OFF, form=form, **how),
    )


@typed.draws_again("sign_off")
def _sign_off_again(notice: str, status: int, reference: str):
    page = _opened(reference)
    form = fitted(forms.SignOff(request.form), page)
    return _draw(page, fold=SIGN_OFF, form=form, notice=notice, status=status)


@bp.get("/cases/<reference>/inquiry-file")
def inquiry_file(reference: str):
    """Everything of an inquiry one below the other, to be read or printed."""
    page = _opened(reference)
    return render_template("staff/inquiries/file.html", page=page, **telling.of(page, office().today(now())))


@bp.get("/inquiries")
def inquiries():
    """The day of every step and action that waits in a concern of theirs."""
    today = office().today(now())
    waiting = [(reference, due, due < today) for reference, due in dates.waiting(office(), officer())]
    return render_template("staff/inquiries/dates.html", waiting=waiting)


def _opened(reference: str) -> InquiryPage:
    return showing.open_inquiry(office(), officer(), reference, now=now())


def _thing(reference: str, deed: str, item: str) -> tuple[Deed, InquiryPage, Thing | None]:
    kind, page = DEEDS.get(deed), _opened(reference)
    if kind is None:
        raise NotFound
    return kind, page, thing_of(kind, page, item)


def _kept(
    page: InquiryPage,
    form: OfAnInquiry,
    act: Callable[..., None],
    told: tuple[Any, ...],
    done: str,
    draw: Callable[..., Any],
    **more: Any,
):
    """Do what was pressed and go back to the inquiry, or draw the form again with why not."""
    if not form.validate():
        return draw(status=422)
    seen = brought_back(request.form.get("revision"))
    try:
        act(office(), officer(), page.reference, *told, revision=seen, now=now(), **more)
    except ActedMeanwhile as error:
        return draw(notice=str(error), status=409)
    except Refused as error:
        form.form_errors.append(str(error))
        return draw(status=409)
    return redirect(f"{_address(page)}/inquiry?done={done}", 303)


def _gone(page: InquiryPage):
    """A thing to which nothing can be done any more: the inquiry, with what was typed."""
    if request.method == "GET":
        return redirect(f"{_address(page)}/inquiry", 303)
    return _draw(page, notice=GONE, left=typed.written(), status=409)


def _draw(
    page: InquiryPage,
    *,
    fold: str = "",
    form: OfAnInquiry | None = None,
    notice: str = "",
    status: int = 200,
    unfolded: Collection[str] = (),
    **more: Any,
):
    drawn = {name: fitted(kind.form(data=kind.begins(page)), page) for name, kind in FOLDS.items()}
    drawn[SIGN_OFF] = fitted(forms.SignOff(), page)
    if form is not None:
        drawn[fold] = form
    drawn[SIGN_OFF].digest.data = page.inquiry.digest  # of what this page shows, also where it is drawn again
    body = render_template(
        "staff/inquiries/inquiry.html",
        page=page,
        drawn=drawn,
        failed=form,
        unfolded={fold or (page.next.part if page.next else ""), *unfolded},
        presses={name: kind.press for name, kind in FOLDS.items()},
        notice=notice,
        here=_address(page),
        about=assessment.YES,
        **telling.of(page, office().today(now())),
        **more,
    )
    return body, status


def _ask(
    page: InquiryPage, kind: Deed, thing: Thing, form: OfAnInquiry, *, notice: str = "", status: int = 200
):
    body = render_template(
        "staff/inquiries/one.html",
        page=page,
        kind=kind,
        words=telling.words_of(thing),
        form=form,
        notice=notice,
        here=_address(page),
    )
    return body, status


def _address(page: InquiryPage) -> str:
    return f"/staff/cases/{page.reference}"
