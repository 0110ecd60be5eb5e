"""Whether the journal holds, for somebody who opens nothing and about whom a concern may be.

What is given out is a *mark*: the hash of one line, and no number. The line is the one that tells that the mark was
taken, with random bits in it, so that two marks always differ and nobody finds out whether anything lay between them.
What a check says names no case and counts no line either.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from intake.database import writing
from intake.services.ground import journal, pinning
from intake.services.ground.journal import Break
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.services.instance import anchoring

MOST_CHARACTERS = 100_000  # of marks: some eight hundred of them
SALT_BYTES = 16

_TELL = (
    "Tell the chair of the audit committee and whoever runs the machine today, and let nobody restart, restore or "
    "tidy anything up before the database has been copied. On the machine the command “intake audit verify” says which "
    "line it is."
)
MEANS = {
    Break.CHANGED: (
        "A line was changed, moved or removed.",
        "Somebody wrote to the database past this program: it never changes a line and never removes one. What "
        "stands before that line can be believed, what stands after it cannot.",
        _TELL,
    ),
    Break.ANOTHER: (
        "It does not lead through a mark that you gave.",
        "Either the end of the journal was cut off, or an older copy of the database was put back and written on, or "
        "all of it was computed anew. A restored backup does the same, and then somebody can say when and why. A mark "
        "of another instance, or a mistyped one, reads like this too: compare it with your own copy first.",
        _TELL,
    ),
    Break.EDITIONS: (
        "Fewer editions of the figures are there than when a mark was taken.",
        "An edition that was published has been removed from the database.",
        _TELL,
    ),
    Break.MISSING: (
        "The lines hold, but something of which they tell is not there any more.",
        "A case, words of somebody who wrote to the council, or a reason that was sealed with an opening, was removed "
        "from the database past this program.",
        _TELL,
    ),
    Break.PUT_IN: (
        "The lines hold, but something is there of which they know nothing.",
        "A case, or a record of one, was put into the database past this program.",
        _TELL,
    ),
    Break.NOT_BY_TWO: (
        "A line tells that a case was destroyed, and no second person confirmed it, or the case is there.",
        "Two people destroy a case: somebody wrote that line, or put the case back, past this program.",
        _TELL,
    ),
}
KEYS = (
    "The lines hold, but a key or an account is not as they say.",
    "A key or an account was changed in the database past this program.",
    _TELL,
)


@dataclass(frozen=True)
class Finding:
    """What a check found: `what` is empty where everything holds; `against`: how many marks it was held against."""

    against: int
    what: str = ""
    means: str = ""
    do: str = ""
    clock_went_back: bool = False


def hold(office: Office, officer: Officer, text: str) -> Finding:
    """Walk the whole journal and hold it against the marks in a text, if there are any. Takes as long as it is long.

    Raises `Refused` for a text without a mark in it, and `NotFound`.
    """
    needs(officer, Right.CHECK_JOURNAL)
    if len(text) > MOST_CHARACTERS:
        raise Refused("That is more than is looked at at once. Give some hundred marks at a time.")
    heads = anchoring.parse(text) if text.strip() else []
    verdict = anchoring.verify(office, heads)
    if verdict.fault:
        return Finding(len(heads), *MEANS[verdict.broken or Break.CHANGED])
    if anchoring.openings(office):
        return Finding(len(heads), *MEANS[Break.MISSING])
    if pinning.faults(office):
        return Finding(len(heads), *KEYS)
    return Finding(len(heads), clock_went_back=bool(verdict.went_back))


def take_mark(office: Office, officer: Officer, *, now: datetime) -> str:
    """Today's mark, to be kept elsewhere. Raises `NotFound`, and `NotStored`: then there is none."""
    needs(officer, Right.CHECK_JOURNAL)
    act, salt = journal.Act.MARK_TAKEN, secrets.token_hex(SALT_BYTES)
    with writing(office.session):
        journal.append(office.session, at=now, actor=officer.id, act=act, salt=salt)
        return anchoring.mark_of_the_last_line(office, on=office.today(now)).text
