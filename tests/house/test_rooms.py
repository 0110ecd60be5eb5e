"""The rooms inside: none knows a neighbour but by a door that is drawn here, none is crowded, and nothing circles."""

from __future__ import annotations

import ast

import pytest

from .test_floors import HOUSE, imports_of

# Of each storey its rooms, and what each may import there besides itself.
DOORS = {
    "services": {
        "ground": set(),
        "cases": {"ground"},
        "people": {"ground"},
        "tick": {"ground", "cases"},
        "points": {"ground", "cases"},
        "holders": {"ground", "cases", "points", "retention.tombstones"},
        "casework": {"ground", "cases", "people", "points", "inquiries.closing", "inquiries.reading"},
        "access": {"ground", "cases", "people", "points"},
        "rerouting": {"ground", "cases", "points", "access", "inquiries.reading"},
        "retention": {"ground", "cases", "people.signing_in", "casework.linking", "desk.leafing"},
        "desk": {"ground", "cases", "casework"},
        "triage": {"ground", "cases", "casework"},
        "inquiries": {"ground", "cases", "casework"},
        "figures": {"ground", "cases"},
        "oversight": {"ground", "cases", "inquiries.reading"},
        "register": {"ground", "cases", "figures.coverage", "retention.tombstones"},
        "instance": {
            "ground",
            "cases",
            "figures.coverage",
            "tick.escalation",
            "people.recovering",
            "retention.beyond_backups",
            "retention.marks",
        },
        "journal": {"ground", "cases", "instance.anchoring"},
        "sharing": {"ground", "cases", "casework.case_page"},
    },
    "web.staff": {
        "door": set(),
        "casework": {"door"},
        "access": {"door"},
        "entering": {"door"},
        "points": {"door"},
        "desk": {"door"},
        "figures": {"door"},
        "journal": {"door"},
        "people": {"door"},
        "oversight": {"door"},
        "register": {"door"},
        "rerouting": {"door"},
        "sharing": {"door"},
        "retention": {"door"},
        "triage": {"door"},
        "inquiries": {"door"},
    },
}
MOST_FILES = 12  # in a room, `__init__` apart
LAZY = {
    ("intake.register.reading", "intake.register.workbook"),  # slow to load, and most registers are CSV
    ("intake.database", "intake.database.postgresql"),  # so is its driver, and most instances are on SQLite
}

FILES = {
    ".".join(("intake", *path.relative_to(HOUSE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in HOUSE.rglob("*.py")
}
PACKAGES = {module for module, path in FILES.items() if path.name == "__init__.py"}
INNER = [
    (module, storey)
    for storey in DOORS
    for module in sorted(FILES)
    if module.startswith(f"intake.{storey}.") and module not in PACKAGES
]


def known(source: str, module: str) -> set[str]:
    """What a source imports of this house's files; a package only for what lies in it."""
    package = module.split(".") if module in PACKAGES else module.split(".")[:-1]
    return {other for other in imports_of(source, package) if other in FILES and other not in PACKAGES}


def trespasses(source: str, module: str, storey: str) -> list[str]:
    """Imports from another room of the storey that no door leads to."""
    prefix = f"intake.{storey}."
    room = module.removeprefix(prefix).split(".")[0]
    open_to = {room, *DOORS[storey][room]}
    there = {other.removeprefix(prefix) for other in known(source, module) if other.startswith(prefix)}
    return [other for other in sorted(there) if not {other, other.split(".")[0]} & open_to]


@pytest.mark.parametrize(("module", "storey"), INNER)
def test_no_room_knows_a_neighbour_that_no_door_leads_to(module: str, storey: str):
    room, *inside = module.removeprefix(f"intake.{storey}.").split(".")
    assert inside, f"{module} stands in the corridor: every file has a room"
    assert room in DOORS[storey], f"{module} is in a room that nobody has drawn"
    assert trespasses(FILES[module].read_text("utf-8"), module, storey) == []


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("intake.services.ground.journal", "from intake.services.cases import words"),
        ("intake.services.cases.words", "from ..casework.acts import note"),
        ("intake.services.tick.sending", "from intake.services.people import accounts"),
        ("intake.services.holders.returning", "from intake.services.desk import lists"),
        ("intake.services.register.rows", "from intake.services.figures import drawing_up"),
        ("intake.services.instance.founding", "from intake.services.holders.submitting import receive"),
        ("intake.web.staff.door.guard", "from intake.web.staff.desk import lists"),
        ("intake.web.staff.people.joining", "from ..figures.pages import counts"),
    ],
)
def test_a_planted_trespass_is_seen(module: str, planted: str):
    storey = "services" if ".services." in module else "web.staff"
    assert trespasses(planted, module, storey) != []


def test_a_door_that_is_drawn_is_open():
    through = "from intake.services.figures.coverage import spans"
    assert trespasses(through, "intake.services.register.rows", "services") == []


@pytest.mark.parametrize(
    ("storey", "room"), [(storey, room) for storey, rooms in DOORS.items() for room in rooms]
)
def test_no_room_has_more_files_than_one_can_keep_in_mind(storey: str, room: str):
    files = list((HOUSE / storey.replace(".", "/") / room).glob("*.py"))
    assert 0 < len(files) - 1 <= MOST_FILES


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """A way that leads back to where it began; empty where there is none."""
    seen: set[str] = set()

    def walk(module: str, way: list[str]) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in seen:
            return []
        seen.add(module)
        return next((found for other in sorted(arrows[module]) if (found := walk(other, [*way, module]))), [])

    return next((found for module in sorted(arrows) if (found := walk(module, []))), [])


def test_nothing_leads_back_to_where_it_began():
    arrows = {module: known(path.read_text("utf-8"), module) - {module} for module, path in FILES.items()}
    assert circle(arrows) == []
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]


def hidden(source: str, module: str) -> set[str]:
    """Imports, inside a function, of one's own top room: that is how circles hide."""
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    inside = {other for node in functions for other in known(ast.unparse(node), module)}
    return {other for other in inside if other.split(".")[1] == module.split(".")[1]}


def test_no_import_hides_in_a_function():
    found = {
        (module, other)
        for module, path in FILES.items()
        if module != "intake"
        for other in hidden(path.read_text("utf-8"), module)
    }
    assert found == LAZY
    assert hidden("def draw():\n    from . import report\n", "intake.web.public.problems")
