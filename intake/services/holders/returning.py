"""Return: the receipt opens the state of the case and the replies, without an account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from intake.database import reading, writing
from intake.models import Case, ReceiptLock, Record, RegisterEntry, Staff
from intake.procedures.moves import OpenNextStage
from intake.procedures.standing import Standing
from intake.services.cases import history, timekeeping
from intake.services.cases.timekeeping import NextDate
from intake.services.cases.words import Answer, submitted
from intake.services.ground import notices, sealing
from intake.services.ground.office import Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import CaseClosedToMessages, Damaged, ReceiptMistyped, ReceiptUnknown
from intake.services.ground.sealing import readers_of
from intake.vault.errors import Mistyped, SealBroken
from intake.vault.receipt import GROUPS, Receipt
from intake.vault.record import CaseKey, PurposeKey

REFERENCE = re.compile(r"[0-9A-Z]{3}[- ]?[0-9A-Z]{4}")
THE_REFERENCE = "That is your reference. To open the case we need the receipt code: seven groups of four."
MISTYPED = (  # everything that `ReceiptMistyped` says
    THE_REFERENCE,
    *(
        str(Mistyped(reason, group))
        for reason in ("length", "alphabet", "check")
        for group in (None, *range(1, GROUPS + 1))
    ),
)


@dataclass(frozen=True)
class HistoryLine:
    """Something that was done, and the day."""

    on: date
    text: str


@dataclass(frozen=True)
class Message:
    """One message; `text` is None where the holder's own words are not shown again."""

    ours: bool
    written_on: date
    heading: str
    text: str | None


@dataclass(frozen=True)
class HeldCase:
    """A case as its holder sees it."""

    reference: str
    procedure_name: str
    state: str
    stage_name: str
    received_on: date
    handler_name: str | None
    readers: str
    words: tuple[Answer, ...] | None
    dates: tuple[NextDate, ...]
    history: tuple[HistoryLine, ...]
    messages: tuple[Message, ...]
    closed_on: date | None
    may_write: bool
    next_stage: str | None
    next_stage_by: date | None
    ombudsman: bool
    signpost: str


@dataclass(frozen=True)
class _Held:
    case: Case
    keys: dict[str, PurposeKey]
    handler_name: str | None
    register: RegisterEntry | None


def open_case(office: Office, code: str, *, now: datetime) -> HeldCase:
    """The case that a receipt opens. Raises `ReceiptMistyped`, `ReceiptUnknown` or `Damaged`."""
    with reading(office.session):
        held = _find(office, code)
        return _shown(office, held, now)


def reference_of(office: Office, code: str) -> str:
    """The reference of the case that a receipt finds and whose keys it opens; nothing that was written is read.

    Raises as `open_case`.
    """
    with reading(office.session):
        return _find(office, code).case.reference


def write(office: Office, code: str, text: str, *, token: str, now: datetime) -> None:
    """A message from the holder; the same token is stored once.

    Raises as `open_case`, and `CaseClosedToMessages`, `NoRoom` or `NotStored`.
    """
    with writing(office.session):
        held = _find(office, code)
        if held.case.closed_on:
            raise CaseClosedToMessages("This case is closed, so it takes no more messages.")
        office.budget.take(office.settings, len(text.encode(errors="surrogatepass")), now=now, number=0)
        _add(office, held, {"heading": "", "text": text}, token, now)


def ask_for_next_stage(office: Office, code: str, reason: str, *, token: str, now: datetime) -> None:
    """The holder's request for the next stage: it counts from today. Raises as `write`, and `Refused`."""
    with writing(office.session):
        held = _find(office, code)
        if was_pressed(office.session, press_of(held.case.id, token)):
            return
        office.budget.take(office.settings, len(reason.encode(errors="surrogatepass")), now=now, number=0)
        before = timekeeping.standing(office, held.case)
        today = office.today(now)
        after = timekeeping.decided(before, OpenNextStage(today, reason=reason))
        timekeeping.keep(office, held.case, before, after, on=today)
        _add(office, held, {"heading": "Request for the next stage", "text": reason}, token, now)


def _find(office: Office, code: str) -> _Held:
    if REFERENCE.fullmatch(code.strip().upper()):
        raise ReceiptMistyped(THE_REFERENCE)
    try:
        receipt = Receipt.parse(code)
    except Mistyped as error:
        raise ReceiptMistyped(str(error)) from error
    lookup = receipt.lookup(office.key.for_purpose("receipts"))
    found = office.session.execute(
        select(ReceiptLock, Case, Staff.name, RegisterEntry)
        .join(Case, Case.id == ReceiptLock.case_id)
        .outerjoin(Staff, Staff.id == Case.handler_id)
        .outerjoin(RegisterEntry, RegisterEntry.case_id == Case.id)
        .where(ReceiptLock.lookup == lookup)
    ).one_or_none()  # at once: a known code asks as often as an unknown one
    if found is None:
        raise ReceiptUnknown
    lock, case, handler_name, register = found
    try:
        bundle = receipt.open(lock.sealed, case=lock.case_id)
    except SealBroken as error:
        raise Damaged("This receipt finds a case but does not open it: the record was altered.") from error
    keys = {purpose: PurposeKey(purpose, secret) for purpose, secret in bundle.items()}
    return _Held(case, keys, handler_name, register)


def _add(office: Office, held: _Held, content: Mapping[str, object], token: str, now: datetime) -> None:
    """Seal the holder's words. For a concern the receipt must not read them back: a key of their own."""
    session, case, today = office.session, held.case, office.today(now)
    press = press_of(case.id, token)
    if was_pressed(session, press):
        return
    if "submission" in held.keys:
        key = held.keys["conversation"]
    else:
        place = sealing.next_place(session, case.id, "message")
        apart = CaseKey.generate(scope=f"message-{place}")
        sealing.deliver_key(session, apart, case.id, sealing.public_keys_of(office, case.id))
        key = apart.for_purpose("conversation")
    sealing.shelve(session, key, case, "message", content, on=today, by="holder", press=press)
    case.holder_wrote_on = today
    case.revision += 1
    for vault in sealing.vaults_of(session, case.id):
        notices.tell_vault_of_news(office, vault, now=now)


def _shown(office: Office, held: _Held, now: datetime) -> HeldCase:
    session, case, today = office.session, held.case, office.today(now)
    procedure = office.catalogue[case.procedure]
    version = procedure.version(case.version)
    standing = timekeeping.standing(office, case)
    may_ask = timekeeping.next_stage_to_ask_for(standing, today)
    readable = "submission" in held.keys
    written = sealing.records(session, case.id, "message", *(("submission",) if readable else ()))
    return HeldCase(
        reference=case.reference,
        procedure_name=procedure.name,
        state=timekeeping.state_in_words(standing),
        stage_name=version.stage(case.stage).label,
        received_on=case.received_on,
        handler_name=held.handler_name if case.level == "named" and readable else None,
        readers=readers_of(office, case),
        words=_words(held, written) if readable else None,
        dates=timekeeping.dates_owed(standing),
        history=_history(office, held, standing),
        messages=_messages(held, written, readable),
        closed_on=case.closed_on,
        may_write=case.closed_on is None,
        next_stage=may_ask[0].label if may_ask else None,
        next_stage_by=may_ask[1] if may_ask else None,
        ombudsman=timekeeping.ombudsman_is_next(standing),
        signpost=version.signpost.words if version.signpost else "",
    )


def _words(held: _Held, written: list[Record]) -> tuple[Answer, ...]:
    sent = next((record for record in written if (record.kind, record.place) == ("submission", 0)), None)
    return submitted(held.keys["submission"], sent)


def _messages(held: _Held, written: list[Record], readable: bool) -> tuple[Message, ...]:
    shown = []
    for record in written:
        if record.kind != "message":
            continue
        ours = record.written_by != "holder"
        if ours or readable:
            content = sealing.read_record(held.keys["conversation"], record)
            shown.append(Message(ours, record.written_on, content["heading"], content["text"]))
        else:
            shown.append(Message(False, record.written_on, "", None))
    return tuple(shown)


def _history(office: Office, held: _Held, standing: Standing) -> tuple[HistoryLine, ...]:
    """What was done, for the holder: who did it and how far it was escalated is not their concern."""
    entries = history.entries(office, held.case, standing, {}, held.register)
    return tuple(
        HistoryLine(entry.on, entry.text) for entry in entries if entry.kind in history.FOR_THE_HOLDER
    )
