"""A new demonstration instance, with its officers and nothing else, for whatever fills one and measures it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from intake import config, database, migrating
from intake.demonstration import living
from intake.services.ground.office import Office, assemble, make_server_key


@contextmanager
def fresh(place: Path, *, now: datetime, more: str = "", durable: bool = False) -> Iterator[Office]:
    """The office of an instance that is set up in a folder; `more`: further lines of its settings.

    Closed when the block ends. Raises FileExistsError where there is an instance already.
    """
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (place / "settings.toml").open("x", encoding="utf-8") as file:
        file.write(f'demonstration = true\nauthority_name = "Bench"\n{more}')
    settings = config.load(place)
    make_server_key(settings)
    engine = database.connect(settings.url, durable=durable)
    migrating.upgrade(engine)
    with Session(engine) as session:
        office = assemble(settings, session)
        living.set_up(office, now=now)
        yield office
    engine.dispose()
