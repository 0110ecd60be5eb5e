"""Review and sign-off: by a second person, of exactly what stood there when they opened it."""

from __future__ import annotations

from datetime import datetime

from intake.procedures import inquiry as rule
from intake.services.cases import reaching, timekeeping
from intake.services.ground import journal
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import ActedMeanwhile, Refused
from intake.services.ground.roles import Officer, Right

from . import reading
from .keeping import MEANWHILE, turn, words
from .reading import Inquiry

NOBODY = (
    "Nobody else can open this concern who neither investigated it nor wrote its findings, so nobody can sign it off "
    "yet. Let somebody in: a colleague of the same office under Colleagues, or else the next office that receives "
    "concerns. Until then it stays open, and its dates are told."
)


def sign_off(
    office: Office, officer: Officer, reference: str, digest: str, said: str, *, revision: int, now: datetime
) -> None:
    """Sign off what stands. `digest`: of what the officer's page showed; `said`: what was reviewed, in their words.

    Raises as `keeping.turn`, and `Refused` with the rule's words for somebody who is not the second person.
    """
    with turn(office, officer, reference, revision=revision, now=now, right=Right.SIGN_OFF) as one:
        standing = timekeeping.standing(office, one.case)
        if refused := why_not(one.inquiry, officer.id, one.inquiry.progress(standing)):
            raise Refused(refused)
        if digest != one.inquiry.digest:
            raise ActedMeanwhile(MEANWHILE)
        told = words(said, "What you reviewed")
        one.keep(reading.SIGNED_OFF, act=journal.Act.SIGNED_OFF, digest=digest, text=told)


def why_not(inquiry: Inquiry, person: str, progress: rule.Progress) -> str:
    """Why an account cannot sign off what stands; empty where it can."""
    return rule.why_not_signed_off(
        progress,
        person,
        investigators=inquiry.investigators,
        writers=inquiry.writers,
        signed_by=inquiry.signed_by,
    )


def second_persons(session: AnySession, case_id: str, inquiry: Inquiry) -> tuple[str, ...]:
    """The names of those who could review it: whoever may open the case and sign off, and is a second person."""
    held = set(reaching.readers_who_may(session, case_id, Right.SIGN_OFF))
    return tuple(
        one.name
        for one in reaching.handlers_of(session, case_id)
        if one.id in held and not rule.may_review(one.id, inquiry.investigators, inquiry.writers)
    )
