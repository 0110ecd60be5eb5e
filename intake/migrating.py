"""Bringing a database to the newest shape, with Alembic. Killed half way, it can be run again."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from intake.config import ROOT


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run every migration that is missing, up to the one named, each in a transaction of its own."""
    with engine.connect() as connection:
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, to)


def is_current(engine: Engine) -> bool:
    """Whether the database has the shape that this program expects."""
    newest = ScriptDirectory.from_config(_configuration()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(ROOT / "migrations"))
    return configuration
