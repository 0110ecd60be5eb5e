"""SPEC.md names every purpose of the server's key, and every info string, wherever in the program it is used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2] / "intake"
SPEC = (HOUSE / "vault" / "SPEC.md").read_text("utf-8")
INFO = re.compile(r"intake/vault/v1/[a-z0-9-]+")


def server_purposes(source: str) -> set[str]:
    """The purposes for which a source derives from the server's key; `?` where it cannot be read off."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = ast.unparse(node.func.value)
        if node.func.attr == "for_purpose" and (owner.endswith(".key") or "server" in owner.lower()):
            (given,) = node.args
            found.add(given.value if isinstance(given, ast.Constant) else "?")
    return found


def told_in_the_specification() -> list[str]:
    section = SPEC.partition("## The server's key")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([a-z/-]+)` \|", section, re.M)


@pytest.mark.long
def test_every_purpose_of_the_servers_key_is_told_and_back():
    used = set().union(*(server_purposes(path.read_text("utf-8")) for path in HOUSE.rglob("*.py")))
    told = told_in_the_specification()
    assert len(set(told)) == len(told)
    assert used == set(told)


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("office.key.for_purpose('more')", {"more"}),
        ("key = self.office.key.for_purpose(name)", {"?"}),
        ("read_server_key(settings).for_purpose('more')", {"more"}),
        ("case_key.for_purpose('submission')", set()),
    ],
)
def test_a_planted_purpose_is_found(planted, found):
    assert server_purposes(planted) == found


@pytest.mark.long
def test_every_info_string_anywhere_is_told_and_back():
    used = {
        label
        for path in HOUSE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
        for label in INFO.findall(node.value if isinstance(node.value, str) else node.value.decode("latin-1"))
    }
    assert used == set(INFO.findall(SPEC))


def test_keys_are_derived_in_the_vault_alone():
    """No other room makes keys from keys by a way of its own, which nobody would look for in the specification."""
    elsewhere = {
        str(path.relative_to(HOUSE))
        for path in HOUSE.rglob("*.py")
        if path.parent.name != "vault"
        and re.search(r"HKDF\w*\(|PBKDF2|pbkdf2|scrypt|Argon2id\(", path.read_text("utf-8"))
    }
    assert elsewhere == set()
