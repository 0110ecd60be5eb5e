"""A new case as plain rows: made in full before the lock is asked for, and put in with one statement a table.

Whoever writes waits for the writing alone, and nothing is read back.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import cast

from sqlalchemy import Table, insert

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
_PUT = {
    table: insert(cast(Table, table.__table__)) for table in TABLES
}  # to write one takes longer than to run it
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


def new_case(**facts: object) -> Case:
    """A case that nobody has worked on, in no session."""
    return Case(**UNTOUCHED | facts)


def put(session: AnySession, case: Case, rows: Rows) -> None:
    """Write a new case and the rows beside it, inside the caller's transaction."""
    connection = session.connection()
    of_case = {Case: [{column: getattr(case, column) for column in UNTOUCHED}]}
    for table, put_in in _PUT.items():
        if made := (of_case | rows).get(table):
            connection.execute(put_in, made)
