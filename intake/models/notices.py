"""Content-free e-mail on its way to officers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import IN_KEY_ORDER, Base, Moment


class Notice(Base):
    """One e-mail: who is told that something waits, and how its sending went."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_waiting", "state", "kind"), IN_KEY_ORDER)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    deadline: Mapped[str | None] = mapped_column(String(60))
    due: Mapped[date | None]
    step: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))  # queued, sending, sent, failed
    queued_on: Mapped[date]
    tries: Mapped[int] = mapped_column(default=0)
    sent_on: Mapped[date | None]
    trouble: Mapped[str | None] = mapped_column(String(200))


class PostRound(Base):
    """One row: which rounds of the post have been made. Rounds are the clock's, and no arrival's."""

    __tablename__ = "post_round"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    quarter_hour: Mapped[int]  # since 1970: the last in which what had failed was tried again
    news_of: Mapped[datetime] = mapped_column(Moment)  # the last of the day's fixed times that was served
