"""The waiting rooms: lots, not who came first; and the whole server while strangers hold on to it."""

from __future__ import annotations

import http.client
import select
import socket
from collections import Counter
from random import Random

import pytest

from bench.browser import Browser, Page, journey
from intake.demonstration.living import PASSWORD
from intake.web.serving import CODES, LONGEST_WAIT_SECONDS, PASSWORDS, Room
from intake.web.staff.door.entitled import WITHOUT_SIGNING_IN

CROWD = 70


@pytest.mark.parametrize("seed", range(5))
def test_seventy_that_come_back_at_once_do_not_keep_the_seventy_first_out(seed):
    room, now = Room(at_a_time=1, draw=Random(seed)), 0.0
    for stranger in range(CROWD):
        room.come(stranger, first="", now=now)
    room.come("owner", first="", now=now)
    served = Counter()
    while "owner" not in served:
        (lot,) = room.let_in(now)
        served[lot.conn] += 1
        room.leave(lot)
        room.come(lot.conn, first="", now=now)
        assert served.total() < 10 * CROWD
    assert served.total() > 0


def test_of_many_draws_each_has_an_equal_share():
    room, served = Room(at_a_time=1, draw=Random(1)), Counter()
    for who in range(10):
        room.come(who, first="", now=0)
    for _ in range(5000):
        (lot,) = room.let_in(0)
        served[lot.conn] += 1
        room.leave(lot)
        room.come(lot.conn, first="", now=0)
    assert min(served.values()) > 400


def test_a_known_browser_goes_first_and_waits_for_no_least_time():
    room = Room(least=1)
    for stranger in range(CROWD):
        room.come(stranger, first="", now=0)
    room.come("owner", first="owner", now=0)
    assert [lot.conn for lot in room.let_in(0)] == ["owner"]


def test_seventy_connections_with_one_mark_have_one_place_before_the_others():
    """Seen before: whoever had ever signed in kept everybody in new browsers out, for as long as they liked."""
    room, served, now = Room(least=1, draw=Random(3)), Counter(), 0.0
    for _ in range(CROWD):
        room.come("accused", first="accused", now=now)
    room.come("owner", first="", now=now)
    while "owner" not in served:
        now += 1
        for lot in room.let_in(now):
            served[lot.conn] += 1
            room.leave(lot)
            room.come(lot.conn, first=lot.conn if lot.conn == "accused" else "", now=now)
        assert served.total() < 20 * CROWD
    assert room.come("deputy", first="deputy", now=now) is None
    assert "deputy" in [lot.conn for lot in room.let_in(now)]


def test_one_mark_does_not_turn_strangers_away_from_a_full_room():
    """Seen before: where the room was full, it was always a stranger who went."""
    gone = Counter()
    for seed in range(40):
        room = Room(most=5, draw=Random(seed))
        for who in ("stranger", "stranger", "accused", "accused", "accused", "accused"):
            lot = room.come(who, first="accused" if who == "accused" else "", now=0)
        gone[lot.conn] += 1
    assert gone["accused"] > 15


def test_when_a_room_is_full_a_stranger_is_turned_away_and_not_always_the_last():
    room, gone = Room(most=5, draw=Random(2)), set()
    for who in range(200):
        lot = room.come(who, first="owner" if who == 0 else "", now=0)
        if lot:
            gone.add(who - lot.conn)
    assert len(room.waiting) == 5
    assert 0 in [lot.conn for lot in room.waiting]
    assert len(gone) > 5


def test_whoever_sends_slowly_keeps_nobody_out_and_is_turned_away_in_the_end():
    room = Room()
    for slow in range(CROWD):
        room.come(slow, first="", now=0, whole=lambda: False)
    room.come("quick", first="", now=0)
    assert [lot.conn for lot in room.let_in(0)] == ["quick"]
    assert room.too_long(LONGEST_WAIT_SECONDS) == []
    assert len(room.too_long(LONGEST_WAIT_SECONDS + 1)) == CROWD


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def first_page(url: str) -> int:
    """The status that somebody meets who opens the start page."""
    return Browser(port_of(url)).open("/")[0]


def test_whoever_went_away_holds_no_place_and_takes_no_turn():
    room = Room(most=CROWD)
    for gone in range(CROWD):
        room.come(gone, first="", now=0, whole=lambda: None)
    assert room.come("here", first="", now=0) is None
    assert [lot.conn for lot in room.let_in(0)] == ["here"]
    assert len(room.left) == CROWD


class crowd:
    """So many open connections that have sent a head, and hold on."""

    def __init__(self, url: str, head: str, body: bytes = b"") -> None:
        self.place = ("127.0.0.1", port_of(url))
        self.sent = head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body

    def __enter__(self):
        self.lines = [socket.create_connection(self.place, timeout=60) for _ in range(CROWD)]
        for line in self.lines:
            line.sendall(self.sent)
        return self.lines

    def __exit__(self, *_) -> None:
        for line in self.lines:
            line.close()


def sign_in(url: str, who: str) -> str:
    """The page that somebody sees who signs in in a new browser."""
    browser = Browser(port_of(url))
    fields = Page(browser.open("/staff/sign-in")[1]).fields()
    said = {"email": f"{who}@demonstration.example", "password": PASSWORD}
    return browser.open("/staff/sign-in", fields | said)[1]


def test_strangers_who_declare_a_form_and_send_nothing_stop_nobody_and_are_answered(live_server):
    head = "POST /staff/enter HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/x-www-form-urlencoded\n"
    with crowd(live_server.url, f"{head}Content-Length: 3000000") as lines:
        assert first_page(live_server.url) == 200
        for line in lines:
            answer = b"".join(
                iter(lambda line=line: line.recv(65536), b"")
            )  # to the end: the server closes it
            assert answer.startswith(b"HTTP/1.1 401")
            assert b"Connection: close" in answer


def test_strangers_who_declare_a_register_are_answered_without_a_byte_of_it(live_server):
    head = "POST /staff/register HTTP/1.1\nHost: 127.0.0.1\nContent-Type: multipart/form-data; boundary=x\n"
    with crowd(live_server.url, f"{head}Content-Length: 62914560") as lines:
        assert first_page(live_server.url) == 200
        for line in lines:
            assert line.recv(12) == b"HTTP/1.1 401"


def test_strangers_who_sign_in_and_never_finish_keep_no_officer_out(live_server):
    head = "POST /staff/sign-in HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/x-www-form-urlencoded\n"
    with crowd(live_server.url, f"{head}Content-Length: 300", b"email=") as _:
        assert "Sign out" in sign_in(live_server.url, "manager")


def test_a_body_without_a_length_is_not_read(live_server):
    connection = http.client.HTTPConnection("127.0.0.1", port_of(live_server.url), timeout=60)
    connection.request("POST", "/staff/enter", iter([b"a" * 10]))  # in chunks
    assert connection.getresponse().status == 429


def test_a_head_that_claims_to_have_been_turned_away_changes_nothing(live_server):
    connection = http.client.HTTPConnection("127.0.0.1", port_of(live_server.url), timeout=60)
    connection.request("GET", "/", headers={"X-Intake-Turned-Away": "1"})
    assert connection.getresponse().status == 200


def test_the_rooms_are_called_as_the_application_calls_what_is_tried_in_them(app):
    assert set(PASSWORDS) == WITHOUT_SIGNING_IN
    assert {*PASSWORDS, *CODES} <= set(app.view_functions)


ANOTHER_ADDRESS = "A" * 32
SPELLINGS = [  # each of them reaches what its plain spelling reaches
    "/staff/%73ign-in",
    "/%73taff%2Fsign-in?again=1",
    "//staff/sign-in",
    "http://127.0.0.1/staff/sign-in",
    "http://elsewhere.example:99/%73taff/join",
    "/staff/join/%66inish",
    "/%72eturn",
    "/retur%6e/" + ANOTHER_ADDRESS,
    "/return/%41" + ANOTHER_ADDRESS[1:] + "?a=b",
]


@pytest.mark.parametrize("target", SPELLINGS)
def test_whoever_spells_an_address_otherwise_waits_in_its_room_too(live_server, target):
    """Past the rooms each would hold a thread for as long as its body takes: the start page would come after them."""
    head = f"POST {target} HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/x-www-form-urlencoded\n"
    with crowd(live_server.url, f"{head}Content-Length: 300", b"a=") as lines:
        assert first_page(live_server.url) == 200
        assert select.select(lines, [], [], 0)[0] == []


def test_nobody_says_where_the_site_begins(live_server):
    """gunicorn lets whoever comes from this machine say it, and through Tor everybody does."""
    connection = http.client.HTTPConnection("127.0.0.1", port_of(live_server.url), timeout=60)
    connection.putrequest("POST", "/x/staff/sign-in")
    connection.putheader("SCRIPT_NAME", "/x")
    connection.putheader("Content-Length", "0")
    connection.endheaders()
    assert connection.getresponse().status == 404


def test_a_stranger_brings_no_more_to_a_page_of_officers_that_is_spelled_otherwise(live_server):
    head = "POST /%73taff/enter HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/x-www-form-urlencoded\n"
    with crowd(live_server.url, f"{head}Content-Length: 3000000") as lines:
        assert first_page(live_server.url) == 200
        assert select.select(lines, [], [], 0)[0] == []  # they wait to be refused
        assert lines[0].recv(12) == b"HTTP/1.1 401"


def test_the_reporter_of_the_measurements_still_finds_the_way_to_a_receipt(live_server):
    assert journey(port_of(live_server.url)).asked > 10
