"""What a complaint was is told to whoever has it now; and some cases go twice, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import Envelope, Notice, ReceiptLock, Record, RegisterEntry
from intake.procedures import moves
from intake.procedures.people import Named
from intake.services.casework import acting, case_page
from intake.services.ground.refusals import NotFound, Refused
from intake.services.holders import answering, returning
from intake.services.rerouting import looking, moving, remembering
from tests import officers
from tests.actors import complaint, send
from tests.conftest import opened

from .story import DANGER, LATER, NOW, case_of, move, propose, rerouted, revision, stamp


@pytest.mark.parametrize("from_before", [False, True])
def test_it_goes_twice_before_its_holder_comes_back(office, manager, monitoring_officer, told, from_before):
    """And comes to stay: the code opens it whichever way its keys lay meanwhile."""
    if from_before:
        case_id = case_of(office, told.receipt).id
        with reading(office.session):
            lock = office.session.scalar(select(ReceiptLock).where(ReceiptLock.case_id == case_id))
        lock.slot = None
        office.session.commit()
    first = rerouted(office, manager, told)
    propose(office, monitoring_officer, first, to="corporate")
    answering.answer(office, told.receipt, yes=True, text="", token="y" * 40, now=LATER)
    move(office, monitoring_officer, first)
    again = case_of(office, told.receipt).reference
    officers.write(office, manager, again, "We look into the bins.", token="m" * 40, now=LATER)
    for _ in range(2):
        held = returning.open_case(office, told.receipt, now=LATER)
        assert held.reference == again
        assert held.messages[-1].text == "We look into the bins."


def test_the_people_of_a_stage_and_its_dates_are_told_to_whoever_has_it_now(
    office, officer, manager, monitoring_officer
):
    sent = send(office, complaint(procedure="children-statutory"), now=NOW)
    ref, today = sent.reference, NOW.date()
    officers.respond(office, officer, ref, "not-upheld", "Our answer.", "", revision=1, now=NOW)
    officers.open_next_stage(office, officer, ref, None, "", revision=2, now=NOW)
    named = moves.Appoint(today, "investigating-officer-appointed", (Named("Iris Brand", "none"),))
    acting.do(office, officer, ref, named, revision=3, now=NOW)
    new = rerouted(office, manager, sent)
    page = case_page.open_case(office, monitoring_officer, new, now=LATER)
    assert not [one for one in page.people if one.now]
    (known,) = remembering.before(office, monitoring_officer, new, now=LATER)
    assert "Investigating officer appointed: Iris Brand" in [line.text for line in known.lines]
    assert any("open." in line for line in known.dates)


def test_one_that_is_closed_is_open_again_and_one_from_a_register_stays(office, officer, manager, told):
    officers.respond(
        office,
        officer,
        told.reference,
        "not-upheld",
        "No.",
        "",
        revision=revision(office, told.reference),
        now=NOW,
    )
    officers.close(
        office, officer, told.reference, "Done.", revision=revision(office, told.reference), now=NOW
    )
    case = case_of(office, told.receipt)
    office.session.add(
        RegisterEntry(
            vault="complaints", reference="1", case_id=case.id, facts=bytes(32), imported_on=NOW.date()
        )
    )
    office.session.commit()
    with pytest.raises(Refused, match="came from a register"):
        propose(office, manager, told.reference, danger=DANGER)
    office.session.delete(office.session.get_one(RegisterEntry, ("complaints", "1")))
    office.session.commit()
    rerouted(office, manager, told)
    assert case_of(office, told.receipt).closed_on is None


def test_who_decides_is_told_and_who_proposes_second_is_heard(office, officer, manager, told):
    propose(office, officer, told.reference)
    propose(office, officer, told.reference, danger=DANGER, named=("unsure",))
    view = looking.at(office, manager, told.reference, now=LATER)
    assert view.plan.danger == ""
    (other,) = view.others
    assert (other.danger, other.about) == (
        DANGER,
        "somebody who usually receives concerns: they are not sure",
    )
    with reading(office.session):
        waits = select(Notice.staff_id).where(Notice.kind == "proposed", Notice.state == "queued")
        assert office.session.scalars(waits).all() == [manager.id]
    assert looking.at(office, officer, told.reference, now=LATER).plan is None
    assert [one.reference for one in looking.waiting(office, manager)] == [told.reference]


def on_disk(office) -> bytes:
    return b"".join(path.read_bytes() for path in office.settings.instance.glob("intake.db*"))


@pytest.mark.sqlite
def test_no_page_and_no_log_of_the_file_holds_what_was_sealed_before(office, manager, told):
    case_id = case_of(office, told.receipt).id
    propose(office, manager, told.reference, danger=DANGER)
    with reading(office.session):
        records = office.session.scalars(select(Record).where(Record.case_id == case_id)).all()
        envelopes = office.session.scalars(select(Envelope).where(Envelope.case_id == case_id)).all()
        sealed = [row.sealed[100:400] for row in (*records, *envelopes)]
    assert all(blob in on_disk(office) for blob in sealed)
    move(office, manager, told.reference)
    assert not [blob for blob in sealed if blob in on_disk(office)]


def test_of_two_who_send_it_on_at_once_one_does(office, instance, manager, told):
    propose(office, manager, told.reference, danger=DANGER)
    seen, together = stamp(office, told.reference), Barrier(2)

    def send_on(_) -> str:
        with opened(instance) as theirs:
            together.wait()
            try:
                return moving.move(theirs, manager, told.reference, revision=seen, now=LATER)
            except (NotFound, Refused) as error:
                return type(error).__name__

    with ThreadPoolExecutor(2) as people:
        ends = sorted(people.map(send_on, range(2)))
    assert ends == ["NotFound", "the monitoring officer and the deputy"]
    assert returning.open_case(office, told.receipt, now=LATER).words is None
