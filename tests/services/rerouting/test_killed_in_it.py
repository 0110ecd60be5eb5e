"""The process is killed while a case is sent on: it is where it was, whole, or where it goes, whole."""

from __future__ import annotations

import os
import signal

import pytest
from sqlalchemy import event

from intake.services.casework import case_page
from intake.services.ground import journal
from intake.services.ground.refusals import NotFound
from intake.services.holders import returning
from intake.services.rerouting import moving
from tests.conftest import opened

from .story import DANGER, LATER, case_of, propose, stamp
from .test_a_complaint_becomes_a_concern import everything


@pytest.mark.parametrize("when", ["half-way", "before the commit", "after the commit"])
def test_it_is_whole_on_one_side_or_the_other(
    office, instance, officer, manager, monitoring_officer, told, when
):
    propose(office, manager, told.reference, danger=DANGER)
    before, seen = everything(office), stamp(office, told.reference)
    child = os.fork()
    if child == 0:
        try:
            _killed(instance, manager, told.reference, seen, when)
        finally:
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    here, there = (
        (officer, monitoring_officer) if when != "after the commit" else (monitoring_officer, officer)
    )
    assert (everything(office) == before) == (here is officer)
    now = case_of(office, told.receipt).reference
    assert case_page.open_case(office, here, now, now=LATER).words
    for reference in (now, told.reference):
        with pytest.raises(NotFound):
            case_page.open_case(office, there, reference, now=LATER)
    assert returning.open_case(office, told.receipt, now=LATER).reference == now
    assert journal.verify(office).fault == ""


def _killed(instance, manager, reference: str, seen: int, when: str) -> None:
    """Send it on in this process, which dies in it."""

    def die(*_) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def at_the_third_write(_, __, statement: str, *___) -> None:
        writes.append(statement.startswith(("INSERT", "UPDATE", "DELETE")))
        if sum(writes) == 3:
            die()

    writes: list[bool] = []
    with opened(instance) as theirs:
        engine = theirs.session.get_bind().engine
        if when == "half-way":
            event.listen(engine, "before_cursor_execute", at_the_third_write)
        elif when == "before the commit":
            event.listen(engine, "commit", die)
        else:
            moving.leave_no_log = die
        moving.move(theirs, manager, reference, revision=seen, now=LATER)
