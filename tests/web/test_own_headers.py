"""Errors of every kind carry our headers, also those that the application never sees."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from intake import config
from intake.web.headers import HEADERS
from tests.conftest import PATIENCE_SECONDS

STATIC = Path(config.ROOT) / "static"
SENT = "xyzzy-words-of-a-reporter"
HOST = b"Host: 127.0.0.1\r\n"
MARK = SENT.encode()

UNREADABLE = {
    "no request line": (b"\x00\x01" + MARK + b"\r\n\r\n", 400),
    "half a request line": (b"GET\r\n\r\n", 400),
    "a method of odd signs": (b"G@T /" + MARK + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "another version": (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 400),
    "a version that is none": (b"GET / " + MARK + b"\r\n" + HOST + b"\r\n", 400),
    "an endless address": (b"GET /" + MARK * 1_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "an endless header": (b"GET / HTTP/1.1\r\nX-Long: " + MARK * 2_000 + b"\r\n\r\n", 431),
    "a thousand headers": (b"GET / HTTP/1.1\r\n" + b"X-More: 1\r\n" * 1_000 + b"\r\n", 431),
    "a header without a name": (b"GET / HTTP/1.1\r\n" + HOST + b": " + MARK + b"\r\n\r\n", 400),
    "a header without a colon": (b"GET / HTTP/1.1\r\n" + HOST + MARK + b"\r\n\r\n", 400),
    "a folded header": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: 1\r\n " + MARK + b"\r\n\r\n", 400),
    "a length that is none": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + MARK + b"\r\n\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n", 400),
    "an unknown coding": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: " + MARK + b"\r\n\r\n", 501),
    "an unknown expectation": (b"POST / HTTP/1.1\r\n" + HOST + b"Expect: " + MARK + b"\r\n\r\n", 417),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "TLS where there is none": (bytes.fromhex("16030100a5010000a10303") + bytes(32) + b"\r\n\r\n", 400),
}
READABLE = {
    "no page": (b"GET /" + MARK + b" HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "no such file of ours": (b"GET /static/" + MARK + b".css HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "a way out of our files": (b"GET /static/../wsgi.py HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "a coded way out": (b"GET /static/%2e%2e/wsgi.py HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "a nought in a file's name": (b"GET /static/a%00.css HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "a name longer than a disk takes": (
        b"GET /static/" + b"a" * 3_000 + b".css HTTP/1.1\r\n" + HOST + b"\r\n",
        404,
    ),
    "a folder of ours": (b"GET /static/vendor HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "our program": (b"GET /static/vendor/refresh.py HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "another method": (b"DELETE / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    "TRACE": (b"TRACE / HTTP/1.1\r\n" + HOST + b"X-A: " + MARK + b"\r\n\r\n", 405),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", None),
    "another host": (b"GET / HTTP/1.1\r\nHost: " + MARK + b".example\r\n\r\n", 400),
    "a host that is none": (b"GET / HTTP/1.1\r\nHost: a b<" + MARK + b">\r\n\r\n", 400),
    "an address that is not UTF-8": (b"GET /%ff%fe HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "everything": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", None),
    "a broken chunk": (
        b"POST /report HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + MARK + b"\r\n",
        429,  # a body of a length that nobody tells: a stranger's is not read
    ),
    "far too much": (
        b"POST /report HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 99999999999\r\n\r\n",
        413,
    ),
    "a form of another kind": (
        b"POST /report HTTP/1.1\r\n" + HOST + b"Content-Type: multipart/form-data; boundary=\r\n"
        b"Content-Length: 5\r\n\r\n12345",
        400,
    ),
    "the officers' door": (b"GET /staff/" + MARK + b" HTTP/1.1\r\n" + HOST + b"\r\n", 303),
}


def ask(server, request: bytes) -> tuple[int, dict[str, list[str]], bytes]:
    """Send bytes as they are; the status, the headers and the body that come back."""
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(request)
        if not request.startswith(b"POST"):  # whoever has gone away while a body is judged gets no answer
            connection.shutdown(socket.SHUT_WR)
        whole = b""
        while piece := connection.recv(65_536):
            whole += piece
    head, _, body = whole.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, list[str]] = {}
    for name, _, value in (line.partition(": ") for line in lines):
        headers.setdefault(name, []).append(value)
    return int(first.split()[1]), headers, body


@pytest.mark.parametrize("what", [*UNREADABLE, *READABLE])
def test_whatever_is_sent_the_answer_is_protected_and_repeats_nothing(live_server, what):
    request, expected = (UNREADABLE | READABLE)[what]
    status, headers, body = ask(live_server, request)
    assert status == expected or (expected is None and status < 500)
    for name, value in HEADERS.items():
        assert headers.get(name) == [value]
    assert headers["Cache-Control"] == ["no-store"]
    if what in UNREADABLE:
        assert SENT not in body.decode()
        assert b"could not read that" in body or b"on our side" in body


def test_the_proxy_that_we_advise_says_the_same_when_it_answers_by_itself():
    sample = (Path(config.ROOT) / "deploy" / "nginx.conf").read_text()
    for name, value in (HEADERS | {"Cache-Control": "no-store"}).items():
        assert f'add_header {name} "{value}" always;' in sample


def test_static_files_are_of_kinds_that_a_page_needs():
    kinds = {path.suffix for path in STATIC.rglob("*") if path.is_file()}
    assert kinds == {".css", ".svg", ".woff2", ".txt"}
    texts = {path.name for path in STATIC.rglob("*.txt")}
    assert all("LICENCE" in name or "OFL" in name for name in texts)


@pytest.mark.parametrize("name", ["program.py", "program.py~", ".css", "notes.md", "key.css.bak", "plain"])
def test_what_comes_to_lie_among_them_is_not_handed_out(app, tmp_path, name):
    shutil.copytree(STATIC, tmp_path / "static")
    (tmp_path / "static" / name).write_text("Not for the public.")
    app.static_folder = tmp_path / "static"
    client = app.test_client()
    assert client.get("/static/intake.css").status_code == 200
    assert client.get(f"/static/{name}").status_code == 404
