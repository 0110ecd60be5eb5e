"""Invented complaints of several points: set out when they are taken up, agreed at stage 2, answered one by one."""

from __future__ import annotations

from datetime import datetime

from intake.procedures.definitions import Version
from intake.procedures.points import Answered, family, follows
from intake.services.casework.acting import Left
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer
from intake.services.points import setting_out
from intake.services.points.setting_out import Draft

from . import words

STATEMENT = "We met, and agreed that these are the points to be investigated."
# By what was sent.
DRAFTS = {
    words.COMPLAINTS["Education transport"][0]: (
        Draft("The taxi was late on eleven mornings this term.", "A taxi that comes on time."),
        Draft("Contractor and council sent the family from one to the other.", "One person to ring."),
    ),
    words.CHILDRENS[0]: (
        Draft("The social worker changed four times this year.", "One social worker who stays."),
        Draft("Each new social worker asked for everything to be told again."),
        Draft("What was said at the last meeting is not in the notes.", "The notes put right."),
    ),
}
_FOUND = (
    ("It was so, and we are sorry. We have put it right.", 0),
    ("The records do not bear it out: they show what was done, and when.", 2),
    ("Some of it was so, and that part we have put right.", 1),
)


def set_out(
    office: Office, officer: Officer, reference: str, told: str, left: Left, moment: datetime
) -> tuple[int, Left]:
    """Set out the points of a complaint that has some: how many, and how the case stands then."""
    drafts = DRAFTS.get(told, ())
    if not drafts:
        return 0, left
    setting_out.set_out(office, officer, reference, drafts, revision=left.revision, now=moment)
    return len(drafts), Left(left.revision + 1, left.standing)


def answered(version: Version, points: int, otherwise: str) -> tuple[tuple[Answered, ...], str]:
    """What became of so many points, and the outcome that follows; another where there are none."""
    mine = family(version)
    if mine is None or not points:
        return (), otherwise
    outcomes = (mine.all, mine.part, mine.none)
    found = enumerate((_FOUND[number % len(_FOUND)] for number in range(points)), start=1)
    told = tuple(Answered(str(number), outcomes[which], why) for number, (why, which) in found)
    return told, follows(version, [one.outcome for one in told])
