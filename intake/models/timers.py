"""Deadlines as last worked out, the steps that fall due before, on and after them, and the dates of inquiries."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import IN_KEY_ORDER, Base, Moment


class DeadlineRow(Base):
    """One deadline of one case, stored so that lists and counts need not work it out again."""

    __tablename__ = "deadlines"
    __table_args__ = (Index("ix_deadlines_due", "met_on", "due"), IN_KEY_ORDER)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    deadline: Mapped[str] = mapped_column(String(60), primary_key=True)
    stage: Mapped[str] = mapped_column(String(40))
    due: Mapped[date]
    latest: Mapped[date | None]
    provisional: Mapped[bool]
    met_on: Mapped[date | None]


class StepRow(Base):
    """One step of an escalation: taken at most once for one due date, however many tickers run."""

    __tablename__ = "steps"
    __table_args__ = (Index("ix_steps_waiting", "taken_at", "falls_on"), IN_KEY_ORDER)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    deadline: Mapped[str] = mapped_column(String(60), primary_key=True)
    step: Mapped[str] = mapped_column(String(40), primary_key=True)
    due: Mapped[date] = mapped_column(primary_key=True)
    falls_on: Mapped[date]
    taken_at: Mapped[datetime | None] = mapped_column(Moment)


class InquiryDate(Base):
    """The day of a step of an inquiry's plan, or of an action after it, as long as that waits: for the tick alone.
    What it is, and whose, is sealed; whoever settles it takes the row away.
    """

    __tablename__ = "inquiry_dates"
    __table_args__ = (Index("ix_inquiry_dates_due", "due", "told"), IN_KEY_ORDER)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False
    )  # the record that says what it is
    due: Mapped[date]
    told: Mapped[int] = mapped_column(
        default=0, server_default=text("0")
    )  # 1: the handler, 2: somebody else too
