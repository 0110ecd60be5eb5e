"""Whether speaking up did its sender harm: asked in the inbox of a closed concern, again and again (Directive (EU)
2019/1937 art 19 to 21 as a benchmark; Employment Rights Act 1996 s 47B).

Who says yes sends a new concern, sealed like any to those who read the first one, with a receipt of its own: the first
code may have been found by whoever does them harm, and must not open this too. The answer itself lies with the first
case as a message of its own key, like all that the holder of a concern writes: no receipt reads it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from intake.database import reading, writing
from intake.models import Case, Record
from intake.procedures import aftercare
from intake.procedures.aftercare import Check
from intake.procedures.offices import LAST_RESORT, Receiving
from intake.services.cases import concerns
from intake.services.cases.words import Answer
from intake.services.ground import sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused

from .holding import add, find, pressed, size
from .submitting import Acknowledgement, Submission, receive

DETRIMENT = "detriment"  # what such a message says it is
NOT_ASKED = "We do not ask you this now, or you have answered it already. You need not answer again."
NOTHING, SUFFERED = "Nobody has harmed me for speaking up", "I have been harmed for speaking up"
WHAT_HAPPENED, FOLLOWS = "What has happened to you since you spoke up?", "Follows from the concern"


def asked_of(office: Office, case: Case, written: Iterable[Record]) -> tuple[Check, ...]:
    """Every asking of a concern after it was closed; none of another case."""
    if not concerns.is_one(office.catalogue[case.procedure]):
        return ()
    wrote = [one.written_on for one in written if (one.kind, one.written_by) == ("message", "holder")]
    return aftercare.checks(case.closed_on, map(int, office.settings.detriment_months), wrote)


def _its_readers(office: Office, case: Case) -> Receiving:
    """The offices that hold a concern, and so what follows from it; where persons alone do, the last resort."""
    return Receiving(tuple(sealing.vaults_of(office.session, case.id)) or (LAST_RESORT.vault,))


def answer(
    office: Office, code: str, *, suffered: bool, text: str, token: str, now: datetime
) -> Acknowledgement | None:
    """The holder answers: a new concern where they were harmed, which is returned with its receipt. The same press
    twice is one, with the same receipt.

    Raises as `returning.write`, and `Refused` where nothing is asked.
    """
    with reading(office.session):
        held = find(office, code)
        again = pressed(office, held, token)
        case, today = held.case, office.today(now)
        written = sealing.records(office.session, case.id, "message")
        check = aftercare.waiting(asked_of(office, case, written), today)
        reference, procedure = case.reference, case.procedure
        to = _its_readers(office, case)
    if check is None and not again:
        raise Refused(NOT_ASKED)
    opened = None
    if suffered:
        words = (Answer(WHAT_HAPPENED, text), Answer(FOLLOWS, reference))
        what = Submission(procedure, "anonymous", words)
        opened = receive(office, what, token=f"{DETRIMENT}:{code}:{token}", now=now, to=to)
    if check is None:
        return opened
    told = f"Asked {check.months} months after it was closed."
    if opened:
        told += f" What happened they told in a concern of its own: {opened.reference}."
    elif text:
        told += f"\n\n{text}"
    with writing(office.session):
        held = find(office, code)
        if not pressed(office, held, token):
            office.budget.take(office.settings, size(text), now=now, number=0)
            content = {"heading": SUFFERED if suffered else NOTHING, "text": told}
            add(office, held, content, token, now, asks=DETRIMENT)
    return opened
