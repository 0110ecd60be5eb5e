"""What all tables share."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, DateTime, LargeBinary, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

IN_KEY_ORDER = {"sqlite_with_rowid": False}  # a hidden row number would tell the order of arrival


def of_those(holds: ColumnElement[bool]) -> dict:
    """What makes an index one of some rows alone, on either database."""
    return {"sqlite_where": holds, "postgresql_where": holds}


class Moment(TypeDecorator):
    """An aware moment, kept in UTC whatever the database makes of time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Sealed(TypeDecorator):
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
