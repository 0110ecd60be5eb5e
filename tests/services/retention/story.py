"""What the stories of destruction share: a case closed long ago, and an office in which somebody has worked since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from intake.database import reading, writing
from intake.demonstration.living import PASSWORD
from intake.models import Case
from intake.services.ground import journal
from intake.services.retention import destroying, due, listing
from tests import officers

SENT = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
CLOSED = SENT + timedelta(days=7)
OVER = datetime(2032, 6, 9, 10, 0, tzinfo=UTC)  # six years and a day after the closing


def revision(office, reference: str) -> int:
    with reading(office.session):
        return office.session.scalar(select(Case.revision).where(Case.reference == reference))


def id_of(office, reference: str) -> str:
    with reading(office.session):
        return office.session.scalar(select(Case.id).where(Case.reference == reference))


def answered_and_closed(office, officer, reference: str, *, outcome: str = "upheld", now=CLOSED) -> None:
    """An officer acknowledges it, answers and closes it."""
    steps = (
        lambda n: officers.acknowledge(office, officer, reference, "We have it.", revision=n, now=now),
        lambda n: officers.respond(
            office,
            officer,
            reference,
            outcome,
            "We were wrong, and are sorry.",
            "It was so.",
            revision=n,
            now=now,
        ),
        lambda n: officers.close(office, officer, reference, "Settled.", revision=n, now=now),
    )
    for step in steps:
        step(revision(office, reference))


def worked_on_until(office, moment: datetime, *, by: str = "somebody", days: int = 130) -> None:
    """The day of what reporters sent is entered, and somebody signs in every other week."""
    journal.enter_the_day(office, now=moment)
    day = moment - timedelta(days=days)
    with writing(office.session):
        while day < moment:
            journal.append(office.session, at=day, actor=by, act=journal.Act.SIGNED_IN)
            day += timedelta(days=14)


def propose_all(office, officer, *, now: datetime = OVER) -> listing.Proposed:
    return listing.propose(office, officer, (), everything=True, now=now)


def confirm(office, officer, list_id: str, *, now: datetime = OVER) -> int:
    """A second person reads the list, confirms it, and it is carried out."""
    view = listing.look(office, officer, list_id, now=now)
    listing.confirm(office, officer, list_id, view.digest, PASSWORD, now=now)
    return destroying.go_on(office, now=now)


def destroyed(office, one, other, *, now: datetime = OVER) -> int:
    """Everything whose time is over, by two people."""
    return confirm(office, other, propose_all(office, one, now=now).id, now=now)


def due_now(office, officer, *, now: datetime = OVER) -> list[str]:
    return [line.reference for line in due.page(office, officer, due.Turn(), now=now).lines]
