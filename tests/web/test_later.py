"""Answers that come after one time, and hold no thread until then."""

from __future__ import annotations

import time

import pytest

from bench.browser import Browser
from intake.web.later import LATER, NOT_BEFORE, AnswersLater
from intake.web.public.evenly import FLOOR_SECONDS

from .public.visitor import Visitor

pytestmark = pytest.mark.evenly_timed
A_CASE = "/return/" + "A" * 32


class Answer:
    """What gunicorn hands to the application, as far as it is needed here."""

    def __init__(self, req) -> None:
        self.req, self.sock = req, req.sock

    def start_response(self, *_):
        return None


class Request:
    answer = None

    def __init__(self, sock) -> None:
        self.sock = sock


class Line(list):
    """A connection, and all that was sent on it."""

    sendall = list.append

    @property
    def sock(self):
        return self


class Below:
    """gunicorn's worker, as far as it is needed here: what is queued for a thread is done at once."""

    def load_wsgi(self) -> None:
        self.wsgi = self.site

    def handle_request(self, req, conn):
        answer = Answer(req)
        for piece in self.wsgi({}, answer.start_response):
            answer.sock.sendall(piece)
        return False

    def wait_for_and_dispatch_events(self, timeout) -> None:
        self.waited = timeout
        time.sleep(timeout)

    def enqueue_req(self, conn) -> None:
        self.handle(conn)


class Server(AnswersLater, Below):
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.load_wsgi()

    def site(self, environ, _start_response):
        if self.seconds:
            environ[NOT_BEFORE] = time.monotonic() + self.seconds
        return [b"an ", b"answer"]


def test_an_answer_that_names_no_time_is_sent_at_once():
    server, line = Server(0), Line()
    assert server.handle_request(Request(line), line) is False
    assert line == [b"an ", b"answer"]


def test_an_answer_that_names_a_time_leaves_its_thread_and_is_sent_whole_when_it_has_come():
    server, line = Server(0.05), Line()
    assert server.handle_request(Request(line), line) is LATER
    server.keep(line)
    line.answer.not_before, due = time.monotonic() + 60, line.answer.not_before
    server.wait_for_and_dispatch_events(0)
    assert line == []
    line.answer.not_before = due
    server.wait_for_and_dispatch_events(60)
    assert server.waited <= 0.05  # the loop looks in when it is due, not when its own time is over
    assert line == [b"an answer"]
    server.wait_for_and_dispatch_events(0)
    assert line == [b"an answer"]


def test_the_loop_of_the_real_server_waits_and_the_answer_is_whole(live_server):
    browser = Browser(int(live_server.url.rpartition(":")[2]))
    began = time.monotonic()
    status, page = browser.open(A_CASE)
    assert time.monotonic() - began >= FLOOR_SECONDS
    assert status == 404
    assert page.rstrip().endswith("-->")


class Waiting:
    """An application below a server that can wait; `named` is the time that the last request was to be answered at."""

    def __init__(self, app) -> None:
        self.below, app.wsgi_app = app.wsgi_app, self

    def __call__(self, environ, start_response):
        environ[NOT_BEFORE] = 0.0
        body = self.below(environ, start_response)
        self.named = environ[NOT_BEFORE]
        return body


@pytest.mark.parametrize("road", ["concern", "complaint", "thanks"])
def test_a_press_on_send_names_a_time_whether_it_sends_or_not_and_other_presses_name_none(app, road):
    server = Waiting(app)
    visitor = Visitor(app.test_client()).begin(road)
    form = visitor.form("step")
    visitor.client.post(form.action, data=form.sent(go="continue"))
    assert server.named == 0
    began = time.monotonic()
    visitor.client.post(form.action, data=form.sent(go="send"))
    assert server.named >= began + FLOOR_SECONDS


def test_where_the_server_cannot_wait_the_thread_does(client):
    began = time.monotonic()
    assert client.get(A_CASE).status_code == 404
    assert time.monotonic() - began >= FLOOR_SECONDS
