"""A register is imported whole or not at all, again without doubling, and sealed on the way in."""

from __future__ import annotations

import secrets
import string
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from intake.counts.quarters import Period
from intake.database import NotStored
from intake.models import (
    Case,
    DeadlineRow,
    Envelope,
    Event,
    JournalLine,
    Notice,
    Record,
    RegisterEntry,
    StageReceipt,
    StepRow,
    Theme,
)
from intake.services.casework import case_page
from intake.services.figures import coverage, drawing_up
from intake.services.ground import journal
from intake.services.ground.refusals import NotFound, Refused
from intake.services.register import importing, uploads
from intake.services.register.importing import Imported
from intake.services.tick import escalation
from tests import officers
from tests.by_hand import uploads_of
from tests.conftest import copied, opened
from tests.durability.test_canary import needles
from tests.register.files import EXAMPLE, as_csv, as_xlsx, row

NOW = datetime(2026, 5, 5, 10, 0, tzinfo=UTC)
COVERS = ("2023-24=statutory,corporate,ombudsman", "2024-25=all")
TABLES = (Case, Event, StageReceipt, Envelope, Record, RegisterEntry, Theme, Notice)
COUNTS = {
    "2024-25": {
        "compliments": 153,
        "general-enquiries": 72,
        "councillor-enquiries": 31,
        "mp-enquiries": 149,
        "statutory-stage-1": 62,
        "statutory-stage-2": 16,
        "statutory-stage-3": 0,
        "corporate-stage-1": 720,
        "corporate-stage-2": 148,
        "corporate-stage-3": 60,
        "ombudsman-enquiries": 37,
        "whistleblowing-referrals": 3,
    },
    "2023-24": {
        "statutory-stage-1": 86,
        "statutory-stage-2": 10,
        "statutory-stage-3": 1,
        "corporate-stage-1": 368,
        "corporate-stage-2": 39,
        "corporate-stage-3": 16,
        "ombudsman-enquiries": 17,
    },
}


def import_(office, data: bytes, *covers: str, name: str = "register.csv", now=NOW, **more):
    """What came of it."""
    read = coverage.read(office, covers, now=now)
    *_, last = importing.run(office, data, name=name, covers=read, now=now, **more)
    return last


def counted(office, year: str) -> dict[str, int]:
    period = Period.parse(year)
    query = select(StageReceipt.measure, func.count()).where(
        StageReceipt.received_on.between(period.first_day, period.last_day)
    )
    return dict(office.session.execute(query.group_by(StageReceipt.measure)).all())


def everything(office) -> dict[str, int]:
    return {
        table.__tablename__: office.session.scalar(select(func.count()).select_from(table))
        for table in TABLES
    }


def case_of(office, reference: str) -> Case:
    entry = office.session.scalars(select(RegisterEntry).where(RegisterEntry.reference == reference)).one()
    return office.session.get(Case, entry.case_id)


@pytest.fixture(scope="module")
def example(freshly_set_up, tmp_path_factory):
    """An instance that holds the example register."""
    place = tmp_path_factory.mktemp("example") / "instance"
    with copied(freshly_set_up, place):
        with opened(place) as office:
            assert isinstance(import_(office, EXAMPLE.read_bytes(), *COVERS), Imported)
        yield place


def test_the_example_carries_its_counts_and_what_nobody_covered_is_not_recorded(example):
    with opened(example) as office:
        assert {
            measure: counted(office, "2024-25").get(measure, 0) for measure in COUNTS["2024-25"]
        } == COUNTS["2024-25"]
        assert counted(office, "2023-24") == COUNTS["2023-24"]
        table = drawing_up.draw_up(office, Period.parse("2024-25"), now=NOW).table
        for measure, number in COUNTS["2024-25"].items():
            cell = table.row(measure).total
            assert (cell.figure.number, cell.prior.number) == (number, COUNTS["2023-24"].get(measure))


def test_importing_it_again_doubles_nothing(example):
    with opened(example) as office:
        before, lines = everything(office), journal.verify(office).lines
        again = import_(office, EXAMPLE.read_bytes(), *COVERS).checked
        assert (again.new, again.replaced, again.unchanged) == (0, 0, 1698)
        assert everything(office) == before
        verdict = journal.verify(office)
        assert (verdict.lines, verdict.fault) == (lines + 1, "")


def test_no_clock_runs_for_what_a_register_brings(office, officer):
    import_(office, as_csv(row(stage1_responded="", stage1_outcome="")))
    case = case_of(office, "CEF-1")
    assert (case.closed_on, case.next_due, case.journalled) == (None, None, True)
    escalation.run(office, now=NOW + timedelta(days=400))
    for table in (DeadlineRow, StepRow, Notice):
        assert office.session.scalar(select(func.count()).select_from(table)) == 0


def test_an_officer_reads_a_case_as_if_it_had_been_entered_here(office, officer, monitoring_officer):
    import_(
        office, as_csv(row(), row(reference="WB-1", kind="whistleblowing", stage1_outcome="substantiated"))
    )
    page = case_page.open_case(office, officer, case_of(office, "CEF-1").reference, now=NOW)
    assert [(said.question, said.answer) for said in page.words] == [("Summary", "The letter came late.")]
    assert [said.answer for said in page.identity] == ["Kamila Zieba"]
    assert (page.level, page.channel, page.closed_on) == ("named", "email", date(2024, 4, 20))
    assert [entry.text for entry in page.timeline] == [
        "Received",
        "Stage 1 answered: upheld",
        "Taken over from a register: CEF-1",
    ]
    concern = case_of(office, "WB-1")
    assert (concern.place_id, concern.theme_id) == (None, None)
    with pytest.raises(NotFound):
        case_page.open_case(office, officer, concern.reference, now=NOW)
    page = case_page.open_case(office, monitoring_officer, concern.reference, now=NOW)
    assert page.identity_sealed
    assert page.identity is None


def test_an_imported_case_can_be_worked_on(office, officer):
    import_(office, as_csv(row(stage1_responded="", stage1_outcome="")))
    reference = case_of(office, "CEF-1").reference
    before = office.session.scalars(select(StageReceipt)).one()
    told = (before.received_on, before.measure, before.due_on, before.place_id, before.theme_id)
    officers.allocate(office, officer, reference, officer.id, revision=1, now=NOW)
    after = office.session.scalars(select(StageReceipt)).one()
    assert (after.received_on, after.measure, after.due_on, after.place_id, after.theme_id) == told


def test_a_corrected_row_replaces_the_earlier_one_under_the_same_reference(office):
    import_(office, as_csv(row(), row(reference="B")))
    reference, size = case_of(office, "CEF-1").reference, everything(office)
    told = import_(office, as_csv(row(stage1_outcome="not upheld"), row(reference="B"))).checked
    assert (told.new, told.replaced, told.unchanged) == (0, 1, 1)
    office.session.expire_all()
    assert case_of(office, "CEF-1").reference == reference
    assert everything(office) == size
    receipt = office.session.get(StageReceipt, (case_of(office, "CEF-1").id, "stage-1"))
    assert receipt.outcome == "not-upheld"


def test_a_case_that_was_worked_on_here_is_not_written_over(office, officer):
    import_(office, as_csv(row()))
    reference = case_of(office, "CEF-1").reference
    officers.note(office, officer, reference, "Looked at again.", token="n" * 40, now=NOW)
    told = import_(office, as_csv(row(stage1_outcome="not upheld"), row(reference="B")))
    (fault,) = told.faults
    assert (fault.row, fault.column) == (2, "reference")
    assert f"is here already as {reference} and has been worked on since" in fault.words
    assert office.session.get(RegisterEntry, ("complaints", "B")) is None
    assert import_(office, as_csv(row())).checked.unchanged == 1


def test_what_is_sealed_is_not_in_the_hash_that_tells_rows_apart(office):
    import_(office, as_csv(row()))
    same = import_(office, as_csv(row(summary="Something else.", complainant="Somebody else"))).checked
    assert same.unchanged == 1


def test_a_fault_far_down_keeps_the_whole_file_out(office):
    before = everything(office)
    rows = [row(reference=f"R{number}") for number in range(3_000)]
    rows[2_500]["stage1_responded"] = "2024-04-01"
    told = import_(office, as_csv(*rows), *COVERS)
    assert ([fault.row for fault in told.faults], told.fault_count) == ([2_502], 1)
    assert everything(office) == before
    assert not any(
        span.first_day.year < 2026 for spans in coverage.coverage(office).values() for span in spans
    )


def test_no_more_than_a_thousand_faults_are_listed_and_all_are_counted(office):
    told = importing.dry_run(
        office, as_csv(*(row(reference=f"R{n}", kind="?") for n in range(1_500))), now=NOW
    )
    assert (len(told.faults), told.fault_count) == (1_000, 1_500)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b",,,\r\n,,,\r\n"])
def test_a_file_without_a_word_in_it_is_empty(office, data):
    (fault,) = importing.dry_run(office, data, name="register.csv", now=NOW).faults
    assert (fault.row, fault.words.split(".")[0]) == (0, "The file is empty")


def test_headings_alone_are_no_register(office):
    (fault,) = importing.dry_run(office, as_csv(), now=NOW).faults
    assert "no rows under the headings" in fault.words


def test_a_dry_run_keeps_nothing(office, instance):
    before, lines = everything(office), journal.verify(office)
    covers = coverage.read(office, COVERS, now=NOW)
    told = importing.dry_run(office, EXAMPLE.read_bytes(), covers=covers, now=NOW)
    assert (told.rows, told.new, told.fault_count, told.outside) == (1698, 1698, 0, ())
    assert (everything(office), journal.verify(office)) == (before, lines)


@pytest.mark.parametrize("steps", [1, 3, 6])
def test_whoever_stops_half_way_leaves_nothing(office, instance, steps):
    before = everything(office)
    running = importing.run(office, as_csv(*(row(reference=f"R{n}") for n in range(2_000))), now=NOW)
    for _ in range(steps):
        next(running)
    running.close()
    assert everything(office) == before
    assert {path.name for path in instance.iterdir()} <= {
        "settings.toml",
        "keys",
        "intake.lock",
        "intake.lock.turn",
        "stretching.lock",
    } | {f"intake.db{ending}" for ending in ("", "-wal", "-shm")}


def test_a_failure_while_writing_leaves_nothing(office, monkeypatch):
    before = everything(office)

    def fail(*_args, **_more):
        raise RuntimeError("the power went")

    monkeypatch.setattr(importing.journal, "append", fail)
    with pytest.raises(RuntimeError):
        import_(office, as_csv(row()), *COVERS)
    monkeypatch.undo()
    assert everything(office) == before
    assert import_(office, as_csv(row()), *COVERS).checked.new == 1


def test_a_full_disk_is_told_and_nothing_is_kept(office, monkeypatch):
    before = everything(office)
    monkeypatch.setattr(importing.tempfile, "TemporaryFile", lambda **_: open("/dev/full", "wb+"))  # noqa: SIM115
    with pytest.raises(NotStored):
        import_(office, as_csv(*(row(reference=f"R{n}") for n in range(400))), *COVERS)
    monkeypatch.undo()
    assert everything(office) == before


def test_two_imports_at_once_never_double(instance):
    data = as_csv(*(row(reference=f"R{number}") for number in range(600)))
    told, together = [], threading.Barrier(2)

    def run():
        with opened(instance) as office:
            together.wait()
            told.append(import_(office, data).checked)

    people = [threading.Thread(target=run) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted((one.new, one.unchanged) for one in told) == [(0, 600), (600, 0)]
    with opened(instance) as office:
        assert office.session.scalar(select(func.count()).select_from(Case)) == 600


def test_an_act_that_comes_between_is_not_written_over(office, instance, officer):
    import_(office, as_csv(row()))
    running = importing.run(office, as_csv(row(stage1_outcome="not upheld")), now=NOW)
    while next(running).what != "Writing":
        pass
    with opened(instance) as other:
        officers.note(other, officer, case_of(other, "CEF-1").reference, "Mine.", token="n" * 40, now=NOW)
    *_, last = running
    assert "has been worked on since" in last.faults[0].words


def test_a_workbook_gives_the_same_facts(office):
    import_(office, as_csv(row(received_on="29/02/2024", stage1_received="29/02/2024")))
    typed = row(
        received_on=date(2024, 2, 29), stage1_received=date(2024, 2, 29), stage1_responded=date(2024, 4, 20)
    )
    told = import_(office, as_xlsx(typed), name="register.xlsx").checked
    assert told.unchanged == 1


def test_themes_are_one_however_they_are_written_and_merged_ones_are_followed(office):
    office.session.add_all(
        [Theme(id="a", name="Delay in service"), Theme(id="b", name="Lateness", merged_into="a")]
    )
    office.session.commit()
    rows = [
        row(reference=str(n), theme=theme)
        for n, theme in enumerate(("DELAY in service", "lateness", "Staff", "staff", ""))
    ]
    import_(office, as_csv(*rows))
    themes = [case_of(office, str(n)).theme_id for n in range(5)]
    assert themes[:2] == ["a", "a"]
    assert themes[2] == themes[3] is not None
    assert themes[4] is None
    assert sorted(office.session.scalars(select(Theme.name))) == ["Delay in service", "Lateness", "Staff"]


def test_an_enquiry_that_was_answered_was_answered_and_a_compliment_is_closed(office):
    enquiry = row(reference="E", kind="mp enquiry", stage1_received="", stage1_outcome="")
    import_(
        office, as_csv(enquiry, row(reference="C", kind="compliment", stage1_responded="", stage1_outcome=""))
    )
    assert office.session.get(StageReceipt, (case_of(office, "E").id, "stage-1")).outcome == "answered"
    assert case_of(office, "C").closed_on == date(2024, 4, 2)


def test_what_falls_outside_of_what_is_covered_is_told(office):
    covers = coverage.read(office, ["2024-25=compliments"], now=NOW)
    told = importing.dry_run(office, as_csv(row(), row(reference="B")), covers=covers, now=NOW)
    assert told.outside == (("2024-25", "corporate-stage-1", 2),)
    assert "not recorded" in importing.sentences(told)[0]


def test_the_journal_tells_an_import_in_one_line_and_names_no_case(office, manager):
    import_(office, as_csv(row()), "2024-25=all", officer=manager)
    line = office.session.scalars(select(JournalLine).where(JournalLine.act == "register-imported")).one()
    told = journal.detail_of(line)
    assert (line.actor, line.case_id, told["new"]) == (manager.id, None, 1)
    assert list(told["covers"]) == ["2024-25"]
    assert len(told["file"]) == 64


def test_nothing_that_is_sealed_is_found_anywhere_on_the_way(office, instance):
    """The database, its log, the spool while it is written, and what lies aside between two pages."""
    birds = ["".join(secrets.choice(string.ascii_lowercase) for _ in range(28)) for _ in range(2)]
    data = as_csv(*(row(reference=f"R{n}", complainant=birds[0], summary=birds[1]) for n in range(600)))
    uploads.keep(office, data, now=NOW)
    spooled = []
    running = importing.run(office, data, now=NOW)
    for step in running:
        if getattr(step, "what", "") == "Writing":
            spool = running.gi_frame.f_locals["spool"].file
            spool.seek(0)
            spooled.append(spool.read())
    found = spooled + [path.read_bytes() for path in instance.rglob("*") if path.is_file()]
    found += uploads_of(instance)
    assert len(spooled[0]) > 600 * 3_000
    for bird in birds:
        assert not any(needle in data for needle in needles(bird) for data in found)


def test_a_file_between_two_pages_is_gone_after_an_hour(office, instance):
    moment = datetime.now(UTC)
    name, key = uploads.keep(office, b"x" * 5_000_000, now=moment)
    assert uploads.read(office, name, key, now=moment) == b"x" * 5_000_000
    other, _ = uploads.keep(office, b"y", now=moment)
    with pytest.raises(Refused, match="altered"):
        uploads.read(office, other, key, now=moment)
    with pytest.raises(Refused, match="no longer kept"):
        uploads.read(office, name, key, now=moment + timedelta(minutes=61))
    assert uploads_of(instance) == []
    with pytest.raises(Refused, match="no longer kept"):
        uploads.read(office, "../intake.db", key, now=moment)


def test_headings_are_remembered(office):
    data = as_csv(row(), headings=("reference", "kind", "received_on")).replace(b"reference", b"Our No.", 1)
    told = importing.dry_run(office, data, now=NOW)
    assert told.unknown_headings == ("Our No.",)
    importing.keep_headings(office, {"our no.": "reference"})
    assert importing.dry_run(office, data, now=NOW).new == 1
    with pytest.raises(Refused, match="no column 'refrence'"):
        importing.keep_headings(office, {"x": "refrence"})
