"""Actors and places that the stories share. CSRF stays on, the safe is the real one, and so is the database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import postgresql

# Each fixture loads what it needs: the pure rooms' tests shall not wait for Flask or a browser.
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from intake.config import Settings
    from intake.services.ground.office import Office
    from intake.services.ground.roles import Officer

TESTS = Path(__file__).parent
PURE = {
    "procedures",
    "counts",
    "vault",
    "documents",
    "redaction",
    "register",
}  # `make quick` runs these rooms alone
QUICK = "QUICK" in os.environ
if QUICK:
    sys.modules.update(flask=None, playwright=None)  # whoever imports one fails at once
    collect_ignore = ["procedures/test_odd_catalogues.py"]  # it sends odd files through every act and page

# What asks for an instance is told twice: on SQLite, and on PostgreSQL. Not so what has no database or a browser before
# it, what breaks the disk under SQLite, and a story that is marked as one of a database's own. One that is marked as
# both is told twice in any room.
TOLD_ONCE = PURE | {"house", "journeys", "faults", "cli", "migrations"}
THE_DOORS = {"web"}  # told once too: on SQLite, or on the database that is named
DATABASES = ("sqlite", "postgresql")
ONLY = os.environ.get("DATABASE", "")  # DATABASE=sqlite make test: on that one alone
if ONLY not in ("", *DATABASES):
    raise pytest.UsageError(f"DATABASE is sqlite, postgresql or nothing, not {ONLY!r}")

SERVICES = ["Adult social care", "Children's social care", "Early help", "Housing", "Waste and recycling"]
SET_UP_AT = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
# A busy machine is no fault of ours. Each run looks at new examples, and prints how to see a bad one again;
# where CI is set they are the same each time, so that a change is judged by what it changed.
hypothesis_settings.register_profile(
    "ours",
    deadline=None,
    max_examples=10 if QUICK else 100,
    print_blob=True,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("ours")
PATIENCE_SECONDS = 300  # for what never takes so long on any machine, so that it ends at all
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # whoever starts the others
        postgresql.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgresql.end()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        room = Path(metafunc.module.__file__).relative_to(TESTS).parts[0]
        own = [kind for kind in DATABASES if metafunc.definition.get_closest_marker(kind)]
        if metafunc.definition.get_closest_marker("both"):
            own = list(DATABASES)
        once = {room: "sqlite" for room in TOLD_ONCE} | {room: ONLY or "sqlite" for room in THE_DOORS}
        kinds = own or ([once[room]] if room in once else DATABASES)
        metafunc.parametrize("database", kinds, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With DATABASE, what is told of the other one is counted as deselected."""
    left = [item for item in items if ONLY and _database_of(item) not in (None, ONLY)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def _database_of(item: pytest.Item) -> str | None:
    return item.callspec.params.get("database") if hasattr(item, "callspec") else None


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """What the story's instance is kept in: sqlite or postgresql."""
    return request.param


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for another machine fails."""
    connect = socket.socket.connect

    def only_here(self, address):
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture(autouse=True)
def answers_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a test's own process an answer that comes after one time comes at once, but where that is the story."""
    pure = request.path.is_relative_to(TESTS) and request.path.relative_to(TESTS).parts[0] in PURE
    if not pure and "evenly_timed" not in request.keywords:
        monkeypatch.setattr("intake.web.public.evenly.FLOOR_SECONDS", 0.0)


@pytest.fixture(scope="session")
def freshly_set_up(database: str, set_up: Callable[[str], Path]) -> Path:
    """An empty demonstration instance, set up once; every test works on a copy of its own (`copied`)."""
    return set_up(database)


@pytest.fixture(scope="session")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Sets an instance up on a database: once for all who test, whatever the order in which the stories come."""
    from intake import config, migrating
    from intake.demonstration import living
    from intake.services.ground.office import make_server_key
    from tests import once

    once.begin()

    def made(database: str) -> Path:
        place = tmp_path_factory.mktemp(f"template-{database}") / "instance"
        place.mkdir(mode=0o700)
        line = database_line(postgresql.new()) if database == "postgresql" else ""
        (place / "settings.toml").write_text(
            f'{line}demonstration = true\nauthority_name = "Testford Council"\nservices = {SERVICES}\n'
        )
        with opened(place, make_server_key) as office, cheap_passwords():
            migrating.upgrade(office.session.get_bind())
            living.set_up(office, now=SET_UP_AT)
        if database == "postgresql":
            postgresql.close(config.load(place).url)
        return place

    @cache
    def set_up(database: str) -> Path:
        if database == "postgresql":
            postgresql.shared()  # which is started one at a time too
        with postgresql.one_at_a_time() as shared:
            place = shared / f"template-{database}"
            if not place.exists():
                shutil.move(made(database), place)
        return place

    return set_up


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """The locks that are made in this block say of themselves that they open at a hundredth of the cost.

    The officers of most stories have such ones; what an account costs is told in services/people/test_accounts.py.
    """
    from intake.vault.keys import Argon2Parameters, PasswordLock

    with pytest.MonkeyPatch.context() as patch:
        cheap = Argon2Parameters(memory_kib=64, passes=1)
        patch.setattr(PasswordLock, "new", partial(PasswordLock.new, parameters=cheap))
        yield


def database_line(url: str) -> str:
    """The line of settings.toml that names a database."""
    return f'database_url = "{url}"\n'


@contextmanager
def copied(instance: Path, to: Path) -> Iterator[Path]:
    """A copy of an instance folder, and of its database, which is thrown away when the block ends."""
    from intake import config

    shutil.copytree(instance, to)
    url = config.load(instance).database_url
    if not url.startswith("postgresql"):
        yield to
        return
    with postgresql.cloned(url) as clone:
        settings = to / "settings.toml"
        settings.write_text(settings.read_text().replace(database_line(url), database_line(clone)))
        yield to


@pytest.fixture(scope="session")
def unlocked(database: str, unlock: Callable[[str], dict[str, Officer]]) -> dict[str, Officer]:
    """The officers with their keys, by role: each password is stretched once."""
    return unlock(database)


@pytest.fixture(scope="session")
def unlock(
    set_up: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], dict[str, Officer]]:
    from intake.demonstration import living, words
    from intake.services.people import signing_in

    @cache
    def unlock(database: str) -> dict[str, Officer]:
        people = {}
        with (
            copied(set_up(database), tmp_path_factory.mktemp(f"unlocked-{database}") / "instance") as place,
            opened(place) as office,
        ):
            for email, _, role in words.OFFICERS:
                cookie = signing_in.sign_in(office, email, living.PASSWORD, "", now=SET_UP_AT)
                people[role] = signing_in.resume(office, cookie, now=SET_UP_AT)
        return people

    return unlock


class opened:
    """The office of an instance folder."""

    def __init__(self, place: Path, before: Callable[[Settings], None] | None = None) -> None:
        from intake import config, database

        self.settings = config.load(place)
        if before:
            before(self.settings)
        self.engine = database.connect(self.settings.url)

    def __enter__(self) -> Office:
        from sqlalchemy.orm import Session

        from intake.services.ground.office import assemble

        self.session = Session(self.engine)
        return assemble(self.settings, self.session)

    def __exit__(self, *_) -> None:
        self.session.close()
        self.engine.dispose()


@pytest.fixture
def instance(freshly_set_up: Path, tmp_path: Path) -> Iterator[Path]:
    """The folder of a fresh demonstration instance."""
    with copied(freshly_set_up, tmp_path / "instance") as place:
        yield place


@pytest.fixture
def office(instance: Path) -> Iterator[Office]:
    with opened(instance) as office:
        yield office


@pytest.fixture
def officer(unlocked) -> Officer:
    """A complaints officer."""
    return unlocked["complaints-officer"]


@pytest.fixture
def manager(unlocked) -> Officer:
    """The complaints manager."""
    return unlocked["complaints-manager"]


@pytest.fixture
def monitoring_officer(unlocked) -> Officer:
    return unlocked["monitoring-officer"]


@pytest.fixture
def deputy(unlocked) -> Officer:
    """The deputy monitoring officer."""
    return unlocked["deputy-monitoring-officer"]


@pytest.fixture
def alternate(unlocked) -> Officer:
    """Who receives concerns about the monitoring officer."""
    return unlocked["alternate-recipient"]


@pytest.fixture
def investigator(unlocked) -> Officer:
    """Who looks into single cases that somebody gives them."""
    return unlocked["investigator"]


@pytest.fixture
def senior_officer(unlocked) -> Officer:
    return unlocked["senior-officer"]


@pytest.fixture
def auditor(unlocked) -> Officer:
    return unlocked["auditor"]


@pytest.fixture
def app(instance: Path, tmp_path_factory: pytest.TempPathFactory):
    from jinja2 import FileSystemBytecodeCache

    from intake import config, create_app

    app = create_app(config.load(instance))
    app.testing = True
    compiled = tmp_path_factory.getbasetemp() / "templates"  # once, and not for each story anew
    compiled.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    return app


@pytest.fixture
def client(app):
    return app.test_client()


@dataclass(frozen=True)
class Server:
    """A running `intake serve`."""

    url: str
    instance: Path
    process: subprocess.Popen


@pytest.fixture(scope="module")
def live_server(freshly_set_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The whole program as it is run: gunicorn and the tick, on a port of this machine."""
    with (
        copied(freshly_set_up, tmp_path_factory.mktemp("served") / "instance") as place,
        serving(place) as up,
    ):
        yield up


class serving:
    """`intake serve` on a folder, up when the block begins and gone when it ends."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __enter__(self) -> Server:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "intake.cli", "serve", "--listen", f"127.0.0.1:{port}"],
            env=os.environ | {"INTAKE_INSTANCE": str(self.place)},
        )
        for _ in range(PATIENCE_SECONDS * 10):
            if self.process.poll() is not None:
                raise AssertionError("intake serve ended at once")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS).close()
            except ConnectionRefusedError:
                time.sleep(0.1)
            else:
                return Server(f"http://127.0.0.1:{port}", self.place, self.process)
        raise AssertionError(f"intake serve did not answer within {PATIENCE_SECONDS} seconds")

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait(timeout=PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Real Chromium: the machine's, or the one that `make test` installed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A page of an everyday browser."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    yield context.new_page()
    context.close()


@pytest.fixture
def scriptless_page(browser: Browser) -> Iterator[Page]:
    """A page of a browser without scripts, as in Tor Browser's safest level."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=False)
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    yield context.new_page()
    context.close()
