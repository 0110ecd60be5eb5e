"""A case as routing, timers and counts need it. No content."""

from datetime import date

from sqlalchemy import Boolean, ColumnElement, ForeignKey, Index, String, and_, column, false, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import IN_KEY_ORDER, Base, of_those

NO_DAY = date.max  # the place in lists of an open case for which no date runs: the last

CLOSED, TAKEN = column("closed_on").is_not(None), column("handler_id").is_not(None)
ANSWERED = column("answered_on").is_not(None)
OPEN = column("closed_on").is_(None) & column("answered_on").is_(None)  # somebody still has to do something
# By what a list can be narrowed, beside its own order: whoever looks for few among many reads the index alone.
NARROWED_BY = ("received_on", "procedure", "stage", "place_id", "theme_id", "channel", "id")
SET_ASIDE, JOURNALLED = column("set_aside", Boolean()), column("journalled", Boolean())


def _list(name: str, first: str, holds: ColumnElement[bool], *asked: str) -> Index:
    """The index of one of the desk's lists, in its order. What the list asks for stands at its end, so that whoever
    counts or turns pages reads nothing but the index.
    """
    return Index(f"ix_cases_{name}", first, "list_day", "reference", *asked, **of_those(holds))


class Case(Base):
    """The handling of one submission."""

    __tablename__ = "cases"
    __table_args__ = (
        _list("open", "reader", OPEN, "closed_on", "answered_on", "set_aside", "handler_id", *NARROWED_BY),
        _list(
            "new",
            "reader",
            OPEN & ~TAKEN & ~SET_ASIDE,
            "closed_on",
            "answered_on",
            "handler_id",
            "set_aside",
            "id",
        ),
        _list("mine", "handler_id", OPEN & TAKEN, "closed_on", "answered_on", "reader"),
        _list("waiting", "reader", column("holder_wrote_on").is_not(None), "holder_wrote_on"),
        _list("to_close", "reader", ANSWERED, "answered_on"),
        _list("aside", "reader", and_(SET_ASIDE), "set_aside"),
        _list("closed", "reader", CLOSED, "closed_on", "handler_id", *NARROWED_BY),
        Index(  # in the order of receipt, of whatever list
            "ix_cases_received",
            "reader",
            "received_on",
            "reference",
            "closed_on",
            "answered_on",
            "set_aside",
            "list_day",
            "handler_id",
            *NARROWED_BY[1:],
        ),
        Index("ix_cases_reference", "reader", "reference"),
        Index("ix_cases_end", "reader", text("substr(reference, 5)")),  # what stands behind the hyphen
        Index("ix_cases_version", "procedure", "version"),
        Index("ix_cases_to_enter", "received_on", **of_those(~JOURNALLED)),
        IN_KEY_ORDER,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    procedure: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(20))
    place_id: Mapped[str | None] = mapped_column(
        ForeignKey("places.id")
    )  # of a concern a directorate at most
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("themes.id"))
    received_on: Mapped[date]
    allocated_on: Mapped[date | None]  # for the first time
    stage: Mapped[str] = mapped_column(String(40))
    reader: Mapped[str] = mapped_column(
        String(40)
    )  # the vault whose members may open it; empty: sealed to persons
    handler_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    closed_on: Mapped[date | None]
    answered_on: Mapped[date | None]  # while it is answered, owes nobody anything and is not closed
    holder_wrote_on: Mapped[date | None]
    stage_asked_on: Mapped[date | None]  # by the holder, as long as nobody has opened or refused it
    next_due: Mapped[date | None]
    next_deadline: Mapped[str | None] = mapped_column(String(60))
    list_day: Mapped[date]  # the day of closing, or of the answer; else the next date, or `NO_DAY`
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
    beyond: Mapped[bool] = mapped_column(default=False, server_default=false())  # with good reason alone


class Pause(Base):
    """The clock of an enquiry stood still while consent was awaited."""

    __tablename__ = "pauses"
    __table_args__ = (IN_KEY_ORDER,)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[date]
    until: Mapped[date | None]
