"""What is counted, by what it is counted, and what has been published of it.

A receipt at a stage carries everything that figures are made of, and no foreign key: it outlives its case.
"""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import IN_KEY_ORDER, Base


class StageReceipt(Base):
    """A receipt at a stage: what is counted. It stays when its case is destroyed."""

    __tablename__ = "stage_receipts"
    __table_args__ = (
        Index(
            "ix_stage_receipts_counted",
            "received_on",
            "measure",
            "reader",
            "outcome",
            "due_on",
            "met_on",
            "working_days",
            "extensions",
            "next_stage",
            "place_id",
            "theme_id",
            "channel",
            "allocated_in",
            "refusal",
            "beyond",
        ),  # whatever a figure needs: a period is counted from this index alone
        IN_KEY_ORDER,
    )

    case_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    stage: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int]
    measure: Mapped[str | None] = mapped_column(String(40))
    reader: Mapped[str] = mapped_column(String(40))  # the vault whose members may open the case
    received_on: Mapped[date]
    responded_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(40))
    due_on: Mapped[date | None]
    met_on: Mapped[date | None]
    working_days: Mapped[int | None]
    extensions: Mapped[int]
    next_stage: Mapped[str | None] = mapped_column(String(10))  # opened or refused
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"))
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("themes.id"))
    channel: Mapped[str] = mapped_column(String(20))
    beyond: Mapped[int] = mapped_column(default=0, server_default="0")  # extensions with good reason alone
    allocated_in: Mapped[int | None]  # working days from receipt to the first allocation; first stages only
    refusal: Mapped[str | None] = mapped_column(String(24))  # the ground on which it was refused at the door


class PlaceRow(Base):
    """A directorate, a service or a team; from `closed_from` on nothing new is given to it."""

    __tablename__ = "places"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    closed_from: Mapped[date | None]


class SpellRow(Base):
    """A place stands below another, or below none, from a day on, until another spell begins."""

    __tablename__ = "place_spells"

    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"))


class Theme(Base):
    """What cases are about, in the authority's own words; one that was merged counts as the other."""

    __tablename__ = "themes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("themes.id"))


class Reclassification(Base):
    """A case was taken to another procedure; it is counted once, as what it is now."""

    __tablename__ = "reclassifications"
    __table_args__ = (Index("ix_reclassifications_received", "received_on"), IN_KEY_ORDER)

    case_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received_on: Mapped[date]
    decided_on: Mapped[date]
    from_procedure: Mapped[str] = mapped_column(String(40))
    to_procedure: Mapped[str] = mapped_column(String(40))


class Coverage(Base):
    """A measure is recorded from a day on (both days included; no last day: still recorded)."""

    __tablename__ = "coverage"

    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date | None]


class Edition(Base):
    """A quarter as it was published: number 1, and each revision after it with its reason.

    `place`: the directorate of which it is; empty: of the whole authority.
    """

    __tablename__ = "editions"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quarter: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[str] = mapped_column(String(32), primary_key=True, server_default="")
    sequence: Mapped[int] = mapped_column(unique=True)
    published_on: Mapped[date]
    published_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(Text)  # empty for the first; printed with the figures
    facts: Mapped[str] = mapped_column(Text)  # JSON: the exact figures
    open_figures: Mapped[str] = mapped_column(Text)  # JSON: the public ones, small cells suppressed
