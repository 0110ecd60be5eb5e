"""What of a case may be copied, part by part, and what a copy of it would be: nothing is written here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading
from intake.models import Staff
from intake.redaction import finding, removing
from intake.redaction.finding import Found
from intake.redaction.removing import Piece, Span
from intake.services.casework import case_page
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused, needs
from intake.services.ground.roles import Officer, Right

MOST_WORDS = 500  # lines of words that are taken out
SHORTEST = 2  # characters: one letter would take out half a text


@dataclass(frozen=True)
class Part:
    """One text of a case: an answer of what was first sent, a message, or a note. Its id stays what it is."""

    id: str
    heading: str
    text: str
    on: date | None = None


@dataclass(frozen=True)
class Marks:
    """What is wanted: which parts, words that are taken out of all of them, and sentences by part and place."""

    parts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    ticked: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Cut:
    """A part with what is taken out of it beside what stays."""

    part: Part
    spans: tuple[Span, ...]
    sentences: tuple[tuple[int, str, bool], ...]  # the place of each, its words, and whether it is ticked

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return removing.pieces(self.part.text, self.spans)

    @property
    def text(self) -> str:
        """What the copy holds."""
        return removing.without(self.part.text, self.spans)


@dataclass(frozen=True)
class Preview:
    """A copy as it would be made; `print_`: tells whether somebody saw this one before they made it."""

    cuts: tuple[Cut, ...]
    suggestions: tuple[Found, ...]
    inside: tuple[str, ...]  # longer words that hold one of those taken out, and stay
    nowhere: tuple[str, ...]  # words that stand in none of the parts
    print_: str


def parts_of(
    office: Office, officer: Officer, reference: str, *, now: datetime
) -> tuple[str, tuple[Part, ...]]:
    """The reference and every text of a case that may be copied; never who sent it. Raises `NotFound`, `Damaged`."""
    needs(officer, Right.SHARE)
    page = case_page.open_case(office, officer, reference, now=now)
    parts = [Part(f"sent-{place}", one.question, one.answer) for place, one in enumerate(page.words)]
    for kind, written in (("message", page.messages), ("note", page.notes)):
        for place, one in enumerate(written):
            ours = {"message": "Message", "note": "Internal note"}[kind]
            heading = "Message from whoever sent it" if one.from_holder else ours
            parts.append(Part(f"{kind}-{place}", heading, one.text, one.on))
    return page.reference, tuple(parts)


def words_in(typed: str) -> tuple[str, ...]:
    """The words that somebody typed, one line each. Raises `Refused` in words."""
    lines = tuple(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
    if len(lines) > MOST_WORDS:
        raise Refused(f"At most {MOST_WORDS} lines of words are taken out at once. You gave {len(lines)}.")
    for line in lines:
        if sum(sign.isalnum() for sign in line) < SHORTEST:
            raise Refused(f"“{line}” is too short: give at least {SHORTEST} letters or digits in a line.")
    return lines


def preview(office: Office, parts: Iterable[Part], marks: Marks) -> Preview:
    """What a copy with these marks would be. Raises `Refused` where no part was chosen."""
    chosen = [part for part in parts if part.id in marks.parts]
    if not chosen:
        raise Refused("Choose at least one text to copy.")
    cuts = tuple(_cut(part, marks.words, marks.ticked.get(part.id, frozenset())) for part in chosen)
    left = "\n\n".join(cut.text for cut in cuts)
    whole = "\n\n".join(part.text for part in chosen)
    with reading(office.session):
        known = office.session.scalars(select(Staff.name)).all()
    return Preview(
        cuts,
        tuple(one for one in finding.suggestions(left, known) if removing.BLOCK not in one.text),
        removing.left_inside(left, marks.words),
        tuple(one for one in marks.words if not removing.occurrences(whole, [one])),
        _print(cuts),
    )


def _cut(part: Part, words: Iterable[str], ticked: Collection[int]) -> Cut:
    found = enumerate(removing.sentences(part.text))
    told = tuple((place, part.text[span.start : span.end].strip(), place in ticked) for place, span in found)
    return Cut(part, removing.chosen(part.text, words, ticked), told)


def _print(cuts: Iterable[Cut]) -> str:
    said = json.dumps([[cut.part.id, cut.part.heading, cut.text] for cut in cuts])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
