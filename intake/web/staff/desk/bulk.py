"""One press for the chosen lines of a list; the page says what happened to each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template, request

from intake.services.desk import bulk as services
from intake.services.desk.bulk import Chosen, Told
from intake.web.fields import brought_back
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.session import now, office, officer

from . import asking


@dataclass(frozen=True)
class Act:
    """A button under the list: the field it takes a choice from, what is asked where that is empty, and the service."""

    field: str
    missing: str
    does: Callable[..., tuple[Told, ...]]


ACTS = {
    "allocate": Act("to", "Say to whom they are given.", services.allocate),
    "place": Act("place", "Say which service they are about.", services.set_place),
    "theme": Act("theme", "Say which theme they have.", services.set_theme),
    "take-in": Act("", "", services.take_in),
}
NONE_CHOSEN = "Choose at least one case in the list."


@bp.post("/bulk")
def bulk():
    """Do one act to each of the chosen cases."""
    act, chosen = ACTS.get(request.form.get("act", "")), _chosen()
    wanted = request.form.get(act.field, "") if act else ""
    trouble = _trouble(act, chosen, wanted)
    told: tuple[Told, ...] = ()
    if act and not trouble:
        told = act.does(office(), officer(), chosen, *([wanted] if act.field else []), now=now())
    page = render_template(
        "staff/desk/bulk.html",
        trouble=trouble,
        told=told,
        done=sum(one.done for one in told),
        back=asking.address(asking.kept(request.form)),
    )
    return page, 422 if trouble else 200


def _trouble(act: Act | None, chosen: list[Chosen], wanted: str) -> str:
    if act is None or not chosen:
        return NONE_CHOSEN
    return act.missing if act.field and not wanted else ""


def _chosen() -> list[Chosen]:
    """The lines that were ticked, or all of the page, each with the revision that the page showed."""
    lines = (
        request.form.get("listed", "").split() if request.form.get("all") else request.form.getlist("case")
    )
    named = [line.partition(".") for line in lines if len(line) <= 40]
    return [Chosen(reference, brought_back(revision)) for reference, _, revision in named]
