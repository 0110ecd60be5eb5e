"""Cases that came from a register kept elsewhere."""

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import IN_KEY_ORDER, Base


class RegisterEntry(Base):
    """A row of a register and the case made of it."""

    __tablename__ = "register_entries"
    __table_args__ = (IN_KEY_ORDER,)

    # In the key, so that a register of one team neither finds nor replaces a case of the other.
    vault: Mapped[str] = mapped_column(String(40), primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), primary_key=True)  # as it stood in the register
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), unique=True)
    facts: Mapped[bytes] = mapped_column(LargeBinary(32))  # SHA-256 of the row's clear facts
    imported_on: Mapped[date]


class RegisterHeading(Base):
    """What a heading of the authority's own registers means here."""

    __tablename__ = "register_headings"

    heading: Mapped[str] = mapped_column(String(80), primary_key=True)
    column: Mapped[str] = mapped_column(String(40))
