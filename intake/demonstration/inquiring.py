"""Inquiries of the demonstration: one concern in the middle of its inquiry, one that was concluded and signed off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, InquiryDate, Proposal
from intake.procedures import moves
from intake.procedures.assessment import Assessed, Notified
from intake.procedures.offices import circles
from intake.procedures.permitted import offered
from intake.services.cases import timekeeping
from intake.services.cases.words import Answer
from intake.services.casework import acting
from intake.services.ground import press
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer
from intake.services.holders import submitting
from intake.services.holders.submitting import Submission
from intake.services.inquiries import addressing, assessing, concluding, dates, showing, signing_off

TERMS = (
    "Whether what is said happened, since January of last year, and who knew of it. Not what should become of anybody: "
    "that is for others. The investigator may see any record, and hear whoever is willing. A report by the last step."
)
SENT = (
    (
        "health-and-safety",
        "Danger to somebody's health or safety",
        "Alarms in two homes were switched off at night, and the log says that they were tested.",
    ),
    (
        "legal-obligation",
        "Breach of a legal obligation",
        "Records of checks were written before the checks, and one of them was never made.",
    ),
)
ALLEGED = ("It was so on at least four occasions.", "Somebody in charge knew, and did nothing.")


@dataclass
class _Inquiry:
    """One concern, and whoever works it."""

    office: Office
    officer: Officer
    reference: str
    now: datetime
    seen: int | None = None  # its revision, where that is known

    def __call__(self, act: Callable[..., None], *told: Any, by: Officer | None = None, **more: Any) -> None:
        if self.seen is None:
            with reading(self.office.session):
                asked = select(Case.revision).where(Case.reference == self.reference)
                self.seen = self.office.session.scalars(asked).one()
        act(self.office, by or self.officer, self.reference, *told, revision=self.seen, now=self.now, **more)
        self.seen = (
            None if act in (acting_on, assessing.assess) else self.seen + 1
        )  # those two count more than once

    def move(self, move: moves.Move, text: str = "") -> None:
        """An act on the case, where its rules allow it now."""
        with reading(self.office.session):
            case = self.office.session.scalars(select(Case).where(Case.reference == self.reference)).one()
            standing = timekeeping.standing(self.office, case)
        if any(offer.move is type(move) for offer in offered(standing, self.today)):
            self(acting_on, move, text)

    @property
    def page(self) -> showing.InquiryPage:
        return showing.open_inquiry(self.office, self.officer, self.reference, now=self.now)

    def first_date(self) -> int:
        """The step or action whose day comes first."""
        mine = select(InquiryDate.number).join(Case, Case.id == InquiryDate.case_id)
        asked = mine.where(Case.reference == self.reference).order_by(InquiryDate.due)
        with reading(self.office.session):
            return self.office.session.scalars(asked.limit(1)).one()

    @property
    def today(self) -> date:
        return self.office.today(self.now)

    def in_days(self, days: int) -> date:
        return self.today + timedelta(days=days)


def acting_on(
    office: Office,
    officer: Officer,
    reference: str,
    move: moves.Move,
    text: str,
    *,
    revision: int,
    now: datetime,
) -> None:
    acting.do(office, officer, reference, move, text=text, revision=revision, now=now)


def show(office: Office, officer: Officer, second: Officer, *, now: datetime) -> None:
    """Begin an inquiry into the concern that came first of those that wait, and conclude one into the next."""
    waiting = _waiting(office, officer, second)
    for category, label, told in SENT[len(waiting) :]:
        said = (Answer("What is it about?", label), Answer("What happened?", told))
        sent = Submission("whistleblowing", "anonymous", said, category=category)
        waiting.append(submitting.receive(office, sent, token=press.new_token(), now=now).reference)
    for reference, act in zip(waiting, (_begin, _conclude), strict=False):
        act(_Inquiry(office, officer, reference, now), second)


def _waiting(office: Office, *both: Officer) -> list[str]:
    """Open concerns of two officers that nobody has answered or wants to send elsewhere, the earliest first."""
    readers = set.intersection(*(set(circles(one.vaults)) for one in both))
    asked = (
        select(Case.reference)
        .where(
            Case.procedure == "whistleblowing",
            Case.reader.in_(readers),
            Case.closed_on.is_(None),
            Case.answered_on.is_(None),
            Case.id.not_in(select(Proposal.case_id)),
        )
        .order_by(Case.received_on, Case.id)
        .limit(2)
    )
    with reading(office.session):
        return list(office.session.scalars(asked))


def _begin(one: _Inquiry, second: Officer) -> None:
    one.move(moves.Acknowledge(one.today), "Thank you. We look into what you told us, and write to you here.")
    told = Notified("told", "The head of internal audit", one.today, one.officer.name)
    found = Assessed(
        categories=("criminal-offence", "concealment"),
        worker="worker",
        knows=("first-hand",),
        public_interest="Public money, and whether people who rely on the service are safe.",
        safety="none",
        others={"audit": told, "police": Notified("to-be-told")},
        about_a_receiver="no",
        decision="inquire",
        why="There are records that can be compared, and people to hear.",
    )
    one(assessing.assess, found)
    one(addressing.set_terms, TERMS)
    one(addressing.name_investigator, second.id, "")
    one(dates.plan, "Secure the records, with those who keep them not told why.", one.today)
    one(dates.plan, "Hear the two people who were on duty.", one.in_days(9))
    one(dates.settle, one.first_date(), one.today, "Copies lie in the safe.")
    note = "They remember two of the four days, and did not sign what bears their name."
    one(addressing.note_interview, "A member of the night team", one.today, note, "", by=second)
    one(
        addressing.log_evidence,
        "The records of four days, as copies.",
        "Estates",
        "Safe of the monitoring officer",
    )
    why = "Who asks them now would learn that somebody has spoken up."
    one(
        addressing.log_decision,
        "Not to ask the team's manager before the records are safe.",
        why,
        one.officer.name,
    )
    one(concluding.allege, ALLEGED[0])


def _conclude(one: _Inquiry, second: Officer) -> None:
    one.move(moves.Acknowledge(one.today), "Thank you. We look into what you told us, and write to you here.")
    found = Assessed(
        categories=("health-and-safety",),
        knows=("documents",),
        safety="none",
        about_a_receiver="no",
        decision="inquire",
        why="The documents can be checked.",
    )
    one(assessing.assess, found)
    one(addressing.set_terms, TERMS)
    one(addressing.name_investigator, "", "Bevan & Co, solicitors")
    one(dates.plan, "Read the documents against the log.", one.today)
    one(dates.settle, one.first_date(), one.today, "Read, all of them.")
    for words in ALLEGED:
        one(concluding.allege, words)
    first, other = (each.id for each in one.page.inquiry.allegations)
    one(concluding.find, first, "substantiated", "The log shows it for four days, and nobody disputes it.")
    one(
        concluding.find,
        other,
        "not-substantiated",
        "Those in charge were told afterwards, and acted the next day.",
    )
    one(dates.act_on, "Two people sign what one signed alone.", "Head of the service", one.in_days(30))
    one(concluding.learn, "What one person can sign alone, one person can sign wrongly.")
    one(
        concluding.report,
        "What was looked into, who was heard, what was found, and why: the first, and not the second.",
    )
    answer = moves.Respond(one.today, "partly-substantiated", "It follows from the findings.")
    one.move(
        answer,
        "We have looked into what you told us. Some of it was so, and it has been put right. Thank you.",
    )
    one(
        signing_off.sign_off,
        one.page.inquiry.digest,
        "All of it: the findings follow from the notes.",
        by=second,
    )
    one.move(moves.Close(one.today, "Everything is done but one action, which has its day."))
