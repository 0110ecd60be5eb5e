"""`/return`: the receipt code opens the case; later steps carry it in a sealed pass, never in an address."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import wraps

from flask import current_app, make_response, render_template, request
from wtforms import Form

from intake.services import drafting, returning, submitting
from intake.services.refusals import (
    CaseClosedToMessages,
    Damaged,
    DraftUnreadable,
    NotStored,
    ReceiptMistyped,
    ReceiptUnknown,
    Refused,
)
from intake.web.fields import LongText, Needed, ShortText, set_limit

from . import bp

PASS_MINUTES = 30
TOO_LATE = "The page was open for more than {minutes} minutes, so nothing was sent. Type your code again."
UNKNOWN = (
    "We know no such code. Check every group: letters and numbers are easily mixed up when written by hand."
)
NOT_STORED = (
    "We could not store it, so nothing was sent. It is still here: wait a minute and press the button again."
)


class CodeForm(Form):
    code = ShortText(
        "Your receipt code",
        [Needed("Enter your receipt code")],
        limit=100,
        description="Seven groups of four letters and numbers. Capitals, spaces and dashes do not matter.",
    )


class MessageForm(Form):
    text = LongText("Your message", [Needed("Write your message")])


class StageForm(Form):
    reason = LongText(
        "Why are you not satisfied?", [Needed("Tell us why you are not satisfied")], limit=4_000
    )


def evenly(view, floor: float = 0.3):
    """Hold every answer until the same time has passed, whether the code is known or not."""

    @wraps(view)
    def held(*args, **kwargs):
        began = time.monotonic()
        answer = make_response(view(*args, **kwargs))
        time.sleep(max(0.0, floor - (time.monotonic() - began)))
        return answer

    return held


@bp.get("/return")
def come_back():
    """The box for the code."""
    return ask_code(CodeForm())


@bp.post("/return")
@evenly
def open_case():
    """The case, in the answer to the same press."""
    code, problem = _code()
    return problem or show(code)


@bp.post("/return/message")
@evenly
def write():
    """A message from the holder."""
    form = _limited(MessageForm(request.form))
    return _act(
        form,
        "message",
        lambda office, code, token, now: returning.write(office, code, form.text.data, token=token, now=now),
        "Your message was sent.",
    )


@bp.post("/return/next-stage")
@evenly
def next_stage():
    """The holder asks for the next stage."""
    form = StageForm(request.form)
    return _act(
        form,
        "stage",
        lambda office, code, token, now: returning.ask_for_next_stage(
            office, code, form.reason.data, token=token, now=now
        ),
        "You have asked for the next stage. The dates below count from today.",
    )


def expired(notice: str):
    """A step whose form had expired: the case again when the pass still opens it, with what was typed."""
    kind = "message" if request.path.endswith("message") else "stage"
    form = _limited(MessageForm(request.form)) if kind == "message" else StageForm(request.form)
    held = _pass()
    if held is None:
        return ask_code(CodeForm(), carried=form, kind=kind, notice=notice, status=400)
    return show(held["code"], notice=notice, status=400, **{kind: form})


def _act(form: Form, kind: str, act, done: str):
    office = current_app.extensions["intake"]
    code, problem = _code(carried=form, kind=kind)
    if problem:
        return problem
    if not form.validate():
        return show(code, status=422, **{kind: form})
    try:
        act(office, code, _token(), datetime.now(UTC))
    except (ReceiptMistyped, ReceiptUnknown, Damaged) as error:
        return _refuse_code(error, CodeForm(data={"code": code}), carried=form, kind=kind)
    except (CaseClosedToMessages, Refused) as error:
        return show(code, notice=f"{error} Nothing was sent.", status=422, **{kind: form})
    except NotStored:
        return show(code, notice=NOT_STORED, status=503, **{kind: form})
    return show(code, done=done)


def _code(carried: Form | None = None, kind: str = ""):
    """The code from the box or the pass, and otherwise the page that asks for it again."""
    if "code" in request.form:
        form = CodeForm(request.form)
        if form.validate():
            return form.code.data, None
        return None, ask_code(form, carried=carried, kind=kind, status=422)
    held = _pass()
    if held:
        return held["code"], None
    late = TOO_LATE.format(minutes=PASS_MINUTES)
    return None, ask_code(CodeForm(), carried=carried, kind=kind, notice=late, status=400)


def _pass() -> dict | None:
    try:
        held = drafting.unseal(current_app.extensions["intake"], request.form.get("pass", ""))
    except DraftUnreadable:
        return None
    if held.get("purpose") != "pass" or datetime.fromisoformat(held["until"]) < datetime.now(UTC):
        return None
    return held


def _token() -> str:
    held = _pass()
    return held["token"] if held else request.form.get("token", "")[:100] or submitting.new_token()


def show(code: str, *, notice: str = "", done: str = "", status: int = 200, message=None, stage=None):
    """The case page, or the box again when the code opens nothing."""
    office = current_app.extensions["intake"]
    now = datetime.now(UTC)
    try:
        case = returning.open_case(office, code, now=now)
    except (ReceiptMistyped, ReceiptUnknown, Damaged) as error:
        return _refuse_code(error, CodeForm(data={"code": code}))
    until = now + timedelta(minutes=PASS_MINUTES)
    carried = {
        "purpose": "pass",
        "code": code,
        "until": until.isoformat(),
        "token": submitting.new_token(),
    }
    token = _token() if status == 503 else carried["token"]
    body = render_template(
        "public/case.html",
        case=case,
        ombudsman_text=office.settings.ombudsman_text,
        pass_=drafting.seal(office, carried | {"token": token}),
        message=message or _limited(MessageForm()),
        stage=stage or StageForm(),
        form=message or stage,
        notice=notice,
        done=done,
        minutes=PASS_MINUTES,
    )
    return body, status


def ask_code(form: Form, *, carried: Form | None = None, kind: str = "", notice: str = "", status: int = 200):
    """The box for the code; what was typed beside it is carried along."""
    token = request.form.get("token", "")[:100] or submitting.new_token()
    body = render_template(
        "public/return.html", form=form, carried=carried, kind=kind, notice=notice, token=token
    )
    return body, status


def _refuse_code(error: Exception, form: Form, *, carried: Form | None = None, kind: str = ""):
    words = {
        ReceiptMistyped: str(error),
        ReceiptUnknown: UNKNOWN,
        Damaged: "This code belongs to a case that cannot be opened. Please telephone us.",
    }[type(error)]
    form.code.errors = [words]
    form.errors  # noqa: B018 - WTForms gathers a form's errors when they are first asked for
    return ask_code(form, carried=carried, kind=kind, status=422)


def _limited(form: MessageForm) -> MessageForm:
    set_limit(form.text, current_app.extensions["intake"].settings.narrative_characters)
    return form
