"""The attack: a copy of the database, before and after, and each person's keys held against all of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.demonstration.living import PASSWORD
from intake.services.access import ending, naming
from intake.services.holders import returning
from tests.actors import complaint, concern, send
from tests.what_opens import copy_of, keys_in, opened_with, pairs_in, what_is_there, what_opens

from .story import LATER, NOW, case_id, give, revision, take_back
from .test_parting import declare, stand_aside

ALL, NAMELESS, NOTHING = "all of it", "all but who sent it", "nothing"
CASES = ("bins", "brother", "payroll", "deputy", "officer", "named")
# Who opens what, once all of it has happened: by case, in the order of CASES.
TABLE = {
    "complaints-officer": (ALL, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    "complaints-manager": (ALL, ALL, NOTHING, NOTHING, NOTHING, NOTHING),
    "monitoring-officer": (NOTHING, NOTHING, ALL, ALL, NOTHING, NOTHING),
    "deputy-monitoring-officer": (NOTHING, NOTHING, ALL, NOTHING, NOTHING, NOTHING),
    "alternate-recipient": (NOTHING, NOTHING, NOTHING, NOTHING, ALL, ALL),
    "investigator": (NOTHING, NOTHING, NAMELESS, NOTHING, ALL, NOTHING),
    "senior-officer": (NOTHING,) * 6,
    "auditor": (NOTHING,) * 6,
}


@pytest.fixture
def told(office, officer, manager, monitoring_officer, deputy, alternate, investigator):
    """Six cases, each with a name: by what became of it."""
    sent = {
        "bins": send(office, complaint(), now=NOW),
        "brother": send(office, complaint(words="He is her brother."), now=NOW),
        "payroll": send(office, concern(), now=NOW),
        "deputy": send(office, concern(words="The deputy knows."), now=NOW),
        "officer": send(office, concern(words="It is both of them."), now=NOW),
        "named": send(office, concern(words="It is Ruth Adeyemi.", named=("monitoring-officer",)), now=NOW),
    }
    reference = {name: one.reference for name, one in sent.items()}
    before = copy_of(office)
    declare(office, manager, reference["brother"], f"staff:{officer.id}")
    give(office, monitoring_officer, reference["payroll"], investigator)
    stand_aside(office, deputy, reference["deputy"])
    give(office, monitoring_officer, reference["officer"], investigator)
    declare(office, deputy, reference["officer"], "vault:whistleblowing")
    naming.give(
        office,
        alternate,
        reference["officer"],
        investigator.id,
        "To ask her.",
        PASSWORD,
        until=LATER.date(),
        revision=revision(office, reference["officer"]),
        now=LATER,
    )
    give(office, alternate, reference["named"], investigator)
    take_back(office, alternate, reference["named"], investigator)
    for name, one in sent.items():
        returning.write(office, one.receipt, f"And {name}.", token=name * 10, now=LATER)
    return reference, before


def seen(copy, who, case: str) -> str:
    there, opened = what_is_there(copy, case), what_opens(copy, who).get(case, set())
    return {frozenset(): NOTHING, frozenset(there): ALL}.get(
        frozenset(opened), NAMELESS if there - opened == {("identity", 0)} else f"only {sorted(opened)}"
    )


def test_each_opens_exactly_what_is_theirs(office, unlocked, told):
    reference, _ = told
    copy, ids = copy_of(office), {name: case_id(office, reference[name]) for name in CASES}
    found = {role: tuple(seen(copy, who, ids[name]) for name in CASES) for role, who in unlocked.items()}
    assert found == TABLE


def test_what_was_kept_of_before_opens_nothing_of_what_was_changed(office, unlocked, told):
    """Whoever kept every key of the copy of before holds them against the copy of after."""
    reference, before = told
    changed = {case_id(office, reference[name]) for name in CASES[1:]}
    after = copy_of(office)
    for who in unlocked.values():
        kept = keys_in(before, pairs_in(before, who))
        assert not opened_with(after, kept).keys() & changed, who.name


def test_the_day_after_the_last_one_nobody_opens_it_any_more(office, investigator, told):
    reference, _ = told
    ending.end(office, now=LATER + timedelta(days=1))
    copy = copy_of(office)
    assert seen(copy, investigator, case_id(office, reference["officer"])) == NAMELESS
