"""Accounts and sessions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import IN_KEY_ORDER, Base, Moment, Sealed


class Staff(Base):
    """An officer's account. The private key and the second factor open with the password alone."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(40))
    direct_line: Mapped[str] = mapped_column(String(40), default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(Moment)
    joined_at: Mapped[datetime | None] = mapped_column(Moment)
    invitation: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # hash of the code
    invited_until: Mapped[datetime | None] = mapped_column(Moment)
    public: Mapped[bytes | None] = mapped_column(LargeBinary)
    lock: Mapped[bytes | None] = mapped_column(LargeBinary)  # Argon2id's salt and parameters
    sealed_key: Mapped[bytes | None] = mapped_column(Sealed)
    sealed_second_factor: Mapped[bytes | None] = mapped_column(Sealed)
    last_code: Mapped[int] = mapped_column(default=0)  # time step of the last code used


class Absence(Base):
    """Somebody is away from a day to a day, both included. Without a cover their managers are told."""

    __tablename__ = "absences"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date]
    cover_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class SavedList(Base):
    """A list that an officer narrowed and saved: its name and its address, sealed under their own key."""

    __tablename__ = "saved_lists"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(Sealed)


class StaffSession(Base):
    """Somebody signed in: the key wrapped under a secret that only the browser's cookie holds."""

    __tablename__ = "sessions"
    __table_args__ = (IN_KEY_ORDER,)

    lookup: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    sealed_key: Mapped[bytes] = mapped_column(Sealed)
    began_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
