"""Every role at everything that is done with the journal, made from the one table; and whose cases its lines name."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import Case, Envelope
from intake.services.casework import case_page
from intake.services.ground import sealing
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import ROLES, Right
from intake.services.journal import checking, lines, openings, taking_out
from intake.services.journal.lines import Asked
from intake.vault.envelope import open_case_key
from tests.actors import MONDAY, complaint, concern, send

KINDS = {
    "complaints": complaint(),
    "whistleblowing": concern(),
    "whistleblowing-alternate": concern(named=("monitoring-officer",)),
}
DONE = {
    "read": (Right.READ_JOURNAL, lambda o, who, ref: lines.leaf(o, who, Asked(), None, now=MONDAY)),
    "taken": (Right.READ_JOURNAL, lambda o, who, ref: taking_out.file(o, who, Asked(), now=MONDAY)),
    "checked": (Right.CHECK_JOURNAL, lambda o, who, ref: checking.hold(o, who, "")),
    "marked": (Right.CHECK_JOURNAL, lambda o, who, ref: checking.take_mark(o, who, now=MONDAY)),
    "ledger": (Right.OPEN_IDENTITIES, openings.of_case),
}


@pytest.fixture
def cases(office, unlocked):
    """One case of each vault, by the vault, opened by everybody who can."""
    found = {vault: send(office, what).reference for vault, what in KINDS.items()}
    for officer in unlocked.values():
        if officer.role.vault:
            case_page.open_case(office, officer, found[officer.role.vault], now=MONDAY)
    return found


def refused(office, officer, name: str, reference: str) -> bool:
    try:
        DONE[name][1](office, officer, reference)
    except NotFound:
        return True
    return False


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", DONE)
def test_who_may_do_what_with_the_journal(office, unlocked, cases, role, name):
    own = cases.get(ROLES[role].vault, cases["complaints"])
    assert refused(office, unlocked[role], name, own) == (not ROLES[role].may(DONE[name][0]))


@pytest.mark.parametrize("role", ROLES)
def test_whose_ledger_each_role_reads(office, unlocked, cases, role):
    theirs = {vault for vault, ref in cases.items() if not refused(office, unlocked[role], "ledger", ref)}
    assert theirs == {ROLES[role].vault} - {None}


@pytest.mark.parametrize("role", ROLES)
def test_lines_name_exactly_the_cases_that_the_keys_of_a_role_open_in_a_copy_of_the_database(
    office, unlocked, cases, role
):
    officer = unlocked[role]
    with reading(office.session):
        pairs = sealing.pairs_of(office.session, officer)
        opened = {
            reference
            for envelope, reference in office.session.execute(
                select(Envelope, Case.reference).join(Case, Case.id == Envelope.case_id)
            )
            if envelope.keyholder in pairs
            and open_case_key(
                envelope.sealed,
                pairs[envelope.keyholder],
                case=envelope.case_id,
                scope=envelope.scope,
                keyholder=envelope.keyholder,
            )
        }
    assert opened == {cases[vault] for vault in {officer.role.vault} - {None}}
    if officer.role.may(Right.READ_JOURNAL):
        told = lines.leaf(office, officer, Asked(), None, now=MONDAY).lines
        of_concerns = opened if officer.role.vault != "complaints" else set()
        assert {line.reference for line in told} - {None} == of_concerns  # opening a complaint is no line
