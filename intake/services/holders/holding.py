"""The case that a receipt opens: found by its code, with the keys that its holder may use, and what the holder adds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from intake.models import Case, ReceiptLock, RegisterEntry, Staff
from intake.procedures import outlook
from intake.services.cases import timekeeping
from intake.services.ground import notices, sealing
from intake.services.ground.office import Office
from intake.services.ground.press import press_of, was_pressed
from intake.services.ground.refusals import CaseClosedToMessages, Damaged, ReceiptMistyped, ReceiptUnknown
from intake.vault import slot, symbols
from intake.vault.errors import Mistyped, SealBroken
from intake.vault.receipt import GROUPS, SIZE, Receipt
from intake.vault.record import CaseKey, PurposeKey

REFERENCE = re.compile(r"[0-9A-Z]{3}[- ]?[0-9A-Z]{4}")
THE_REFERENCE = "That is your reference. To open the case we need the receipt code: seven groups of four."
OF_A_CODE = GROUPS * SIZE
MANY = 2 * OF_A_CODE
ASKS = "asks"  # in a message of the holder: what it asks for


def counted(typed: int) -> str:
    """What is said of a code with so many symbols, which has not as many as a code has."""
    if typed > MANY:
        return f"That has more than {MANY} letters and numbers. A receipt code has {OF_A_CODE}: seven groups of four."
    those = "1 letter or number" if typed == 1 else f"{typed} letters and numbers"
    return f"That has {those}. A receipt code has {OF_A_CODE}: seven groups of four."


MISTYPED = (  # everything that `ReceiptMistyped` says
    THE_REFERENCE,
    *(counted(typed) for typed in range(MANY + 2) if typed != OF_A_CODE),
    *(str(Mistyped("length", group)) for group in range(1, GROUPS + 1)),
    *(str(Mistyped("alphabet", group)) for group in (None, *range(1, GROUPS + 1))),
    str(Mistyped("check")),
)


@dataclass(frozen=True)
class Held:
    """A case, the keys that its receipt holds, and whom its holder may be told."""

    case: Case
    keys: dict[str, PurposeKey]
    handler_name: str | None
    direct_line: str
    register: RegisterEntry | None
    lock: ReceiptLock = field(repr=False)
    receipt: Receipt = field(repr=False)

    @property
    def readable(self) -> bool:
        """Whether the holder may read back what they wrote: not of a concern."""
        return "submission" in self.keys


def find(office: Office, code: str) -> Held:
    """The case of a code. Raises `ReceiptMistyped`, `ReceiptUnknown` or `Damaged`."""
    lookup, receipt = _lookup(office, code)
    found = office.session.execute(
        select(ReceiptLock, Case, Staff.name, Staff.direct_line, RegisterEntry)
        .join(Case, Case.id == ReceiptLock.case_id)
        .outerjoin(Staff, Staff.id == Case.handler_id)
        .outerjoin(RegisterEntry, RegisterEntry.case_id == Case.id)
        .where(ReceiptLock.lookup == lookup)
    ).one_or_none()  # at once: a known code asks as often as an unknown one
    if found is None:
        raise ReceiptUnknown
    lock, case, handler_name, line, register = found
    try:
        bundle = slot.open_lock(receipt, lock.sealed, _server_key(office), case=lock.case_id)
    except SealBroken as error:
        raise Damaged("This receipt finds a case but does not open it: the record was altered.") from error
    keys = {purpose: PurposeKey(purpose, secret) for purpose, secret in bundle.items()}
    return Held(case, keys, handler_name, line or "", register, lock, receipt)


def settle(office: Office, held: Held) -> None:
    """Seal to the receipt itself what was posted to it or lies behind a bridge, which is gone then. Of a receipt that
    has no slot yet one is made. Inside the caller's transaction.
    """
    lock, receipt, case_id = held.lock, held.receipt, held.case.id
    bundle = {purpose: key.secret for purpose, key in held.keys.items()}
    if not slot.is_settled(lock.sealed):
        lock.sealed, lock.slot = receipt.seal(bundle, case=case_id), None
    if lock.slot is None:
        lock.slot = slot.slot(receipt.pair().public, bundle["conversation"], case=case_id)


def waits(held: Held) -> bool:
    """Whether a bundle waits for its holder."""
    return not slot.is_settled(held.lock.sealed)


def add(
    office: Office, held: Held, content: Mapping[str, object], token: str, now: datetime, *, asks: str = ""
) -> None:
    """Seal the holder's words. For a concern the receipt must not read them back: a key of their own."""
    session, case, today = office.session, held.case, office.today(now)
    if held.readable:
        key = held.keys["conversation"]
    else:
        place = sealing.next_place(session, case.id, "message")
        key = own_key(office, case, f"message-{place}").for_purpose("conversation")
    told = {**content, ASKS: asks} if asks else content
    press = press_of(case.id, token)
    settle(office, held)
    sealing.shelve(session, key, case, "message", told, on=today, by="holder", press=press)
    case.holder_wrote_on = today
    case.revision += 1
    notices.tell_vaults_of_news(office, sealing.vaults_of(session, case.id), now=now)


def check_takes_words(office: Office, held: Held) -> None:
    """Raises `CaseClosedToMessages`: what was closed takes none, unless it was withdrawn."""
    if held.case.closed_on and not outlook.withdrawn(timekeeping.standing(office, held.case)):
        raise CaseClosedToMessages("This case is closed, so it takes no more messages.")


def own_key(office: Office, case: Case, scope: str) -> CaseKey:
    """A fresh key for something that its writer must not be able to read back, in an envelope for each keyholder."""
    apart = CaseKey.generate(scope=scope)
    sealing.deliver_key(office.session, apart, case.id, sealing.public_keys_of(office, case.id))
    return apart


def pressed(office: Office, held: Held, token: str) -> bool:
    """Whether this press was kept already."""
    return was_pressed(office.session, press_of(held.case.id, token))


def size(*texts: str) -> int:
    """How many bytes were typed."""
    return sum(len(text.encode(errors="surrogatepass")) for text in texts)


def _server_key(office: Office) -> bytes:
    return office.key.for_purpose("receipts/bridge")


def _lookup(office: Office, code: str) -> tuple[bytes, Receipt]:
    if REFERENCE.fullmatch(code.strip().upper()):
        raise ReceiptMistyped(THE_REFERENCE)
    try:
        receipt = Receipt.parse(code)
    except Mistyped as error:
        uncertain = error.reason == "length" and error.group is None
        told = counted(symbols.how_many(code)) if uncertain else str(error)
        raise ReceiptMistyped(told) from error
    return receipt.lookup(office.key.for_purpose("receipts")), receipt
