"""What a role may see of concerns is decided in one file: nobody else compares vaults or readers."""

from __future__ import annotations

import ast

import pytest

from intake.services.ground.roles import ALTERNATE, COMPLAINTS, WHISTLEBLOWING

from .test_rooms import FILES

WALL = "intake.services.cases.concerns"
SAFE = "intake.services.ground."  # whose keys a vault has: it decides nothing of concerns
NAMES = {"ALTERNATE", "COMPLAINTS", "WHISTLEBLOWING"}
WORDS = {ALTERNATE, COMPLAINTS, WHISTLEBLOWING}
ASKED = [
    module
    for module in sorted(FILES)
    if module.startswith(("intake.services.", "intake.web."))
    and module != WALL
    and not module.startswith(SAFE)
]


def compared(source: str) -> list[str]:
    """Comparisons of something with a vault, by its name in the code or by its word."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare | ast.MatchValue | ast.IfExp):
            continue
        for part in ast.walk(node):
            name = getattr(part, "id", None) or getattr(part, "attr", None)
            word = part.value if isinstance(part, ast.Constant) else None
            if name in NAMES or (isinstance(word, str) and word in WORDS):
                found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("module", ASKED)
def test_no_other_file_compares_a_vault(module: str):
    assert compared(FILES[module].read_text("utf-8")) == []


def test_the_wall_itself_does():
    assert compared(FILES[WALL].read_text("utf-8"))


@pytest.mark.parametrize(
    "planted",
    [
        "hidden = role.vault == roles.WHISTLEBLOWING",
        "if procedure.reader != 'complaints': raise NotFound",
        "shown = reader in (COMPLAINTS, ALTERNATE)",
        "reader = WHISTLEBLOWING if who.alternate else who.role.vault",
    ],
)
def test_a_hole_in_the_wall_is_seen(planted: str):
    assert compared(planted)
