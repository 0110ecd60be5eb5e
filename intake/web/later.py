"""Answers that wait for their time without a thread.

Some answers come after one time, whatever they say (`web/public/evenly`). The application names the time and goes on;
what it writes is kept here, the loop that watches the connections waits, and a thread sends it when the time has come.
Where a waiting room let the request in, its place is taken until then.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gunicorn.workers.gthread import ThreadWorker as Below
else:
    Below = object  # the worker that this is laid over (`serving`): the application goes without it

NOT_BEFORE = (
    "intake.not_before"  # in a request's environment: the time that the application names; 0 for none
)

LATER = object()


class _Kept(list[bytes]):
    """Stands where an answer's socket stands, and keeps what is written."""

    not_before: float

    def sendall(self, data: bytes) -> None:
        self.append(bytes(data))


class AnswersLater(Below):
    """For a threaded worker of gunicorn: what is to be answered later is kept, and no thread sleeps."""

    wsgi: Any  # what the worker asks for each answer

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.application = self.wsgi
        self.kept: list[Any] = []
        self.wsgi = partial(_in_its_time, self.application)

    def handle_request(self, req, conn):
        """In a thread: serve it. Its answer may be kept."""
        keepalive = super().handle_request(req, conn)
        conn.answer = getattr(req, "answer", None)
        return keepalive if conn.answer is None else LATER

    def handle(self, conn):
        """In a thread: read and serve, or send what was kept."""
        if getattr(conn, "answer", None) is None:
            return super().handle(conn)
        try:
            conn.sock.sendall(b"".join(conn.answer))
        except OSError:
            self.log.debug("whoever was to be answered later has gone")
        return False

    def keep(self, conn) -> None:
        """In the loop: an answer waits from now on."""
        self.kept.append(conn)

    def wait_for_and_dispatch_events(self, timeout) -> None:
        """Wait no longer than until the next answer is due."""
        soonest = min((conn.answer.not_before for conn in self.kept), default=float("inf"))
        super().wait_for_and_dispatch_events(max(0.0, min(timeout, soonest - time.monotonic())))
        now = time.monotonic()
        for conn in [conn for conn in self.kept if conn.answer.not_before <= now]:
            self.kept.remove(conn)
            self.enqueue_req(conn)


def _in_its_time(application, environ, start_response):
    """The application, with a socket that keeps where it names a time."""
    environ[NOT_BEFORE] = 0.0
    body = application(environ, start_response)
    if environ[NOT_BEFORE]:
        response = start_response.__self__
        response.sock = response.req.answer = answer = _Kept()
        answer.not_before = environ[NOT_BEFORE]
    return body
