"""From answers to what is sent: the procedure, the words, and the identity apart from the words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from intake.procedures.offices import BY_ROLE, UNSURE
from intake.services.cases.words import Answer
from intake.services.holders.submitting import Submission
from intake.web.fields import Choose, Tick

from . import offering
from .questions import YES, Named, field_of
from .roads import Filled, Page, Road, Said

BY_SUBJECT = {
    "children": "children-statutory",
    "adults": "adult-social-care",
    "information": "data-protection",
    "other": "corporate",
}
SERVICE_OF_SUBJECT = {"children": "children's social care", "adults": "adult social care"}
BY_ROAD = {
    "concern": "whistleblowing",
    "request": "service-request",
    "question": "general-enquiry",
    "thanks": "compliment",
}
BY_WRITER = {"mp": "mp-enquiry", "councillor": "councillor-enquiry"}


@dataclass(frozen=True)
class Row:
    """A line of the page where somebody checks the answers."""

    page: Page
    question: str
    answer: str


def rows(pages: Iterable[Filled]) -> Iterator[Row]:
    """Every question that was asked, with its answer in words; those left empty too."""
    for one in pages:
        for field in one.form:
            if not isinstance(field, Tick) and not (isinstance(field, Named) and not field.answer()):
                answer = field.answer() if isinstance(field, Choose) else field.data or ""
                yield Row(one.page, field.label.text, answer)


def said_on(pages: Iterable[Filled]) -> Said:
    """What was answered on the pages that were asked, and nothing of those that the road no longer leads through."""
    return Said({one.page.id: one.given for one in pages if one.given is not None})


def procedure_of(road: Road, said: Said) -> str:
    """Which procedure the answers choose."""
    if road.id == "complaint":
        return BY_SUBJECT[said("subject", "subject")]
    if road.id == "constituent":
        return BY_WRITER[said("writer", "writer")]
    return BY_ROAD[road.id]


def submission(road: Road, pages: Sequence[Filled], *, procedure: str = "") -> Submission:
    """What is sent; `procedure`: where somebody chose it by name. Every page that is asked must have been answered:
    `roads.first_gap` says so.
    """
    said = said_on(pages)
    told = [row for row in rows(pages) if row.answer.strip() and row.page.id != "level"]
    identity = tuple(Answer(row.question, row.answer) for row in told if row.page.identity)
    return Submission(
        procedure=procedure or procedure_of(road, said),
        level=_level(road, said, named=bool(identity)),
        words=tuple(Answer(row.question, row.answer) for row in told if not row.page.identity),
        identity=identity,
        place=_place(road, said),
        category=said("category", "category") or None,
        named=_named_on(said) if road.id == "concern" else (),
    )


def named(about: str, offices: Sequence[str]) -> tuple[str, ...]:
    """Who counts as named, by what was answered: without a clear No, and without a name, those who usually receive."""
    unsure = about == UNSURE or (about != "no" and not offices)
    return (*offices, UNSURE) if unsure else tuple(offices)


def _named_on(said: Said) -> tuple[str, ...]:
    """About whom of those who would receive it a concern is. What was answered of an office that is not in use any more
    counts as well: somebody may answer to it.
    """
    offices = [role for role in BY_ROLE if said("about-officer", field_of(role)) == f"{role} {YES}"]
    return named(said("about-officer", "about_officer"), offices)


def _level(road: Road, said: Said, *, named: bool) -> str:
    if road.id in {"complaint", "concern"}:
        return said("level", "level")
    return "named" if named else "anonymous"


def _place(road: Road, said: Said) -> str | None:
    if road.id == "concern":
        return None
    wanted = SERVICE_OF_SUBJECT.get(said("subject", "subject"))
    if wanted:
        asked = ((place, name.replace("’", "'").casefold()) for place, name in offering.services())
        return next((place for place, name in asked if name == wanted), None)
    chosen = said("service", "service")
    return None if chosen in {"", offering.NONE_OF_THEM} else chosen
