"""What a process loads, and what it leaves alone until it is asked for. Modules are counted, no memory and no time."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from alembic.script import ScriptDirectory

from intake import migrating
from intake.cli import FILE_OF

LARGE = {  # of what no page and no tick needs
    "alembic",
    "docx",
    "fontTools",
    "lxml",
    "numpy",
    "openpyxl",
    "resvg_py",
    "scipy",
    "segno",
    "sqlalchemy.dialects.postgresql",
    "weasyprint",
    "xlsxwriter",
}
SAY = "; import sys; print(*sys.modules)"
COMMAND = "from intake.cli import main; main({!r}, standalone_mode=False)"


def loaded_by(start: str, instance) -> set[str]:
    """The packages and modules that a process has loaded once it has started."""
    ended = subprocess.run(
        [sys.executable, "-c", start + SAY],
        env=os.environ | {"INTAKE_INSTANCE": str(instance)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ended.stdout.splitlines()[-1].split())


def test_a_worker_loads_nothing_large_until_a_file_is_asked_for(instance):
    assert loaded_by("import wsgi", instance) & LARGE == set()


def test_the_process_that_workers_are_forked_from_opens_no_instance(tmp_path):
    """It has no settings, no key and no connection to share: where there is no instance it does the same."""
    start = "from intake import wiring; wiring.load_what_workers_share()"
    loaded = loaded_by(start, tmp_path / "nowhere")
    assert loaded & LARGE == set()
    assert loaded >= {"flask", "sqlalchemy", "cryptography"}
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("command", [["tick"], ["counts", "--year", "2025-26"], ["check"]])
def test_a_command_loads_no_web_framework_and_nothing_large(instance, command):
    assert loaded_by(COMMAND.format(command), instance) & (LARGE | {"flask", "jinja2", "werkzeug"}) == set()


def test_who_watches_over_a_site_all_day_loads_no_database_and_no_key(instance):
    """`serve` itself: what it asks of the database is asked by a process that ends."""
    start = "import intake.cli.serve; " + COMMAND.format(["serve", "--help"])
    assert loaded_by(start, instance) & (LARGE | {"cryptography", "flask", "sqlalchemy"}) == set()


def test_every_command_is_found_in_its_file():
    for name, file in FILE_OF.items():
        module = __import__(f"intake.cli.{file}", fromlist=[file])
        assert getattr(module, name.replace("-", "_")).name == name


def test_the_shape_that_is_read_from_the_migrations_is_the_one_that_alembic_reads():
    folder = ScriptDirectory(migrating.MIGRATIONS)
    assert migrating.newest() == folder.get_current_head()
    for script in folder.walk_revisions():
        assert migrating.is_known(script.revision)
    assert not migrating.is_known("of another program")
