"""Who imports a register learns nothing of the other side and changes nothing there; no word is kept in clear."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from intake.models import Case, RegisterEntry, RegisterHeading, Theme
from intake.services.ground.refusals import Refused
from intake.services.register import importing
from tests import officers
from tests.register.files import EXAMPLE, as_csv, row
from tests.services.register.test_importing import (
    COUNTS,
    COVERS,
    NOW,
    case_of,
    counted,
    everything,
    import_,
)

SIDES = pytest.mark.parametrize(
    ("who", "kind", "outcome"),
    [
        ("manager", "whistleblowing", "substantiated"),
        ("monitoring_officer", "corporate", "upheld"),
        ("deputy", "corporate", "upheld"),
    ],
)


def referrals(office) -> int:
    return counted(office, "2024-25").get("whistleblowing-referrals", 0)


@SIDES
def test_an_import_tells_nothing_of_the_other_side_and_changes_nothing_there(
    office, request, who, kind, outcome
):
    """Each step of a check and of an import is the same, whether a row is known, changed or new."""
    importer = request.getfixturevalue(who)
    theirs = [row(reference=f"X/{n}", kind=kind, stage1_outcome=outcome) for n in range(300)]
    import_(office, as_csv(*theirs))
    before, kept = everything(office), case_of(office, "X/1").reference
    facts = office.session.scalars(select(RegisterEntry.facts)).all()

    def steps(rows, go):
        return [
            getattr(step, "checked", step) for step in go(office, as_csv(*rows), officer=importer, now=NOW)
        ]

    changed = [one | {"received_on": "2024-04-01", "stage1_received": ""} for one in theirs]
    unknown = [one | {"reference": f"Y/{n}"} for n, one in enumerate(theirs)]
    dry = [steps(rows, importing.check_only) for rows in (theirs, changed, unknown)]
    assert dry[0] == dry[1] == dry[2]
    told = [steps(rows, importing.run) for rows in (theirs, changed)]
    office.session.expire_all()
    assert everything(office) == before
    assert office.session.scalars(select(RegisterEntry.facts)).all() == facts
    assert case_of(office, "X/1").reference == kept
    told.append(steps(unknown, importing.run))
    assert told[0] == told[1] == told[2]
    last = told[0][-1]
    assert (last.new, last.replaced, last.unchanged, last.unread) == (300, 0, 0, 300)
    assert "whatever is here" in importing.sentences(last)[-2]


@SIDES
def test_a_row_of_ones_own_does_not_replace_a_case_of_the_other_side(office, request, who, kind, outcome):
    importer = request.getfixturevalue(who)
    mine = ("whistleblowing", "substantiated") if kind == "corporate" else ("compliment", "")
    import_(office, as_csv(row(reference="X/1", kind=kind, stage1_outcome=outcome)))
    theirs, before = case_of(office, "X/1").id, referrals(office)
    data = as_csv(row(reference="X/1", kind=mine[0], stage1_outcome=mine[1]))
    for run in (importing.dry_run, lambda *of, **more: list(importing.run(*of, **more))[-1].checked):
        told = run(office, data, officer=importer, now=NOW)
        assert (told.new, told.replaced, told.unchanged, told.fault_count) == (1, 0, 0, 0)
    office.session.expire_all()
    assert office.session.get(Case, theirs) is not None
    assert referrals(office) == before + (mine[0] == "whistleblowing")
    assert import_(office, data, officer=importer).checked.unchanged == 1


def test_a_concern_that_was_worked_on_is_no_fault_for_the_manager(office, manager, monitoring_officer):
    concern = row(reference="WB/1", kind="whistleblowing", stage1_outcome="substantiated")
    import_(office, as_csv(concern))
    reference = case_of(office, "WB/1").reference
    officers.note(office, monitoring_officer, reference, "Looked at again.", token="n" * 40, now=NOW)
    changed = as_csv(concern | {"stage1_outcome": "not substantiated"})
    told = importing.dry_run(office, changed, officer=manager, now=NOW)
    assert (told.faults, told.new) == ((), 1)
    (fault,) = importing.dry_run(office, changed, officer=monitoring_officer, now=NOW).faults
    assert reference in fault.words


def test_the_manager_imports_the_example_twice_and_doubles_nothing(office, manager):
    for new, unchanged in ((1698, 0), (3, 1695)):
        told = import_(office, EXAMPLE.read_bytes(), *COVERS, officer=manager).checked
        assert (told.new, told.replaced, told.unchanged, told.unread) == (new, 0, unchanged, 3)
        assert counted(office, "2023-24") == COUNTS["2023-24"]
        assert referrals(office) == 3
        assert office.session.scalar(select(func.count()).select_from(Case)) == 1698


def test_the_other_sides_register_makes_no_theme_of_a_row_that_is_left(office, monitoring_officer):
    import_(office, as_csv(row()))
    import_(office, as_csv(row(theme="Another")), officer=monitoring_officer)
    assert office.session.scalars(select(Theme.name)).all() == ["Delay"]


@pytest.mark.parametrize(
    ("column", "heading"),
    [("ignore", "CANARYJANE Smith"), ("theme", "CANARYJANE 07700900123"), ("theme", "c@d")],
)
def test_what_is_left_out_or_is_no_heading_is_not_kept(office, column, heading):
    if column == "ignore":
        importing.keep_headings(office, {heading: column})
    else:
        with pytest.raises(Refused, match="no long number or address"):
            importing.keep_headings(office, {heading: column})
    assert office.session.scalars(select(RegisterHeading)).all() == []
