"""The journal: append-only, each line chained to the one before.

A line holds who did what to which case when, and no content. What a reporter does is entered when its day
is over, in the order of the cases' random keys and with the day alone (`enter_the_day`): two submissions of
one day cannot be put in order from the journal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, func, insert, select

from intake.database import reading, writing
from intake.database.arrivals import fill_gaps, hide_order
from intake.models import OF_CASES, Case, JournalLine, Record, Staff

from .office import AnySession, Office
from .roles import INVESTIGATOR, ROLES

BEGINNING = bytes(32)
# Whose line it is: of a case, the vault's that has it now; else the vault's that it names, or that of whoever did it.
# Of whoever works on single cases it is nobody's: that they are at work tells that something is looked into.
_OF_A_ROLE = {role_id: role.vault for role_id, role in ROLES.items() if role.vault} | {INVESTIGATOR: ""}
_VAULT = func.coalesce(
    select(Case.reader).where(Case.id == bindparam("of_case")).scalar_subquery(),
    bindparam("within"),
    select(case(_OF_A_ROLE, value=Staff.role))
    .where(Staff.id == bindparam("of_actor"), bindparam("of_case").is_(None))
    .scalar_subquery(),
)
_INSERT = insert(cast(Table, JournalLine.__table__)).values(vault=_VAULT)
_LAST = select(JournalLine.number, JournalLine.hash).order_by(JournalLine.number.desc()).limit(1)
_CHAIN = select(
    JournalLine.number,
    JournalLine.at,
    JournalLine.actor,
    JournalLine.act,
    JournalLine.case_id,
    JournalLine.detail,
    JournalLine.previous,
    JournalLine.hash,
).order_by(JournalLine.number)
ORDINARY_DELAY = timedelta(minutes=5)  # a line is dated when its act began, and writers queue


class Act(StrEnum):
    """Everything that the journal tells of: its word in the lines, which stays for good, and what people read of it.

    A line of an older or a later version may have another word: whoever reads lines compares, and never converts.
    """

    words: str

    def __new__(cls, word: str, words: str) -> Act:
        act = str.__new__(cls, word)
        act._value_, act.words = word, words
        return act

    # A case arrives, and its holder writes.
    RECEIVED = "received", "Received"
    ENTERED = "entered", "Entered by an officer"
    HOLDER_WROTE = "holder-wrote", "The holder wrote"
    IMPORTED = "register-imported", "Taken over from a register"
    # What officers do to a case.
    ACKNOWLEDGE = "acknowledge", "Acknowledged"
    ALLOCATED = "allocated", "Allocated"
    HANDED_OVER = "handed-over", "Handed over"
    EXTEND = "extend", "Date extended"
    RESPOND = "respond", "Answered"
    OPEN_NEXT_STAGE = "open-next-stage", "Next stage opened"
    REFUSE_NEXT_STAGE = "refuse-next-stage", "Next stage refused"
    REFUSE = "refuse", "Refused, and not taken on"
    RECORD = "record", "Event recorded"
    APPOINT = "appoint", "People of a stage appointed"
    PAUSE_CLOCK = "pause-clock", "Clock paused"
    RESUME_CLOCK = "resume-clock", "Clock running again"
    SET_DATE = "set-date", "Due date entered"
    RECLASSIFY = "reclassify", "Moved to another procedure"
    WITHDRAW = "withdraw", "Withdrawn"
    CLOSE = "close", "Closed"
    REOPEN = "reopen", "Reopened"
    TAKE_UP_AGAIN = "take-up-again", "Taken up again for a new answer"
    WRITE = "write", "Message written to the holder"
    NOTE = "note", "Note made"
    READ = "read", "Message marked as read"
    CLASSIFIED = "classified", "Service or theme chosen"
    TRIAGED = "triaged", "Triaged"
    SUMMARISED = "summarised", "Words for the audit committee written"
    WORDS_RELEASED = "words-released", "Words for the audit committee released"
    WORDS_HELD_BACK = "words-held-back", "Words for the audit committee held back: they named the reporter"
    GOVERNANCE = "governance", "Significant governance issue marked, or taken back"
    PRESCRIBED = "prescribed", "Entered for the yearly report of a prescribed person"
    POINTS_SET_OUT = "points-set-out", "Points of complaint set out"
    STATEMENT_CHANGED = "statement-changed", "Statement of complaint agreed anew"
    ASSESSED = "assessed", "Assessed"
    INQUIRED = "inquired", "Something of the inquiry kept"
    SIGNED_OFF = "signed-off-inquiry", "Inquiry reviewed and signed off"
    LINKED = "linked", "Linked to another case"
    UNLINKED = "unlinked", "Link to another case removed"
    OPENED_CONCERN = "opened-concern", "Concern opened to read"
    OPENED_IDENTITY = "opened-identity", "Identity opened"
    COPY_MADE = "copy-made", "Copy for sharing made"
    CASE_GIVEN = "case-given", "Given to somebody by name"
    CASE_TAKEN_BACK = "case-taken-back", "Taken back from somebody"
    IDENTITY_GIVEN = "identity-given", "Identity given to somebody for a time"
    IDENTITY_TAKEN_BACK = "identity-taken-back", "Identity taken back from somebody"
    TIME_ENDED = "time-ended", "The time for which it was given ended"
    STOOD_ASIDE = "stood-aside", "Stood aside"
    CONFLICT_DECLARED = "conflict-declared", "A conflict declared"
    KEYS_CHANGED = "keys-changed", "Given fresh keys"
    REROUTE_PROPOSED = "reroute-proposed", "Proposed for another team"
    REROUTE_TAKEN_BACK = "reroute-taken-back", "Not proposed for another team any more"
    REROUTED = "rerouted", "Sent to another team"
    TAKEN_IN = "taken-in", "Cases that waited aside taken in"
    # What is kept, and what is destroyed when its time is over.
    HOLD_PLACED = "hold-placed", "Hold placed: kept whatever the schedule says"
    HOLD_LIFTED = "hold-lifted", "Hold lifted"
    DESTRUCTION_PROPOSED = "destruction-proposed", "List of cases to destroy proposed"
    DESTRUCTION_TAKEN_BACK = "destruction-taken-back", "List of cases to destroy taken back"
    DESTRUCTION_CONFIRMED = "destruction-confirmed", "List of cases to destroy confirmed by a second person"
    DESTROYED = "destroyed", "Destroyed, for its time was over"
    SPARED = "spared", "Not destroyed, for it changed after it was listed"
    BACKUPS_GONE = "backups-gone", "Older backups and their printed key recorded as destroyed"
    # The tick.
    STEP_TAKEN = "step-taken", "Escalated"
    MESSAGE_WAITED = "message-waited", "A message that nobody had read was told of"
    STEPS_TAKEN_BACK = "steps-taken-back", "Steps that a wrong clock took were taken back"
    NOTICE_FAILED = "notice-failed", "A notice was given up"
    # Figures and themes.
    RECORDING_BEGAN = "recording-began", "Recording began"
    RECORDING_ENDED = "recording-ended", "The count of a measure ended"
    FIGURES_PUBLISHED = "figures-published", "Figures published"
    THEME_ADDED = "theme-added", "Theme added"
    THEME_RENAMED = "theme-renamed", "Theme renamed"
    THEME_MERGED = "theme-merged", "Theme merged into another"
    PLACE_ADDED = "place-added", "Service added"
    PLACE_RENAMED = "place-renamed", "Service renamed"
    PLACE_MOVED = "place-moved", "Service moved"
    PLACE_CLOSED = "place-closed", "Service closed"
    PLACE_OPENED_AGAIN = "place-opened-again", "Service opened again"
    PLACES_IMPORTED = "places-imported", "List of services taken in"
    # People and their keys.
    INVITED = "invited", "Account invited"
    JOINED = "joined", "Invitation taken up"
    CREATED = "created", "Account created"
    DISABLED = "disabled", "Account switched off"
    ABSENCE_ENTERED = "absence-entered", "Absence entered"
    ABSENCE_ENDED = "absence-ended", "Absence ended"
    PASSWORD_CHANGED = "password-changed", "Password changed"
    LINE_CHANGED = "direct-line-changed", "Direct line changed"
    SIGNED_IN = "signed-in", "Signed in"
    SIGNED_OUT = "signed-out", "Signed out"
    CODE_FROM_THE_FUTURE = (
        "second-factor-from-the-future",
        "Second factor reset, which a fast clock had used up",
    )
    GRANTED = "granted", "Let into a vault"
    GRANT_REFUSED = "grant-refused", "Not let into a vault: the key was another one"
    GRANT_REMOVED = "grant-removed", "Taken out of a vault"
    # The journal itself.
    JOURNAL_EXPORTED = "journal-exported", "Lines of the journal taken as a file"
    MARK_TAKEN = "mark-taken", "Mark of the journal copied down"
    # The instance and its keys.
    SET_UP = "set-up", "Set up"
    SET_UP_AGAIN = "set-up-again", "Set up again, after an interruption"
    RESTORED = "restored", "Restored from a backup"
    VAULT_MADE = "vault-made", "Key of a vault made"
    VAULT_RECORDED = "vault-recorded", "Key of a vault recorded"
    RECOVERY_SHARES_MADE = "recovery-shares-made", "Recovery shares of a vault made"
    RECOVERY_REHEARSED = "recovery-rehearsed", "Recovery of a vault rehearsed"
    VAULT_ROTATED = "vault-rotated", "Key of a vault changed for a new one"
    VAULT_SEALED_ANEW = "vault-sealed-anew", "Everything of a vault sealed to its new key"
    KEY_DIFFERS = "key-differs", "A key was found that is not the true one"
    KEY_AGREES = "key-agrees", "A key is the true one again"


_WORDS = {str(act): act.words for act in Act}


def in_words(act: str) -> str:
    """What people read of a line's act; a word of another version is shown as it is."""
    return _WORDS.get(act, act)


class Break(StrEnum):
    """How a journal does not hold: what to do about it is another matter for each."""

    CHANGED = "changed"  # a line was changed, moved or removed
    ANOTHER = "another"  # not what was kept elsewhere: cut off, put back or written anew
    EDITIONS = "editions"  # fewer than there were
    MISSING = "missing"  # of a case, or of what somebody wrote, there is the line alone
    PUT_IN = "put-in"  # something is there of which the journal knows nothing
    NOT_BY_TWO = (
        "not-by-two"  # a case is told to be destroyed that no second person confirmed, or that is there
    )


@dataclass(frozen=True)
class Verdict:
    """What a check of the journal found; `fault` is empty when every line holds."""

    lines: int
    head: str
    fault: str = ""
    went_back: tuple[int, ...] = ()  # lines written under an earlier clock than a line before them
    broken: Break | None = None


def append(
    session: AnySession, *, at: datetime, actor: str, act: Act, case_id: str | None = None, **detail: object
) -> None:
    """Add a line inside the caller's transaction."""
    _append(session, [(at, actor, act, case_id, detail)])


def _append(
    session: AnySession, told: Iterable[tuple[datetime, str, Act, str | None, Mapping[str, object]]]
) -> None:
    """Add lines: when, who, which act, of which case, and what else. They are chained here and written as one."""
    number, previous = session.execute(_LAST).one_or_none() or (0, BEGINNING)
    rows = []
    for at, actor, act, case_id, detail in told:
        number += 1
        told_of = json.dumps(detail, sort_keys=True, separators=(",", ":"), default=str)
        said: dict[str, Any] = {
            "number": number,
            "at": at,
            "actor": actor,
            "act": str(act),
            "case_id": case_id,
            "detail": told_of,
            "previous": previous,
        }
        previous = _hash_over(**said)
        whose = {"of_case": case_id, "of_actor": actor, "within": detail.get("vault")}
        rows.append(said | whose | {"hash": previous})
    if rows:
        session.execute(_INSERT, rows)


def told_today(office: Office, actor: str, act: Act, case_id: str, *, now: datetime) -> bool:
    """Whether a line of London's today says already that somebody did something to a case, in the caller's
    transaction."""
    today = office.today(now)
    lines = select(JournalLine.at).where(
        JournalLine.case_id == case_id, JournalLine.actor == actor, JournalLine.act == act
    )
    at = office.session.scalar(lines.order_by(JournalLine.number.desc()).limit(1))
    return at is not None and office.today(at) == today


def tell_once_a_day(office: Office, actor: str, act: Act, case_id: str, *, now: datetime) -> None:
    """Add the line, unless another request of the same person has meanwhile. Raises `NotStored`."""
    with writing(office.session):
        if not told_today(office, actor, act, case_id, now=now):
            append(office.session, at=now, actor=actor, act=act, case_id=case_id)


def close_the_day(office: Office, *, now: datetime) -> int:
    """Hide which submission came first, which until then the file tells, and enter the days that are over.

    In this order: what fails is tried again by the next tick, for the days are not entered yet.
    Returns the number of lines. Raises `NotStored`.
    """
    today, session = office.today(now), office.session
    with reading(session):
        arrived = select(Case.id).where(~Case.journalled, Case.received_on < today)
        wrote = select(Record.case_id).where(~Record.journalled, Record.written_on < today)
        cases = set(session.scalars(arrived.union(wrote)))
    if not cases:
        return 0
    engine = session.get_bind().engine
    hide_order(engine, OF_CASES, cases)
    lines = enter_the_day(office, now=now)
    fill_gaps(engine)
    return lines


def enter_the_day(office: Office, *, now: datetime) -> int:
    """Enter what reporters did on days that are over. Returns the number of lines."""
    today = office.today(now)
    session = office.session
    with writing(session):
        received = session.scalars(select(Case).where(~Case.journalled, Case.received_on < today)).all()
        written = session.scalars(select(Record).where(~Record.journalled, Record.written_on < today)).all()
        lines = sorted(
            [(case.received_on, case.id, Act.RECEIVED, "") for case in received]
            + [(record.written_on, record.case_id, Act.HOLDER_WROTE, record.place) for record in written],
            key=lambda line: (line[0], line[1], line[2], str(line[3])),
        )
        _append(
            session,
            (
                (_midnight(day), "holder", act, case_id, {"place": place} if act is Act.HOLDER_WROTE else {})
                for day, case_id, act, place in lines
            ),
        )
        for row in (*received, *written):
            row.journalled = True  # type: ignore[attr-defined]  # a case and a record both have it
    return len(lines)


def verify(
    office: Office, heads: Mapping[int, bytes] | None = None, marks: Collection[bytes] = ()
) -> Verdict:
    """Walk the chain from its beginning. Finds an edit, a deletion and a reordering.

    A journal cut off at its end, or computed anew, still holds by itself: `heads` are hashes of lines, by number, and
    `marks` hashes of lines alone, as they were kept elsewhere (`anchoring`). Where a line was not changed the walk goes
    to the end, so that how long it takes tells nothing of where another head stands.
    """
    heads, unseen, other = heads or {}, set(marks), None
    went_back, latest = [], None
    with reading(office.session) as _:
        previous, expected = BEGINNING, 1
        for line in office.session.execute(_CHAIN.execution_options(yield_per=5000)):
            if line.number != expected:
                fault = f"Line {expected} is missing."
                return Verdict(expected - 1, previous.hex(), fault, broken=Break.CHANGED)
            if line.previous != previous or line.hash != _hash(line):
                fault = f"Line {expected} was changed or moved."
                return Verdict(expected - 1, previous.hex(), fault, broken=Break.CHANGED)
            if other is None and heads.get(expected, line.hash) != line.hash:
                other = Verdict(
                    expected - 1,
                    previous.hex(),
                    f"Line {expected} is another one than the head that was kept names: the journal was "
                    "written anew, or an older copy was put back and written on.",
                    broken=Break.ANOTHER,
                )
            unseen.discard(line.hash)
            previous, expected = line.hash, expected + 1
            if line.actor == "holder":  # entered when the day was over, with the day alone
                continue
            if latest is not None and line.at < latest - ORDINARY_DELAY:
                went_back.append(line.number)
            latest = line.at
    if other:
        return other
    fault = (
        "No line is the one of a mark that was kept: the end was cut off, an older copy was put back, or the journal "
        "was written anew."
    )
    verdict = Verdict(expected - 1, previous.hex(), went_back=tuple(went_back))
    return replace(verdict, fault=fault, broken=Break.ANOTHER) if unseen - {BEGINNING} else verdict


def _hash(line: Any) -> bytes:
    return _hash_over(line.number, line.at, line.actor, line.act, line.case_id, line.detail, line.previous)


def _hash_over(
    number: int, at: datetime, actor: str, act: str, case_id: str | None, detail: str, previous: bytes
) -> bytes:
    told = [number, at.astimezone(UTC).isoformat(), actor, act, case_id, detail, previous.hex()]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).digest()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def detail_of(line: JournalLine) -> dict[str, Any]:
    """What a line says beside who, what and when."""
    return cast(dict[str, Any], json.loads(line.detail))
