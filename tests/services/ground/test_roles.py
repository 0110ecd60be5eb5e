"""The one table of roles: every right is somebody's and can be put into words, every act and command takes one."""

from __future__ import annotations

from dataclasses import replace

import click
import pytest

from intake.cli import main
from intake.cli.entitled import TAKES
from intake.procedures import moves
from intake.procedures.triage import Findings
from intake.services.casework import (
    acting,
    acts,
    classifying,
    identity,
    linking,
    setting_aside,
)
from intake.services.casework.act_parts import Act
from intake.services.ground import roles
from intake.services.ground.refusals import NotFound, Refused, SignInRefused
from intake.services.ground.roles import ADMINISTRATOR, INVESTIGATOR, ROLES, VAULTS, Right
from intake.services.oversight import committee_words
from intake.services.people import grants
from intake.services.triage import deciding
from intake.services.triage.deciding import Decision
from tests.actors import MONDAY, arrives

OF_THEIR_OWN_VAULT = {"take in", "grant"}  # whatever the case is
EVERYBODY = [*ROLES.values(), ADMINISTRATOR]


def test_every_right_is_somebodys_and_can_be_told():
    for right in Right:
        assert any(role.may(right) for role in EVERYBODY), f"{right} is nobody's"
        assert right.words[:1].isupper(), right
    assert all(role.rights <= set(Right) for role in EVERYBODY)
    assert len({role.label for role in EVERYBODY}) == len(EVERYBODY)


def test_who_opens_cases_has_a_vault_and_who_has_none_opens_none():
    for role in EVERYBODY:
        on_cases = {Right.WORK_CASES, Right.ENTER_CASES, Right.OPEN_IDENTITIES, Right.ALLOCATE, Right.GRANT}
        if (
            role is ROLES[INVESTIGATOR]
        ):  # of single cases, which somebody gave them, and of who sent one likewise
            assert role.vault is None
            own = {Right.OWN_ACCOUNT, Right.READ_CASES, Right.INQUIRE, Right.OPEN_IDENTITIES}
            assert role.rights == own
            continue
        assert (role.vault is not None) == bool(role.rights & on_cases), role.label
        assert role.may(Right.COUNT) == bool(role.counted_readers), role.label
        assert role.may(Right.DRILL_DOWN) <= role.may(Right.COUNT), role.label
        assert {role.vault} - {None} <= set(VAULTS) >= set(role.counted_readers)


def test_the_machines_rights_open_no_case_and_are_no_accounts():
    machine = ADMINISTRATOR.rights - {Right.IMPORT, Right.KEEP_SERVICES}
    assert ADMINISTRATOR.vault is None
    assert not any(role.rights & machine for role in ROLES.values())


def leaves(group: click.Group, before: str = "") -> set[str]:
    """Every command, by the words that are typed for it."""
    found: set[str] = set()
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            found |= leaves(command, f"{before}{name} ")
        else:
            found.add(f"{before}{name}")
    return found


def test_every_command_takes_a_right_of_the_administrator():
    assert leaves(main) == set(TAKES)
    assert all(ADMINISTRATOR.may(right) for right in TAKES.values())


def test_a_command_that_nobody_wrote_down_is_not_there(monkeypatch):
    monkeypatch.delitem(TAKES, "counts")
    assert main.get_command(click.Context(main), "counts") is None
    monkeypatch.undo()
    audit = main.get_command(click.Context(main), "audit")
    monkeypatch.setitem(audit.commands, "erase", click.Command("erase"))
    assert leaves(main) - set(TAKES) == {"audit erase"}


def any_move(office, act: Act, officer) -> moves.Move:
    """An act as somebody would try it; whether the rules allow it is asked only of whoever may."""
    today = office.today(MONDAY)
    rest = {
        moves.Allocate: (officer.id,),
        moves.Extend: ("stage-1-response", today, "-"),
        moves.Record: ("panel-met",),
        moves.Appoint: ("panel-arranged", ()),
        moves.Respond: ("upheld",),
        moves.RefuseAtTheDoor: ("other", "-"),
        moves.SetDate: (today,),
        moves.Reclassify: (office.catalogue["compliment"], "-"),
    }
    needs_reason = {
        moves.RefuseNextStage,
        moves.PauseClock,
        moves.Withdraw,
        moves.Close,
        moves.Reopen,
        moves.TakeUpAgain,
    }
    return act.move(today, *rest.get(act.move, ("-",) if act.move in needs_reason else ()))


def tries(office, officer, reference: str):
    """Everything that is done to a case, each with the right that it takes."""
    for act in acts.ACTS:
        move = any_move(office, act, officer)
        yield (
            act.word,
            act.right,
            lambda move=move: acting.do(
                office, officer, reference, move, text="x", revision=0, token="t" * 40, now=MONDAY
            ),
        )
    yield "read", Right.WORK_CASES, lambda: acting.mark_read(office, officer, reference, now=MONDAY)
    yield (
        "link",
        Right.WORK_CASES,
        lambda: linking.link(
            office, officer, reference, "ZZZ-ZZZZ", "linked", "x", token="l" * 40, now=MONDAY
        ),
    )
    yield (
        "unlink",
        Right.WORK_CASES,
        lambda: linking.unlink(office, officer, reference, "x", "x", token="u" * 40, now=MONDAY),
    )
    yield "take in", Right.WORK_CASES, lambda: setting_aside.take_in(office, officer, now=MONDAY)
    yield (
        "classify",
        Right.CLASSIFY,
        lambda: classifying.classify(office, officer, reference, None, None, revision=0, now=MONDAY),
    )
    yield (
        "triage",
        Right.TRIAGE,
        lambda: deciding.decide(
            office, officer, reference, Decision(Findings("corporate"), "", "", ""), revision=0, now=MONDAY
        ),
    )
    yield (
        "summarise",
        Right.SUMMARISE,
        lambda: committee_words.summarise(office, officer, reference, "x", token="s" * 40, now=MONDAY),
    )
    yield (
        "release",
        Right.SUMMARISE,
        lambda: committee_words.release(office, officer, reference, place=0, seen=True, now=MONDAY),
    )
    yield (
        "identity",
        Right.OPEN_IDENTITIES,
        lambda: identity.open_identity(office, officer, reference, "x", "wrong", now=MONDAY),
    )
    yield "grant", Right.GRANT, lambda: grants.grant(office, officer, officer.id, "x", now=MONDAY)


def is_there(attempt) -> bool:
    """Whether an act is there for somebody: done, or refused in words, and not as if it did not exist."""
    try:
        attempt()
    except NotFound:
        return False
    except (Refused, SignInRefused):
        return True
    return True


@pytest.mark.parametrize("lost", [Right.WORK_CASES, Right.CLASSIFY, Right.OPEN_IDENTITIES, Right.GRANT])
def test_a_key_alone_does_nothing_that_the_role_may_not(office, manager, monkeypatch, lost):
    """A role that loses a right loses every act that takes it, and with the same key does all the others."""
    reference, whole = arrives(office), ROLES[manager.role_id]
    monkeypatch.setitem(ROLES, manager.role_id, replace(whole, rights=whole.rights - {lost}))
    for name, right, attempt in tries(office, manager, reference):
        assert is_there(attempt) == (right in whole.rights - {lost}), name


def test_every_role_at_every_act(office, unlocked):
    """Whoever reads a case may do with it what the table says; for whoever does not it is not there."""
    reference = arrives(office)
    for role_id, officer in unlocked.items():
        role = ROLES[role_id]
        for name, right, attempt in tries(office, officer, reference):
            theirs = role.vault == roles.COMPLAINTS or name in OF_THEIR_OWN_VAULT
            assert is_there(attempt) == (theirs and role.may(right)), f"{role_id}: {name}"
