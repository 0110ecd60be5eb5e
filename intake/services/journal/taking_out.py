"""Lines of the journal as a file. That somebody took it is a line too, and nothing is given before it is on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from intake.database import writing
from intake.documents import journal_csv
from intake.services.ground import journal
from intake.services.ground.office import Office
from intake.services.ground.roles import Officer

from . import lines, walls
from .lines import Asked, Line


def file(office: Office, officer: Officer, asked: Asked, *, now: datetime) -> str:
    """The lines of a year at most as CSV. Raises `NotFound` for whoever may read none, and `NotStored`.

    Whoever opens no case gets a word for each, made for this file alone: it tells which lines are of one case, in
    this file and in no other, and of which case nowhere.
    """
    found = lines.every(office, officer, asked, now=now)
    first, last, _ = lines.days(asked, office.today(now))
    with writing(office.session):
        act = journal.Act.JOURNAL_EXPORTED
        journal.append(office.session, at=now, actor=officer.id, act=act, first=first, last=last)
    return journal_csv.write(_rows(found, named=walls.opens_cases(officer)))


def _rows(found: Sequence[Line], *, named: bool) -> Iterator[journal_csv.Row]:
    seen: dict[str, str] = {}
    for line in found:
        case = line.reference or ""
        if not named and line.case_id:
            case = seen.setdefault(line.case_id, f"case {len(seen) + 1}")
        moment = line.at.astimezone(walls.LONDON).strftime("%H:%M:%S") if line.at else ""
        yield (line.on.isoformat(), moment, line.who, line.act, case)
