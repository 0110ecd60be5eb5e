"""The list of what was destroyed, as keyed hashes in a file beside the server's key: a restore is given it, so that
nothing of it comes back unseen. The journal tells the same, and the file is written from it.
"""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select

from intake.config import Settings
from intake.database import reading
from intake.models import JournalLine
from intake.services.ground import journal
from intake.services.ground.office import Office, write_key_file
from intake.services.ground.refusals import Refused

from . import tombstones

LIST = "keys/destroyed.list"
FIRST_LINE = "intake destroyed 1"
_MARK = re.compile(r"[0-9a-f]{64}")


def list_file(settings: Settings) -> Path:
    """Where the marks of what was destroyed lie, beside the server's key."""
    return settings.instance / LIST


def write_list(office: Office) -> None:
    """Put a mark of every case that the journal tells to be destroyed into a file, in an order that tells nothing."""
    session = office.session
    with reading(session):
        ids = session.scalars(
            select(JournalLine.case_id).where(JournalLine.act == str(journal.Act.DESTROYED))
        ).all()
    marks = sorted({mark_of(office, case_id) for case_id in ids if case_id})
    if marks:
        write_key_file(list_file(office.settings), "\n".join([FIRST_LINE, *marks, ""]).encode("ascii"))


def read_list(file: Path) -> frozenset[str]:
    """The marks in such a file. Raises `Refused` for another one."""
    try:
        first, *marks = file.read_text("ascii").split("\n")
    except (OSError, ValueError) as error:
        raise Refused(f"{file} cannot be read, or is no list of what was destroyed.") from error
    marks = [mark for mark in marks if mark]
    if first != FIRST_LINE or not all(_MARK.fullmatch(mark) for mark in marks):
        raise Refused(f"{file} is no list of what was destroyed: it lies in an instance as {LIST}.")
    return frozenset(marks)


def mark_of(office: Office, case_id: str) -> str:
    """The mark of a case, which names it to nobody without the server's key."""
    return tombstones.mark(office, "case", case_id).hex()
