"""The server's worker: waiting rooms that hold no thread, and farewells that hold nobody up.

Threads serve reporters. A try at the sign-in or with a receipt code waits without one, in the loop that watches the
connections; two at a time are let in, drawn by lot and not by who came first, so that seventy connections that try
over and over have seventy lots and an honest one has one in every draw. When a room is full the lot says who is
turned away, in words. A browser in which somebody signed in before goes first at the officers' door.

gunicorn's own worker waits for up to two seconds for the other end of each connection that it closes, in the one
thread that takes new ones: whoever sends what nobody reads stops it. Here that waiting is watched by the loop too.
"""

from __future__ import annotations

import contextlib
import fcntl
import random
import select
import selectors
import socket
import struct
import sys
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker
from werkzeug.exceptions import HTTPException

from intake.database import NotStored, OlderThanDatabase

from .later import LATER, AnswersLater
from .unreadable import AnswersInOurWords

AT_A_TIME = 2  # in a room of one process
MOST_WAITING = 150
LONGEST_WAIT_SECONDS = 25
LEAST_WAIT_SECONDS = 1  # of a stranger who signs in: a try costs time, so that few connections make few tries
REFUSAL_SECONDS = 3  # of a stranger who declares more than anybody needs, before the answer that refuses it
STAFF_BYTES = 64 * 1024  # what a stranger may bring to the officers' door
FORM_BYTES = 4 * 1024 * 1024
FAREWELL_SECONDS = 2
FAREWELL_BYTES = 64 * 1024
BODY_SECONDS = 20  # without a byte
# How long a thread reckons before it gives way. Whoever writes gives way with each statement, and holds the lock of all
# who write until it has its turn again: with Python's own 5 ms all of them wait for whoever draws a page.
GIVE_WAY_SECONDS = 0.0005
WHOLE_BYTES = 60 * 1024  # a body up to this size is waited for; what is larger is refused, or is an officer's
PASSWORDS = (
    "staff.sign_in",
    "staff.join",
    "staff.finish_joining",
)  # the application's names of what is tried there
CODES = ("public.open_case", "public.act")
LOOKS_AGAIN_SECONDS = 1  # for a database that is away
READING = ("GET", "HEAD", "OPTIONS")  # try nothing
TURNED_AWAY = "X-INTAKE-TURNED-AWAY"

_WAITS = object()


@dataclass
class Lot:
    """One request that waits."""

    conn: Any  # the worker's: a room only keeps it
    first: str  # whose browser it is, where that is known and it goes first
    since: float
    from_then: float
    whole: Callable[[], bool | None]  # whether all of its body has arrived; None: whoever asked has gone


@dataclass
class Room:
    """Requests of one kind: some wait, few are inside. Knows nothing of connections, so that it can be tried alone."""

    least: float = 0
    most: int = MOST_WAITING
    at_a_time: int = AT_A_TIME
    draw: random.Random = field(default_factory=random.SystemRandom)
    waiting: list[Lot] = field(default_factory=list)
    left: list[Lot] = field(default_factory=list)  # went away while they waited
    inside: int = 0
    known_inside: set[str] = field(default_factory=set)

    def come(
        self, conn, *, first: str, now: float, whole: Callable[[], bool | None] = lambda: True
    ) -> Lot | None:
        """Wait. Returns who is turned away for it, where the room is full: strangers before those who are known.

        Each account goes first once at a time, however many connections bring its mark.
        """
        if first in self.known_inside or any(lot.first == first for lot in self.waiting):
            first = ""
        self.waiting.append(Lot(conn, first, now, now if first else now + self.least, whole))
        if len(self.waiting) > self.most:  # whoever went away makes room first
            for lot in [lot for lot in self.waiting if lot.whole() is None]:
                self.left.append(self._take(lot))
        if len(self.waiting) <= self.most:
            return None
        return self._take(self.draw.choice([lot for lot in self.waiting if not lot.first] or self.waiting))

    def let_in(self, now: float) -> list[Lot]:
        """Those whom the lot lets in now. Whoever sends slowly waits here until all has come, and keeps nobody out."""
        chosen = []
        ready = [lot for lot in self.waiting if lot.from_then <= now] if self.inside < self.at_a_time else []
        self.draw.shuffle(ready)
        for lot in sorted(ready, key=lambda lot: not lot.first):
            whole = lot.whole() if self.inside < self.at_a_time else False
            if whole is None:
                self.left.append(self._take(lot))
            elif whole:
                chosen.append(self._take(lot))
                self.inside += 1
                self.known_inside |= {lot.first} if lot.first else set()
        return chosen

    def leave(self, lot: Lot) -> None:
        """One who was let in has been served."""
        self.inside -= 1
        self.known_inside.discard(lot.first)

    def too_long(self, now: float) -> list[Lot]:
        """Those whose turn did not come."""
        late = [lot for lot in self.waiting if now - lot.since > LONGEST_WAIT_SECONDS]
        return [self._take(lot) for lot in late]

    def _take(self, lot: Lot) -> Lot:
        self.waiting.remove(lot)
        return lot


def _has_come(conn) -> bool | None:
    """Whether all that the request declares lies here, without reading it; None when the other end has gone."""
    watch = select.poll()
    watch.register(conn.sock, select.POLLRDHUP)
    if watch.poll(0):
        return None
    said = dict(conn.request.headers).get("CONTENT-LENGTH", "0")
    declared = int(said) if said.isascii() and said.isdigit() else 0
    if not 0 < declared <= WHOLE_BYTES or conn.room.least == REFUSAL_SECONDS:
        return True
    here = len(conn.parser.unreader.buf.getvalue())
    with contextlib.suppress(OSError):
        here += struct.unpack("i", fcntl.ioctl(conn.sock, termios.FIONREAD, bytes(4)))[0]
    return here >= declared


class _ReadAlready:
    """A connection's parser whose next request is the one that waited."""

    def __init__(self, parser, request) -> None:
        self._parser, self._request = parser, request

    def __next__(self):
        return self._request

    def __getattr__(self, name):
        return getattr(self._parser, name)


class _Deaf:
    """A socket for whoever only asks where a request would go: nothing is sent."""

    def send(self, _data) -> None:
        return None


class Worker(AnswersInOurWords, AnswersLater, ThreadWorker):
    """gunicorn's threaded worker with waiting rooms."""

    def __init__(self, *args, **kwargs) -> None:
        sys.setswitchinterval(GIVE_WAY_SECONDS)
        super().__init__(*args, **kwargs)
        self.signing_in = signing_in = Room(least=LEAST_WAIT_SECONDS)
        codes = Room()
        self.refusing = Room(least=REFUSAL_SECONDS)
        self.rooms = dict.fromkeys(PASSWORDS, signing_in) | dict.fromkeys(CODES, codes)
        self.leaving: dict = {}
        self.each_room = (signing_in, codes, self.refusing)

    def load_wsgi(self) -> None:
        """Load the application. While its database cannot be had this worker waits: one that ended before it could
        serve would end the server too, and with it the workers that still say what is the matter."""
        told = ""
        while self.alive:
            try:
                return super().load_wsgi()
            except OlderThanDatabase:
                raise  # only another program helps
            except NotStored as error:
                if told != (told := str(error)):
                    print(f"{told} This worker waits for it.", file=sys.stderr, flush=True)
            self.notify()
            time.sleep(LOOKS_AGAIN_SECONDS)
        sys.exit(0)

    def handle_request(self, req, conn):
        """In a thread: serve it, or send it to its waiting room."""
        req.headers = [pair for pair in req.headers if pair[0] != TURNED_AWAY or hasattr(conn, "room")]
        room = self._room_for(req, conn)
        if room is None or getattr(conn, "room", None):
            conn.sock.settimeout(BODY_SECONDS)
            conn.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)  # headers and page go out together
            return super().handle_request(req, conn)
        conn.room, conn.request, conn.let_in = room, req, False
        conn.first = self._is_known(req) if room is self.signing_in else ""
        conn.parser = _ReadAlready(conn.parser, req)
        return _WAITS

    def _room_for(self, req, conn) -> Room | None:
        headers = dict(req.headers)
        said = headers.get("CONTENT-LENGTH", "0")
        declared = int(said) if said.isascii() and said.isdigit() else 0
        if req.method in READING and not declared and "TRANSFER-ENCODING" not in headers:
            return None  # tries nothing and brings nothing
        endpoint = self._endpoint_of(req, conn)
        if endpoint in self.rooms and req.method not in READING:
            return self.rooms[endpoint]
        most = STAFF_BYTES if endpoint.startswith("staff.") else FORM_BYTES
        if (declared > most or "TRANSFER-ENCODING" in headers) and not self._is_known(req):
            return self.refusing
        return None

    def _endpoint_of(self, req, conn) -> str:
        """Where the application would take it. Its own map says so, of what it will be given: one address has many
        spellings, and whoever compares addresses here knows fewer of them than the application does.
        """
        _, environ = wsgi.create(req, _Deaf(), conn.client, conn.server, self.cfg)
        environ["HTTP_HOST"] = "localhost"  # a name that is not ours is refused later, and changes no way
        try:
            return self.application.url_map.bind_to_environ(environ).match()[0]
        except HTTPException:  # no such page, another spelling that is led on, another method
            return ""

    def _keepalive_after(self, conn, keepalive):
        return keepalive if keepalive in (_WAITS, LATER) else super()._keepalive_after(conn, keepalive)

    def _is_known(self, req) -> str:
        cookies = "; ".join(value for name, value in req.headers if name == "COOKIE")
        return self.application.extensions["intake.known"](cookies)

    def finish_request(self, conn, fs) -> None:
        """In the loop: a request has been served, or waits from now on."""
        result = fs.result() if not fs.cancelled() and fs.exception() is None else False
        if result is LATER:
            self.keep(conn)
        elif result is _WAITS:
            whole = partial(_has_come, conn)
            turned_away = conn.room.come(conn, first=conn.first, now=time.monotonic(), whole=whole)
            if turned_away:
                self._turn_away(turned_away.conn)
        else:
            if getattr(conn, "let_in", False):
                conn.room.leave(conn.lot)
            super().finish_request(_Farewell(self, conn), fs)
        self._draw()

    def _draw(self) -> None:
        now = time.monotonic()
        for room in self.each_room:
            for lot in room.too_long(now):
                self._turn_away(lot.conn)
            chosen = room.let_in(now)
            while room.left:
                util.close(room.left.pop().conn.sock)
                self.nr_conns -= 1
            for lot in chosen:
                lot.conn.let_in, lot.conn.lot = True, lot
                self.enqueue_req(lot.conn)

    def _turn_away(self, conn) -> None:
        conn.request.headers.append((TURNED_AWAY, "1"))
        self.enqueue_req(conn)

    def wait_for_and_dispatch_events(self, timeout) -> None:
        """Look in a little more often while somebody waits."""
        waits = any(room.waiting for room in self.each_room)
        super().wait_for_and_dispatch_events(min(timeout, 0.2) if waits else timeout)
        self._draw()

    def murder_pending(self) -> None:
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self.leaving.items()):
            if until < now:
                self._gone(conn)

    def say_goodbye(self, conn) -> None:
        """Close without cutting the answer off: the other end reads it first, while the loop goes on."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._hear_out, conn))
        except (OSError, ValueError, KeyError):
            util.close(conn.sock)
            return
        conn.heard = 0
        self.nr_conns += 1  # it still takes a place
        self.leaving[conn] = time.monotonic() + FAREWELL_SECONDS

    def _hear_out(self, conn, _sock) -> None:
        data = b""
        with contextlib.suppress(OSError):
            data = conn.sock.recv(16 * 1024)
        conn.heard += len(data)
        if not data or conn.heard > FAREWELL_BYTES:
            self._gone(conn)

    def _gone(self, conn) -> None:
        if self.leaving.pop(conn, None) is None:
            return
        with contextlib.suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)
        util.close(conn.sock)
        self.nr_conns -= 1


class _Farewell:
    """A connection whose graceful close is the worker's."""

    def __init__(self, worker: Worker, conn) -> None:
        object.__setattr__(self, "_worker", worker)
        object.__setattr__(self, "_conn", conn)

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self._worker.say_goodbye(self._conn)
        else:
            self._conn.close()

    def __getattr__(self, name):
        return getattr(self._conn, name)

    def __setattr__(self, name, value) -> None:
        setattr(self._conn, name, value)
