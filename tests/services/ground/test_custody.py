"""Custody: no vault that the public's submissions may reach is ever without somebody who can open it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from intake.config import BadSetting
from intake.database import writing
from intake.models import Grant, Notice, Staff
from intake.services.casework import case_page
from intake.services.desk import lists as desk
from intake.services.ground import custody
from intake.services.ground.refusals import NotFound, Refused
from intake.services.ground.roles import ALTERNATE, COMPLAINTS, WHISTLEBLOWING
from intake.services.people import accounts, signing_in
from intake.services.tick import escalation
from tests.actors import arrives, send

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
ALTERNATES_ADDRESS = "alternate@demonstration.example"


def empty(office, vault: str) -> None:
    """As an instance of an earlier version may stand: nobody was ever let into the vault."""
    with writing(office.session):
        office.session.execute(delete(Grant).where(Grant.vault_id == vault))


def told(office) -> dict[str, set[str]]:
    """The roles that have a notice waiting, by the kind of notice."""
    rows = office.session.execute(select(Notice.kind, Staff.role, Notice.case_id).join(Staff)).all()
    kinds: dict[str, set[str]] = {}
    for kind, role, case_id in rows:
        kinds.setdefault(kind, set()).add(role)
        assert kind != "unattended" or case_id is None
    office.session.rollback()
    return kinds


def test_a_full_house_has_nothing_to_complain_of(office):
    assert custody.faults(office) == []
    custody.check(office)


@pytest.mark.parametrize("vault", [COMPLAINTS, WHISTLEBLOWING, ALTERNATE])
def test_a_vault_that_nobody_can_open_is_named_with_the_way_on(office, vault):
    empty(office, vault)
    (fault,) = custody.faults(office)
    assert f"intake vault grant {vault}" in fault
    with pytest.raises(BadSetting, match="intake vault grant"):
        custody.check(office)


def test_an_account_that_is_off_not_joined_or_of_another_role_opens_no_vault(office, alternate):
    changes = ({"active": False}, {"joined_at": None}, {"lock": None}, {"role": "senior-officer"})
    for change in changes:
        kept = office.session.get(Staff, alternate.id)
        before = {name: getattr(kept, name) for name in change}
        with writing(office.session):
            office.session.execute(update(Staff).where(Staff.id == alternate.id).values(**change))
        assert any(ALTERNATE in fault for fault in custody.faults(office)), change
        with writing(office.session):
            office.session.execute(update(Staff).where(Staff.id == alternate.id).values(**before))
    assert custody.faults(office) == []


def test_a_concern_about_the_officer_in_a_vault_without_members_is_told_to_somebody_else(office):
    """Sent, sealed and acknowledged, it used to lie there: no notice, and seven steps told nobody."""
    empty(office, ALTERNATE)
    send(office, "whistleblowing", named=("unsure",))
    assert told(office) == {"unattended": {"senior-officer"}}
    steps = escalation.run(office, now=NOW + timedelta(days=200)).taken
    assert len(steps) == 7
    assert {step.told for step in steps} == {1}
    assert told(office) == {"unattended": {"senior-officer"}}


def test_where_the_only_monitoring_officer_is_gone_the_next_office_receives(office):
    """Seen before: it lay in a vault without members, and all that others heard was that nobody can open one."""
    empty(office, WHISTLEBLOWING)
    send(office, "whistleblowing")
    assert told(office) == {"news": {"alternate-recipient"}}
    assert custody.unattended(office) == [WHISTLEBLOWING]


def test_a_circle_that_has_lost_its_members_is_told_to_the_last_resort_too(office):
    send(office, "whistleblowing")
    with writing(office.session):
        office.session.execute(delete(Notice))
    empty(office, WHISTLEBLOWING)
    escalation.run(office, now=NOW + timedelta(days=200))
    assert told(office) == {"unattended": {"senior-officer", "alternate-recipient"}}


def test_without_a_senior_officer_the_complaints_manager_hears_of_it_and_never_the_officer_it_is_about(
    office,
):
    accounts.disable(office, "senior@demonstration.example", now=NOW)
    empty(office, ALTERNATE)
    send(office, "whistleblowing", named=("unsure",))
    assert told(office) == {"unattended": {"complaints-manager"}}


def test_without_either_a_complaints_officer_hears_of_it(office):
    """It was told to nobody: a council with one officer for complaints and no senior officer in it."""
    accounts.disable(office, "senior@demonstration.example", now=NOW)
    accounts.disable(office, "manager@demonstration.example", now=NOW)
    empty(office, ALTERNATE)
    send(office, "whistleblowing", named=("unsure",))
    assert told(office) == {"unattended": {"complaints-officer"}}


def test_the_last_member_is_neither_switched_off_nor_invited_again(office, alternate):
    with pytest.raises(Refused, match=f"intake vault grant {ALTERNATE}"):
        accounts.disable(office, ALTERNATES_ADDRESS, now=NOW)
    with pytest.raises(Refused, match=f"intake vault grant {ALTERNATE}"):
        accounts.invite(office, ALTERNATES_ADDRESS, "Helen Marsh", "alternate-recipient", again=True, now=NOW)
    assert office.session.get(Grant, (ALTERNATE, alternate.id)) is not None
    assert custody.faults(office) == []


def test_of_two_members_one_may_go(office):
    accounts.disable(office, "deputy@demonstration.example", now=NOW)
    with pytest.raises(Refused):
        accounts.disable(office, "monitoring@demonstration.example", now=NOW)


def test_inviting_an_address_again_ends_no_key_unless_that_was_asked_for(office, officer):
    again = ("officer@demonstration.example", "Maya Okafor", "complaints-officer")
    with pytest.raises(Refused, match="--again"):
        accounts.invite(office, *again, now=NOW)
    assert office.session.get(Grant, (COMPLAINTS, officer.id)) is not None
    accounts.invite(office, *again, again=True, now=NOW)
    assert office.session.get(Grant, (COMPLAINTS, officer.id)) is None


def test_an_invitation_that_was_not_taken_up_is_given_again_without_asking(office):
    newcomer = ("new@council.example", "Nadia Orchard", "complaints-officer")
    first = accounts.invite(office, *newcomer, now=NOW)
    assert accounts.invite(office, *newcomer, now=NOW) != first


def test_a_role_changed_in_the_database_opens_nothing_from_the_next_request_on(office, monitoring_officer):
    """The grant stayed, and with it the key to every concern."""
    reference = arrives(office, "whistleblowing")
    cookie = signing_in.sign_in(office, "monitoring@demonstration.example", "demonstration-only", "", now=NOW)
    ruth = signing_in.resume(office, cookie, now=NOW)
    assert case_page.open_case(office, ruth, reference, now=NOW)
    with writing(office.session):
        office.session.execute(
            update(Staff).where(Staff.id == monitoring_officer.id).values(role="complaints-officer")
        )
    ruth = signing_in.resume(office, cookie, now=NOW)
    assert desk.desk(office, ruth, "open", now=NOW).lines == ()
    with pytest.raises(NotFound):
        case_page.open_case(office, ruth, reference, now=NOW)
    (fault,) = custody.faults(office)
    assert "monitoring@demonstration.example" in fault


def test_who_holds_the_wrong_grant_is_told_of_no_case(office, monitoring_officer):
    with writing(office.session):
        office.session.execute(
            update(Staff).where(Staff.id == monitoring_officer.id).values(role="complaints-officer")
        )
    send(office, "whistleblowing")
    assert told(office) == {"news": {"deputy-monitoring-officer"}}
    escalation.run(office, now=NOW + timedelta(days=200))
    assert told(office).keys() == {"news", "late"}
    assert told(office)["late"] == {"deputy-monitoring-officer"}
