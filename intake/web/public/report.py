"""The start page, and `/report`: questions, a page to check, the send and the confirmation.

A press is answered with a redirect to an address that tells nothing; the page there is drawn anew from the
draft. So going back and forward within the form is harmless, and nothing is sent again by it.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, render_template, request

from intake.services.ground.refusals import NotStored, PerhapsStored, Refused
from intake.services.holders import submitting
from intake.services.holders.visits import Visit
from intake.web.asked import assembling, roads
from intake.web.asked.roads import COMPLAINT, ROADS, Filled, Page

from . import apology, blank, drafts, receipt_file, visiting, wire
from .blueprint import bp
from .drafts import CHECK, SENT, START, Draft
from .evenly import answer_evenly

NOT_SENT = (
    "We could not store what you sent, so nothing was sent. What you wrote is still here: "
    "please wait a minute and press the button again."
)
PERHAPS_SENT = (
    "Something broke just as you sent this, so we cannot tell yet whether it reached us. What you wrote is still "
    "here: please wait a minute and press the button again. Pressing twice does not send twice."
)
NOT_KEPT = (
    "We could not keep this page just now, so you are still on it. What you wrote is still here: "
    "please wait a minute and press the button again, or reach us by telephone or post."
)
WISHES = (
    "back",
    "send",
    "keep",
    *(f"change:{page}" for page in drafts.PAGES),
    *(f"{wish}:{road}" for wish in ("start", "road") for road in ROADS),
)


@bp.get("/")
def start(notice: str = ""):
    """Where to begin, in people's own words."""
    return blank.draw_start(notice) if notice else blank.start()


@bp.get("/report")
def report_begins_at_start():
    """Somebody typed the address: the questions begin on the start page."""
    return start()


@bp.post("/report")
def begin():
    """A road was chosen: on to its first page. Nothing is kept before it is answered: a press costs no room."""
    wish, which = _wish()
    if wish != "start":
        return apology.plain(400)
    draft = drafts.begin(ROADS[which])
    return _on_to(visiting.current_or_new(), draft, draft.road.pages[0].id)


@bp.get("/report/<string(length=32):address>")
def show(address: str):
    """A page of a draft, to the visit that it belongs to."""
    visit = visiting.current()
    draft, name = drafts.at(visit, address)
    if visit is None or draft is None:
        return apology.nothing_kept()
    if name == START:
        return start()
    if draft.sent:
        return confirm(visit, draft) if name == SENT else apology.sent_already(visit, draft)
    page = draft.road.page(name)
    if page:
        return ask(visit, draft, page)
    pages = _filled(draft)
    gap = roads.first_gap(pages)
    if gap or name != CHECK:
        return _on_to(visit, draft, gap.id if gap else CHECK)
    return check(visit, draft, pages)


@bp.post("/report/<string(length=32):address>")
def press(address: str):
    """One step: a page answered, taken back or changed; another road; or the send."""
    wish, which = _wish()
    if wish == "send":
        answer_evenly()  # how long it takes to seal and store tells the road and whether a name was given
    visit = visiting.current()
    draft, name = drafts.at(visit, address)
    if draft is None:
        return apology.nothing_kept(of_this_visit=bool(name))
    if draft.sent:
        return _after_sending(visit, draft, wish)
    page = draft.road.page(name)
    if page:
        draft.take(page, request.form)
    draft.faulty, draft.moved, draft.notices = "", False, {}
    if wish == "send":
        return _send(visit, draft)
    after = _step(draft, page, wish, which)
    draft.checking = draft.checking or after == CHECK
    return _go(visit, draft, after, page)


def _wish() -> tuple[str, str]:
    """Which button was pressed, and of what; anything that is none of ours goes on."""
    wish, _, which = wire.decoded(request.form.get("go", ""), WISHES).partition(":")
    return (wish, which) if f"{wish}:{which}".rstrip(":") in WISHES else ("continue", "")


def _go(visit, draft: Draft, after: str, page: Page | None):
    try:
        drafts.keep(visit, draft)
    except NotStored:
        draft.notices.setdefault(page.id if page else CHECK, NOT_KEPT)
        return (ask(visit, draft, page) if page else check(visit, draft, _filled(draft))), 503
    return _on_to(visit, draft, after)


def _on_to(visit, draft: Draft, page: str):
    return visiting.on_to(visit, draft.place, drafts.page_name(draft, page))


def expired(visit, draft: Draft, page: Page | None, notice: str):
    """A press whose form had expired: the same page, with what was typed and what happened."""
    if page:
        draft.take(page, request.form)
    here = page.id if page else CHECK
    draft.faulty, draft.notices = "", {here: notice}
    return _go(visit, draft, here, page)


def _step(draft: Draft, page: Page | None, wish: str, which: str) -> str:
    """The page that comes after this press."""
    settings = current_app.extensions["intake"].settings
    if wish == "road":
        # The same words on another road: nothing is typed again and nobody is asked for a name anew.
        draft.road, draft.checking, draft.moved = ROADS[which], True, True
    elif wish == "back":
        before = roads.page_before(draft.road, draft.answers, page.id if page else CHECK)
        return before.id if before else START
    elif wish == "change" and draft.road.page(which):
        return which
    elif page:
        if not page.bound(draft.answers[page.id], settings).validate():
            draft.faulty = page.id
            return page.id
        after = None if draft.checking else roads.page_after(draft.road, draft.answers, page.id)
        if after:
            return after.id
    gap = roads.first_gap(roads.filled(draft.road, draft.answers, settings))
    return gap.id if gap else CHECK


def _filled(draft: Draft) -> list[Filled]:
    return list(roads.filled(draft.road, draft.answers, current_app.extensions["intake"].settings))


def _send(visit, draft: Draft):
    office = current_app.extensions["intake"]
    pages = _filled(draft)
    gap = roads.first_gap(pages)
    if gap:
        draft.faulty = gap.id
        return _go(visit, draft, gap.id, gap)
    what = assembling.submission(draft.road, pages)
    try:
        sent = submitting.receive(office, what, token=draft.token, now=office.now())
    except (NotStored, Refused) as error:
        draft.notices = {CHECK: _why_not(error)}
        return _go(visit, draft, CHECK, None)
    draft.acknowledged(sent, what.level)
    return _on_to_the_receipt(visit, draft)


def _why_not(error: NotStored | Refused) -> str:
    if isinstance(error, PerhapsStored):
        return PERHAPS_SENT
    return NOT_SENT if isinstance(error, NotStored) else f"{error} Nothing was sent."


def _on_to_the_receipt(visit, draft: Draft):
    try:
        drafts.keep(visit, draft)
    except NotStored:  # it was stored and acknowledged all the same: the receipt is shown in this answer
        return confirm(visit, draft)
    return visiting.on_to(visit, draft.place, SENT)


def _after_sending(visit, draft: Draft, wish: str):
    draft.notices = {}
    if wish == "keep":
        return receipt_file.of(draft.told)
    draft.sent["told"]["sent_before"] = True
    return _on_to_the_receipt(visit, draft)


def ask(visit, draft: Draft, page: Page) -> str:
    """A question page with what was answered before."""
    address = visiting.address(visit, draft.place, drafts.page_name(draft, page.id))
    for_a_child = roads.for_a_child(roads.Said(draft.answers)) and draft.road is COMPLAINT
    notice, faulty = draft.notices.get(page.id, ""), draft.faulty == page.id
    if not (page.id in draft.answers or faulty or notice or draft.moved):
        return blank.question(draft.road, page, address, for_a_child=for_a_child)
    form = page.bound(draft.answers.get(page.id), current_app.extensions["intake"].settings)
    if faulty:
        form.validate()
    return blank.draw_question(
        draft.road,
        page,
        address,
        for_a_child=for_a_child,
        form=form,
        notice=notice,
        moved=draft.moved,
    )


def check(visit, draft: Draft, pages: Sequence[Filled]) -> str:
    """All answers on one page, each with a way to change it."""
    office = current_app.extensions["intake"]
    said = assembling.said_on(pages)
    try:
        foretold = submitting.foretold(office, assembling.submission(draft.road, pages))
    except NotStored:  # the send says so
        foretold = ()
    return render_template(
        "public/check.html",
        address=visiting.address(visit, draft.place, drafts.page_name(draft, CHECK)),
        road=draft.road,
        roads=ROADS.values(),
        rows=list(assembling.rows(pages)),
        procedure=office.catalogue[assembling.procedure_of(draft.road, said)].name,
        level=said("level", "level"),
        foretold=foretold,
        filling=wire.filling(None),
        notice=draft.notices.get(CHECK, ""),
        moved=draft.moved,
    )


def confirm(visit: Visit, draft: Draft):
    """The receipt, to the visit that sent it, and never inside a field. Its box for the code posts to where codes are
    tried, through their waiting room.
    """
    return render_template(
        "public/sent.html",
        address=visiting.address(visit, draft.place, SENT),
        opening=visiting.code_address(visit, draft.place, SENT),
        sent=draft.told,
        level=draft.sent["level"],
        filling=wire.filling(None),
        error=draft.notices.get(SENT, ""),
    )
