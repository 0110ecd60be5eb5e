"""Making a copy and reading it again. It holds what stayed and no word of what was taken out; the original stays.

Of what was taken out the record keeps where it stood, so that whoever can open the case sees both beside one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading, writing
from intake.models import Staff
from intake.redaction import removing
from intake.redaction.removing import Piece, Span
from intake.services.cases.reaching import reach, whole
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import Refused, needs
from intake.services.ground.roles import Officer, Right

from . import choosing
from .choosing import Marks

KIND = "copy"
OTHERWISE = (
    "This is no longer what you looked at: a text or what is taken out of it has changed. Nothing was made. Look at "
    "it once more, then make the copy."
)


class LookAgain(Refused):
    """What would be made is not what was looked at."""


@dataclass(frozen=True)
class CopiedPart:
    """A part of a copy: what stayed, and beside it the original cut into pieces where it still stands there."""

    heading: str
    text: str
    on: date | None
    beside: tuple[Piece, ...]


@dataclass(frozen=True)
class Copy:
    """A copy that was made."""

    number: int
    reference: str
    made_on: date
    by: str
    for_whom: str
    why: str
    parts: tuple[CopiedPart, ...]

    @property
    def plain(self) -> str:
        """The copy as plain text, without a word about the case."""
        return "\n\n".join(f"{part.heading}\n\n{part.text}" for part in self.parts) + "\n"


def make(
    office: Office,
    officer: Officer,
    reference: str,
    marks: Marks,
    *,
    seen: str,
    for_whom: str,
    why: str,
    token: str,
    now: datetime,
) -> int:
    """Keep a copy, and return its number; the same press again is the same copy.

    `seen`: the print of the preview that was looked at. Raises `NotFound`, `Refused`, `LookAgain`; then nothing is
    written.
    """
    needs(officer, Right.SHARE)
    _, parts = choosing.parts_of(office, officer, reference, now=now)
    shown = choosing.preview(office, parts, marks)
    if shown.print_ != seen:
        raise LookAgain(OTHERWISE)
    content = {
        "for": for_whom,
        "why": why,
        "parts": [
            {
                "id": cut.part.id,
                "heading": cut.part.heading,
                "on": cut.part.on.isoformat() if cut.part.on else "",
                "text": cut.text,
                "spans": [[span.start, span.end] for span in cut.spans],
            }
            for cut in shown.cuts
        ],
    }
    on = office.today(now)
    with writing(office.session):
        case, key, _ = reach(office, officer, reference)
        press = press_of(case.id, token)
        kept = sealing.records(office.session, case.id, KIND)
        if was_pressed(office.session, press):
            return next((record.place for record in kept if record.press == press), 0)
        record = sealing.add_record(
            office.session, key, case, KIND, content, on=on, by=officer.id, press=press
        )
        act = journal.Act.COPY_MADE
        journal.append(office.session, at=now, actor=officer.id, act=act, case_id=case.id)
        return record.place


def of_case(office: Office, officer: Officer, reference: str, *, now: datetime) -> tuple[Copy, ...]:
    """The copies of a case, the newest first. Raises `NotFound` and `Damaged`."""
    needs(officer, Right.SHARE)
    reference, parts = choosing.parts_of(office, officer, reference, now=now)
    texts = {part.id: part.text for part in parts}
    with reading(office.session):
        file = whole(office, officer, reference)
        key = file.key().for_purpose(sealing.PURPOSES[KIND])
        names = dict(office.session.execute(select(Staff.id, Staff.name)).all())
        kept = [(record, sealing.read_record(key, record)) for record in file.records if record.kind == KIND]
    return tuple(
        Copy(
            record.place,
            reference,
            record.written_on,
            names.get(record.written_by, ""),
            said["for"],
            said["why"],
            tuple(_part(one, texts.get(one["id"], "")) for one in said["parts"]),
        )
        for record, said in reversed(kept)
    )


def one_of(office: Office, officer: Officer, reference: str, number: int, *, now: datetime) -> Copy | None:
    """One copy; None where there is none of that number. Raises `NotFound` and `Damaged`."""
    copies = of_case(office, officer, reference, now=now)
    return next((copy for copy in copies if copy.number == number), None)


def _part(said: dict[str, object], original: str) -> CopiedPart:
    heading, text, on = str(said["heading"]), str(said["text"]), str(said["on"])
    spans = tuple(Span(*pair) for pair in said["spans"])  # type: ignore[attr-defined]  # as `make` wrote it
    same = removing.without(original, spans) == text
    beside = removing.pieces(original, spans) if same else ()
    return CopiedPart(heading, text, date.fromisoformat(on) if on else None, beside)
