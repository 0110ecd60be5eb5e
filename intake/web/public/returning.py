"""`/return`: the receipt code opens the case. It is posted once, and shown and asked for in no form after that.

Each press is answered with a redirect to an address that holds nothing; the page there opens to this visit
alone, for half an hour after the last press.
"""

from __future__ import annotations

from datetime import datetime

from flask import current_app, render_template, request
from wtforms import Form

from intake.services.ground import press
from intake.services.ground.refusals import (
    CaseClosedToMessages,
    Damaged,
    NotStored,
    ReceiptMistyped,
    ReceiptUnknown,
    Refused,
)
from intake.services.holders import returning
from intake.services.retention.tombstones import CaseDestroyed, Told
from intake.web.fields import Needed, ShortText

from . import apology, asking, drafts, passes, visiting, wire
from .asking import ASKS, CASE, OPENS
from .blueprint import bp
from .evenly import evenly
from .passes import MINUTES, Pass

TOO_LATE = (
    f"Your case was locked again, or its page had been open for more than {MINUTES} minutes. Nothing was sent from it "
    "since. Type your code again."
)
UNKNOWN = (
    "We know no such code. Check every group: letters and numbers are easily mixed up when written by hand."
)
DAMAGED = "This code belongs to a case that cannot be opened. Please telephone us."
NOT_STORED = (
    "We could not store it, so nothing was sent. It is still here: wait a minute and press the button again."
)
EMPTY = "Enter your receipt code"
NO_CODE = "That is no receipt code. It has seven groups of four letters and numbers."
NOT_NOW = "That cannot be done with your case as it stands now."
WISHES = (*ASKS, *OPENS, "again", "close")
TOLD = dict.fromkeys((EMPTY, NO_CODE, UNKNOWN, DAMAGED, *returning.MISTYPED), "problem") | dict.fromkeys(
    (TOO_LATE, apology.EXPIRED), "notice"
)


class CodeForm(Form):
    code = ShortText(
        "Your receipt code",
        [Needed(EMPTY)],
        limit=100,
        description="Seven groups of four letters and numbers. Capitals, spaces and dashes do not matter.",
    )


@bp.get("/return")
def come_back():
    """The box for the code."""
    return ask_code()


@bp.post("/return")
@evenly
def open_case():
    """A code: on to its case, or to the same box with what is wrong with it."""
    return _open(visiting.current_or_new(), passes.begin())


@bp.get("/return/<string(length=32):address>")
@evenly
def case(address: str):
    """The case, to the visit that opened it."""
    visit = visiting.current()
    held, ours = passes.at(visit, address, TOLD)
    if held is None:
        return ask_code(notice=TOO_LATE) if ours else apology.nothing_kept()
    return show(visit, held)


@bp.post("/return/<string(length=32):address>")
@evenly
def act(address: str):
    """What the holder does: goes to a page of their case, does what it is for, looks again, closes; or types the code,
    again or for the first time on the page that shows the receipt.
    """
    visit = visiting.current()
    held, ours = passes.at(visit, address, TOLD)
    if visit is None or (held is None and not ours):
        draft, name = drafts.at(visit, address)
        if draft is None or not draft.sent:
            return apology.nothing_kept(of_this_visit=bool(name))
        return _open_from_the_receipt(visit, draft)
    wish, expired = wire.decoded(request.form.get("go", ""), WISHES), held is None
    held = held or passes.begin()
    held.take(wish, asking.typed_in(wish, request.form) if wish in ASKS else {})
    if "code" in request.form:
        return _open(visit, held)
    if expired:
        held.notice = TOO_LATE
        return _on(visit, held)
    if wish == "close":
        passes.forget(visit, held)
        return apology.closed()
    held.page = OPENS.get(wish, held.kind or CASE)
    if held.kind and held.code:
        _act(held)
    return _on(visit, held)


def _open_from_the_receipt(visit, draft):
    """The code typed on the page that shows the receipt: once it opens the case, the receipt is gone.

    A wrong one leads back to the receipt, however often it is typed: it lies where it lay, and is there to compare.
    """
    held = passes.begin()
    found = _try_code(held)
    if not held.code:
        draft.notices = {drafts.SENT: held.problem}
        try:
            drafts.keep(visit, draft)
        except NotStored:
            return _on(visit, held)
        return visiting.on_to(visit, draft.place, drafts.SENT)
    answer = _on(visit, held)
    if held.code and found == draft.told.reference:
        drafts.forget(visit, draft)
    return answer


def expired(address: str, notice: str):
    """A press whose form had expired: the page again, with what was typed, if this visit opens it."""
    visit = visiting.current()
    held, ours = passes.at(visit, address, TOLD)
    if held is None and not ours:
        draft, name = drafts.at(visit, address)
        sent = draft is not None and draft.sent
        return apology.sent_already(visit, draft) if sent else apology.nothing_kept(of_this_visit=bool(name))
    if held is None:
        return ask_code(notice=notice, status=400)
    wish = wire.decoded(request.form.get("go", ""), WISHES)
    held.take(wish, asking.typed_in(wish, request.form) if wish in ASKS else {})
    held.notice, held.page = notice, held.kind or CASE
    return _on(visit, held)


def _open(visit, held: Pass):
    """Try the code that was typed, and do with it what was typed beside it."""
    _try_code(held)
    if held.code and held.kind:
        _act(held)
    return _on(visit, held)


def _try_code(held: Pass) -> str:
    """Whether the code that was typed is right: the reference of its case, and empty with what is wrong in the pass.

    The page that follows opens the case. Where something is typed beside the code it is opened here too, so that
    nothing is sent to a case that nobody can read.
    """
    form, found = CodeForm(request.form), ""
    held.code = held.problem = held.notice = ""
    if not form.validate():
        held.problem = NO_CODE if form.code.data else EMPTY
        return found
    try:
        if held.kind:
            found = returning.open_case(_office(), form.code.data, now=_now()).reference
        else:
            found = returning.reference_of(_office(), form.code.data)
        held.code = form.code.data
    except CaseDestroyed:  # the page that follows says so
        held.code = form.code.data
    except (ReceiptMistyped, ReceiptUnknown, Damaged) as error:
        held.problem = _words(error)
    return found


def _act(held: Pass) -> None:
    """Do what the page was for; the pass says how that went, and keeps what was typed and not sent."""
    office, ask = _office(), ASKS[held.kind]
    form = asking.form_of(held.kind, office.settings, held.typed)
    held.page = held.kind
    if not form.validate():
        held.faulty = True
        return
    token = request.form.get("press", "")[:100] or press.new_token()
    try:
        held.done = ask.do(office, held.code, form, token, _now())
        held.page, held.kind, held.typed = CASE, "", {}
    except CaseDestroyed:
        held.page, held.kind, held.typed, held.notice = CASE, "", {}, "Nothing was sent."
    except (ReceiptMistyped, ReceiptUnknown, Damaged) as error:
        held.code, held.problem = "", _words(error)
    except (CaseClosedToMessages, Refused) as error:
        held.notice = f"{error} Nothing was sent."
    except NotStored:
        held.notice = NOT_STORED


def _on(visit, held: Pass):
    said = held.problem or held.notice
    if not held.code and not held.kind and said in TOLD:  # nothing to keep: the address tells it
        if held.kept:
            passes.forget(visit, held)
        return visiting.on_to(visit, passes.begin().place, said)
    try:
        passes.keep(visit, held)
    except NotStored:
        # What was done is done: it is told in this answer, and whatever was not sent stands in it.
        return show(visit, held, status=200 if held.done else 503)
    return visiting.on_to(visit, held.place, held.page)


def show(visit, held: Pass, *, status: int = 200):
    """The case, or one of its pages, or the box for the code with what was typed beside it."""
    if not held.code:
        return ask_code(visit, held, status=status)
    office = _office()
    try:
        found = returning.open_case(office, held.code, now=_now())
    except CaseDestroyed as error:
        return _destroyed(visit, held, error.told), status
    except (ReceiptMistyped, ReceiptUnknown, Damaged) as error:
        held.code, held.problem = "", _words(error)
        return ask_code(visit, held, status=status)
    page, notice = held.page, held.notice
    if (
        page != CASE and not ASKS[page].may(found) and held.kind != page
    ):  # what was typed there is still shown
        page, notice = CASE, notice or NOT_NOW
    form = None if page == CASE else _form(held, page)
    body = render_template(
        f"public/{'case' if form is None else 'ask_' + page}.html",
        address=visiting.address(visit, held.place, held.page),
        case=found,
        may={kind: bool(ask.may(found)) for kind, ask in ASKS.items()},
        ombudsman_text=office.settings.ombudsman_text,
        kind=page,
        form=form,
        notice=notice,
        done=held.done,
        minutes=MINUTES,
        press=press.new_token(),
        filling=wire.filling(None),
        filling_of_form=wire.filling(form),
    )
    return body, status


def _destroyed(visit, held: Pass, told: Told) -> str:
    """What is left to say to whoever comes back after their case's time was over."""
    return render_template(
        "public/destroyed.html",
        address=visiting.address(visit, held.place, CASE),
        told=told,
        notice=held.notice,
        filling=wire.filling(None),
    )


def ask_code(visit=None, held: Pass | None = None, *, notice: str = "", status: int = 200):
    """The box for the code, always empty; what was typed beside it is carried along."""
    form = CodeForm()
    if held and held.problem:
        form.code.errors = [held.problem]
        form.errors  # noqa: B018 - WTForms gathers a form's errors when they are first asked for
    kind = held.kind if held else ""
    carried = asking.form_of(kind, _office().settings, held.typed) if held and kind else None
    body = render_template(
        "public/return.html",
        address=visiting.address(visit, held.place, CASE) if held and kind else "/return",
        form=form,
        carried=carried,
        kind=kind,
        notice=notice or (held.notice if held else ""),
        press=press.new_token(),
        filling=wire.filling(carried),
    )
    return body, status


def _form(held: Pass, page: str) -> Form:
    form = asking.form_of(page, _office().settings, held.typed if held.kind == page else None)
    if held.kind == page and held.faulty:
        form.validate()
    return form


def _words(error: Exception) -> str:
    return {ReceiptUnknown: UNKNOWN, Damaged: DAMAGED}.get(type(error)) or str(error)


def _office():
    return current_app.extensions["intake"]


def _now() -> datetime:
    return _office().now()
