"""One case on one page, and its messages marked as read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request

from intake.procedures.moves import Reclassify
from intake.procedures.next_act import Wanted
from intake.procedures.permitted import Field, Offer
from intake.services.cases import concerns
from intake.services.cases.channels import CHANNELS
from intake.services.casework import acting, case_page
from intake.services.casework.case_page import CasePage, DeadlineView
from intake.services.ground.refusals import ActedMeanwhile, NotFound
from intake.services.ground.roles import Right
from intake.services.inquiries import showing
from intake.services.triage import telling
from intake.web.fields import brought_back
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from . import act_words, timelines

LEVELS = {"named": "Named", "confidential": "In confidence", "anonymous": "Anonymous"}
RECENT = {
    "messages": 6,
    "notes": 6,
    "history": 10,
}  # how many of the newest stand open; the earlier ones are folded
LONG = 800  # characters of a message that stand open
SPARED = 400  # characters that are not worth a fold


@dataclass(frozen=True)
class Next:
    """What is wanted next, ready to be drawn: `state` and `tone` are those of the date that it has."""

    words: str
    acts: tuple[Offer, ...]
    message: bool
    state: str
    tone: str


@bp.get("/cases/<reference>")
def case(reference: str):
    """The case; with `open` in the address with nothing folded."""
    return show(reference, done=request.args.get("done", ""))


@bp.post("/cases/<reference>/read")
def mark_read(reference: str):
    """The holder's messages have been read, as many as the page showed."""
    seen = brought_back(request.form.get("seen"))
    try:
        acting.mark_read(office(), officer(), reference, seen=seen, now=now())
    except ActedMeanwhile as error:
        return show(reference, notice=str(error), status=409)
    return redirect(address(reference, "read"), 303)


def show(reference: str, *, status: int = 200, done: str = "", **more):
    """The page of a case. `done`, `notice`, `refusal` and `left` belong to this one answer."""
    moment = now()
    page = case_page.open_case(office(), officer(), reference, now=moment)
    today = office().today(moment)
    procedure = office().catalogue[page.procedure_id]
    drawn = timelines.draw(page.deadlines, procedure, page.standing)
    running = [clock for clock in drawn if clock.running]
    body = render_template(
        "staff/casework/case.html",
        case=page,
        wanted=[_next(one, today) for one in page.wanted],
        groups=act_words.in_groups(offers_of(page, today)),
        running=running,
        span=timelines.span(running, today),
        past=[clock for clock in drawn if not clock.running],
        beyond=any(view.deadline.beyond for view in page.deadlines),
        in_all=timelines.in_all(page.standing, today, asked=page.stage_asked_on) if page.deadlines else None,
        today=today,
        reasons=act_words.REASONS,
        title=act_words.title,
        channel=CHANNELS.get(page.channel, page.channel),
        level=LEVELS.get(page.level, page.level),
        untouched=set(page.standing.events) == {"received"},
        works=officer().role.may(Right.WORK_CASES),
        classified=not concerns.is_one(procedure),
        marks_governance=officer().role.may(Right.MARK_GOVERNANCE),
        prescribed=office().settings.prescribed_for,
        links=[link for link in page.links if not link.removed],
        procedures={one.id: one.name for one in office().catalogue},
        done=act_words.done(done, page),
        folded=folded,
        recent=RECENT,
        unfolded="open" in request.args,
        form=None,
        inquiry=showing.on_the_case(page.inquiry, page.standing, today)
        if concerns.is_one(procedure)
        else None,
        **telling.on_the_case(page, officer(), procedure),
        **more,
    )
    return body, status


def address(reference: str, done: str = "") -> str:
    """Where a case stands; `done` names the act of which the page says that it was done."""
    reference = reference.strip().upper()
    if not all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in reference):
        raise NotFound
    return f"/staff/cases/{reference}" + (f"?done={done}" if done else "")


def folded(text: str) -> tuple[str, str]:
    """What of a text stands open, and the rest, which is folded: cut at a line or a space, and nothing is lost."""
    if len(text) <= LONG + SPARED:
        return text, ""
    cut = max(text.rfind("\n", LONG - SPARED, LONG), text.rfind(" ", LONG - SPARED, LONG), 0) + 1
    cut = cut if cut > 1 else LONG
    return text[:cut], text[cut:]


def offers_of(page: CasePage, today: date) -> list[Offer]:
    """The acts that the rules allow now, and the move to another procedure where they allow that."""
    return [*page.offers, *other_procedures(page, today)]


def other_procedures(page: CasePage, today: date) -> list[Offer]:
    """The move to another procedure of the same readers, where the rules allow one."""
    possible = case_page.may_move_to(office(), page, today)
    if not possible or not officer().role.may(Right.WORK_CASES):
        return []
    asks = (Field("to", "Procedure", "choice", choices=possible), Field("reason", "Reason", "text"))
    return [Offer(Reclassify, "Move it to another procedure", asks)]


def _next(one: Wanted, today: date) -> Next:
    state = tone = ""
    if one.deadline:
        view = DeadlineView.on(one.deadline, today, office().calendar)
        state, tone = timelines.badge(view)
    return Next(one.words, one.acts, one.message, state, tone)
