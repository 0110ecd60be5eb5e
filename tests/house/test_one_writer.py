"""What the row of a case keeps of its standing has one writer: lists, timers and counts may trust it."""

from __future__ import annotations

import ast
from dataclasses import fields

import pytest

from intake.models import Case
from intake.procedures.position import Place

from .test_rooms import FILES

WRITER = "intake.services.cases.timekeeping"
KEPT = {field.name for field in fields(Place)} | {"escalation", "allocated_on"}
SOURCES = {
    module: path.read_text("utf-8") for module, path in FILES.items() if module.startswith("intake.serv")
}


def written(source: str) -> set[str]:
    """The columns that a source writes on a case: `case.stage = ...`, `setattr(case, ...)`, `.values(stage=...)`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found |= set() if ast.unparse(node.value) == "self" else {node.attr}
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name in {"values", "new_case"}:
                found |= {keyword.arg or "**" for keyword in node.keywords}
            if isinstance(node.func, ast.Name) and node.func.id == "setattr":
                found.add("stage")
    return found & KEPT


def test_what_a_place_keeps_are_columns_of_a_case():
    assert {column.key for column in Case.__table__.columns} >= KEPT


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_no_other_file_writes_where_a_case_stands(module: str):
    if module == WRITER:
        assert written(SOURCES[module]) == KEPT
    else:
        assert not written(SOURCES[module])


@pytest.mark.parametrize(
    "planted",
    [
        "case.next_due = day",
        "case.stage, case.revision = 'stage-2', 3",
        "case.escalation += 1",
        "session.execute(update(Case).values(closed_on=today))",
        "filing.new_case(stage='stage-1')",
        "setattr(case, name, value)",
    ],
)
def test_a_second_writer_is_seen(planted: str):
    assert written(planted)
