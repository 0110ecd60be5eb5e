"""What was destroyed comes back from no backup: the old key is burnt, and a restore of an old one is given the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.demonstration.living import PASSWORD
from intake.models import Case, JournalLine
from intake.services.ground import journal
from intake.services.ground.refusals import Refused
from intake.services.holders import returning
from intake.services.instance import backups, restoring
from intake.services.register import importing
from intake.services.retention import beyond_backups, destroying, listing, marks
from intake.services.retention.tombstones import CaseDestroyed
from tests.actors import complaint, send
from tests.conftest import opened
from tests.register.files import as_csv, row
from tests.services.retention.story import (
    OVER,
    SENT,
    answered_and_closed,
    confirm,
    destroyed,
    id_of,
    propose_all,
    worked_on_until,
)


@pytest.fixture
def two(office, officer):
    """Two complaints, closed long ago; the second is of a kind that is kept for longer."""
    gone = send(office, complaint(), now=SENT)
    kept = send(office, complaint(procedure="adult-social-care", words="She fell."), now=SENT)
    for sent in (gone, kept):
        answered_and_closed(office, officer, sent.reference)
    worked_on_until(office, OVER)
    return gone, kept


@pytest.fixture
def paper(office) -> str:
    """The printed recovery key of backups, as it was before."""
    return backups.new_key(office, now=OVER - timedelta(days=3)).text


@pytest.fixture
def old(office, paper, two, tmp_path) -> Path:
    """A backup from before the destruction."""
    backups.make(office, tmp_path / "old", now=OVER - timedelta(days=2))
    return tmp_path / "old"


def test_a_backup_from_before_is_told_until_its_paper_is_burnt(
    office, officer, manager, two, paper, old, tmp_path
):
    gone, _ = two
    mark = backups.check_key(office, paper)
    assert beyond_backups.faults(office) == []
    destroyed(office, officer, manager)
    (told,) = beyond_backups.faults(office)
    assert mark in told
    assert "1 case destroyed up to 9 June 2032 can still come back" in told
    with pytest.raises(Refused, match="still the one of before"):
        beyond_backups.record_gone(office, now=OVER)
    new = backups.new_key(office, now=OVER)
    with pytest.raises(Refused, match="still hold traces"):
        beyond_backups.record_gone(office, now=OVER)
    destroying.wipe(office, now=OVER)
    backups.make(office, tmp_path / "fresh", now=OVER)
    assert beyond_backups.faults(office)  # until somebody says that the paper is burnt
    beyond_backups.record_gone(office, now=OVER)
    assert beyond_backups.faults(office) == []
    with reading(office.session):
        lines = office.session.scalars(select(JournalLine).where(JournalLine.act == "backups-gone")).all()
    assert journal.detail_of(lines[0])["keys"] == [mark]
    # With the new paper nobody opens the old backup; with the old one, were it not burnt, it opens.
    with pytest.raises(Refused, match="does not open"):
        restoring.rehearse(old, new.text, now=OVER)
    assert restoring.rehearse(old, paper, now=OVER).manifest.tables["cases"] == 2
    restoring.restore(tmp_path / "fresh", new.text, tmp_path / "new", now=OVER)
    with opened(tmp_path / "new") as restored:
        assert marks.list_file(restored.settings).exists()
        with pytest.raises(CaseDestroyed):
            returning.open_case(restored, gone.receipt, now=OVER)
        assert journal.verify(restored).fault == ""


def test_a_restore_of_an_old_backup_with_the_list_brings_nothing_back(
    office, officer, manager, two, paper, old, tmp_path
):
    gone, kept = two
    case_id = id_of(office, gone.reference)
    destroyed(office, officer, manager)
    known = marks.read_list(marks.list_file(office.settings))
    assert len(known) == 1
    assert case_id not in marks.list_file(office.settings).read_text()
    restoring.restore(old, paper, tmp_path / "new", destroyed=known, now=OVER)
    with opened(tmp_path / "new") as restored:
        with reading(restored.session):
            assert [one.reference for one in restored.session.scalars(select(Case))] == [kept.reference]
        with pytest.raises(CaseDestroyed):
            returning.open_case(restored, gone.receipt, now=OVER)
        assert journal.verify(restored).fault == ""
        assert marks.read_list(marks.list_file(restored.settings)) == known
    file = (tmp_path / "new" / "intake.db").read_bytes()
    assert gone.reference.encode() not in file
    assert kept.reference.encode() in file


def test_without_the_list_it_stands_there_again_and_is_due_again(
    office, officer, manager, two, paper, old, tmp_path
):
    gone, _ = two
    destroyed(office, officer, manager)
    restoring.restore(old, paper, tmp_path / "new", now=OVER)
    with opened(tmp_path / "new") as restored:
        assert returning.open_case(restored, gone.receipt, now=OVER).reference == gone.reference


def test_another_file_is_no_list(tmp_path):
    for text in ("", "intake destroyed 1\nabc\n", "intake destroyed 2\n", "\xff"):
        (tmp_path / "list").write_bytes(text.encode("latin-1"))
        with pytest.raises(Refused):
            marks.read_list(tmp_path / "list")
    with pytest.raises(Refused):
        marks.read_list(tmp_path / "nothing")


def test_a_register_read_again_brings_nothing_back_and_counts_once(office, officer, manager):
    worked_on_until(office, OVER)
    recent = {"received_on": "2031-04-02", "stage1_received": "2031-04-02", "stage1_responded": "2031-04-20"}
    register = as_csv(row(reference="R-1"), row(reference="R-2", **recent))
    taken = [*importing.run(office, register, name="r.csv", now=OVER)][-1]
    assert taken.checked.new == 2
    proposed = propose_all(office, officer)
    assert proposed.number == 1
    assert confirm(office, manager, proposed.id) == 1
    again = [*importing.run(office, register, name="r.csv", now=OVER)][-1]
    assert (again.checked.new, again.checked.unchanged) == (0, 2)
    with reading(office.session):
        assert len(office.session.scalars(select(Case)).all()) == 1


def test_a_list_of_many_cases_is_carried_out_in_parts(office, officer, manager, monkeypatch):
    monkeypatch.setattr(destroying, "AT_ONCE", 3)
    for number in range(8):
        sent = send(office, complaint(words=f"Bin {number}."), now=datetime(2026, 6, 1, 10, 0, tzinfo=UTC))
        answered_and_closed(office, officer, sent.reference)
    worked_on_until(office, OVER)
    proposed = propose_all(office, officer)
    view = listing.look(office, manager, proposed.id, now=OVER)
    listing.confirm(office, manager, proposed.id, view.digest, PASSWORD, now=OVER)
    assert destroying.go_on(office, now=OVER, most=1) == 3
    view = listing.look(office, manager, proposed.id, now=OVER)
    assert (view.destroyed, view.number, view.done_on) == (3, 5, None)
    assert destroying.go_on(office, now=OVER) == 5
