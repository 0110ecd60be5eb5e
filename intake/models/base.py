"""What all tables share."""

from datetime import UTC, datetime
from typing import TypedDict

from sqlalchemy import ColumnElement, DateTime, Dialect, LargeBinary, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

IN_KEY_ORDER = {"sqlite_with_rowid": False}  # a hidden row number would tell the order of arrival


class OfThose(TypedDict):
    """What makes an index one of some rows alone."""

    sqlite_where: ColumnElement[bool]


def of_those(holds: ColumnElement[bool]) -> OfThose:
    """An index of those rows of which this holds. The migrations make it so on either database; here it is said of one,
    for whoever names PostgreSQL loads what it needs.
    """
    return {"sqlite_where": holds}


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC whatever the database makes of time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Sealed(TypeDecorator[bytes]):
    """Bytes that came out of the vault: no plain text is ever given to a column of this type."""

    impl = LargeBinary
    cache_ok = True


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
