"""Send: what arrives is sealed, filed under its procedure and acknowledged, in one commit.

All that can be is made before the lock is asked for: whoever waits to write waits for the writing alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from intake.database import NotStored, plainly, reading, writing
from intake.models import Case, Envelope, ReceiptLock, Record
from intake.procedures.clock import local_date
from intake.procedures.definitions import NoVersion
from intake.procedures.offices import Receiving, all_named, as_marks, in_circle
from intake.procedures.outlook import NextDate
from intake.services.cases import concerns, filing, timekeeping
from intake.services.cases.references import drawn, free_reference, is_taken
from intake.services.cases.words import NAMED, Answer
from intake.services.ground import journal, notices, pinning, press, roles, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import NotFound, Refused, needs
from intake.services.ground.sealing import readers_of
from intake.vault import slot
from intake.vault.receipt import Receipt
from intake.vault.record import CaseKey


@dataclass(frozen=True)
class Submission:
    """What arrives: the words, who says them, and what routing needs to know."""

    procedure: str
    level: str  # named, confidential or anonymous
    words: tuple[Answer, ...]
    identity: tuple[Answer, ...] = ()
    place: str | None = None  # of the tree of services
    theme: str | None = None
    category: str | None = None
    channel: str = "online"
    named: tuple[str, ...] = ()  # of those who would receive it, by role, or `UNSURE`: about whom it is

    def as_sent(self) -> dict[str, object]:
        """All of it, as plain values."""
        return vars(self) | {
            part: [vars(said) for said in getattr(self, part)] for part in ("words", "identity")
        }


@dataclass(frozen=True)
class Acknowledgement:
    """What the sender is told, once, in the same response."""

    reference: str
    receipt: str
    procedure_name: str
    received_on: date
    readers: str
    next_dates: tuple[NextDate, ...]
    told: tuple[str, ...]
    sent_before: bool


def receive(
    office: Office, submission: Submission, *, token: str, now: datetime, to: Receiving | None = None
) -> Acknowledgement:
    """Take in a submission from the public. `to`: who holds the concern from which it follows, and nobody else.

    The same token with the same content is the same press of the same button: it is stored once and
    answered with the same receipt. Beyond the hour's budget it is set aside, and its dates count all the same.
    Raises `NotStored` when nothing could be kept or the clock cannot be right, and `NoRoom` far beyond the budget.
    """
    office.today(now)
    return _receive(office, submission, token=token, received=now, now=now, to=to)


class EnteredBefore(Refused):
    """A page from which a case was entered came back with something else in it."""


LEFT_OUT = "Nobody whom you named can open it, and nobody who answers to them."
ALL_NAMED = (
    "Everybody who could receive this is named in it. It goes to the last of them all the same, for nobody would read "
    "it otherwise. If you would rather not have that, tell a “prescribed person” instead: an outside body that the law "
    "names for this. gov.uk has the list."
)
CHANGED_ELSEWHERE = (
    "This page was entered already, and what you changed since is not in it. If this is another one, press the button "
    "again: it is then entered for itself."
)


def enter(
    office: Office,
    officer: roles.Officer,
    submission: Submission,
    *,
    received: datetime,
    token: str,
    now: datetime,
    response_date: date | None = None,
) -> Acknowledgement:
    """Enter what came by telephone, letter, e-mail or in person.

    The same page with the same content is kept once; with other content it raises `EnteredBefore`, for it may have been
    changed after it was entered. Raises `Refused`, `NotStored`, and `NotFound` where the case is another team's by now.
    """
    may_be_entered(office, officer, submission, received, now=now)
    entered = _receive(
        office,
        submission,
        token=token,
        received=received,
        now=now,
        officer=officer,
        response_date=response_date,
    )
    if entered.sent_before and entered.received_on != local_date(received):
        raise EnteredBefore(_changed(entered.reference))
    return entered


def may_be_entered(
    office: Office,
    officer: roles.Officer,
    submission: Submission,
    received: datetime,
    *,
    now: datetime,
    kept: bool = True,
) -> None:
    """Raises `Refused` for a day to come and for what is another team's to enter. `kept` False: only its dates are
    asked for, before it was said about whom it is.
    """
    needs(officer, roles.Right.ENTER_CASES)
    if local_date(received) > office.today(now):
        raise Refused("The date received lies in the future.")
    theirs = concerns.enters(officer.role, office.catalogue[submission.procedure])
    if not theirs or (kept and not concerns.opens_one(officer, receiving(office, submission).vaults)):
        raise Refused("Cases of this kind are read by others: ask them to enter it.")


def receiving(office: Office, submission: Submission) -> Receiving:
    """The vaults to which a submission is sealed, as things stand; a concern by who is named. Raises `NotStored`."""
    procedure = office.catalogue[submission.procedure]
    if not concerns.is_one(procedure):
        return Receiving((procedure.reader,))
    with reading(office.session):
        return sealing.receiving(office, submission.named)


def foretold(office: Office, submission: Submission) -> tuple[str, ...]:
    """Who will read it if it is sent now, and who was left out, a sentence each. Raises `NotStored`."""
    to = receiving(office, submission)
    return (
        f"It goes to {sealing.in_words(office, to.vaults)}, and to nobody else.",
        *told_of_it(submission, to),
    )


def other_readers(office: Office, officer: roles.Officer, named: tuple[str, ...]) -> str:
    """Who receives a concern in which these are named, where the officer does not; empty where they do."""
    with reading(office.session):
        to = sealing.receiving(office, named)
    return "" if concerns.opens_one(officer, to.vaults) else sealing.in_words(office, to.vaults)


def usual_readers(office: Office) -> str:
    """Who receives a concern in which nobody is named, in words. Raises `NotStored`."""
    with reading(office.session):
        return sealing.in_words(office, sealing.receiving(office, ()).vaults)


def asked_about(office: Office) -> tuple[tuple[str, str], ...]:
    """The offices of which whoever writes of a concern is asked: role and title. Raises `NotStored`."""
    with reading(office.session):
        return tuple((one.role, one.title) for one in sealing.asked_about(office))


def told_of_it(submission: Submission, to: Receiving) -> tuple[str, ...]:
    """What whoever sends a concern is told of who was left out, a sentence each."""
    if to.all_named:
        return (ALL_NAMED,)
    return (LEFT_OUT,) if submission.named else ()


@dataclass(frozen=True)
class _New:
    """What is made of a submission before the lock is asked for."""

    case_id: str
    to: Receiving
    rows: filing.Rows

    @property
    def case(self) -> dict[str, object]:
        """The row of the case itself."""
        return self.rows[Case][0]


# The case that this very press made, and whether the reference that was drawn is free: asked with every send.
_SENT_OR_TAKEN = select(
    select(ReceiptLock.case_id).where(ReceiptLock.lookup == bindparam("lookup")).scalar_subquery(),
    is_taken(bindparam("reference")),
)
# The same where an officer enters it, and the case that was entered from this very page.
_ENTERED_OR_TAKEN = _SENT_OR_TAKEN.add_columns(
    select(Case.id)
    .join(Record, Record.case_id == Case.id)
    .where(Record.press == bindparam("press"))
    .scalar_subquery()
)


def _receive(
    office: Office,
    submission: Submission,
    *,
    token: str,
    received: datetime,
    now: datetime,
    officer: roles.Officer | None = None,
    response_date: date | None = None,
    to: Receiving | None = None,
) -> Acknowledgement:
    try:
        version = office.catalogue[submission.procedure].version_at(received)
    except NoVersion as error:
        raise Refused(str(error)) from error
    typed = submission.as_sent()
    digest = hashlib.sha256(json.dumps(typed, sort_keys=True).encode()).digest()
    size = len(json.dumps(typed, ensure_ascii=False).encode(errors="surrogatepass"))
    receipt = Receipt.derive(token.encode(), digest)
    lookup = receipt.lookup(office.key.for_purpose("receipts"))
    session = office.session
    try:
        begun = timekeeping.begin(office, version, received, now=now, response_date=response_date)
        pressed = press.press_of("entered", token) if officer else None
        new = _make(office, submission, begun, receipt, lookup, officer, pressed, to)
    except (Refused, NotStored):  # what was kept before is acknowledged again all the same
        with reading(session):
            if kept := session.get(ReceiptLock, lookup):
                return _acknowledge_again(office, kept.case_id, submission, receipt, officer)
        raise
    try:
        with writing(session, apart=lookup if officer is None else None):
            asked = {"lookup": lookup, "reference": new.case["reference"]}
            asked |= {"press": pressed} if pressed else {}
            question = _SENT_OR_TAKEN if pressed is None else _ENTERED_OR_TAKEN
            known, taken, *before = plainly(session).execute(question, asked).fetchone()
            if known:
                return _acknowledge_again(office, known, submission, receipt, officer)
            if officer:
                _refuse_what_was_changed(office, officer, before)
            if taken:
                new.case["reference"] = free_reference(session)
            if officer is None:
                _keep_to_the_budget(office, new, size, now)
            filing.put(session, new.rows)
            if officer:
                journal.append(
                    session, at=now, actor=officer.id, act=journal.Act.ENTERED, case_id=new.case_id
                )
    except IntegrityError as error:
        raise NotStored from error
    return Acknowledgement(
        reference=str(new.case["reference"]),
        receipt=receipt.text,
        procedure_name=office.catalogue[version.procedure].name,
        received_on=begun.received_on,
        readers=sealing.in_words(office, new.to.vaults),
        next_dates=begun.next_dates,
        told=(
            *told_of_it(submission, new.to),
            *version.told,
        ),  # and not that it was set aside: that would count the others
        sent_before=False,
    )


def _make(
    office: Office,
    submission: Submission,
    begun: timekeeping.Beginning,
    receipt: Receipt,
    lookup: bytes,
    officer: roles.Officer | None,
    pressed: bytes | None,
    follows: Receiving | None,
) -> _New:
    to, day = follows or receiving(office, submission), begun.received_on
    confidential = concerns.is_one(office.catalogue[submission.procedure])
    case_id = filing.new_key(day)
    case = filing.new_case(
        id=case_id,
        reference=drawn(),
        level=submission.level,
        channel=submission.channel,
        place_id=None if confidential else submission.place,
        theme_id=None if confidential else submission.theme,
        received_on=day,
        reader=to.circle,
        journalled=officer is not None,
    )
    key = CaseKey.generate()
    words: dict[str, object] = {
        "words": [[said.question, said.answer] for said in submission.words],
        "category": submission.category,
    }
    if confidential and not follows:
        words |= {NAMED: as_marks(submission.named)}
    parts: list[tuple[CaseKey, str, Mapping[str, object]]] = [(key, "submission", words)]
    if submission.identity:
        told = {"identity": [[said.question, said.answer] for said in submission.identity]}
        parts.append((CaseKey.generate(scope="identity"), "identity", told))
    pinned, by = pinning.publics(office), officer.id if officer else "submission"
    opens = ["conversation"] if confidential else ["conversation", "submission"]
    bundle = {purpose: key.for_purpose(purpose).secret for purpose in opens}
    rows = timekeeping.first_rows(case, begun) | {
        Envelope: [
            sealing.envelope_row(secret, case_id, sealing.vault_holder(vault), pinned[vault])
            for secret, _, _ in parts
            for vault in to.vaults
        ],
        Record: [
            sealing.record_row(
                secret.for_purpose(kind),
                case_id,
                kind,
                content,
                on=day,
                by=by,
                press=pressed if kind == "submission" else None,
            )
            for secret, kind, content in parts
        ],
        ReceiptLock: [
            {
                "lookup": lookup,
                "case_id": case_id,
                "sealed": receipt.seal(bundle, case=case_id),
                "slot": slot.slot(receipt.pair().public, bundle["conversation"], case=case_id),
            }
        ],
    }
    return _New(case_id, to, rows)


def _refuse_what_was_changed(office: Office, officer: roles.Officer, before: Sequence[str | None]) -> None:
    """Raises `EnteredBefore` where a page was entered before, with something else in it."""
    for case_id in filter(None, before):
        case = office.session.get_one(Case, case_id)
        raise EnteredBefore(_changed(case.reference) if _is_theirs(officer, case) else CHANGED_ELSEWHERE)


def _is_theirs(officer: roles.Officer, case: Case) -> bool:
    """Whether whoever entered a case reads it still. It may have gone to another team, under another reference, and a
    page that was left open must not tell of it.
    """
    return concerns.opens_one(officer, in_circle(case.reader))


def _changed(reference: str) -> str:
    return (
        f"This page was entered already, as {reference}, and what you changed since is not in it. Open that case and "
        "add a note there. If this is another one, press the button again: it is then entered for itself."
    )


def _keep_to_the_budget(office: Office, new: _New, size: int, now: datetime) -> None:
    """Set it aside when the hour's budget is used up, and tell its readers. Raises `NoRoom`."""
    new.case["set_aside"] = aside = office.budget.take(office.settings, size, now=now)
    kind = "aside" if aside else "news"
    notices.tell_vaults_of_news(office, new.to.vaults, now=now, kind=kind)


def _acknowledge_again(
    office: Office, case_id: str, submission: Submission, receipt: Receipt, officer: roles.Officer | None
) -> Acknowledgement:
    case = office.session.get_one(Case, case_id)
    if officer and not _is_theirs(officer, case):
        raise NotFound
    vaults = in_circle(case.reader)
    to = Receiving(vaults, all_named(submission.named, vaults, office.settings.concerns_go_to))
    return Acknowledgement(
        reference=case.reference,
        receipt=receipt.text,
        procedure_name=office.catalogue[case.procedure].name,
        received_on=case.received_on,
        readers=readers_of(office, case),
        next_dates=timekeeping.dates_for_holder(office, case),
        told=(*told_of_it(submission, to), *timekeeping.version_of(office, case).told),
        sent_before=True,
    )
