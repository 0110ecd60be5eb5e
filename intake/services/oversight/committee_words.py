"""What the audit committee is told of each whistleblowing referral: its quarter, its outcome and a few words.

One person who can open the concern writes the words, which name nobody; another one reads them against the concern and
releases them. Only what was released stands in a document. Both are sealed with the case like everything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.counts.places import DIRECTORATE
from intake.database import reading, writing
from intake.models import Case, Record, Staff
from intake.services.cases import concerns, places, reaching
from intake.services.cases.reaching import File
from intake.services.cases.words import (
    RELEASED,
    SUMMARY,
    identity_of,
    released_last,
    submitted,
    summary_in,
)
from intake.services.ground import journal, sealing
from intake.services.ground.office import Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.vault.record import CaseKey

from . import telling_signs
from .telling_signs import Sign

LONGEST = 1_000
NOT_ALONE = "You wrote these words yourself. Somebody else who can open this concern reads and releases them."
OTHER_WORDS = (
    "The words were changed while you were reading. Nothing was released: read them as they are now."
)
NAMES_THE_REPORTER = (
    "These words hold part of the name or of the address of whoever sent this concern, so they were not released. "
    "Write them again without: {}. That they were tried stands in the journal."
)


@dataclass(frozen=True)
class Words:
    """The words as they stand. `written_by` and `written_on` are None where nobody wrote any; `released` is whether
    these very words were released, `earlier` the ones that were released before and stand in documents until then.
    `signs`: what in them could tell somebody. `others`: the names of those who could release them.
    """

    text: str
    place: int
    written_by: str | None
    written_on: date | None
    mine: bool
    released: bool
    released_by: str
    released_on: date | None
    earlier: str
    signs: tuple[Sign, ...]
    others: tuple[str, ...]


def summarise(
    office: Office, officer: Officer, reference: str, text: str, *, token: str, now: datetime
) -> None:
    """Write what the committee is told of a concern; the newest words count. The same token is stored once."""
    needs(officer, Right.SUMMARISE)
    with writing(office.session):
        case, key, _ = reaching.reach(office, officer, reference)
        _is_a_concern(office, case)
        if not text.strip() or len(text) > LONGEST:
            raise Refused(f"Write 1 to {LONGEST:,} characters.")
        press = press_of(case.id, token)
        if was_pressed(office.session, press):
            return
        on = office.today(now)
        sealing.add_record(
            office.session, key, case, SUMMARY, {"text": text}, on=on, by=officer.id, press=press
        )
        _enter(office, officer, case, journal.Act.SUMMARISED, now)


def release(
    office: Office, officer: Officer, reference: str, *, place: int, seen: bool, now: datetime
) -> None:
    """Release the words that lie in a place, having read them. `seen`: whoever releases them looked at every sign.

    Raises `NotFound`; `ActedMeanwhile` where other words came since; `Refused` for whoever wrote them, for signs that
    were not looked at, and for words that hold who sent the concern, which the journal then says.
    """
    needs(officer, Right.SUMMARISE)
    held = _release(office, officer, reference, place=place, seen=seen, now=now)
    if held:
        raise Refused(NAMES_THE_REPORTER.format(", ".join(f"“{word}”" for word in held)))


def _release(
    office: Office, officer: Officer, reference: str, *, place: int, seen: bool, now: datetime
) -> tuple[str, ...]:
    """The words of who sent it that the text holds; then nothing is released."""
    with writing(office.session):
        file = reaching.whole(office, officer, reference)
        _is_a_concern(office, file.case)
        key, written = file.key(), _newest(file.records, SUMMARY)
        if written is None or written.place != place:
            raise ActedMeanwhile(OTHER_WORDS)
        if written.written_by == officer.id:
            raise Refused(NOT_ALONE)
        text = summary_in(key, file.records, place)
        if released_last(key, file.records) == place:
            return ()  # pressed twice, or by two at once: it is released
        # Looked at here alone, and with a line in the journal: it must not be a way to ask who it is.
        if held := _reporter_in(file, text):
            _enter(office, officer, file.case, journal.Act.WORDS_HELD_BACK, now)
            return held
        if _signs(office, file, key, text) and not seen:
            raise Refused("Look at each of the signs first, and say that you did.")
        on = office.today(now)
        sealing.add_record(office.session, key, file.case, RELEASED, {"place": place}, on=on, by=officer.id)
        _enter(office, officer, file.case, journal.Act.WORDS_RELEASED, now)
    return ()


def words_of(office: Office, officer: Officer, reference: str) -> Words:
    """What the committee is told of a concern so far. Raises `NotFound`, for a complaint too, and `Damaged`."""
    needs(officer, Right.SUMMARISE)
    with reading(office.session):
        file = reaching.whole(office, officer, reference)
        _is_a_concern(office, file.case)
        key, session = file.key(), office.session
        written, let_go = _newest(file.records, SUMMARY), _newest(file.records, RELEASED)
        if written is None:
            return Words("", -1, None, None, False, False, "", None, "", (), ())
        text, last = summary_in(key, file.records, written.place), released_last(key, file.records)
        released = last == written.place
        names = dict(session.execute(select(Staff.id, Staff.name)).all())
        others = reaching.readers_who_may(session, file.case.id, Right.SUMMARISE)
        return Words(
            text=text,
            place=written.place,
            written_by=names.get(written.written_by, ""),
            written_on=written.written_on,
            mine=written.written_by == officer.id,
            released=released,
            released_by=names.get(let_go.written_by, "") if released and let_go else "",
            released_on=let_go.written_on if released and let_go else None,
            earlier="" if released or last is None else summary_in(key, file.records, last),
            signs=_signs(office, file, key, text),
            others=tuple(sorted(names[one] for one in others if one != written.written_by)),
        )


def _enter(office: Office, officer: Officer, case: Case, act: journal.Act, now: datetime) -> None:
    journal.append(office.session, at=now, actor=officer.id, act=act, case_id=case.id)


def _is_a_concern(office: Office, case: Case) -> None:
    if not concerns.is_one(office.catalogue[case.procedure]):
        raise NotFound


def _newest(records: Iterable[Record], kind: str) -> Record | None:
    return max((one for one in records if one.kind == kind), key=lambda one: one.place, default=None)


def _signs(office: Office, file: File, key: CaseKey, text: str) -> tuple[Sign, ...]:
    """What in a text could tell somebody, held against the words of the case and what is known of the council."""
    session = office.session
    people = session.scalars(select(Staff.name)).all()
    lower = [place.name for place in places.tree_of(session).places.values() if place.kind != DIRECTORATE]
    return telling_signs.signs(text, case=_told_in(file, key), people=people, places=lower)


def _told_in(file: File, key: CaseKey) -> list[str]:
    """Everything in words in a case, but who sent it."""
    told = [said.answer for said in submitted(key.for_purpose("submission"), file.record("submission"))]
    apart = {one.scope for one in file.envelopes}
    for one in file.records:
        scope = f"message-{one.place}"
        if one.kind == "message" and scope in apart:  # what a concern's holder wrote has a key of its own
            told.append(sealing.read_record(file.key(scope).for_purpose("conversation"), one).get("text", ""))
        elif one.kind in {"message", "note"}:
            told.append(sealing.read_record(key.for_purpose(sealing.PURPOSES[one.kind]), one).get("text", ""))
    return told


def _reporter_in(file: File, text: str) -> tuple[str, ...]:
    identity = identity_of(file) or ()
    return telling_signs.names_of(text, identity=[said.answer for said in identity])
