"""Address: terms of reference, who investigates, notes of interviews, evidence, and decisions on the way."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from intake.models import Staff
from intake.services.cases import reaching
from intake.services.ground import sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import NotFound, Refused
from intake.services.ground.roles import Officer, Right, role_of

from . import reading
from .keeping import LINE, LONG, WORDS, past, turn, words

AGREEMENTS = {"yes": "Agreed", "no": "Not agreed"}


def may_investigate(session: AnySession, case_id: str) -> tuple[tuple[str, str], ...]:
    """Who of the council can be named to investigate, id and name: whoever may open the case and work its inquiry.

    The one place that says so: somebody who is given this one case is found here as soon as a key of theirs opens it.
    """
    held = reaching.readers(session, case_id) | set(sealing.persons_of(session, case_id))
    found = session.scalars(select(Staff).where(Staff.id.in_(held)).order_by(Staff.name, Staff.id))
    return tuple((one.id, one.name) for one in found if role_of(one.role).may(Right.INQUIRE))


def set_terms(
    office: Office, officer: Officer, reference: str, text: str, *, revision: int, now: datetime
) -> None:
    """Write the terms of reference; the versions before stay. Raises as `keeping.turn`."""
    with turn(office, officer, reference, revision=revision, now=now, right=Right.ASSESS) as one:
        text = words(text, "The text of the terms of reference", LONG)
        _changed(one.inquiry.text(reading.TERMS), text)
        one.keep(reading.TERMS, text=text)


def name_investigator(
    office: Office,
    officer: Officer,
    reference: str,
    staff: str,
    outside: str,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Say who investigates: an account that may open the case, or somebody outside, in words. Gives nobody a key.

    Raises as `keeping.turn`, and `Refused` for somebody who cannot open it.
    """
    with turn(office, officer, reference, revision=revision, now=now, right=Right.ASSESS) as one:
        if bool(staff) == bool(outside.strip()):
            raise Refused(
                "Choose somebody who can open this concern, or write who outside investigates: one of both."
            )
        names = dict(may_investigate(office.session, one.case.id))
        if staff and staff not in names:
            raise Refused(
                "That person cannot open this concern, so they cannot be named. Let them in first, or name "
                "somebody else."
            )
        who = names[staff] if staff else words(outside, "Who investigates", LINE)
        one.keep(reading.INVESTIGATOR, staff=staff, name=who)


def note_interview(
    office: Office,
    officer: Officer,
    reference: str,
    who: str,
    on: date | None,
    text: str,
    agreed: str,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Keep a note of an interview: with whom, when, what was said; `agreed`: of `AGREEMENTS`, or empty while open.

    Raises as `keeping.turn`, and `Refused` for a day that is still to come.
    """
    with turn(office, officer, reference, revision=revision, now=now) as one:
        day, whom = past(one, on, "it was held"), words(who, "With whom it was held", LINE)
        said = words(text, "What was said", LONG)
        number = one.keep(reading.INTERVIEW, who=whom, on=day.isoformat(), text=said)
        if agreed in AGREEMENTS:
            today = one.today.isoformat()
            one.keep(reading.AGREED, number=number, agreed=agreed, on=today, why="")


def agree_interview(
    office: Office,
    officer: Officer,
    reference: str,
    number: int,
    agreed: str,
    on: date | None,
    why: str,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Keep whether the person agrees with the note, and what they say of it. Raises as `note_interview`."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        if all(note.entry.place != number for note in one.inquiry.interviews):
            raise NotFound
        if agreed not in AGREEMENTS:
            raise Refused("Say whether the person agrees with the note.")
        if agreed == "no":
            why = words(why, "With what they do not agree")
        day = past(one, on, "they said so").isoformat()
        one.keep(reading.AGREED, number=number, agreed=agreed, on=day, why=why.strip()[:WORDS])


def log_evidence(
    office: Office,
    officer: Officer,
    reference: str,
    item: str,
    source: str,
    kept: str,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Log a piece of evidence: what it is, from whom, where it is kept. Raises as `keeping.turn`."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        one.keep(
            reading.EVIDENCE,
            item=words(item, "What it is"),
            source=words(source, "From whom it came", LINE),
            kept=words(kept, "Where it is kept", LINE),
        )


def log_decision(
    office: Office,
    officer: Officer,
    reference: str,
    what: str,
    why: str,
    who: str,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Log a decision on the way: what, why, and who took it. Raises as `keeping.turn`."""
    with turn(office, officer, reference, revision=revision, now=now) as one:
        one.keep(
            reading.DECISION,
            text=words(what, "What was decided"),
            why=words(why, "Why"),
            who=words(who, "Who decided it", LINE),
        )


def _changed(before: str, now: str) -> None:
    if before and " ".join(before.split()) == " ".join(now.split()):
        raise Refused("It reads as it did. Nothing was changed.")
