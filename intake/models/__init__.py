"""The tables, nothing else.

No rule lives here and nothing here is decided. What a person wrote, said or is stands only in columns of
type `Sealed`; every other column is listed, with the reason it is clear, in `vault/SPEC.md`.
Rows of cases carry random keys and lie in key order, so that their place does not tell their arrival.
"""

from .base import Base, Moment, Sealed
from .cases import NO_DAY, Case, Event, Extension, Pause
from .counting import Coverage, Edition, PlaceRow, Reclassification, SpellRow, StageReceipt, Theme
from .drafts import OUTGROWN, DraftsBase, KeptDraft, KeptUpload
from .instance import Instance, UpgradeUnderWay
from .journal import OF_ACCOUNTS, JournalLine
from .notices import Notice, PostRound
from .register import RegisterEntry, RegisterHeading
from .retention import Destined, Destruction, Hold, Tombstone
from .safe import Envelope, Grant, Keyholder, Proposal, ReceiptLock, Record, Vault, VaultKey
from .staff import Absence, SavedList, Staff, StaffSession
from .timers import DeadlineRow, InquiryDate, StepRow

# Whatever is written when a case arrives, or its holder writes.
OF_CASES = tuple(
    table
    for table in Base.metadata.sorted_tables
    if not table.dialect_options["sqlite"]["with_rowid"] and ("case_id" in table.c or table.name == "cases")
)

__all__ = [
    "NO_DAY",
    "OF_ACCOUNTS",
    "OF_CASES",
    "OUTGROWN",
    "Absence",
    "Base",
    "Case",
    "Coverage",
    "DeadlineRow",
    "Destined",
    "Destruction",
    "DraftsBase",
    "Edition",
    "Envelope",
    "Event",
    "Extension",
    "Grant",
    "Hold",
    "InquiryDate",
    "Instance",
    "JournalLine",
    "KeptDraft",
    "KeptUpload",
    "Keyholder",
    "Moment",
    "Notice",
    "Pause",
    "PlaceRow",
    "PostRound",
    "Proposal",
    "ReceiptLock",
    "Reclassification",
    "Record",
    "RegisterEntry",
    "RegisterHeading",
    "SavedList",
    "Sealed",
    "SpellRow",
    "Staff",
    "StaffSession",
    "StageReceipt",
    "StepRow",
    "Theme",
    "Tombstone",
    "UpgradeUnderWay",
    "Vault",
    "VaultKey",
]
