"""A vault is recovered by two of three people; what each paper, and each thief, opens alone."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from intake.database import reading, writing
from intake.models import Envelope, Grant, JournalLine, ReceiptLock, Record, Vault
from intake.services.ground import journal, sealing
from intake.services.ground.refusals import KeyDiffers, Refused
from intake.services.ground.roles import ALTERNATE, COMPLAINTS, FIRST, VAULTS, WHISTLEBLOWING
from intake.services.people import grants, recovering
from intake.vault import symbols
from intake.vault.envelope import open_case_key
from intake.vault.errors import Mistyped, SealBroken
from intake.vault.keys import KeyPair, fingerprint
from intake.vault.receipt import Receipt
from intake.vault.recovery import RecoveryKey
from intake.vault.shares import Share, open_set
from tests.actors import MONDAY, complaint, concern, send
from tests.by_hand import by_hand

MAYA = "officer@demonstration.example"


def seed_of(office, officer) -> bytes:
    with reading(office.session):
        vault = officer.role.vault
        return sealing.pairs_of(office.session, officer)[sealing.vault_holder(vault)].seed


def printed_anew(office, officer) -> tuple[str, ...]:
    """Papers of the officer's vault, as set-up and a rotation make them."""
    seed = seed_of(office, officer)
    with writing(office.session):
        made = recovering.shares_for(office.session, officer.role.vault, seed)
        office.session.get_one(Vault, officer.role.vault).sealed_to_recovery = made.sealed
    return recovering.texts_of(made)


def single_key(office, officer) -> str:
    """The one paper of an earlier version's vault."""
    paper, vault, seed = RecoveryKey.generate(), officer.role.vault, seed_of(office, officer)
    with writing(office.session):
        office.session.get_one(Vault, vault).sealed_to_recovery = paper.seal(seed, vault=vault)
    return paper.text


@pytest.fixture
def papers(office, officer) -> tuple[str, ...]:
    return printed_anew(office, officer)


def said_of(office, vault: str, *typed: str) -> str:
    with pytest.raises(Refused) as refused:
        recovering.check(office, vault, typed, now=MONDAY)
    return str(refused.value)


def test_any_two_people_in_any_order_recover_the_vault(office, papers):
    row = office.session.get_one(Vault, COMPLAINTS)
    mark = fingerprint(row.public, vault=COMPLAINTS)
    for one, other in itertools.permutations(papers, 2):
        assert recovering.another_wanted(office, COMPLAINTS, (one,))
        assert not recovering.another_wanted(office, COMPLAINTS, (one, other))
        assert recovering.check(office, COMPLAINTS, (one, other), now=MONDAY) == mark


def test_pasted_with_spaces_in_small_letters_and_with_o_for_0_it_is_the_same(office, papers):
    typed = [paper.lower().replace("-", "  ").replace("0", "o").replace("1", "l") for paper in papers[:2]]
    assert recovering.check(office, COMPLAINTS, typed, now=MONDAY)


def test_one_share_alone_asks_for_another(office, papers):
    assert "One share alone opens nothing" in said_of(office, COMPLAINTS, papers[0])


def test_the_same_share_twice_is_told(office, papers):
    assert "That is share 1 twice" in said_of(office, COMPLAINTS, papers[0], papers[0])


def test_a_slip_is_told_with_its_group_before_anybody_else_types(office, papers):
    wrong = papers[0][:20] + ("A" if papers[0][20] != "A" else "B") + papers[0][21:]
    with pytest.raises(Refused, match="Group 4 of the code has a wrong character"):
        recovering.another_wanted(office, COMPLAINTS, (wrong,))
    with pytest.raises(Refused, match="wrong number of characters"):
        recovering.another_wanted(office, COMPLAINTS, (papers[0][:-1],))


def test_another_vaults_share_is_told_by_name(office, papers, monitoring_officer):
    theirs = printed_anew(office, monitoring_officer)
    for typed in (theirs[:2], (papers[0], theirs[1])):
        assert "is of the vault 'whistleblowing', and not of 'complaints'" in said_of(
            office, COMPLAINTS, *typed
        )


def test_shares_of_the_set_before_are_told_and_do_not_go_with_the_new_ones(office, officer, papers):
    """Also share 1 of one run with share 1 of another, and two of the old ones."""
    new = printed_anew(office, officer)
    mark = papers[0][1:4]
    for typed in ((papers[0], new[0]), (papers[0], new[1]), (new[1], papers[0]), papers[:2]):
        told = said_of(office, COMPLAINTS, *typed)
        assert f"This share is of set {mark}, which opens nothing" in told
        assert f"has set {new[0][1:4]} now" in told


def test_a_share_that_was_made_up_under_the_right_mark_opens_nothing(office, papers):
    forged = Share(f"2{papers[0][1:4]}{'ABCD' * 9}".encode()).text
    assert "one of them was made up or altered" in said_of(office, COMPLAINTS, papers[0], forged)


def test_a_vault_that_is_none_is_told(office, papers):
    for vault in ("backup", "no-such"):
        assert "There is no vault" in said_of(office, vault, *papers[:2])


def test_two_people_let_an_officer_in_and_one_does_not(office, officer, papers):
    with writing(office.session):
        office.session.delete(office.session.get_one(Grant, (COMPLAINTS, officer.id)))
    shown = next(one.fingerprint for one in grants.everybody(office) if one.email == MAYA)
    with pytest.raises(Refused, match="One share alone"):
        grants.grant_with_papers(office, COMPLAINTS, papers[:1], MAYA, shown, now=MONDAY)
    with pytest.raises(Refused, match="not the one whose fingerprint"):
        grants.grant_with_papers(office, COMPLAINTS, papers[1:], MAYA, "ABCD", now=MONDAY)
    assert office.session.get(Grant, (COMPLAINTS, officer.id)) is None
    grants.grant_with_papers(office, COMPLAINTS, papers[1:], MAYA, shown, now=MONDAY)
    assert office.session.get(Grant, (COMPLAINTS, officer.id)) is not None


def test_a_rehearsal_shows_a_mark_that_everybody_sees_lets_nobody_in_and_keeps_the_day(office, papers):
    with reading(office.session):
        before = office.session.scalar(select(func.count()).select_from(Grant))
    mark = recovering.rehearse(office, COMPLAINTS, papers[1:], now=MONDAY)
    assert mark == fingerprint(office.session.get_one(Vault, COMPLAINTS).public, vault=COMPLAINTS)
    assert office.session.scalar(select(func.count()).select_from(Grant)) == before
    line = office.session.scalars(select(JournalLine).order_by(JournalLine.number.desc()).limit(1)).one()
    assert (line.actor, line.act, line.case_id) == ("administrator", "recovery-rehearsed", None)
    told = {"vault": COMPLAINTS, "papers": papers[0][1:4], "fingerprint": mark}
    assert journal.detail_of(line) == told
    with pytest.raises(Refused):
        recovering.rehearse(office, COMPLAINTS, papers[:1], now=MONDAY)
    assert office.session.scalar(select(func.count()).where(JournalLine.act == "recovery-rehearsed")) == 1


def test_a_rehearsal_finds_a_key_that_was_swapped_and_everybody_is_told(office, instance, papers):
    with by_hand(instance) as connection:
        connection.execute(
            "UPDATE vaults SET public = ? WHERE id = 'complaints'", (KeyPair.generate().public,)
        )
    with pytest.raises(KeyDiffers):
        recovering.rehearse(office, COMPLAINTS, papers[1:], now=MONDAY)
    acts = office.session.scalars(select(JournalLine.act)).all()
    assert "key-differs" in acts
    assert "recovery-rehearsed" not in acts


def real(office, **settings):
    """The same office, of a real instance."""
    return replace(office, settings=replace(office.settings, demonstration=False, **settings))


def test_when_a_rehearsal_is_overdue_is_told_and_by_a_rehearsal_mended(office, papers):
    office = real(office, rehearse_months=12)
    made = recovering.standings(office, now=MONDAY)
    assert {one.vault for one in made} == set(FIRST)
    assert {(one.rehearsed_on, one.since) for one in made} == {(None, date(2026, 4, 1))}
    assert recovering.faults(office, now=MONDAY) == []
    on_the_day = MONDAY.replace(year=2027, month=4, day=1)
    assert recovering.faults(office, now=on_the_day - timedelta(days=1)) == []
    assert len(recovering.faults(office, now=on_the_day)) == len(FIRST)
    assert "since 1 April 2026" in recovering.faults(office, now=on_the_day)[0]
    recovering.rehearse(office, COMPLAINTS, papers[:2], now=on_the_day)
    left = recovering.faults(office, now=on_the_day)
    assert len(left) == len(FIRST) - 1
    assert not any(f"'{COMPLAINTS}'" in fault for fault in left)
    kept = next(one for one in recovering.standings(office, now=on_the_day) if one.vault == COMPLAINTS)
    assert (kept.papers, kept.rehearsed_on) == (papers[0][1:4], on_the_day.date())


# New papers for old ones.


def test_new_shares_take_over_when_one_was_typed_back_and_not_before(office, papers):
    prepared = recovering.prepare(office, COMPLAINTS, papers[:2], now=MONDAY)
    assert recovering.check(office, COMPLAINTS, papers[1:], now=MONDAY)
    assert "opens nothing" in said_of(office, COMPLAINTS, *prepared.texts[:2])
    for wrong in ("", papers[0], prepared.texts[0][:-2], Share(b"1" + b"ABC" * 13).text):
        with pytest.raises(Refused):
            recovering.replace(office, prepared, wrong, now=MONDAY)
    assert recovering.check(office, COMPLAINTS, papers[1:], now=MONDAY)
    recovering.replace(office, prepared, prepared.texts[2].lower(), now=MONDAY)
    assert recovering.check(office, COMPLAINTS, prepared.texts[:2], now=MONDAY)
    assert "opens nothing" in said_of(office, COMPLAINTS, *papers[:2])
    acts = office.session.scalars(select(JournalLine.act).order_by(JournalLine.number)).all()
    assert acts[-1] == "recovery-shares-made"
    assert journal.verify(office).fault == ""


def test_a_single_key_of_an_earlier_version_works_on_until_shares_replace_it(office, officer, papers):
    key = single_key(office, officer)
    assert recovering.check(office, COMPLAINTS, (key,), now=MONDAY)
    assert not recovering.another_wanted(office, COMPLAINTS, (key,))
    assert "has a single recovery key, and no shares yet" in said_of(office, COMPLAINTS, papers[0])
    standing = next(one for one in recovering.standings(office, now=MONDAY) if one.vault == COMPLAINTS)
    assert standing.papers == recovering.SINGLE
    prepared = recovering.prepare(office, COMPLAINTS, (key,), now=MONDAY)
    recovering.replace(office, prepared, prepared.texts[0], now=MONDAY)
    told = said_of(office, COMPLAINTS, key)
    assert "the key opens nothing any more" in told
    assert f"set {prepared.texts[0][1:4]}" in told
    assert recovering.check(office, COMPLAINTS, prepared.texts[1:], now=MONDAY)


def test_a_wrong_single_key_is_refused(office, officer):
    single_key(office, officer)
    assert "is not the key of that vault" in said_of(office, COMPLAINTS, RecoveryKey.generate().text)


def test_two_who_make_new_shares_at_once_do_not_undo_one_another(office, papers):
    first, second = (recovering.prepare(office, COMPLAINTS, papers[:2], now=MONDAY) for _ in range(2))
    recovering.replace(office, second, second.texts[0], now=MONDAY)
    with pytest.raises(Refused, match="Meanwhile somebody else gave this vault new papers"):
        recovering.replace(office, first, first.texts[0], now=MONDAY)
    assert recovering.check(office, COMPLAINTS, second.texts[:2], now=MONDAY)


KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from intake.cli.opening import opened
from intake.services.people import recovering
from intake.services.ground import journal
where, *papers = sys.argv[1:]
if where == "within":
    journal.append = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
with opened() as office:
    now = datetime(2026, 6, 1, 10, tzinfo=UTC)
    prepared = recovering.prepare(office, "complaints", papers, now=now)
    print("\\n".join(prepared.texts), flush=True)
    if where == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    recovering.replace(office, prepared, prepared.texts[1], now=now)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("where", "works"), [("before", "old"), ("within", "old"), ("after", "new")])
def test_killed_half_way_either_the_old_papers_work_or_the_new_ones(office, instance, papers, where, works):
    office.session.rollback()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, where, *papers[:2]],
        capture_output=True,
        text=True,
        env=os.environ | {"INTAKE_INSTANCE": str(instance)},
    )
    assert done.returncode < 0, done.stderr
    new = done.stdout.split()
    right, wrong = (papers, new) if works == "old" else (new, papers)
    assert recovering.check(office, COMPLAINTS, right[:2], now=MONDAY)
    assert "opens nothing" in said_of(office, COMPLAINTS, *wrong[:2])


# What thieves open. Each has a copy of the database and, besides, what the story says.


def opened_by(office, seed: bytes) -> set[str]:
    """Every keyholder some envelope of whose opens with a seed."""
    pair, found = KeyPair.from_seed(seed), set()
    for envelope in office.session.scalars(select(Envelope)):
        try:
            open_case_key(
                envelope.sealed,
                pair,
                case=envelope.case_id,
                scope=envelope.scope,
                keyholder=envelope.keyholder,
            )
        except SealBroken:
            continue
        found.add(envelope.keyholder)
    return found


def everything_sealed(office) -> list[bytes]:
    columns = (Vault.sealed_to_recovery, Grant.sealed, Envelope.sealed, Record.sealed, ReceiptLock.sealed)
    return [blob for column in columns for blob in office.session.scalars(select(column))]


@pytest.fixture
def much(office) -> None:
    """A case in each of two vaults."""
    send(office, complaint())
    send(office, concern())


def test_a_thief_with_one_share_the_database_and_the_server_s_keys_opens_nothing(
    office, instance, papers, much
):
    """They fill in whatever they like for the other share: the row opens to none of it, nor to the share as a key."""
    sealed = office.session.get_one(Vault, COMPLAINTS).sealed_to_recovery
    keys = b"".join(path.read_bytes() for path in (instance / "keys").iterdir())
    known = keys + b"".join(everything_sealed(office))
    share = Share.parse(papers[0])
    guesses = [
        symbols.encode(int.from_bytes(known[at : at + 23], "big") >> 4, 36) for at in range(0, 20_000, 97)
    ]
    guesses += [share._value[4:].decode(), "0" * 36, "Z" * 36]
    for number, guess in itertools.product((2, 3), guesses):
        other = Share(f"{number}{share.mark}{guess}".encode())
        with pytest.raises(SealBroken):
            open_set(share, other, sealed, vault=COMPLAINTS)
    as_key = RecoveryKey(share._value[4:])
    for blob in everything_sealed(office):
        for vault in VAULTS:
            with pytest.raises(SealBroken):
                as_key.open(blob, vault=vault)
    with pytest.raises(Mistyped):
        Receipt.parse(papers[0])
    for seed in (share._value[4:36], share._value[8:40]):
        assert opened_by(office, seed) == set()


def test_a_thief_of_the_database_with_two_shares_opens_that_vault_and_nothing_else(office, papers, much):
    sealed = office.session.get_one(Vault, COMPLAINTS).sealed_to_recovery
    one, other = (Share.parse(text) for text in papers[:2])
    seed = open_set(one, other, sealed, vault=COMPLAINTS)
    keyholders = {row.keyholder for row in office.session.scalars(select(Envelope))}
    assert keyholders >= {sealing.vault_holder(vault) for vault in (COMPLAINTS, WHISTLEBLOWING)}
    assert opened_by(office, seed) == {sealing.vault_holder(COMPLAINTS)}
    for vault in (WHISTLEBLOWING, ALTERNATE):
        theirs = office.session.get_one(Vault, vault).sealed_to_recovery
        with pytest.raises(SealBroken):
            open_set(one, other, theirs, vault=vault)


def test_a_thief_with_all_old_papers_opens_nothing_of_a_database_that_has_new_ones(
    office, officer, papers, much
):
    """Nor when they write the new mark on them, which stands in the row."""
    key = single_key(office, officer)
    new = recovering.prepare(office, COMPLAINTS, (key,), now=MONDAY)
    recovering.replace(office, new, new.texts[0], now=MONDAY)
    sealed = office.session.get_one(Vault, COMPLAINTS).sealed_to_recovery
    with pytest.raises(SealBroken):
        RecoveryKey.parse(key).open(sealed, vault=COMPLAINTS)
    with pytest.raises(SealBroken):
        RecoveryKey.parse(key).open(sealed[4:], vault=COMPLAINTS)
    relabelled = [
        Share(b"%d%s%s" % (n, new.made.mark.encode(), Share.parse(text)._value[4:]))
        for n, text in enumerate(papers, 1)
    ]
    for one, other in itertools.permutations(relabelled, 2):
        with pytest.raises(SealBroken):
            open_set(one, other, sealed, vault=COMPLAINTS)


def test_no_share_and_no_shared_secret_lies_anywhere_in_the_instance(office, instance, papers):
    office.session.rollback()
    stored = b"".join(path.read_bytes() for path in instance.rglob("*") if path.is_file())
    for text in papers:
        for form in (text, text.replace("-", ""), Share.parse(text)._value[4:].decode()):
            assert form.encode() not in stored
