"""What the house's papers name is there, and what is there they name."""

from __future__ import annotations

import re
import tomllib

import pytest

from .test_floors import HOUSE

GROUND = HOUSE.parent
MAP = (GROUND / "docs/architecture.md").read_text("utf-8")
DECISIONS = GROUND / "docs/decisions"
# The rooms of which the map names each file; of the others it says in words what is in them.
FILE_BY_FILE = ("procedures", "database", "services", "web/asked", "web/public")


@pytest.mark.parametrize("room", FILE_BY_FILE)
def test_the_map_names_every_file_of_a_room(room: str):
    files = {path.stem for path in (HOUSE / room).rglob("*.py")} - {"__init__"}
    assert files
    assert sorted(files - set(re.findall(r"\w+", MAP))) == []


def test_the_map_names_every_room_and_every_file_in_the_corridors():
    corridors = (HOUSE, HOUSE / "web", HOUSE / "web" / "staff", HOUSE / "services")
    found = {path.stem for corridor in corridors for path in corridor.iterdir() if path.name[0] not in "_."}
    assert sorted(found - set(re.findall(r"\w+", MAP))) == []


def test_decisions_are_numbered_one_after_the_other_and_listed():
    files = sorted(path.name for path in DECISIONS.glob("0*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    rows = re.findall(r"^\| \[(\d+)\]\((\S+)\) \|", (DECISIONS / "README.md").read_text("utf-8"), re.M)
    assert rows == [(str(int(name[:4])), name) for name in files]
    for name in files:
        assert (DECISIONS / name).read_text("utf-8").startswith(f"# {int(name[:4])}. ")


def test_what_is_excepted_from_a_rule_of_style_is_there():
    told = tomllib.loads((GROUND / "pyproject.toml").read_text("utf-8"))
    for pattern in told["tool"]["ruff"]["lint"]["per-file-ignores"]:
        assert any(GROUND.glob(pattern)), pattern


def test_make_help_keeps_its_columns():
    make = (GROUND / "Makefile").read_text("utf-8")
    width = int(re.search(r"printf 'make %-(\d+)s", make)[1])
    assert all(len(target) <= width for target in re.findall(r"^([a-z]+):[^#\n]*## ", make, re.M))
