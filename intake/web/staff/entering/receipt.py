"""The receipt of what was just entered: read out and read back, printed, or not wanted.

It stands in that one answer and in a sealed field of it, and in nothing that is kept. Once it was said how it was
given, no page shows it again, not even when the same press is sent again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from flask import render_template, request

from intake.procedures.outlook import NextDate
from intake.services.cases.channels import CHANNELS
from intake.services.ground.refusals import DraftUnreadable, NotStored
from intake.services.ground.roles import Officer, Right
from intake.services.holders import entering as services
from intake.services.holders.entering import GIVEN, NOT_WANTED, ON_PAPER, READ_BACK
from intake.services.holders.submitting import Acknowledgement
from intake.services.people import drafts
from intake.web.public.receipt_file import site
from intake.web.staff.door import problems, typed
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from . import spelling
from .enter_form import Enter
from .officers_roads import WRITERS

PURPOSE = "receipt"
MINUTES = 60  # how long the page can be answered


@dataclass(frozen=True)
class Slip:
    """What is told of a case that was just entered, once."""

    reference: str
    code: str
    procedure: str
    received_on: date
    readers: str
    dates: tuple[NextDate, ...]
    told: tuple[str, ...]
    channel: str
    concern: bool
    to_be_asked: bool  # whether the constituent agrees
    pauses: bool  # the clock, while they are asked
    name: str
    address: str
    by: str
    until: datetime
    sent_before: bool


def slip_of(entered: Acknowledgement, form: Enter, by: Officer, at: datetime) -> Slip:
    """Of what was entered just now."""
    return Slip(
        reference=entered.reference,
        code=entered.receipt,
        procedure=entered.procedure_name,
        received_on=entered.received_on,
        readers=entered.readers,
        dates=entered.next_dates,
        told=entered.told,
        channel=form.channel.data,
        concern=form.is_concern(),
        to_be_asked=form.agreed.data == "not-yet",
        pauses=form.procedure.data in WRITERS,
        name=(form.name.data or "").strip(),
        address=(form.address.data or "").strip(),
        by=by.id,
        until=at + timedelta(minutes=MINUTES),
        sent_before=entered.sent_before,
    )


def hand_over(slip: Slip):
    """The page from which the code is read out or printed."""
    if slip.sent_before and services.is_given(office(), officer(), slip.reference):
        return _given(slip, "")
    return _show(slip)


@bp.post("/enter/receipt")
def give_receipt():
    """How they got it: the page goes on without the code. A slip in what was read back is told beside it."""
    slip = _opened()
    if slip.until < now():
        return _over(slip)
    how = request.form.get("go", READ_BACK)
    if how not in GIVEN:
        how = READ_BACK
    if how == READ_BACK and (error := services.slip(slip.code, request.form.get("code", ""))):
        given = services.is_given(office(), officer(), slip.reference)
        return _given(slip, "") if given else (_show(slip, error=error), 422)
    kept = services.note_receipt(office(), officer(), slip.reference, how, now=now())
    return _given(slip, how if kept else "")


@typed.draws_again("give_receipt")
def _again(notice: str, status: int):
    slip = _opened()
    if slip.until < now():
        return _over(slip)
    return _given(slip, "") if _is_given(slip) else (_show(slip, notice=notice), status)


def _is_given(slip: Slip) -> bool:
    try:
        return services.is_given(office(), officer(), slip.reference)
    except NotStored:  # while nothing can be asked, nothing can be noted either: the code must not be lost
        return False


def _opened() -> Slip:
    """The slip that this officer's page carries. Raises `DraftUnreadable`, also for another officer's."""
    told = drafts.unseal(office(), request.form.get("slip", ""), purpose=PURPOSE)
    dates = (NextDate(**one | {"on": date.fromisoformat(one["on"])}) for one in told["dates"])
    slip = Slip(
        **told
        | {
            "received_on": date.fromisoformat(told["received_on"]),
            "until": datetime.fromisoformat(told["until"]),
            "dates": tuple(dates),
            "told": tuple(told["told"]),
        }
    )
    if slip.by != officer().id:
        raise DraftUnreadable
    return slip


def _over(slip: Slip):
    return problems.show(
        "The receipt code is shown no more",
        f"{slip.reference} is entered. This page was open for more than an hour, and nobody can give its code again.",
        "Without it they are answered as they asked, by telephone or post. Add a note to the case that they have none.",
        status=409,
        way_on=({"text": f"Open {slip.reference}", "href": f"/staff/cases/{slip.reference}"},),
    )


def _sealed(slip: Slip) -> str:
    told = asdict(slip) | {
        "received_on": slip.received_on.isoformat(),
        "until": slip.until.isoformat(),
        "dates": [asdict(one) | {"on": one.on.isoformat()} for one in slip.dates],
    }
    return drafts.seal(office(), told, purpose=PURPOSE)


def _show(slip: Slip, *, error: str = "", notice: str = ""):
    return render_template(
        "staff/entering/entered.html",
        **_around(slip),
        sealed=_sealed(slip),
        spoken=spelling.read_out(slip.code),
        came=CHANNELS[slip.channel],
        site=site(),
        error=error,
        notice=notice,
        on_paper=ON_PAPER,
        read_back=READ_BACK,
        not_wanted=NOT_WANTED,
    )


def _given(slip: Slip, how: str):
    """The same without the code."""
    return render_template(
        "staff/entering/given.html", **_around(replace(slip, code="")), how=GIVEN.get(how, "")
    )


def _around(slip: Slip) -> dict[str, object]:
    today = office().today(now())
    return {
        "slip": slip,
        "by": officer().id,
        "today": today,
        "late": [one for one in slip.dates if one.on < today],
        "may_allocate": officer().role.may(Right.ALLOCATE),
        "may_triage": officer().role.may(Right.TRIAGE),
    }
