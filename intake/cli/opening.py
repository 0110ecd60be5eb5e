"""Opening the office of an instance for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from intake import config, database
from intake.cli.telling import SENTENCES
from intake.services.ground.office import Office, assemble
from intake.services.ground.refusals import NotStored, Refused
from intake.services.instance import founding

_OPEN: list[Office] = []  # by this command
SENTENCES |= {Refused, NotStored}


@contextmanager
def opened(
    settings: config.Settings | None = None, *, check: bool = True, durable: bool = True
) -> Iterator[Office]:
    """The office of the instance, closed again at the end. Raises `BadSetting`."""
    settings = settings or config.load()
    engine = database.connect(settings.url, durable=durable)
    try:
        with Session(engine) as session:
            office = assemble(settings, session)
            founding.check(office) if check else founding.check_database(office)
            _OPEN.append(office)
            try:
                yield office
            finally:
                _OPEN.pop()
    finally:
        engine.dispose()


def now() -> datetime:
    """The moment, for commands: by the clock of the instance that is open."""
    return _OPEN[-1].now() if _OPEN else datetime.now(UTC)
