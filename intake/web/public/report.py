"""The start page, and `/report`: one address that asks the questions, checks, sends and confirms."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, current_app, render_template, request

from intake.services import drafting, submitting
from intake.services.refusals import DraftUnreadable, NotStored, Refused

from . import assembling, bp, drafts, problems, roads
from .drafts import Draft
from .roads import ROADS, Page

NOT_SENT = (
    "We could not store what you sent, so nothing was sent. What you wrote is still here: "
    "please wait a minute and press the button again."
)


@bp.get("/")
def start(notice: str = ""):
    """Where to begin, in people's own words."""
    return render_template("public/start.html", roads=ROADS.values(), notice=notice)


@bp.get("/report")
def report_begins_at_start():
    """Somebody typed the address: the questions begin on the start page."""
    return start()


@bp.post("/report")
def report():
    """One step: a page answered, taken back or changed; another road; or the send."""
    office = current_app.extensions["intake"]
    wish, _, which = request.form.get("go", "continue").partition(":")
    if wish == "start":
        return _start(which)
    try:
        draft = drafts.unseal(office, request.form.get("draft", ""))
    except DraftUnreadable:
        return problems.unreadable()
    page = draft.road.page(request.form.get("page", ""))
    if page:
        draft.keep(page, request.form)
    return _step(draft, page, wish, which)


def _start(which: str):
    if which not in ROADS:
        return problems.plain(400)
    draft = drafts.begin(ROADS[which])
    return ask(draft, draft.road.pages[0])


def _step(draft: Draft, page: Page | None, wish: str, which: str):
    settings = current_app.extensions["intake"].settings
    if wish == "road" and which in ROADS:
        return _other_road(draft, which)
    if wish == "back":
        before = roads.page_before(draft.road, draft.answers, page.id if page else "check")
        return ask(draft, before) if before else start()
    if wish == "change" and draft.road.page(which):
        return ask(draft, draft.road.page(which))
    if wish == "send":
        return _send(draft)
    if page:
        form = page.bound(draft.answers[page.id], settings)
        if not form.validate():
            return ask(draft, page, form=form, status=422)
        after = None if draft.checking else roads.page_after(draft.road, draft.answers, page.id)
        if after:
            return ask(draft, after)
    gap = roads.first_gap(draft.road, draft.answers, settings)
    return ask(draft, gap) if gap else check(draft)


def _other_road(draft: Draft, which: str):
    """The same words on another road: nothing is typed again and nobody is asked for a name anew."""
    draft.road, draft.checking = ROADS[which], True
    gap = roads.first_gap(draft.road, draft.answers, current_app.extensions["intake"].settings)
    return ask(draft, gap, moved=True) if gap else check(draft)


def _send(draft: Draft):
    office = current_app.extensions["intake"]
    gap = roads.first_gap(draft.road, draft.answers, office.settings)
    if gap:
        form = gap.bound(draft.answers.get(gap.id, {}), office.settings)
        form.validate()
        return ask(draft, gap, form=form, status=422)
    what = assembling.submission(draft.road, draft.answers, office.settings)
    try:
        sent = submitting.receive(office, what, token=draft.token, now=datetime.now(UTC))
    except NotStored:
        return check(draft, notice=NOT_SENT, status=503)
    except Refused as error:
        return check(draft, notice=f"{error} Nothing was sent.", status=422)
    keep = drafting.seal(office, {"purpose": "kept", "text": render_template("public/kept.txt", sent=sent)})
    return render_template("public/sent.html", sent=sent, keep=keep, level=what.level, form=None)


def ask(draft: Draft, page: Page, *, form=None, status: int = 200, notice: str = "", moved: bool = False):
    """A question page with what was answered before."""
    office = current_app.extensions["intake"]
    body = render_template(
        page.template,
        page=page,
        road=draft.road,
        roads=ROADS.values(),
        form=form or page.bound(draft.answers.get(page.id), office.settings),
        draft=drafts.seal(office, draft, without=page.id),
        first=roads.page_before(draft.road, draft.answers, page.id) is None,
        said=roads.Said(draft.answers),
        notice=notice,
        moved=moved,
    )
    return body, status


def check(draft: Draft, *, notice: str = "", status: int = 200):
    """All answers on one page, each with a way to change it."""
    office = current_app.extensions["intake"]
    draft.checking = True
    said = roads.Said({page.id: draft.answers[page.id] for page in draft.road.asked(draft.answers)})
    body = render_template(
        "public/check.html",
        road=draft.road,
        roads=ROADS.values(),
        rows=list(assembling.rows(draft.road, draft.answers, office.settings)),
        procedure=office.catalogue[assembling.procedure_of(draft.road, said)].name,
        level=said("level", "level"),
        draft=drafts.seal(office, draft),
        notice=notice,
    )
    return body, status


@bp.post("/receipt-text")
def receipt_text():
    """The confirmation as a text file, made from what the page itself carries."""
    office = current_app.extensions["intake"]
    try:
        held = drafting.unseal(office, request.form.get("keep", ""))
        text = held["text"] if held.get("purpose") == "kept" else None
    except DraftUnreadable:
        text = None
    if text is None:
        return problems.unreadable()
    answer = Response(text, mimetype="text/plain")
    answer.headers["Content-Disposition"] = 'attachment; filename="receipt.txt"'
    return answer
