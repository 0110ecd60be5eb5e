"""What nobody has sent yet, in a file of its own or in tables without a log: no backup takes it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from .base import IN_KEY_ORDER, Sealed


class DraftsBase(DeclarativeBase):
    """Apart from `Base`: these tables are never migrated. An older one is thrown away with what lies in it, so a new
    shape takes a new name, and the old one a place among `OUTGROWN`."""


OUTGROWN = ("drafts",)


class KeptDraft(DraftsBase):
    """A draft, sealed for one visit. Rows lie in the order of a hash, not of arrival."""

    __tablename__ = "kept_drafts"
    __table_args__ = (Index("ix_kept_drafts_lasting_lot", "lasting", "lot"), IN_KEY_ORDER)

    lookup: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    visit: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)  # and its purpose, in one hash
    hour: Mapped[int] = mapped_column(index=True)  # of the last press, in whole hours since 1970
    turn: Mapped[int]  # the order of the last presses inside one visit
    lasting: Mapped[bool]  # whether it stays until its end; else a lot may fall on it when there is no room
    lot: Mapped[int] = mapped_column(BigInteger)  # random: where it lies when one is drawn
    sealed: Mapped[bytes] = mapped_column(Sealed)


class KeptUpload(DraftsBase):
    """A piece of a register that an officer is about to import, on PostgreSQL; beside SQLite it waits in a folder."""

    __tablename__ = "kept_uploads"
    __table_args__ = (IN_KEY_ORDER,)

    name: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    minute: Mapped[int] = mapped_column(index=True)  # in which it came, since 1970
    sealed: Mapped[bytes] = mapped_column(Sealed)
