"""Every role at everything that is done with the journal, made from the one table; and whose cases its lines name."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import Case, Envelope
from intake.services.casework import case_page
from intake.services.ground import sealing
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import INVESTIGATOR, ROLES, Right
from intake.services.journal import checking, lines, openings, taking_out
from intake.services.journal.lines import Asked
from intake.vault.envelope import open_case_key
from tests.actors import MONDAY, complaint, concern, send
from tests.offices import open_office
from tests.services.access.story import give

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


@pytest.fixture
def seated(office, unlocked, cases):
    """Somebody of a role, with a case that is theirs; an office that the instance has not is set up, and gets one."""

    def seated(role: str):
        vault = ROLES[role].vault
        if role in unlocked:
            officer, own = unlocked[role], cases.get(vault, cases["complaints"])
        else:
            officer = open_office(office, role)
            own = cases[vault] = send(office, concern(named=("unsure",))).reference
            case_page.open_case(office, officer, own, now=MONDAY)
        if role == INVESTIGATOR:
            give(office, unlocked["complaints-manager"], own, officer)
        return officer, own

    return seated


def refused(office, officer, name: str, reference: str) -> bool:
    try:
        DONE[name][1](office, officer, reference)
    except NotFound:
        return True
    return False


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", DONE)
def test_who_may_do_what_with_the_journal(office, seated, role, name):
    officer, own = seated(role)
    assert refused(office, officer, name, own) == (not ROLES[role].may(DONE[name][0]))


@pytest.mark.parametrize("role", ROLES)
def test_whose_ledger_each_role_reads(office, seated, cases, role):
    officer, _ = seated(role)
    theirs = {vault for vault, ref in cases.items() if not refused(office, officer, "ledger", ref)}
    assert theirs == ({"complaints"} if role == INVESTIGATOR else {ROLES[role].vault} - {None})


@pytest.mark.parametrize("role", ROLES)
def test_lines_name_exactly_the_cases_that_the_keys_of_a_role_open_in_a_copy_of_the_database(
    office, seated, role
):
    officer, own = seated(role)
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
    holds = officer.role.vault or role == INVESTIGATOR
    assert opened == ({own} if holds else set())
    if officer.role.may(Right.READ_JOURNAL):
        told = lines.leaf(office, officer, Asked(), None, now=MONDAY).lines
        of_concerns = opened if officer.role.vault != "complaints" else set()
        assert {line.reference for line in told} - {None} == of_concerns  # opening a complaint is no line
