"""A house that faults befall: a server that is killed and comes back, and what must hold whatever befell it."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from intake.models import Case, Envelope, Event, ReceiptLock, Record
from intake.services.ground import journal
from intake.services.holders import returning
from tests.conftest import opened

INSIDE = Path(__file__).with_name("inside")
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))  # `make faults` asks for many


class House:
    """An instance, and its server while it stands."""

    def __init__(self, place: Path, **environment: str) -> None:
        self.place, self.environment = place, environment
        self.process: subprocess.Popen | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self) -> House:
        self.begin()
        return self

    def __exit__(self, *_) -> None:
        if self.process:
            self.kill()

    def begin(self) -> None:
        """Start the whole program, and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "intake.cli", "serve", "--listen", f"127.0.0.1:{self.port}"],
            env=os.environ | {"INTAKE_INSTANCE": str(self.place)} | self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a session of its own: so it can be killed whole, and nothing else
        )
        self.wait()

    def wait(self) -> None:
        """Wait until the door answers. Raises AssertionError when the program has ended."""
        while True:
            assert self.process.poll() is None, "intake serve ended"
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
                    line.sendall(b"GET /help HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                    if line.recv(4):
                        return
            except OSError:
                pass
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9 of every process of the program."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def workers(self) -> list[int]:
        """The processes that answer: the children of the web server."""
        return [pid for child in children(self.process.pid) for pid in children(child)]

    def limit_files(self, size: int | None) -> None:
        """No file may grow beyond a size in bytes, by the kernel's own limit; None: it may again."""
        for pid in self.workers():
            hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

    def log_bytes(self) -> int:
        """How long SQLite's log is."""
        log = self.place / "intake.db-wal"
        return log.stat().st_size if log.exists() else 0


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def copy(place: Path, to: Path) -> Path:
    """A copy of an instance that nobody is using."""
    shutil.copytree(place, to)
    return to


def sound(place: Path, told: Mapping[str, str], *, cases: tuple[int, int]) -> None:
    """Nothing that was acknowledged is lost or half there, and nothing doubled or invented.

    `told`: the words by the receipt that was given for them. `cases`: at least and at most how many there may be.
    """
    with opened(place) as office:
        run = office.session.connection().exec_driver_sql
        assert run("PRAGMA integrity_check").scalar() == "ok"
        assert run("PRAGMA foreign_key_check").all() == []
        office.session.rollback()
        for receipt, words in told.items():
            page = returning.open_case(office, receipt, now=datetime.now(UTC))
            assert words in [said.answer for said in page.words]
        count = lambda what: office.session.scalar(select(func.count(what.distinct())))  # noqa: E731
        number = count(Case.id)
        assert cases[0] <= number <= cases[1], f"{number} cases, {len(told)} receipts"
        for column in (Envelope.case_id, Record.case_id, Event.case_id, ReceiptLock.case_id):
            assert count(column) == number, column
        assert len(told) <= count(ReceiptLock.lookup) == number
        office.session.rollback()
        assert journal.verify(office).fault == ""
