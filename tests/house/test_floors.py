"""The house keeps its floors: nothing imports upwards, and the pure rooms know nobody."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2] / "intake"
PURE = {"procedures", "vault", "counts", "documents", "redaction", "register", "models", "config"}
MAY_IMPORT = {
    "procedures": set(),
    "vault": set(),
    "counts": set(),
    "documents": {"counts"},  # the plain values that a table of counts is made of
    "redaction": set(),
    "register": set(),
    "models": set(),
    "config": set(),
    "database": set(),
    "memory": set(),
    "migrating": {"config", "database", "models"},
    "services": PURE | {"database", "migrating"},
    # A client of the services, as the command line is.
    "demonstration": {"services", "procedures", "counts", "database", "models"},
    "web": {"services", "procedures", "counts", "documents", "register", "database"},
    "cli": PURE - {"vault", "models"} | {"services", "demonstration", "database", "memory"},
    "wiring": {"config", "database", "models", "procedures", "services", "web"},
}
NEVER = {
    "procedures": {"flask", "sqlalchemy", "cryptography", "wtforms"},
    "vault": {"flask", "sqlalchemy", "holidays", "wtforms"},
    "counts": {"flask", "sqlalchemy", "cryptography", "wtforms"},
    "documents": {"flask", "sqlalchemy", "cryptography", "wtforms"},
    "redaction": {"flask", "sqlalchemy", "cryptography", "wtforms"},
    "register": {"flask", "sqlalchemy", "cryptography", "wtforms"},
    "models": {"flask", "flask_sqlalchemy", "cryptography", "wtforms"},
    "services": {"flask", "flask_sqlalchemy", "flask_login", "wtforms", "werkzeug"},
    "cli": {"flask", "flask_sqlalchemy", "wtforms", "werkzeug"},
    "web": {"sqlalchemy", "cryptography"},
}


def imports_of(source: str, package: list[str]) -> set[str]:
    """Every module that a source imports, relative ones made whole."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (start, node.module or "") if part)
            found |= {f"{module}.{name.name}" for name in node.names} | {module}
    return found


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "intake" and len(parts) > 1 else None


def faults(source: str, room: str, package: list[str]) -> list[str]:
    wrong = []
    for module in imports_of(source, package):
        other, outside = room_of(module), module.split(".")[0]
        if other in MAY_IMPORT and other != room and other not in MAY_IMPORT[room]:
            wrong.append(f"{room} imports {module}")
        if outside in NEVER.get(room, ()):
            wrong.append(f"{room} imports {module}")
    return wrong


def rooms() -> list[tuple[Path, str]]:
    found = []
    for path in sorted(HOUSE.rglob("*.py")):
        inside = path.relative_to(HOUSE)
        room = inside.parts[0].removesuffix(".py")
        if room != "__init__":
            found.append((path, room))
    return found


@pytest.mark.parametrize(("path", "room"), rooms(), ids=lambda value: getattr(value, "name", value))
def test_nothing_runs_up_a_floor(path: Path, room: str):
    assert room in MAY_IMPORT, f"{path} is in a room that nobody has drawn"
    package = ["intake", *path.relative_to(HOUSE).parts[:-1]]
    assert faults(path.read_text("utf-8"), room, package) == []


@pytest.mark.parametrize(
    ("room", "planted"),
    [
        ("services", "from intake.web import public"),
        ("services", "import flask"),
        ("services", "from ..web.public import bp"),
        ("vault", "from intake.models import Case"),
        ("procedures", "from intake import vault"),
        ("web", "from intake.models import Case"),
        ("web", "from intake.vault.receipt import Receipt"),
        ("cli", "from intake.wiring import build"),
        ("counts", "import sqlalchemy.orm"),
    ],
)
def test_a_planted_import_is_seen(room: str, planted: str):
    assert faults(planted, room, ["intake", room]) != []


def test_files_are_rooms_that_one_person_can_hold_in_mind():
    large = {
        str(path.relative_to(HOUSE)): lines
        for path in HOUSE.rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert large == {}
