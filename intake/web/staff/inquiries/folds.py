"""The folds of an inquiry's page, and what may be done to each thing in them: one record each, with what it keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from intake.procedures.allegations import Allegation
from intake.procedures.inquiry import Dated
from intake.services.inquiries import addressing, concluding, dates, reading
from intake.services.inquiries.reading import Interview
from intake.services.inquiries.showing import InquiryPage
from intake.web.fields import brought_back, choices
from intake.web.staff.door.session import now, office, officer

from . import forms
from .forms import OfAnInquiry

Thing = Dated | Allegation | Interview


@dataclass(frozen=True)
class Fold:
    """A part of the page with its form. `begins`: with what that begins; `keep`: the service and what it is given."""

    form: type[OfAnInquiry]
    press: str
    done: str
    begins: Callable[[InquiryPage], dict[str, Any]]
    keep: Callable[[Any], tuple[Callable[..., None], tuple[Any, ...]]]


@dataclass(frozen=True)
class Deed:
    """Something that is done to one thing. `of`: the things it can be done to; `keep` as of a fold, with the number."""

    form: type[OfAnInquiry]
    title: str
    press: str
    done: str
    of: Callable[[InquiryPage], tuple[Thing, ...]]
    begins: Callable[[Any], dict[str, Any]]
    keep: Callable[[Any, int], tuple[Callable[..., None], tuple[Any, ...]]]


def _nothing(_: object) -> dict[str, Any]:
    return {}


FOLDS = {
    "terms": Fold(
        forms.Terms,
        "Keep these terms",
        "The terms of reference are kept.",
        lambda page: {"terms_text": page.inquiry.text(reading.TERMS)},
        lambda form: (addressing.set_terms, (form.terms_text.data,)),
    ),
    "investigator": Fold(
        forms.Investigator,
        "Name them",
        "It is kept who investigates.",
        _nothing,
        lambda form: (addressing.name_investigator, (form.investigator.data or "", form.outside.data or "")),
    ),
    "plan": Fold(
        forms.Step,
        "Add this step",
        "The step was added.",
        _nothing,
        lambda form: (dates.plan, (form.step_words.data, form.step_due.data)),
    ),
    "interviews": Fold(
        forms.Interview,
        "Keep this note",
        "The note is kept.",
        _nothing,
        lambda form: (
            addressing.note_interview,
            (
                form.interview_who.data,
                form.interview_on.data,
                form.interview_text.data,
                form.interview_agreed.data or "",
            ),
        ),
    ),
    "evidence": Fold(
        forms.Evidence,
        "Log it",
        "It stands in the log of evidence.",
        _nothing,
        lambda form: (
            addressing.log_evidence,
            (form.evidence_item.data, form.evidence_source.data, form.evidence_kept.data),
        ),
    ),
    "decisions": Fold(
        forms.Decision,
        "Log the decision",
        "The decision is kept.",
        lambda _: {"decision_who": officer().name},
        lambda form: (
            addressing.log_decision,
            (form.decision_text.data, form.decision_why.data, form.decision_who.data),
        ),
    ),
    "allegations": Fold(
        forms.Alleged,
        "Set it out",
        "The allegation was set out.",
        _nothing,
        lambda form: (concluding.allege, (form.allegation_words.data,)),
    ),
    "actions": Fold(
        forms.Action,
        "Add this action",
        "The action was added.",
        _nothing,
        lambda form: (dates.act_on, (form.action_words.data, form.action_owner.data, form.action_due.data)),
    ),
    "lessons": Fold(
        forms.Lessons,
        "Keep what is learned",
        "What is learned is kept.",
        lambda page: {"lessons_text": page.inquiry.text(reading.LESSONS)},
        lambda form: (concluding.learn, (form.lessons_text.data,)),
    ),
    "report": Fold(
        forms.Report,
        "Keep the report",
        "The report is kept.",
        lambda page: {"report_text": page.inquiry.text(reading.REPORT)},
        lambda form: (concluding.report, (form.report_text.data,)),
    ),
}


def _waiting(page: InquiryPage) -> tuple[Dated, ...]:
    return tuple(one for one in (*page.inquiry.steps, *page.inquiry.actions) if one.settled_on is None)


def _standing(page: InquiryPage) -> tuple[Allegation, ...]:
    return tuple(one for one in page.inquiry.allegations if one.stands)


DEEDS = {
    "settle": Deed(
        forms.Settling,
        "Done, or dropped",
        "Keep it",
        "It is settled.",
        _waiting,
        lambda _: {"settled_on": office().today(now())},
        lambda form, number: (dates.settle, (number, form.settled_on.data, form.how.data or "")),
    ),
    "move": Deed(
        forms.Moving,
        "Give it another day",
        "Move the day",
        "The day was moved.",
        _waiting,
        lambda one: {"new_due": one.due},
        lambda form, number: (dates.move, (number, form.new_due.data, form.moved_why.data)),
    ),
    "agree": Deed(
        forms.Agreeing,
        "Whether the person agrees with the note",
        "Keep it",
        "It is kept what the person says of the note.",
        lambda page: page.inquiry.interviews,
        lambda _: {"agreed_on": office().today(now())},
        lambda form, number: (
            addressing.agree_interview,
            (number, form.agreed.data, form.agreed_on.data, form.agreed_why.data or ""),
        ),
    ),
    "find": Deed(
        forms.Finding,
        "What was found",
        "Keep the finding",
        "The finding is kept.",
        _standing,
        lambda one: {"found": one.outcome or None, "found_why": one.reason},
        lambda form, number: (concluding.find, (number, form.found.data, form.found_why.data)),
    ),
    "reword": Deed(
        forms.Rewording,
        "Put it in other words",
        "Keep these words",
        "The allegation reads so now.",
        _standing,
        lambda one: {"reworded": one.words},
        lambda form, number: (concluding.reword, (number, form.reworded.data)),
    ),
    "set-aside": Deed(
        forms.SettingAside,
        "Set it aside",
        "Set it aside",
        "The allegation was set aside.",
        _standing,
        _nothing,
        lambda form, number: (concluding.set_aside, (number, form.aside_why.data)),
    ),
}


def number_of(thing: Thing) -> int:
    """How a thing is known in its inquiry."""
    return thing.entry.place if isinstance(thing, Interview) else thing.id


def thing_of(deed: Deed, page: InquiryPage, item: str) -> Thing | None:
    """The thing of that number to which it can be done."""
    wanted = brought_back(item)
    return next((one for one in deed.of(page) if number_of(one) == wanted), None)


def fitted(form: OfAnInquiry, page: InquiryPage) -> OfAnInquiry:
    """A form with what can be chosen now, and the state of the concern as it stands."""
    if isinstance(form, forms.Investigator):
        form.investigator.choices = choices([("", "Nobody of these"), *page.people])
    if isinstance(form, forms.Finding):
        form.found.choices = choices((one.id, one.label) for one in page.findings)
    form.revision.data, form.by.data = str(page.revision), officer().id
    return form
