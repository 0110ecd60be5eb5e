"""A new case as plain rows: made in full before the lock is asked for, and put in with one statement a table.

Whoever writes waits for the writing alone, and nothing is read back.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import cast

from sqlalchemy import Table

from intake.database import plainly
from intake.models import (
    Base,
    Case,
    DeadlineRow,
    Envelope,
    Event,
    ReceiptLock,
    Record,
    StageReceipt,
    StepRow,
)
from intake.services.ground.office import AnySession

Rows = dict[type[Base], list[dict[str, object]]]

TABLES = (
    Case,
    Event,
    StageReceipt,
    DeadlineRow,
    StepRow,
    Envelope,
    Record,
    ReceiptLock,
)  # the others name the case
# The row of a case that nobody has worked on, to be filled in.
UNTOUCHED = dict.fromkeys(Case.__table__.columns.keys()) | {
    "escalation": 0,
    "revision": 1,
    "set_aside": False,
}


def new_key(received_on: date) -> str:
    """A key for a case: its day, so that the rows of a day lie together and can be laid out anew (`database.arrivals`),
    and 104 random bits. 32 characters.
    """
    return f"{received_on.toordinal():06x}{secrets.token_hex(13)}"


def new_case(**facts: object) -> dict[str, object]:
    """The row of a case that nobody has worked on."""
    return UNTOUCHED | facts


def put(session: AnySession, rows: Rows) -> None:
    """Write the rows of a new case, inside the caller's transaction."""
    connection = plainly(session)
    for table in TABLES:
        if made := rows.get(table):
            connection.put(cast(Table, table.__table__), made)
