"""A case as routing, timers and counts need it. No content."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from .base import IN_KEY_ORDER, Base


class Case(Base):
    """The handling of one submission."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_list", "closed_on", "next_due"),
        Index("ix_cases_received", "journalled", "received_on"),
        IN_KEY_ORDER,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    procedure: Mapped[str] = mapped_column(String(40), index=True)
    version: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(20))
    service: Mapped[str | None] = mapped_column(String(80))
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("themes.id"))
    received_on: Mapped[date]
    allocated_on: Mapped[date | None]  # for the first time
    stage: Mapped[str] = mapped_column(String(40))
    handler_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    closed_on: Mapped[date | None]
    holder_wrote_on: Mapped[date | None]
    next_due: Mapped[date | None]
    next_deadline: Mapped[str | None] = mapped_column(String(60))
    escalation: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    journalled: Mapped[bool] = mapped_column(default=False)
    set_aside: Mapped[bool] = mapped_column(default=False, server_default=false())  # beyond the hour's budget


class Event(Base):
    """Something that happened to a case and that a clock may count from."""

    __tablename__ = "events"
    __table_args__ = (IN_KEY_ORDER,)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    on: Mapped[date]


class Extension(Base):
    """A deadline moved; its reason is a sealed record of the case."""

    __tablename__ = "extensions"
    __table_args__ = (IN_KEY_ORDER,)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    deadline: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[date]
    agreed_on: Mapped[date]


class Pause(Base):
    """The clock of an enquiry stood still while consent was awaited."""

    __tablename__ = "pauses"
    __table_args__ = (IN_KEY_ORDER,)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[date]
    until: Mapped[date | None]
