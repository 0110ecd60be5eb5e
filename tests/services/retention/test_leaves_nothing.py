"""Of what was destroyed no byte is left in the files, and nobody's key opens anything: the attack as a test."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from intake.database import reading
from intake.models import Base, Destruction, Envelope, ReceiptLock, Record
from intake.services.ground import sealing
from intake.services.retention import destroying
from intake.vault.envelope import open_case_key
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair
from intake.vault.receipt import Receipt
from tests import officers
from tests.actors import complaint, send

from .story import CLOSED, OVER, SENT, answered_and_closed, destroyed, id_of, revision, worked_on_until


def bytes_of(office) -> dict[str, bytes]:
    """Everything that lies in the files of the database: of SQLite its file and log."""
    place = Path(office.session.get_bind().engine.url.database)
    return {path.name: path.read_bytes() for path in place.parent.glob(f"{place.stem}.*") if path.is_file()}


def sealed_of(office, case_id: str) -> list[bytes]:
    """What is sealed of a case: envelopes, records, the lock and its slot."""
    with reading(office.session):
        found = [
            *office.session.scalars(select(Envelope.sealed).where(Envelope.case_id == case_id)),
            *office.session.scalars(select(Record.sealed).where(Record.case_id == case_id)),
            *office.session.scalars(select(ReceiptLock.sealed).where(ReceiptLock.case_id == case_id)),
            *office.session.scalars(select(ReceiptLock.slot).where(ReceiptLock.case_id == case_id)),
        ]
    assert len(found) > 8
    return found


def pieces(blob: bytes) -> list[bytes]:
    """Parts of what is sealed, for a page may hold one of them alone."""
    return [blob[start : start + 24] for start in range(16, len(blob) - 24, 64)]


@pytest.fixture
def busy(office, officer):
    """Many cases of the same days, of which one in three is to be destroyed: rows have moved between pages."""
    gone, kept = [], []
    for number in range(36):
        sent = send(office, complaint(words=f"Bin {number}." * (1 + 40 * (number % 5))), now=SENT)
        officers.note(
            office, officer, sent.reference, "A note." * number * 9, token=f"{number:040}", now=SENT
        )
        answered_and_closed(office, officer, sent.reference)
        (gone if number % 3 else kept).append(sent)
    for sent in kept:
        officers.reopen(
            office, officer, sent.reference, "Again.", revision=revision(office, sent.reference), now=CLOSED
        )
    worked_on_until(office, OVER)
    return gone, kept


@pytest.mark.sqlite
def test_no_piece_of_what_was_sealed_is_left_in_any_file(office, officer, manager, busy):
    gone, kept = busy
    sealed = {sent.reference: sealed_of(office, id_of(office, sent.reference)) for sent in gone}
    ids = [id_of(office, sent.reference) for sent in gone]
    stays = sealed_of(office, id_of(office, kept[0].reference))
    assert destroyed(office, officer, manager) == len(gone)
    assert destroying.wipe(office, now=OVER)
    files = bytes_of(office)
    assert any(stays[0][16:60] in data for data in files.values())  # the search finds what is there
    for reference, blobs in sealed.items():
        for piece in (piece for blob in blobs for piece in pieces(blob)):
            assert not [name for name, data in files.items() if piece in data], reference
        assert not [name for name, data in files.items() if reference.encode() in data]
    with reading(office.session):
        (row,) = office.session.scalars(select(Destruction))
        assert row.wiped_on == OVER.date()
        named = set(office.session.execute(text("SELECT case_id FROM journal")).scalars())
        assert set(ids) <= named
    assert not destroying.wipe(office, now=OVER)


@pytest.mark.postgresql
def test_postgresqls_files_are_written_anew(office, officer, manager, busy):
    gone, _ = busy
    with reading(office.session):
        before = dict(office.session.execute(text(FILES)).all())
    assert destroyed(office, officer, manager) == len(gone)
    assert destroying.wipe(office, now=OVER)
    with reading(office.session):
        after = dict(office.session.execute(text(FILES)).all())
        dead = "SELECT sum(n_dead_tup) FROM pg_stat_user_tables WHERE relname IN ('records', 'envelopes')"
        assert not office.session.scalar(text(dead))
    for table in ("cases", "records", "envelopes", "receipts", "events", "stage_receipts"):
        assert before[table] != after[table], table


FILES = "SELECT relname, pg_relation_filenode(oid) FROM pg_class WHERE relkind = 'r'"


def test_with_every_key_of_everybody_the_database_opens_nothing_of_it(
    office, officer, manager, unlocked, told
):
    case_id = id_of(office, told.reference)
    with reading(office.session):
        kept = office.session.scalars(select(Envelope).where(Envelope.case_id == case_id)).all()
        everybody: dict[str, KeyPair] = {}
        for one in unlocked.values():
            everybody |= sealing.pairs_of(office.session, one)
        opened = [_opens(one.sealed, everybody, one) for one in kept]
    assert all(opened)
    destroyed(office, officer, manager)
    destroying.wipe(office, now=OVER)
    lookup = Receipt.parse(told.receipt).lookup(office.key.for_purpose("receipts"))
    tables = set(inspect(office.session.get_bind()).get_table_names()) & set(Base.metadata.tables)
    with reading(office.session):
        found = {}
        for name in sorted(tables):
            for row in office.session.execute(select(Base.metadata.tables[name])).mappings():
                if case_id in map(str, row.values()):
                    found.setdefault(name, []).append(row)
        assert set(found) == {"journal"}
        assert office.session.get(ReceiptLock, lookup) is None
        left = office.session.scalars(select(Envelope)).all()
        assert not [one for one in left if _opens(one.sealed, everybody, kept[0])]


def _opens(blob: bytes, pairs: dict[str, KeyPair], of: Envelope) -> bool:
    for holder, pair in pairs.items():
        try:
            open_case_key(blob, pair, case=of.case_id, scope=of.scope, keyholder=holder)
            return True
        except SealBroken:
            continue
    return False
