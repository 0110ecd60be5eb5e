"""What reporters have not sent yet: a file of its own, which no backup takes and no import waits for."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from .base import IN_KEY_ORDER, Sealed


class DraftsBase(DeclarativeBase):
    """Apart from `Base`: these tables are never migrated. An older one is thrown away with what lies in it."""


class KeptDraft(DraftsBase):
    """A draft, sealed for one visit. Rows lie in the order of a hash, not of arrival."""

    __tablename__ = "drafts"
    __table_args__ = IN_KEY_ORDER

    lookup: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    visit: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    hour: Mapped[int] = mapped_column(index=True)  # of the last press, in whole hours since 1970
    sealed: Mapped[bytes] = mapped_column(Sealed)
