"""The safe's shelves: vaults, grants, envelopes, receipts and sealed records."""

from datetime import date, datetime

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, String, column
from sqlalchemy.orm import Mapped, mapped_column

from .base import IN_KEY_ORDER, Base, Moment, Sealed, of_those


class Vault(Base):
    """The key pair of a role: the public half, and the private half sealed to the recovery key."""

    __tablename__ = "vaults"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    public: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_to_recovery: Mapped[bytes] = mapped_column(Sealed)


class Grant(Base):
    """A vault's private half sealed to one officer."""

    __tablename__ = "grants"

    vault_id: Mapped[str] = mapped_column(ForeignKey("vaults.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(Sealed)
    granted_by: Mapped[str] = mapped_column(String(40))
    granted_at: Mapped[datetime] = mapped_column(Moment)
    mark: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # by who holds the vault's seed: to which key


class VaultKey(Base):
    """A key of a vault to which something may be sealed: the present one, and each before it until nothing is left
    under it. The database refuses to let one go to which an envelope is sealed, and an envelope to one that went.
    """

    __tablename__ = "vault_keys"

    fingerprint: Mapped[str] = mapped_column(String(24), primary_key=True)
    vault_id: Mapped[str] = mapped_column(ForeignKey("vaults.id"))
    sealed: Mapped[bytes | None] = mapped_column(Sealed)  # of a former key: its seed, to the present one


class Envelope(Base):
    """A case key, or the key of an identity, sealed to one keyholder."""

    __tablename__ = "envelopes"
    __table_args__ = (IN_KEY_ORDER,)

    keyholder: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    scope: Mapped[str] = mapped_column(String(12), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(Sealed)
    sealed_to: Mapped[str | None] = mapped_column(
        ForeignKey("vault_keys.fingerprint")
    )  # which key of its vault


class Keyholder(Base):
    """Who holds a case that was changed by name: a vault or a person, each with the mark of the case's own key.

    A case without such rows lies with the vaults to which it came.
    """

    __tablename__ = "keyholders"
    __table_args__ = (IN_KEY_ORDER,)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    keyholder: Mapped[str] = mapped_column(String(40), primary_key=True)
    scope: Mapped[str] = mapped_column(String(12), primary_key=True)  # "case", or "identity"
    since: Mapped[date]
    until: Mapped[date | None]  # the last day; None: until somebody takes it away
    marked: Mapped[bytes] = mapped_column(LargeBinary)  # of a person with their public key


class ReceiptLock(Base):
    """What finds a case by its receipt and gives the holder the keys that the holder may use."""

    __tablename__ = "receipts"
    __table_args__ = (IN_KEY_ORDER,)

    lookup: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), unique=True)
    sealed: Mapped[bytes] = mapped_column(Sealed)
    slot: Mapped[bytes | None] = mapped_column(LargeBinary)  # to which another bundle can be posted


class Proposal(Base):
    """Somebody proposes that a case goes to another team; gone once that is decided. What was said lies in records."""

    __tablename__ = "proposals"
    __table_args__ = (IN_KEY_ORDER,)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int]  # the place of its records
    proposed_on: Mapped[date]
    heard_on: Mapped[date | None]  # when the holder, who was asked, answered


class Record(Base):
    """Something written about a case, sealed with its place bound."""

    __tablename__ = "records"
    __table_args__ = (
        Index("ix_records_to_enter", "written_on", **of_those(~column("journalled", Boolean()))),
        Index(
            "ix_records_governance", "case_id", **of_those(column("kind") == "governance")
        ),  # few, and listed
        IN_KEY_ORDER,
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(Sealed)
    written_on: Mapped[date]
    written_by: Mapped[str] = mapped_column(String(32))  # a member of staff, or "holder"
    press: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    journalled: Mapped[bool] = mapped_column(default=True)
