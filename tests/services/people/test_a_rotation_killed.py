"""The process is killed while a vault's key is changed: all opens, nothing is lost, and run again it ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from sqlalchemy import event

from intake.services.ground import journal, pinning
from intake.services.ground.refusals import KeyDiffers
from intake.services.people import rewrapping, rotating
from intake.vault.keys import KeyPair
from tests.actors import complaint, send
from tests.by_hand import by_hand
from tests.conftest import opened

from .rotation import LATER, begin, go_on, opened_with, read_all, ring_of, some_cases

CASES, AT_A_TIME = 6, 10  # cases with two envelopes each: more than are sealed anew at a time


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_write(engine, number: int) -> None:
    """Die before a statement that writes."""
    writes: list[bool] = []

    def count(_, __, statement: str, *___) -> None:
        writes.append(statement.startswith(("INSERT", "UPDATE", "DELETE")))
        if sum(writes) == number:
            die()

    event.listen(engine, "before_cursor_execute", count)


def at_commit(engine, number: int) -> None:
    commits: list[int] = []

    def count(*_: object) -> None:
        commits.append(1)
        if len(commits) == number:
            die()

    event.listen(engine, "commit", count)


BEGINNING: dict[str, Callable] = {
    "with the first rows written": lambda _: at_write(_, 3),
    "before the pin is announced": lambda _: setattr(pinning, "announce", die),
    "before the commit": lambda _: at_commit(_, 1),
    "after the commit, before the pin": lambda _: setattr(pinning, "settle", die),
    "after the pin": lambda _: setattr(rotating, "leave_no_log", die),
}
SEALING: dict[str, Callable] = {
    "in the first part": lambda _: at_write(_, 1),
    "before the first part's commit": lambda _: at_commit(_, 1),
    "in the second part": lambda _: at_write(_, 2),
    "before the end's commit": lambda _: at_commit(_, 3),
    "after the end": lambda _: setattr(rewrapping, "leave_no_log", die),
}


def killed(instance, engine_does: Callable, work: Callable) -> None:
    child = os.fork()
    if child == 0:
        try:
            with opened(instance) as theirs:
                engine_does(theirs.session.get_bind().engine)
                work(theirs)
        finally:
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.fixture
def at_work(office, officer, manager):
    """What nobody notices: all is read, and more comes."""

    def look(number: int) -> str:
        assert pinning.check(office, officer) == []
        assert pinning.faults(office) == []
        assert read_all(office, officer) == number
        came = send(office, complaint(), now=LATER).reference
        assert read_all(office, manager) == number + 1
        assert journal.verify(office).fault == ""
        return came

    return look


@pytest.mark.parametrize("when", BEGINNING)
def test_killed_while_it_begins_the_vault_has_either_key_whole(office, instance, manager, at_work, when):
    some_cases(office, 2)
    old = ring_of(office, manager)
    office.session.rollback()
    killed(instance, BEGINNING[when], lambda theirs: begin(theirs, manager))
    at_work(2)
    changed = bool(rewrapping.under_way(office))
    assert changed == when.startswith("after")
    assert pinning.watch(office, now=LATER) == []  # the tick sees to the pin
    assert (pinning.publics(office)["complaints"] != old.pair.public) == changed
    if not changed:
        begin(office, manager)
    assert go_on(office, manager)
    assert read_all(office, manager) == 3
    assert opened_with(office, old.pair) == set()


@pytest.mark.parametrize("when", SEALING)
def test_killed_while_it_seals_it_goes_on_where_it_was(office, instance, manager, at_work, when, monkeypatch):
    monkeypatch.setattr(rewrapping, "AT_A_TIME", AT_A_TIME)
    some_cases(office, CASES)
    old = ring_of(office, manager)
    begin(office, manager)
    office.session.rollback()
    killed(instance, SEALING[when], lambda theirs: go_on(theirs, manager))
    at_work(CASES)
    assert bool(rewrapping.under_way(office)) == (when != "after the end")
    assert go_on(office, manager)
    assert rewrapping.under_way(office) == []
    assert read_all(office, manager) == CASES + 1
    assert opened_with(office, old.pair) == set()


def test_between_commit_and_pin_what_somebody_else_put_into_the_row_is_seen(
    office, instance, officer, manager
):
    some_cases(office, 1)
    office.session.rollback()
    killed(instance, BEGINNING["after the commit, before the pin"], lambda theirs: begin(theirs, manager))

    with by_hand(instance) as connection:
        connection.execute(
            "UPDATE vaults SET public = ? WHERE id = 'complaints'", (KeyPair.generate().public,)
        )
    assert len(pinning.watch(office, now=LATER)) == 1
    with pytest.raises(KeyDiffers):
        pinning.check(office, officer)
