"""PostgreSQL that is not what we need, or cannot take what a reporter sends: told in words at the start and on the
page, nothing is half done, and once it can, the same press succeeds by itself.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from intake import config, create_app
from intake.cli import main
from intake.models import Case, Envelope, Event, Record
from intake.services.ground.press import new_token
from intake.services.ground.refusals import NotStored
from intake.services.holders import returning
from tests import postgresql as server
from tests.actors import MONDAY, send
from tests.conftest import database_line, opened
from tests.web.public.visitor import Visitor, write_complaint

pytestmark = pytest.mark.postgresql

STARTS = ("check", "check-to-serve", "upgrade", "tick")
PASSWORD = "right-word"
NOT_SENT = "We could not store what you sent, so nothing was sent. What you wrote is still here"
NOBODY_THERE = "Please wait a few minutes, then load this page again."


@pytest.fixture(scope="module")
def own(freshly_set_up: Path) -> Iterator[server.Server]:
    """A server with an instance in the database `council`, which belongs to a role without any other right."""
    with server.of_its_own("wal_level=replica") as own:
        own.do(f"CREATE ROLE council LOGIN PASSWORD '{PASSWORD}'")
        own.do("CREATE DATABASE council OWNER council")
        with server.cloned(config.load(freshly_set_up).url) as filled:
            server.copy(filled, own.url("council", "council"))
        own.ask_for_passwords()
        yield own


@pytest.fixture
def place(own, freshly_set_up: Path, tmp_path: Path) -> Iterator[Path]:
    """An instance folder, and a database of the story's own as it was set up: `story`."""
    own.do("CREATE DATABASE story TEMPLATE council OWNER council")
    yield named(shutil.copytree(freshly_set_up, tmp_path / "instance"), url(own))
    own.do("DROP DATABASE story WITH (FORCE)")


def url(own: server.Server, database: str = "story", user: str = "council", password: str = PASSWORD) -> str:
    return own.url(database, user, password)


def named(place: Path, url: str) -> Path:
    """The folder names another database."""
    settings = place / "settings.toml"
    told = [line for line in settings.read_text().splitlines() if not line.startswith("database_url")]
    settings.write_text(database_line(url) + "\n".join(told))
    return place


def told_at_every_start(place: Path) -> list[str]:
    """Each command refuses, in one sentence without a password; nothing was begun."""
    told = []
    for command in STARTS:
        done = CliRunner().invoke(main, [command], env={"INTAKE_INSTANCE": str(place)})
        assert done.exit_code == 1, command
        assert isinstance(done.exception, SystemExit), (command, done.exception)
        assert PASSWORD not in done.output
        assert "psycopg" not in done.output
        told.append(done.output)
    return told


def is_marked(own: server.Server) -> bool:
    """Whether an upgrade was begun."""
    return own.do("SELECT to_regclass('upgrade_under_way')", "story") != [(None,)] and bool(
        own.do("SELECT * FROM upgrade_under_way", "story")
    )


def test_a_wrong_password_is_told(own, place):
    named(place, url(own, password="wrong-word"))
    for told in told_at_every_start(place):
        assert "password authentication failed" in told
        assert "wrong-word" not in told


def test_a_database_that_is_not_there_and_a_host_that_nobody_knows_are_told(own, place):
    named(place, url(own, "no-such"))
    for told in told_at_every_start(place):  # it was told as one that lets nobody in
        assert "There is no database no-such" in told
        assert (
            """CREATE DATABASE "no-such" OWNER "council" ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;"""
            in told
        )
        assert "does not let us in" not in told
    named(place, f"postgresql://council:{PASSWORD}@no-such-host.invalid/story")
    assert all("no-such-host.invalid" in told for told in told_at_every_start(place))


def test_where_no_password_is_found_the_places_for_one_are_told_and_each_works(own, place, tmp_path):
    bare = url(own, password="")
    for told in told_at_every_start(named(place, bare)):
        assert "asks for a password" in told
        assert "passfile=" in told
    kept = tmp_path / "pgpass"
    kept.write_text(f"127.0.0.1:{own.port}:*:council:{PASSWORD}\n")
    kept.chmod(0o600)

    def checked(**given: str) -> int:
        told = {"INTAKE_INSTANCE": str(place), **given}
        return CliRunner().invoke(main, ["check"], env=told).exit_code

    assert checked(PGPASSWORD=PASSWORD) == 0
    assert checked(PGPASSFILE=str(kept)) == 0
    assert checked(INTAKE_DATABASE_URL=url(own)) == 0
    assert checked() == 1
    named(place, f"{bare}?passfile={kept}")
    assert checked() == 0


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_an_encoding_that_does_not_keep_every_text_is_told(own, place, encoding):
    """Seen before: a TypeError from SQL_ASCII; and LATIN1 was served until somebody wrote in Polish."""
    own.do("DROP DATABASE story WITH (FORCE)")
    own.do(f"CREATE DATABASE story OWNER council ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    for told in told_at_every_start(place):
        assert f"encoding is {encoding}" in told
        assert "ENCODING 'UTF8'" in told


def test_an_order_of_a_language_is_told(own, place):
    """Lists would differ from SQLite's; and after an upgrade of the system an index may not find what is there."""
    own.do("DROP DATABASE story WITH (FORCE)")
    own.do("CREATE DATABASE story OWNER council LOCALE_PROVIDER icu ICU_LOCALE 'en-GB' TEMPLATE template0")
    assert all("rules of a language" in told for told in told_at_every_start(place))


def test_another_name_for_the_order_of_bytes_is_taken(own, place):
    """C.UTF-8, which some systems make databases with, sorts by bytes as C does."""
    own.do("DROP DATABASE story WITH (FORCE)")
    try:
        own.do("CREATE DATABASE story OWNER council ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0")
    except psycopg.errors.WrongObjectType:
        own.do("CREATE DATABASE story OWNER council TEMPLATE template0")
        pytest.skip("this system has no C.UTF-8")
    server.copy(own.url("council", "intake"), own.url("story", "council", PASSWORD))
    assert CliRunner().invoke(main, ["check"], env={"INTAKE_INSTANCE": str(place)}).exit_code == 0
    texts = [*"aBéŻz€\U0001f600", "\uffff", "aB", "ab", "a b", "ä", "Z", ""]
    listed = ", ".join(f"('{text}')" for text in texts)
    (found,) = zip(*own.do(f"SELECT x FROM (VALUES {listed}) AS told (x) ORDER BY x", "story"), strict=True)
    assert list(found) == sorted(texts, key=str.encode)


def test_a_shape_of_a_newer_version_is_told_and_left_alone(own, place):
    """Seen before: a trace of `upgrade`'s, and its mark, for which the newer version refused its own database."""
    own.do("UPDATE alembic_version SET version_num = 'f00000000000'", "story")
    assert all("newer version of Intake" in told for told in told_at_every_start(place))
    assert own.do("SELECT version_num FROM alembic_version", "story") == [("f00000000000",)]
    assert not is_marked(own)


@pytest.mark.parametrize("rights", ["nothing", "SELECT"])
def test_a_role_without_rights_is_told(own, place, rights):
    """Seen before: traces; and who may only look was let in."""
    own.do(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
    try:
        if rights == "SELECT":
            own.do("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest", "story")
        named(place, url(own, user="guest"))
        assert all("grants the rights" in told for told in told_at_every_start(place))
        assert not is_marked(own)
    finally:
        own.do("DROP OWNED BY guest", "story")
        own.do("DROP ROLE guest")


def test_an_upgrade_by_a_role_that_may_not_make_tables_is_told(own, place):
    """Seen before: a trace."""
    own.do("DROP DATABASE story WITH (FORCE)")
    own.do("CREATE DATABASE story")
    done = CliRunner().invoke(main, ["upgrade"], env={"INTAKE_INSTANCE": str(place)})
    assert isinstance(done.exception, SystemExit), done.exception
    assert "grants the rights" in done.output
    assert own.do("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "story") == [(0,)]


def whole_cases(place: Path) -> int:
    """How many there are; none of them in part."""
    with opened(place) as office:
        cases = office.session.scalar(select(func.count()).select_from(Case))
        for column in (Record.case_id, Event.case_id, Envelope.case_id):
            assert office.session.scalar(select(func.count(column.distinct()))) == cases
    return cases


@contextmanager
def password_changed(own: server.Server, _place: Path) -> Iterator[None]:
    own.do("ALTER ROLE council PASSWORD 'another-word'")
    own.send_away("story")
    yield
    own.do(f"ALTER ROLE council PASSWORD '{PASSWORD}'")


@contextmanager
def renamed(own: server.Server, _place: Path) -> Iterator[None]:
    own.send_away("story")
    own.do("ALTER DATABASE story RENAME TO elsewhere")
    yield
    own.send_away("elsewhere")
    own.do("ALTER DATABASE elsewhere RENAME TO story")


@contextmanager
def rights_taken(own: server.Server, _place: Path) -> Iterator[None]:
    own.do("REVOKE INSERT ON cases FROM council", "story")
    yield
    own.do("GRANT INSERT ON cases TO council", "story")


@contextmanager
def full(own: server.Server, place: Path) -> Iterator[None]:
    """Others send until no table may grow any more."""
    own.limit_files(1024 * 1024 + 1)
    own.send_away("story")
    with opened(place) as office, pytest.raises(NotStored, match="disk of the database is full"):
        deque(send(office, words="x" * 20_000) for _ in count())
    yield
    own.limit_files("unlimited")
    own.send_away("story")


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(password_changed, NOBODY_THERE), (renamed, NOBODY_THERE), (rights_taken, NOT_SENT), (full, NOT_SENT)],
)
def test_a_send_meets_it_and_the_same_press_succeeds_afterwards(own, place, trouble, words):
    app = create_app(config.load(place))
    reporter = write_complaint(Visitor(app.test_client()), "y" * 15_000)
    form = reporter.form("step")
    with trouble(own, place):
        before = whole_cases(place) if words == NOT_SENT else 0
        reporter.send(form, go="send")
        assert words in reporter.body
        if words == NOT_SENT:
            assert "y" * 15_000 in reporter.body
            assert whole_cases(place) == before
    sent = reporter.send(form, go="send")
    assert whole_cases(place) == before + 1
    with opened(place) as office:
        assert returning.open_case(office, sent.receipt, now=MONDAY).words[-1].answer == "y" * 15_000


def test_a_copy_that_follows_another_server_takes_nothing_until_it_is_promoted(own, place):
    """What nobody has sent yet is on no copy, so the reporter begins again; an officer's program sends on."""
    app, token = create_app(config.load(place)), new_token()
    reporter = write_complaint(Visitor(app.test_client()), "Something.")
    form = reporter.form("step")
    own.stop()
    (own.data / "standby.signal").touch()
    own.start()
    assert all("read-only, or a copy" in told for told in told_at_every_start(place))
    assert reporter.send(form, go="send").status == 503
    with opened(place) as office:
        with pytest.raises(NotStored, match="read-only, or a copy"):
            send(office, token=token)
        assert app.test_client().get("/figures").status_code == 200
        own.do("SELECT pg_promote()")
        sent = send(office, token=token)
    assert not sent.sent_before
    assert whole_cases(place) == 1
    assert write_complaint(Visitor(app.test_client()), "Again.").press("send").status == 200
