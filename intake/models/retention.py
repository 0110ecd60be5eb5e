"""What keeps a closed case, what is to be destroyed, and what is left for its holder when it was."""

from datetime import date

from sqlalchemy import ForeignKey, Index, LargeBinary, String, column
from sqlalchemy.orm import Mapped, mapped_column

from .base import IN_KEY_ORDER, Base, Sealed, of_those


class Hold(Base):
    """A case is kept whatever its schedule says; gone once that is lifted. Why lies sealed in records."""

    __tablename__ = "holds"
    __table_args__ = (IN_KEY_ORDER,)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    placed_on: Mapped[date]


class Destruction(Base):
    """A list of cases to be destroyed: proposed by one, confirmed by another, carried out. It outlives them."""

    __tablename__ = "destructions"
    __table_args__ = (Index("ix_destructions_under_way", "reader", **of_those(column("done_on").is_(None))),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reader: Mapped[str] = mapped_column(String(40))  # whose cases they are: of one circle alone
    proposed_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    proposed_on: Mapped[date]
    cases: Mapped[int]  # how many were put on it
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))  # SHA-256 over its cases as they then stood
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_on: Mapped[date | None]
    destroyed: Mapped[int] = mapped_column(default=0)
    done_on: Mapped[date | None]  # nothing of it is left to be done
    wiped_on: Mapped[date | None]  # nothing of it is left in the database's files
    backup_key: Mapped[str] = mapped_column(String(40), default="")  # fingerprint of the key of older backups
    beyond_backups_on: Mapped[date | None]  # the paper of that key is gone, and so are those backups


class Destined(Base):
    """A case on such a list, as it stood when it was put there."""

    __tablename__ = "destined"
    __table_args__ = (IN_KEY_ORDER,)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    destruction_id: Mapped[str] = mapped_column(ForeignKey("destructions.id"), index=True)
    revision: Mapped[int]


class Tombstone(Base):
    """In the place of a receipt whose case was destroyed: what its code finds, sealed to that code, and no case."""

    __tablename__ = "tombstones"
    __table_args__ = (IN_KEY_ORDER,)

    lookup: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(Sealed)  # empty where the receipt had no public half
    until_year: Mapped[int]  # the last year in which it is kept
