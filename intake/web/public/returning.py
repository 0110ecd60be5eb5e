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
from intake.web.fields import LongText, Needed, ShortText, set_limit

from . import apology, drafts, passes, visiting, wire
from .blueprint import bp
from .evenly import evenly
from .passes import CASE, MINUTES, Pass

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
KINDS = {"message": "text", "stage": "reason"}  # what the holder may send, and the box it is typed into
WISHES = (*KINDS, "again", "close")
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


class MessageForm(Form):
    text = LongText("Your message", [Needed("Write your message")])


class StageForm(Form):
    reason = LongText(
        "Why are you not satisfied?", [Needed("Tell us why you are not satisfied")], limit=4_000
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
    """What the holder does: writes, asks for the next stage, looks again, closes; or types the code, again or for the
    first time on the page that shows the receipt.
    """
    visit = visiting.current()
    held, ours = passes.at(visit, address, TOLD)
    if visit is None or (held is None and not ours):
        draft, name = drafts.at(visit, address)
        if draft is None or not draft.sent:
            return apology.nothing_kept(of_this_visit=bool(name))
        return _open_from_the_receipt(visit, draft)
    kind = wire.decoded(request.form.get("go", ""), WISHES)
    typed = {kind: request.form.get(KINDS[kind], "")} if kind in KINDS else {}
    if held is None:
        held = passes.begin()
        if "code" not in request.form:
            held.typed, held.notice = typed, TOO_LATE
            return _on(visit, held)
    if "code" in request.form:
        held.typed = typed
        return _open(visit, held)
    if kind == "close":
        passes.forget(visit, held)
        return apology.closed()
    held.notice = held.done = ""
    held.faulty, held.typed = False, typed
    if kind in KINDS and held.code:
        _act(held, kind)
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
    kind = wire.decoded(request.form.get("go", ""), WISHES)
    held.notice, held.typed = notice, {kind: request.form.get(KINDS[kind], "")} if kind in KINDS else {}
    held.done, held.faulty = "", False
    return _on(visit, held)


def _open(visit, held: Pass):
    """Try the code that was typed, and do with it what was typed beside it."""
    _try_code(held)
    for kind in held.typed if held.code else ():
        _act(held, kind)
        break
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
        if held.typed:
            found = returning.open_case(_office(), form.code.data, now=_now()).reference
        else:
            found = returning.reference_of(_office(), form.code.data)
        held.code = form.code.data
    except (ReceiptMistyped, ReceiptUnknown, Damaged) as error:
        held.problem = _words(error)
    return found


def _act(held: Pass, kind: str) -> None:
    """Send what was typed; the pass says how that went, and keeps what was not sent."""
    form = _form(kind, held.typed[kind])
    if not form.validate():
        held.faulty = True
        return
    office, text = _office(), held.typed[kind]
    token = request.form.get("press", "")[:100] or press.new_token()
    try:
        if kind == "message":
            returning.write(office, held.code, text, token=token, now=_now())
            held.done = "Your message was sent."
        else:
            returning.ask_for_next_stage(office, held.code, text, token=token, now=_now())
            held.done = "You have asked for the next stage. The dates below count from today."
        held.typed = {}
    except (ReceiptMistyped, ReceiptUnknown, Damaged) as error:
        held.code, held.problem = "", _words(error)
    except (CaseClosedToMessages, Refused) as error:
        held.notice = f"{error} Nothing was sent."
    except NotStored:
        held.notice = NOT_STORED


def _on(visit, held: Pass):
    said = held.problem or held.notice
    if not held.code and not held.typed and said in TOLD:  # nothing to keep: the address tells it
        if held.kept:
            passes.forget(visit, held)
        return visiting.on_to(visit, passes.begin().place, said)
    try:
        passes.keep(visit, held)
    except NotStored:
        # What was done is done: it is told in this answer, and whatever was not sent stands in it.
        return show(visit, held, status=200 if held.done else 503)
    return visiting.on_to(visit, held.place, CASE)


def show(visit, held: Pass, *, status: int = 200):
    """The case, or the box for the code with what was typed beside it."""
    if not held.code:
        return ask_code(visit, held, status=status)
    office = _office()
    try:
        found = returning.open_case(office, held.code, now=_now())
    except (ReceiptMistyped, ReceiptUnknown, Damaged) as error:
        held.code, held.problem = "", _words(error)
        return ask_code(visit, held, status=status)
    forms = {kind: _form(kind, held.typed.get(kind)) for kind in KINDS}
    faulty = next((forms[kind] for kind in held.typed if held.faulty), None)
    if faulty is not None:
        faulty.validate()
    body = render_template(
        "public/case.html",
        address=visiting.address(visit, held.place, CASE),
        case=found,
        ombudsman_text=office.settings.ombudsman_text,
        message=forms["message"],
        stage=forms["stage"],
        form=faulty,
        notice=held.notice,
        done=held.done,
        minutes=MINUTES,
        press=press.new_token(),
        filling=wire.filling(None),
    )
    return body, status


def ask_code(visit=None, held: Pass | None = None, *, notice: str = "", status: int = 200):
    """The box for the code, always empty; what was typed beside it is carried along."""
    form = CodeForm()
    if held and held.problem:
        form.code.errors = [held.problem]
        form.errors  # noqa: B018 - WTForms gathers a form's errors when they are first asked for
    kind = next(iter(held.typed), "") if held else ""
    body = render_template(
        "public/return.html",
        address=visiting.address(visit, held.place, CASE) if held and held.typed else "/return",
        form=form,
        carried=_form(kind, held.typed[kind]) if held and kind else None,
        kind=kind,
        notice=notice or (held.notice if held else ""),
        press=press.new_token(),
        filling=wire.filling(None),
    )
    return body, status


def _form(kind: str, text: str | None = None) -> Form:
    form = (MessageForm if kind == "message" else StageForm)(data={KINDS[kind]: text})
    if kind == "message":
        set_limit(form.text, _office().settings.narrative_characters)
    return form


def _words(error: Exception) -> str:
    return {ReceiptUnknown: UNKNOWN, Damaged: DAMAGED}.get(type(error)) or str(error)


def _office():
    return current_app.extensions["intake"]


def _now() -> datetime:
    return _office().now()
