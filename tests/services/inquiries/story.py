"""What an inquiry is told with: each act as the one sentence that it is, at the revision that the case has."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, InquiryDate
from intake.procedures import moves
from intake.procedures.assessment import Assessed
from intake.services.casework import acting
from intake.services.inquiries import addressing, assessing, concluding, dates, showing, signing_off
from tests.actors import MONDAY, concern, send

if TYPE_CHECKING:
    from intake.services.ground.office import Office
    from intake.services.ground.roles import Officer

TODAY = MONDAY.date()
SOON = TODAY + timedelta(days=9)
INQUIRE = Assessed(
    categories=("criminal-offence",),
    safety="none",
    about_a_receiver="no",
    decision="inquire",
    why="The sheets can be compared with the gate's log.",
)


class Inquiring:
    """One concern, and what officers do to it."""

    def __init__(self, office: Office, reference: str = "", *, now: datetime = MONDAY, **more) -> None:
        self.office, self.now = office, now
        self.reference = reference or send(office, concern(**more), now=now).reference

    @property
    def case(self) -> Case:
        with reading(self.office.session):
            return self.office.session.scalars(select(Case).where(Case.reference == self.reference)).one()

    def _do(self, act, officer: Officer, *told, revision: int | None = None, **more):
        seen = self.case.revision if revision is None else revision
        return act(self.office, officer, self.reference, *told, revision=seen, now=self.now, **more)

    def page(self, officer: Officer) -> showing.InquiryPage:
        return showing.open_inquiry(self.office, officer, self.reference, now=self.now)

    def assess(self, officer, found: Assessed = INQUIRE, **more):
        self._do(assessing.assess, officer, found, **more)

    def terms(self, officer, text="Were shifts paid that nobody worked, since January?", **more):
        self._do(addressing.set_terms, officer, text, **more)

    def investigator(self, officer, staff="", outside="", **more):
        self._do(addressing.name_investigator, officer, staff, outside, **more)

    def step(self, officer, words="Ask payroll for the sheets.", due: date | None = SOON, **more) -> int:
        self._do(dates.plan, officer, words, due, **more)
        return self.page(officer).inquiry.steps[-1].id

    def action(self, officer, words="Compare sheets with the log.", due: date | None = SOON, **more) -> int:
        self._do(dates.act_on, officer, words, "Head of payroll", due, **more)
        return self.page(officer).inquiry.actions[-1].id

    def settle(self, officer, number, on=TODAY, how="It was done.", **more):
        self._do(dates.settle, officer, number, on, how, **more)

    def move(self, officer, number, due, why="She is away.", **more):
        self._do(dates.move, officer, number, due, why, **more)

    def interview(
        self, officer, who="A porter", on=TODAY, text="Nobody was there at night.", agreed="", **more
    ):
        self._do(addressing.note_interview, officer, who, on, text, agreed, **more)
        return self.page(officer).inquiry.interviews[-1].entry.place

    def allege(self, officer, words="Shifts were paid that nobody worked.", **more) -> int:
        self._do(concluding.allege, officer, words, **more)
        return self.page(officer).inquiry.allegations[-1].id

    def find(self, officer, number, outcome="substantiated", why="The gate's log shows it.", **more):
        self._do(concluding.find, officer, number, outcome, why, **more)

    def set_aside(self, officer, number, why="The police look into it.", **more):
        self._do(concluding.set_aside, officer, number, why, **more)

    def sign_off(self, officer, said="I read all of it.", digest: str | None = None, **more):
        seen = self.page(officer).inquiry.digest if digest is None else digest
        self._do(signing_off.sign_off, officer, seen, said, **more)

    def act(self, officer, move, text=""):
        acting.do(
            self.office,
            officer,
            self.reference,
            move,
            text=text,
            revision=self.case.revision,
            now=self.now,
        )

    def feedback(self, officer, outcome="substantiated"):
        self.act(officer, moves.Respond(self.now.date(), outcome, "So it was."), "We looked into it.")

    def close(self, officer):
        self.act(officer, moves.Close(self.now.date(), "All is done."))

    def wait(self, days: int):
        self.now += timedelta(days=days)

    def to_review(self, officer) -> int:
        """Everything that comes before the review, by one officer. Returns the allegation."""
        self.act(officer, moves.Acknowledge(self.now.date()), "We have it.")
        self.assess(officer)
        self.terms(officer)
        self.investigator(officer, staff=officer.id)
        self.settle(officer, self.step(officer))
        alleged = self.allege(officer)
        self.find(officer, alleged)
        return alleged

    def rows(self) -> list[tuple[date, int]]:
        with reading(self.office.session):
            rows = self.office.session.execute(
                select(InquiryDate.due, InquiryDate.told).order_by(InquiryDate.number)
            )
            return [(due, told) for due, told in rows]
