"""What the figures are recorded for, so that "not recorded" stays apart from 0."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Coverage(Base):
    """A measure is recorded from a day on (both days included; no last day: still recorded)."""

    __tablename__ = "coverage"

    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date | None]
