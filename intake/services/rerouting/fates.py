"""What becomes of each kind of record when a case goes to another team: the one table, in either direction.

A kind that is not in it stops the move, before anything is written: a new kind of record gets its line here first.
"""

from __future__ import annotations

from enum import Enum, auto

from intake.services.ground.refusals import Damaged


class Fate(Enum):
    """What becomes of a record."""

    ANEW = auto()  # sealed anew under the fresh case key: the new team reads it
    CONVERSATION = (
        auto()
    )  # so is what we wrote; what the holder wrote gets a key of its own, which no receipt opens
    APART = auto()  # sealed anew under a fresh key of its own, which no receipt opens
    IDENTITY = auto()  # sealed anew under a fresh identity key
    LEFT = auto()  # goes into what is left behind, sealed to the old team alone
    STAYS = auto()  # lies where it lies, under keys of those who had them


# By kind: what becomes of it when a complaint becomes a concern, and when a concern becomes a complaint.
FATES = {
    "submission": (Fate.ANEW, Fate.ANEW),
    "message": (Fate.CONVERSATION, Fate.CONVERSATION),
    "question": (Fate.ANEW, Fate.ANEW),
    "answer": (Fate.APART, Fate.APART),
    "identity": (Fate.IDENTITY, Fate.STAYS),
    "note": (Fate.ANEW, Fate.LEFT),
    "reason": (Fate.ANEW, Fate.LEFT),
    "opening": (Fate.ANEW, Fate.LEFT),
    "copy": (Fate.ANEW, Fate.LEFT),
    "summary": (Fate.ANEW, Fate.LEFT),
    "released": (Fate.ANEW, Fate.LEFT),
    "governance": (Fate.ANEW, Fate.LEFT),
    "prescribed": (Fate.ANEW, Fate.LEFT),
    "appointed": (Fate.ANEW, Fate.LEFT),
    "triage": (Fate.ANEW, Fate.LEFT),
    "link": (Fate.ANEW, Fate.LEFT),
    "access": (Fate.ANEW, Fate.LEFT),
    "inquiry": (Fate.ANEW, Fate.LEFT),
    # Of a concern they lie under its casework, which no receipt opens; and whoever found a code reads none by a yes.
    "points": (Fate.ANEW, Fate.LEFT),
    "statement": (Fate.ANEW, Fate.LEFT),
    "findings": (Fate.ANEW, Fate.LEFT),
    "hold": (Fate.ANEW, Fate.LEFT),
    "proposal": (Fate.ANEW, Fate.LEFT),
    "passed": (Fate.ANEW, Fate.LEFT),
    "left": (Fate.STAYS, Fate.STAYS),
}


def fate(kind: str, *, becomes_a_concern: bool) -> Fate:
    """What becomes of a kind of record. Raises `Damaged` for one that nobody has thought of."""
    if kind not in FATES:
        raise Damaged(
            "This case holds something that this version of the program does not know how to hand on. Nothing was "
            "done: tell your administrator."
        )
    return FATES[kind][0 if becomes_a_concern else 1]
