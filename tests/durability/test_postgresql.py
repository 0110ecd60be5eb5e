"""PostgreSQL that goes away and comes back, or is not what we need: told in words, and nothing is half done.

And several machines that share it.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

from intake import config, create_app, database
from intake.cli.opening import opened as opened_by_a_command
from intake.config import BadSetting
from intake.database import Busy, NotStored, postgresql, writing
from intake.models import Case, Notice, Staff
from intake.services.cases import filing
from intake.services.cases.words import Answer
from intake.services.ground import custody, journal
from intake.services.ground.office import assemble
from intake.services.ground.press import new_token
from intake.services.ground.refusals import Refused
from intake.services.holders import returning, submitting
from intake.services.holders.submitting import Submission
from intake.services.register import uploads
from tests import postgresql as server
from tests.by_hand import by_hand
from tests.conftest import database_line, opened, serving
from tests.faults.door import Broken, Person
from tests.faults.house import House
from tests.web.public.visitor import Visitor, write_complaint
from tests.web.staff.at_a_desk import Desk

pytestmark = pytest.mark.postgresql

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def complaint(text: str = "Something.") -> Submission:
    return Submission("corporate", "named", (Answer("What happened?", text),))


def name_of(instance: Path) -> str:
    return config.load(instance).url.rpartition("/")[2]


def sent_away(instance: Path) -> None:
    server.shared().send_away(name_of(instance))


@contextmanager
def gone(instance: Path):
    """Nobody is let in."""
    server.shared().do(f'ALTER DATABASE "{name_of(instance)}" ALLOW_CONNECTIONS false')
    sent_away(instance)
    yield
    server.shared().do(f'ALTER DATABASE "{name_of(instance)}" ALLOW_CONNECTIONS true')


def cut_off(instance: Path) -> Callable[..., None]:
    """Every connection is cut in the very commit."""
    commit = PGDialect_psycopg.do_commit

    def cut(*told) -> None:
        sent_away(instance)
        commit(*told)

    return cut


def test_cut_off_in_the_middle_of_a_send_nothing_is_there_and_the_same_press_succeeds(
    office, instance, monkeypatch
):
    put, token = filing.put, new_token()

    def cut(*told) -> None:
        put(*told)
        sent_away(instance)

    monkeypatch.setattr(filing, "put", cut)
    with pytest.raises(NotStored):
        submitting.receive(office, complaint(), token=token, now=NOW)
    monkeypatch.undo()
    assert office.session.scalar(select(func.count()).select_from(Case)) == 0
    office.session.rollback()
    sent = submitting.receive(office, complaint(), token=token, now=NOW)
    assert not sent.sent_before
    assert returning.open_case(office, sent.receipt, now=NOW).words[0].answer == "Something."


def test_while_the_database_is_gone_pages_say_so_and_afterwards_they_work_by_themselves(client, instance):
    assert client.get("/").status_code == 200
    assert client.get("/figures").status_code == 200
    with gone(instance):
        for path in ("/figures", "/staff/sign-in"):
            answer = client.get(path)
            assert answer.status_code in (200, 503)
            assert "Traceback" not in answer.text
            assert "127.0.0.1" not in answer.text
        assert client.get("/figures").status_code == 503
    assert client.get("/figures").status_code == 200


def test_a_reporter_waits_for_no_officer_and_an_officer_for_officers(office, instance, monkeypatch):
    monkeypatch.setitem(postgresql.BOUNDS, "lock_timeout", 300)
    with opened(instance) as other, writing(other.session):
        sent = submitting.receive(office, complaint(), token=new_token(), now=NOW)
        with opened(instance) as late, pytest.raises(Busy), writing(late.session):
            pass
    assert returning.open_case(office, sent.receipt, now=NOW).words[0].answer == "Something."


def test_whoever_must_be_alone_keeps_senders_out_and_is_told_when_it_is_not_any_more(office, instance):
    engine = office.session.get_bind()
    with database.alone(engine, "post") as still:
        still()
        with pytest.raises(Busy), database.alone(engine, "post", wait_seconds=0):
            pass
        sent_away(instance)
        with pytest.raises(NotStored):
            still()
    with database.alone(engine, "post", wait_seconds=0):
        pass


def test_many_send_at_once_and_each_officer_is_told_of_it_once(instance):
    settings = config.load(instance)
    engine, receipts, start = database.connect(settings.url, threads=10), [], threading.Barrier(8)

    def send(number: int) -> None:
        with Session(engine) as session:
            office = assemble(settings, session)
            start.wait()
            receipts.append(submitting.receive(office, complaint(str(number)), token=new_token(), now=NOW))

    people = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len({sent.receipt for sent in receipts}) == 8
    with Session(engine) as session:
        told = Counter(session.scalars(select(Notice.staff_id).where(Notice.kind == "news")))
        assert set(told.values()) == {1}
        assert set(told) == set(session.scalars(custody.members("complaints").with_only_columns(Staff.id)))
    engine.dispose()


def test_a_search_for_a_nul_finds_nothing(app):
    """Seen before: 500."""
    desk = Desk(app)
    assert desk.sign_in("officer").status_code == 303
    assert desk.visit("/staff/?search=%00").status_code == 200
    assert desk.visit("/staff/cases/ABC%00DEFG").status_code == 404


def test_a_nul_that_reaches_the_database_is_refused_in_words(office):
    with pytest.raises(NotStored, match="NUL"), writing(office.session):
        office.session.scalar(select(Case.id).where(Case.reference == "A\0"))


def test_a_database_that_takes_no_changes_is_told_at_the_start_and_at_a_write(office, instance):
    server.shared().do(f'ALTER DATABASE "{name_of(instance)}" SET default_transaction_read_only = on')
    sent_away(instance)
    with pytest.raises(NotStored, match="read-only"), opened_by_a_command(config.load(instance)):
        pass


def test_a_role_without_rights_is_told(instance):
    do, role = server.shared().do, f"guest_{name_of(instance)[-8:]}"
    do(f"CREATE ROLE {role} LOGIN")
    lines = (instance / "settings.toml").read_text().replace("//intake@", f"//{role}@")
    (instance / "settings.toml").write_text(lines)
    try:
        with (
            opened(instance) as office,
            pytest.raises(NotStored, match="grants the rights"),
            writing(office.session),
        ):
            office.session.scalar(select(Case.id))
    finally:
        do(f"DROP ROLE {role}")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://intake:hidden-word@127.0.0.1:1/x", "does not let us in"),
        ("postgresql://nobody-here:hidden-word@127.0.0.1:{port}/{name}", "does not exist"),
        ("postgresql://intake:hidden-word@127.0.0.1:{port}/no-such", "There is no database no-such"),
        ("postgresql://intake:hidden-word@127.0.0.1:many/x", "no number"),
    ],
)
def test_a_wrong_address_is_told_and_no_password_with_it(instance, url, words):
    url = url.format(port=server.shared().port, name=name_of(instance))
    with pytest.raises((NotStored, BadSetting), match=words) as told:
        create_app(config.load(instance, overrides={"database_url": url}))
    assert "hidden-word" not in str(told.value)


def test_a_server_that_is_too_old_and_a_driver_that_is_missing_are_told(instance, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(postgresql, "OLDEST", 99)
        with pytest.raises(NotStored, match="needs 99 or newer"):
            create_app(config.load(instance))
    monkeypatch.setattr(postgresql, "find_spec", lambda _name: None)
    with pytest.raises(NotStored, match="driver is missing"):
        create_app(config.load(instance))


def test_a_server_that_does_not_keep_what_it_acknowledges_serves_no_council(instance):
    """The server of the tests is one. A demonstration may have it."""
    settings = (
        (instance / "settings.toml").read_text().replace("demonstration = true", "demonstration = false")
    )
    (instance / "settings.toml").write_text(f'trusted_hosts = ["council.example"]\n{settings}')
    with pytest.raises(BadSetting, match="fsync is off"):
        create_app(config.load(instance))


def test_a_server_that_is_stopped_and_started_again_is_found_again(tmp_path_factory, instance):
    """The real thing: a server of its own, crashed in the middle of a reporter's visit."""
    with server.of_its_own() as own:
        own.do("CREATE DATABASE moved")
        server.copy(config.load(instance).url, own.url("moved"))
        settings = instance / "settings.toml"
        settings.write_text(
            settings.read_text().replace(
                database_line(config.load(instance).url), database_line(own.url("moved"))
            )
        )
        with opened(instance) as office:
            first = submitting.receive(office, complaint(), token=new_token(), now=NOW)
            own.stop("immediate")
            with pytest.raises(NotStored):
                submitting.receive(office, complaint("lost"), token=new_token(), now=NOW)
            own.start()
            second = submitting.receive(office, complaint("again"), token=new_token(), now=NOW)
            for sent, text in ((first, "Something."), (second, "again")):
                assert returning.open_case(office, sent.receipt, now=NOW).words[0].answer == text


def another_machine(instance: Path, to: Path) -> Path:
    """Its own folder; of the first one's it has the settings and the keys, and nothing else."""
    to.mkdir(mode=0o700)
    shutil.copy(instance / "settings.toml", to)
    shutil.copytree(instance / "keys", to / "keys")
    return to


def test_a_register_that_one_machine_took_in_is_imported_by_another(office, instance, tmp_path):
    """Seen before: the officer was asked for the file again."""
    data = b"x" * 9_000_000
    name, key = uploads.keep(office, data, now=NOW)
    with opened(another_machine(instance, tmp_path / "other")) as other:
        assert uploads.read(other, name, key, now=NOW) == data
        uploads.forget(other, name)
    with pytest.raises(Refused, match="no longer kept"):
        uploads.read(office, name, key, now=NOW)
    assert not (instance / "uploads").exists()


def test_two_machines_serve_one_database_and_one_is_killed_in_the_middle_of_sends(instance, tmp_path):
    told: dict[str, str] = {}
    with serving(instance) as one, serving(another_machine(instance, tmp_path / "other")) as two:
        ports = [int(machine.url.rpartition(":")[2]) for machine in (one, two)]
        wanderer = Person(ports[0])
        pressed = wanderer.write("Begun on one machine, sent on the other.")
        wanderer.port = ports[1]
        told[wanderer.send(*pressed)] = "Begun on one machine, sent on the other."

        def send(name: str, port: int) -> None:
            for number in range(6):
                text = f"{name} {number}"
                try:
                    person = Person(port)
                    if code := person.send(*person.write(text)):
                        told[code] = text
                except Broken:
                    return

        people = [threading.Thread(target=send, args=(f"p{n}", ports[n % 2])) for n in range(4)]
        for person in people:
            person.start()
        while len(told) < 4 and any(person.is_alive() for person in people):
            people[0].join(0.05)
        two.process.kill()
        for person in people:
            person.join()
        with opened(instance) as office:
            assert len(told) >= 12
            for receipt, text in told.items():
                answers = [said.answer for said in returning.open_case(office, receipt, now=NOW).words]
                assert text in answers
            assert journal.verify(office).fault == ""
    with by_hand(instance) as connection:
        (most,) = connection.execute("SELECT max(number) - count(*) FROM journal").fetchone()
    assert most == 0


def test_workers_that_die_while_the_database_is_gone_come_back_with_it_by_themselves(instance):
    """Seen before: the new worker could not begin, so the whole server ended."""
    with House(instance) as house:
        with gone(instance):
            dead = house.workers()
            for worker in dead:
                os.kill(worker, signal.SIGKILL)
            while len(set(house.workers()) - set(dead)) < len(dead):
                assert house.process.poll() is None, "intake serve ended"
                time.sleep(0.05)
            time.sleep(2)  # for what would end, to end
            assert house.process.poll() is None
        house.wait()
        person = Person(house.port)
        assert person.send(*person.write("Afterwards."))


@pytest.fixture
def reporter(instance):
    """Somebody who has filled everything in."""
    return write_complaint(Visitor(create_app(config.load(instance)).test_client()), "Something.")


def test_a_send_that_is_lost_in_its_very_commit_is_told_as_that_and_pressed_again(
    instance, office, reporter, monkeypatch
):
    """Seen before: "nothing was sent", though nobody could know."""
    form = reporter.form("step")
    with monkeypatch.context() as broken:
        broken.setattr(PGDialect_psycopg, "do_commit", cut_off(instance))
        reporter.send(form, go="send")
    assert "cannot tell yet whether it reached us" in reporter.body
    assert "nothing was sent" not in reporter.body
    assert reporter.send(form, go="send").receipt
    assert office.session.scalar(select(func.count()).select_from(Case)) == 1


def test_the_page_of_a_receipt_says_not_that_nothing_was_sent_while_the_database_is_gone(instance, reporter):
    """Seen before: "Nothing was sent", of what had been."""
    sent = reporter.press("send")
    receipt, where = sent.receipt, sent.address
    with gone(instance):
        assert reporter.open(where).status == 503
        assert "Nothing was sent" not in reporter.body
        assert "may have reached us" in reporter.body
    assert reporter.open(where).receipt == receipt


def test_an_officer_is_told_that_the_database_is_gone_and_goes_on_afterwards(instance, office, monkeypatch):
    """Seen before: a fault of ours, 500, for the frame of the page that says it asks the database too."""
    reference = submitting.receive(office, complaint(), token=new_token(), now=NOW).reference
    desk, address = Desk(create_app(config.load(instance))), f"/staff/cases/{reference}/write"
    assert desk.sign_in("officer").status_code == 303
    page = desk.visit(address)
    with gone(instance):
        for path in ("/staff/", address):
            assert desk.visit(path).status_code == 503
            assert "try again in a few minutes" in desk.words
        desk.page = page
        assert desk.press(address, text="Written with care.").status_code == 503
        assert "Back button" in desk.words
    desk.visit(address)
    with monkeypatch.context() as broken:
        broken.setattr(PGDialect_psycopg, "do_commit", cut_off(instance))
        assert desk.press(address, text="Written with care.").status_code == 503
    assert "cannot tell whether it was" in desk.words
    assert "Written with care." in desk.page.text
    assert desk.press(address).status_code == 303
