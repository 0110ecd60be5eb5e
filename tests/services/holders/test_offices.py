"""A concern may be about anybody: whoever is named opens nothing of it and finds no trace, and somebody reads it."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain, combinations

import pytest
from sqlalchemy import delete, select, update

from intake.config import BadSetting
from intake.counts.quarters import Period
from intake.database import writing
from intake.models import Base, Case, Envelope, Grant, Notice, Staff
from intake.procedures import offices
from intake.procedures.offices import BY_ROLE, BY_VAULT, LAST_RESORT, OFFICES
from intake.services.cases import concerns, places, reaching
from intake.services.casework import case_page, handing_over, linking
from intake.services.desk import dates, lists, load
from intake.services.desk.views import VIEWS
from intake.services.figures import drawing_up, files, referrals
from intake.services.ground import custody, notices, pinning, roles
from intake.services.ground.refusals import NotFound, Refused
from intake.services.ground.roles import Right
from intake.services.holders import returning, submitting
from intake.services.instance import founding
from intake.services.people import accounts, grants
from intake.services.rerouting import looking
from intake.services.tick import escalation
from intake.vault.envelope import open_case_key, open_grant
from intake.vault.errors import SealBroken
from tests.actors import MONDAY, arrives, concern, send
from tests.offices import NEW, join, open_office, signed_in

MO, DEPUTY, AUDITOR, CHIEF, CHAIR, LAST = BY_ROLE
VAULT = {role: one.vault for role, one in BY_ROLE.items()}
LATER = MONDAY + timedelta(days=200)
PERIOD = Period(2026, 1)
EVERY_SUBSET = list(chain.from_iterable(combinations(BY_ROLE, n) for n in range(len(BY_ROLE) + 1)))


@pytest.fixture
def seated(office, monitoring_officer, alternate):
    """Everybody who receives concerns, each in an office of their own: the old deputy has left the shared vault."""
    people = {MO: monitoring_officer, LAST: alternate} | {role: open_office(office, role) for role in NEW}
    grants.remove_grant(office, VAULT[MO], "deputy@demonstration.example", now=MONDAY)
    return people


def case_of(office, sent) -> Case:
    return office.session.scalars(select(Case).where(Case.reference == sent.reference)).one()


def holders(office, sent) -> set[str]:
    case = case_of(office, sent)
    found = set(office.session.scalars(select(Envelope.keyholder).where(Envelope.case_id == case.id)))
    office.session.rollback()
    return {one.removeprefix("vault:") for one in found}


def everything_shown(office, who) -> dict:
    """Whatever the program tells somebody of cases, by where it does."""
    shown: dict = {view: lists.desk(office, who, view, now=LATER) for view in VIEWS}
    shown["dates"] = [dates.dates(office, who, mine=mine, now=LATER) for mine in (True, False)]
    shown["loads"] = load.loads(office, who, now=LATER), handing_over.loads(office, who)
    shown["post"] = notices.post(office, who.vaults)
    shown["proposals"] = looking.waiting(office, who)
    shown["places"] = places.receipts(office, who)
    sight = concerns.sight(office.catalogue, who.role)
    if who.role.may(Right.COUNT):
        asked = [None, drawing_up.LIVE] + [drawing_up.OWN] * bool(sight.part)
        figures = [drawing_up.draw_up(office, PERIOD, now=LATER, role=who.role, edition=one) for one in asked]
        shown["figures"] = figures, [files.as_text(one) for one in figures]
        shown["referrals"] = referrals.referrals(office, who, PERIOD)
    mine = select(Notice.kind, Notice.case_id, Notice.state, Notice.queued_on).where(
        Notice.staff_id == who.id
    )
    shown["notices"] = sorted(map(repr, office.session.execute(mine)))
    office.session.rollback()
    return shown


def opens(office, who, case_id: str) -> list[str]:
    """Every key of a case that somebody's keys open, whatever the rows say: their own, and those of each grant."""
    pairs = {f"staff:{who.id}": who.pair}
    for grant in office.session.scalars(select(Grant)):
        try:
            seed = open_grant(grant.sealed, who.pair, vault=grant.vault_id, staff=grant.staff_id)
        except SealBroken:
            continue
        pairs[f"vault:{grant.vault_id}"] = type(who.pair).from_seed(seed)
    found = []
    for envelope in office.session.scalars(select(Envelope).where(Envelope.case_id == case_id)):
        for holder in {envelope.keyholder, *pairs}:
            for pair in pairs.values():
                try:
                    open_case_key(envelope.sealed, pair, case=case_id, scope=envelope.scope, keyholder=holder)
                except SealBroken:
                    continue
                found.append(envelope.scope)
    office.session.rollback()
    return found


def left_alone(office, who, sent) -> None:
    """Nothing opens by any key of theirs, and no page knows the reference."""
    case = case_of(office, sent)
    assert opens(office, who, case.id) == []
    assert not reaching.readers(office.session, case.id) & {who.id}
    office.session.rollback()
    for search in (sent.reference, sent.reference[:3], sent.reference[4:]):
        assert all(
            one.reference != sent.reference for one in lists.find(office, who, search, now=LATER).lines
        )
    with pytest.raises(NotFound):
        case_page.open_case(office, who, sent.reference, now=LATER)


@pytest.mark.parametrize("role", BY_ROLE)
def test_whoever_is_left_out_finds_no_trace_whoever_else_is_named(office, seated, role):
    """The attack: a copy of the database, the keys of somebody who was left out, and every page that they have, after
    each set of named offices that leaves them out. Only where nobody else is left does the last resort get it.
    """
    who, before, sent = seated[role], everything_shown(office, seated[role]), []
    for named in EVERY_SUBSET:
        if role not in offices.left_out(named) or (
            role == LAST and {MO, AUDITOR, CHIEF, CHAIR} <= set(named)
        ):
            continue
        sent.append(send(office, concern(named=named)))
        assert VAULT[role] not in holders(office, sent[-1]), named
        assert submitting.ALL_NAMED not in sent[-1].told or LAST in named
    returning.write(office, sent[0].receipt, "And one thing more.", token="w" * 43, now=MONDAY)
    escalation.run(office, now=MONDAY + timedelta(days=20))
    assert len(sent) >= 28
    assert everything_shown(office, who) == before
    for one in sent:
        left_alone(office, who, one)


def test_lists_totals_figures_and_load_hold_exactly_what_the_offices_keys_open(office, seated):
    for named in ((), (DEPUTY,), (MO,), (), (AUDITOR,)):
        arrives(office, concern(named=named))
    for role, number in ((MO, 4), (DEPUTY, 3), (AUDITOR, 1), (CHIEF, 0), (LAST, 0)):
        shown = everything_shown(office, seated[role])
        assert shown["open"].totals["open"] == len(shown["open"].lines) == number, role
        assert shown["loads"][0].nobody.open == number
        if "figures" in shown:
            assert shown["figures"][0][-1].facts.receipts == {"whistleblowing-referrals": number}
            assert len(shown["referrals"]) == number
            assert all(
                "whistleblowing-referrals" not in one.facts.receipts for one in shown["figures"][0][:-1]
            )


def test_the_published_number_of_all_is_told_to_whoever_opens_none(office, seated, senior_officer):
    for named in ((), (MO,), tuple(BY_ROLE)):
        arrives(office, concern(named=named))
    whole = drawing_up.draw_up(office, PERIOD, now=LATER, role=senior_officer.role, edition=drawing_up.LIVE)
    assert whole.facts.receipts["whistleblowing-referrals"] == 3


def test_nothing_in_the_clear_names_who_was_named(office, seated):
    """A thief of the disk reads to whom it is sealed, as ever, and not why: no column but the circle tells of it."""
    sent = send(office, concern(named=(MO, AUDITOR)))
    case = case_of(office, sent)
    assert case.reader == VAULT[CHIEF]
    for table in Base.metadata.sorted_tables:
        if table.name == "steps":  # whom the rules tell, of every concern alike
            continue
        for row in office.session.execute(table.select()).mappings():
            if case.id in row.values() or row.get("id") == case.id:
                told = " ".join(str(value) for name, value in row.items() if name != "procedure")
                assert not [role for role in (MO, AUDITOR) if role in told or VAULT[role] in told.split()]


def test_the_identity_and_what_the_holder_writes_go_to_the_same_circle(office, seated):
    sent = send(office, concern(named=(DEPUTY,)))
    returning.write(office, sent.receipt, "More.", token="t" * 43, now=MONDAY)
    case = case_of(office, sent)
    rows = office.session.execute(
        select(Envelope.scope, Envelope.keyholder).where(Envelope.case_id == case.id)
    )
    assert set(rows) == {(scope, f"vault:{VAULT[MO]}") for scope in ("case", "identity", "message-0")}


def test_whoever_sends_reads_who_receives_it(office, seated):
    told = send(office, concern())
    assert told.readers == "the monitoring officer and the deputy monitoring officer"
    what = concern(named=(MO,))
    assert submitting.foretold(office, what) == (
        "It goes to the chief internal auditor, and to nobody else.",
        submitting.LEFT_OUT,
    )
    sent, again = (send(office, what, token="k" * 43) for _ in range(2))
    assert sent.readers == again.readers == "the chief internal auditor"
    assert sent.told == again.told
    assert again.sent_before


def test_where_everybody_is_named_both_pages_say_who_gets_it_all_the_same(office, seated):
    everybody = concern(named=tuple(BY_ROLE))
    assert submitting.foretold(office, everybody)[1:] == (submitting.ALL_NAMED,)
    sent, again = (send(office, everybody, token="k" * 43) for _ in range(2))
    assert sent.readers == LAST_RESORT.title
    assert submitting.ALL_NAMED in sent.told
    assert sent.told == again.told


@pytest.fixture
def as_before(office, monitoring_officer, deputy, alternate):
    """An instance as it was set up by an earlier version: the deputy shares the monitoring officer's vault."""
    return {MO: monitoring_officer, DEPUTY: deputy, LAST: alternate}


def test_an_instance_of_before_goes_on_as_it_was(office, as_before):
    sent = send(office, concern())
    assert sent.readers == "the monitoring officer and the deputy"
    assert holders(office, sent) == {VAULT[MO]}
    for named in ((DEPUTY,), (MO,), ("unsure",)):
        sent = send(office, concern(named=named))
        assert holders(office, sent) == {LAST_RESORT.vault}
        for role in (MO, DEPUTY):
            left_alone(office, as_before[role], sent)
    assert [role for role, _ in submitting.asked_about(office)] == [MO, DEPUTY, LAST]


def test_a_deputy_who_gets_an_office_apart_keeps_the_older_vault_until_it_is_taken(office, as_before):
    """What counts is who can open it: while the deputy holds both, what is about them goes past both vaults."""
    old = arrives(office, concern())
    founded = founding.set_up_office(office, DEPUTY, now=MONDAY)
    grants.give(office, VAULT[DEPUTY], founded.pairs[VAULT[DEPUTY]], as_before[DEPUTY].id, now=MONDAY)
    assert case_page.open_case(office, as_before[DEPUTY], old, now=MONDAY).words
    assert holders(office, send(office, concern())) == {VAULT[MO], VAULT[DEPUTY]}
    about = send(office, concern(named=(DEPUTY,)))
    assert holders(office, about) == {LAST_RESORT.vault}
    left_alone(office, as_before[DEPUTY], about)

    grants.remove_grant(office, VAULT[MO], "deputy@demonstration.example", now=MONDAY)
    about = send(office, concern(named=(DEPUTY,)))
    assert holders(office, about) == {VAULT[MO]}
    left_alone(office, as_before[DEPUTY], about)
    with pytest.raises(NotFound):
        case_page.open_case(office, as_before[DEPUTY], old, now=MONDAY)


def test_into_the_shared_vault_nobody_new_is_let_once_the_deputy_has_an_office(office, seated):
    staff_id = join(office, DEPUTY, "second@testford.example")
    mark = next(one.fingerprint for one in grants.everybody(office) if one.id == staff_id)
    with pytest.raises(Refused, match="office apart"):
        grants.grant(office, seated[MO], staff_id, mark, now=MONDAY)
    assert staff_id not in {one.id for one in grants.colleagues(office, seated[MO])}
    deputys = {one.id: one.fingerprint for one in grants.colleagues(office, seated[DEPUTY])}
    grants.grant(office, seated[DEPUTY], staff_id, deputys[staff_id], now=MONDAY)
    assert signed_in(office, "second@testford.example", now=MONDAY).vaults == {VAULT[DEPUTY]}


def test_an_office_that_is_not_set_up_is_neither_asked_about_nor_used(office, as_before):
    founding.set_up_office(office, AUDITOR, now=MONDAY)  # and nobody is let in
    assert AUDITOR not in dict(submitting.asked_about(office))
    assert holders(office, send(office, concern(named=(MO,)))) == {LAST_RESORT.vault}
    custody.check(office)


def test_an_office_whose_key_was_never_printed_is_made_anew_and_one_in_use_is_not(office, as_before):
    first = founding.set_up_office(office, AUDITOR, now=MONDAY)
    again = founding.set_up_office(office, AUDITOR, now=MONDAY)
    assert first.fingerprints != again.fingerprints
    assert pinning.faults(office) == []
    staff_id = join(office, AUDITOR, "auditor@testford.example")
    grants.give(office, VAULT[AUDITOR], again.pairs[VAULT[AUDITOR]], staff_id, now=MONDAY)
    for role in (AUDITOR, MO, LAST):
        with pytest.raises(Refused, match="is set up"):
            founding.set_up_office(office, role, now=MONDAY)
    with pytest.raises(Refused, match="no office"):
        founding.set_up_office(office, "mayor", now=MONDAY)


def test_an_office_that_somebody_wrote_into_the_database_gets_nothing(office, as_before):
    """A vault of theirs, with an account and a grant that fit: it has no pin."""
    open_office(office, AUDITOR)
    kept = pinning.read(office.settings)
    pinning.file(office.settings).unlink()
    pinning.add(office, {vault: key for vault, key in kept.items() if vault != VAULT[AUDITOR]})
    assert holders(office, send(office, concern(named=(MO,)))) == {LAST_RESORT.vault}
    assert AUDITOR not in dict(submitting.asked_about(office))
    assert any(VAULT[AUDITOR] in fault for fault in pinning.faults(office))
    assert not pinning.pin_at_upgrade(office, now=MONDAY), "and no upgrade believes it"


def test_the_last_of_an_office_cannot_leave_and_nothing_is_served_while_nobody_is_there(office, seated):
    with pytest.raises(Refused, match="last who can open"):
        accounts.disable(office, f"{AUDITOR}@demonstration.example", now=MONDAY)
    with writing(office.session):
        office.session.execute(update(Staff).where(Staff.role == AUDITOR).values(active=False))
    assert custody.unattended(office) == [VAULT[AUDITOR]]
    with pytest.raises(BadSetting, match="chief-internal-auditor"):
        custody.check(office)
    assert holders(office, send(office, concern(named=(MO,)))) == {VAULT[CHIEF]}, "and the next one receives"


def test_where_the_only_monitoring_officer_is_gone_the_deputy_receives_alone(office, seated):
    with writing(office.session):
        office.session.execute(update(Staff).where(Staff.id == seated[MO].id).values(active=False))
    sent = send(office, concern())
    assert holders(office, sent) == {VAULT[DEPUTY]}
    assert sent.readers == "the deputy monitoring officer"


def test_the_tick_tells_nobody_who_was_left_out_and_the_next_where_nobody_is_there(office, seated):
    about = {role: send(office, concern(named=(role,))) for role in (MO, DEPUTY, AUDITOR)}
    with writing(office.session):
        office.session.execute(delete(Notice))
    escalation.run(office, now=LATER)
    for role, sent in about.items():
        told = select(Staff.role).join(Notice, Notice.staff_id == Staff.id)
        found = set(office.session.scalars(told.where(Notice.case_id == case_of(office, sent).id)))
        assert found
        assert not found & offices.left_out((role,))
        office.session.rollback()


def test_a_circle_without_members_is_told_to_the_last_resort_without_a_word_of_the_case(office, seated):
    send(office, concern(named=(MO,)))
    with writing(office.session):
        office.session.execute(delete(Notice))
        office.session.execute(update(Staff).where(Staff.role == AUDITOR).values(active=False))
    escalation.run(office, now=LATER)
    rows = office.session.execute(select(Staff.role, Notice.kind, Notice.case_id).join(Notice)).all()
    assert set(rows) == {("alternate-recipient", "unattended", None), ("senior-officer", "unattended", None)}


def test_cases_of_two_circles_are_not_linked(office, seated):
    mine, theirs = arrives(office, concern()), arrives(office, concern(named=(DEPUTY,)))
    with pytest.raises(Refused, match="no case with this reference"):
        linking.link(office, seated[MO], mine, theirs, "linked", "Same shift.", token="l" * 43, now=MONDAY)


def test_a_case_is_handed_over_only_to_whoever_reads_it(office, seated):
    """The monitoring officer and the deputy hand over to one another, and what is about the deputy stays."""
    both, about = arrives(office, concern()), arrives(office, concern(named=(DEPUTY,)))
    for reference in (both, about):
        case = office.session.scalars(select(Case).where(Case.reference == reference)).one()
        with writing(office.session):
            office.session.get(Case, case.id).handler_id = seated[MO].id
    held = handing_over.holding(office, seated[MO], seated[MO].id, now=MONDAY)
    assert seated[DEPUTY].id in dict(held.others)
    given = [handing_over.Given(one.reference, seated[DEPUTY].id, "", one.revision) for one in held.cases]
    done = {
        row.reference: row.done
        for row in handing_over.hand_over(office, seated[MO], seated[MO].id, given, now=MONDAY)
    }
    assert done == {both: True, about: False}
    assert handing_over.faults(office) == []


@pytest.mark.parametrize(
    ("role", "named", "kept"),
    [
        (MO, (), True),
        (DEPUTY, (), True),
        (AUDITOR, (), False),
        (MO, (MO,), False),
        (MO, ("unsure",), False),
        (AUDITOR, (MO,), True),
    ],
)
def test_a_concern_is_entered_by_somebody_in_its_circle_alone(office, seated, role, named, kept):
    what, when = concern(named=named, channel="phone"), {"received": MONDAY, "token": "e" * 43, "now": MONDAY}
    assert (submitting.other_readers(office, seated[role], named) == "") == kept
    if kept:
        entered = submitting.enter(office, seated[role], what, **when)
        assert case_page.open_case(office, seated[role], entered.reference, now=MONDAY).words
    else:
        with pytest.raises(Refused, match="read by others"):
            submitting.enter(office, seated[role], what, **when)


def test_settings_say_who_receives_and_an_order_that_cannot_be_refuses_to_start(instance, office, seated):
    from tests.conftest import opened

    settings = instance / "settings.toml"
    kept = settings.read_text()
    settings.write_text(
        f'concerns_go_to = ["chief-internal-auditor"]\nconcerns_then = ["chair-of-audit"]\n{kept}'
    )
    with opened(instance) as other:
        assert holders(other, send(other, concern())) == {VAULT[AUDITOR]}
        assert holders(other, send(other, concern(named=("unsure",)))) == {VAULT[CHAIR]}
        assert [role for role, _ in submitting.asked_about(other)] == [AUDITOR, CHAIR, LAST]
    settings.write_text(f'concerns_go_to = ["mayor"]\n{kept}')
    with pytest.raises(BadSetting, match="no office"), opened(instance):
        pass


def test_every_office_has_a_role_a_vault_and_somebody_who_hears_that_it_is_empty():
    assert {one.vault for one in OFFICES} == set(BY_VAULT) <= set(roles.VAULTS) & set(custody.OUTSIDE)
    for one in OFFICES:
        role = roles.ROLES[one.role]
        assert one.vault in role.vaults
        assert {Right.WORK_CASES, Right.ENTER_CASES, Right.OPEN_IDENTITIES, Right.GRANT} <= role.rights
        assert not any(one.role in told for told in custody.OUTSIDE[one.vault])
