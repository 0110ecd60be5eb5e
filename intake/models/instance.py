"""What an instance is, for good."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Instance(Base):
    """One row: a demonstration stays one, and a real instance never becomes one."""

    __tablename__ = "instance"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    demonstration: Mapped[bool]
    set_up_on: Mapped[date]


class UpgradeUnderWay(Base):
    """One row while an upgrade has begun and is not finished; none otherwise."""

    __tablename__ = "upgrade_under_way"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
