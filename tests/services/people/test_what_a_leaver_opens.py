"""Whoever left a team, took its keys along and gets at the database: which cases they open, one by one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.demonstration.living import PASSWORD
from intake.models import Case, Envelope, Grant, Staff, Vault, VaultKey
from intake.services.ground import journal, pinning
from intake.services.ground.refusals import KeyDiffers, Refused
from intake.services.people import accounts, grants, rewrapping, rotating
from intake.vault.envelope import grant_mark, open_case_key, open_former_seed, open_grant, seal_grant
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair, PasswordLock, fingerprint
from intake.vault.recovery import RecoveryKey
from intake.vault.shares import Share, open_set
from tests.actors import complaint, concern, send
from tests.by_hand import by_hand

from .rotation import LATER, MAYA, TOM, begin, go_on, opened_with, ring_of, rotate, some_cases


class Thief:
    """Keys that somebody has, and everything that they lead to in a database: seeds in grants, on paper, of before."""

    def __init__(self, office, *pairs: KeyPair, paper: tuple[str, ...] = ()) -> None:
        self.office, self.pairs, self.paper = office, list(pairs), paper

    def opens(self) -> set[str]:
        """References of the cases that any of them opens."""
        with reading(self.office.session):
            tried = 0
            while tried < len(self.pairs):
                self._lead_on(self.pairs[tried])
                tried += 1
            cases = {case_id for pair in self.pairs for case_id in self._of(pair)}
            return set(self.office.session.scalars(select(Case.reference).where(Case.id.in_(cases))))

    def _lead_on(self, pair: KeyPair) -> None:
        session = self.office.session
        seeds = [
            lambda one=one: open_grant(one.sealed, pair, vault=one.vault_id, staff=one.staff_id)
            for one in session.scalars(select(Grant))
        ]
        seeds += [
            lambda one=one: open_former_seed(one.sealed, pair, vault=one.vault_id, former=one.fingerprint)
            for one in session.scalars(select(VaultKey).where(VaultKey.sealed.is_not(None)))
        ]
        if self.paper:
            shares = [Share.parse(text) for text in self.paper[:2]]
            seeds += [
                lambda one=one: open_set(*shares, one.sealed_to_recovery, vault=one.id)
                for one in session.scalars(select(Vault))
            ]
        for seed in seeds:
            try:
                found = KeyPair.from_seed(seed())
            except SealBroken:
                continue
            if found.public not in {known.public for known in self.pairs}:
                self.pairs.append(found)

    def _of(self, pair: KeyPair) -> set[str]:
        found = set()
        for one in self.office.session.scalars(select(Envelope)):
            try:
                open_case_key(one.sealed, pair, case=one.case_id, scope=one.scope, keyholder=one.keyholder)
            except SealBroken:
                continue
            found.add(one.case_id)
        return found


@pytest.fixture
def theirs(office, officer) -> Thief:
    """What Maya takes along: her own key and the vault's. Her password opens her account's key no more."""
    return Thief(office, officer.pair, ring_of(office, officer).pair)


def test_with_every_key_of_theirs_a_leaver_opens_nothing_after_it_and_of_others_nothing_ever(
    office, manager, theirs
):
    bins = set(some_cases(office))
    send(office, concern())
    assert theirs.opens() == bins
    accounts.disable(office, MAYA, now=LATER)
    assert theirs.opens() == bins  # the seed that she kept: this is why it is changed
    begin(office, manager)
    came = send(office, complaint(), now=LATER).reference
    assert theirs.opens() == bins
    assert came not in theirs.opens()
    assert go_on(office, manager)
    assert theirs.opens() == set()


def test_of_what_was_half_sealed_anew_a_leaver_opens_the_other_half(office, manager, theirs, monkeypatch):
    some_cases(office, 2)
    grants.remove_grant(office, "complaints", MAYA, now=LATER)
    ring, _ = begin(office, manager)
    monkeypatch.setattr(rewrapping, "AT_A_TIME", 2)

    def stop(done: int, _of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rewrapping.seal_anew(office, ring, tell=stop, alone=True)
    assert len(theirs.opens()) == 1
    assert len(opened_with(office, ring.pair)) == 1


def test_the_password_of_a_leaver_opens_no_vault_in_the_database_of_afterwards(office, officer, manager):
    some_cases(office)
    with reading(office.session):
        account = office.session.get_one(Staff, officer.id)
        lock = PasswordLock.open(account.lock, PASSWORD, holder=officer.id)
        own = KeyPair.from_seed(lock.open_("key", account.sealed_key))
    grants.remove_grant(office, "complaints", MAYA, now=LATER)
    assert Thief(office, own).opens() == set()
    rotate(office, manager)
    assert Thief(office, own).opens() == set()


def test_the_old_paper_opens_nothing_from_the_change_on_but_what_lies_under_a_seed_that_was_kept(
    office, manager
):
    cases = set(some_cases(office))
    first = rotate(office, manager)
    assert Thief(office, paper=first.printed).pairs == []
    with_paper = Thief(office, KeyPair.generate(), paper=first.printed)
    assert with_paper.opens() == cases
    begin(office, manager)
    assert Thief(office, KeyPair.generate(), paper=first.printed).opens() == set()


def test_a_thief_of_the_database_half_way_opens_nothing_without_a_key(office, manager):
    some_cases(office)
    begin(office, manager)
    assert Thief(office, KeyPair.generate()).opens() == set()


def write_an_account(office, public: bytes, mark: bytes | None, *, told: bool = True) -> None:
    """Whoever can write to the database makes an account with a grant, and the lines of the journal that fit it."""
    session, false = office.session, "f" * 32
    session.rollback()
    session.add(
        Staff(
            id=false,
            email="false@demonstration.example",
            name="A. Colleague",
            role="complaints-officer",
            active=True,
            added_at=LATER,
            joined_at=LATER,
            public=public,
            lock=bytes(56),
        )
    )
    session.flush()
    blob = seal_grant(bytes(32), public, vault="complaints", staff=false)
    session.add(
        Grant(vault_id="complaints", staff_id=false, sealed=blob, granted_by="x", granted_at=LATER, mark=mark)
    )
    key = {"vault": "complaints", "fingerprint": fingerprint(public, vault="complaints", staff=false)}
    if told:
        of = {"staff": false, "role": "complaints-officer"}
        journal.append(session, at=LATER, actor="administrator", act=journal.Act.CREATED, **of, **key)
        journal.append(session, at=LATER, actor="x", act=journal.Act.GRANTED, staff=false, **key)
    session.commit()


def test_an_account_that_somebody_wrote_into_the_database_is_given_no_key(office, manager):
    some_cases(office)
    false = KeyPair.generate()
    write_an_account(office, false.public, None)
    ring = ring_of(office, manager)
    shown = rotating.who_stays(office, ring, now=LATER)
    assert [(one.email, one.known) for one in shown if not one.known] == [
        ("false@demonstration.example", False)
    ]
    with pytest.raises(Refused, match="Ring them"):  # nobody reads this fingerprint out
        rotating.begin(office, ring, rotating.draw(office, "complaints"), shown, {}, now=LATER)
    assert Thief(office, false).opens() == set()


@pytest.mark.parametrize("told", [True, False])
def test_a_mark_that_does_not_fit_or_an_account_without_lines_stops_it(office, manager, told):
    write_an_account(office, KeyPair.generate().public, bytes(32) if told else None, told=told)
    ring = ring_of(office, manager)
    with pytest.raises(Refused, match=r"not the one with which they were let in|stands in no line"):
        rotating.who_stays(office, ring, now=LATER)


def test_a_members_key_that_was_changed_with_the_lines_that_fit_it_stops_it(
    office, instance, officer, manager
):
    false = KeyPair.generate().public
    with by_hand(instance) as connection:
        connection.execute("UPDATE staff SET public = ? WHERE id = ?", (false, officer.id))
    ring = ring_of(office, manager)
    with pytest.raises(Refused, match="is not the one with which they joined"):
        rotating.who_stays(office, ring, now=LATER)
    key = {"vault": "complaints", "fingerprint": fingerprint(false, vault="complaints", staff=officer.id)}
    session = office.session
    session.rollback()
    of = {"staff": officer.id, "role": "complaints-officer"}
    journal.append(session, at=LATER, actor="administrator", act=journal.Act.CREATED, **of, **key)
    journal.append(session, at=LATER, actor=manager.id, act=journal.Act.GRANTED, staff=officer.id, **key)
    session.commit()
    with pytest.raises(KeyDiffers, match="let in"):  # the mark on the grant is of the true one
        rotating.who_stays(office, ring, now=LATER)
    assert pinning.faults(office) == []  # which nothing else would have shown
    with reading(session):
        mark = session.get_one(Grant, ("complaints", officer.id)).mark
    assert mark == grant_mark(ring.pair.seed, officer.pair.public, vault="complaints", staff=officer.id)


def test_an_administrator_without_password_or_paper_changes_no_key(office, manager):
    for email, password in ((TOM, "wrong-password"), ("nobody@demonstration.example", PASSWORD)):
        with pytest.raises(Refused, match="not right"):
            rotating.with_password(office, "complaints", email, password, "", now=LATER)
    with pytest.raises(Refused):
        rotating.with_papers(office, "complaints", [RecoveryKey.generate().text], now=LATER)
    with pytest.raises(Refused, match="cannot open the vault"):
        rotating.with_password(office, "whistleblowing", TOM, PASSWORD, "", now=LATER)
    own = rotating.Ring("complaints", "x", {"vault:complaints": KeyPair.generate()})
    with pytest.raises(KeyDiffers):
        rotating.begin(office, own, rotating.draw(office, "complaints"), [], {}, now=LATER)
