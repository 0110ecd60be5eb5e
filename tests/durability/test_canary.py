"""A canary in every field is found nowhere in the instance, in any log, or in the mail that goes out."""

from __future__ import annotations

import base64
import secrets
import string
from datetime import UTC, datetime, timedelta

import pytest

from intake.demonstration.living import PASSWORD
from intake.services.casework import case_page, identity
from intake.services.desk import lists as desk
from intake.services.tick import escalation, sending
from tests import officers
from tests.web.public.visitor import Visitor, write_complaint, write_concern

pytestmark = pytest.mark.sqlite

FRAGMENT = 12


def canary() -> str:
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(28))


def needles(bird: str) -> set[bytes]:
    """The canary's fragments as they would look in clear and in the usual encodings."""
    found = {bird[start : start + FRAGMENT].encode() for start in range(len(bird) - FRAGMENT + 1)}
    for spelled in (bird, bird.upper(), bird[::-1]):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = spelled.encode(encoding)
            found |= {raw, raw.hex().encode(), raw.hex().upper().encode()}
            for shift in range(3):
                encoded = base64.b64encode(b"\0" * shift + raw)[4:-4]
                found |= {encoded, encoded.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def where(bird: str, place) -> list[str]:
    wanted = needles(bird)
    return [
        str(path)
        for path in place.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in wanted)
    ]


def test_the_search_itself_finds_what_is_planted(tmp_path):
    bird = canary()
    (tmp_path / "clear").write_text(f"lorem {bird[3:20]} ipsum")
    (tmp_path / "encoded").write_bytes(base64.b64encode(b"ab" + bird.encode() + b"tail"))
    assert len(where(bird, tmp_path)) == 2


@pytest.mark.parametrize("level", ["anonymous", "confidential", "named"])
def test_nothing_typed_is_found_in_clear(
    client, instance, office, officer, monitoring_officer, caplog, level
):
    caplog.set_level("DEBUG")
    birds = {name: canary() for name in ("complaint", "concern", "message", "reply", "note", "reason")}
    now = datetime.now(UTC)
    for write, reader, words in (
        (write_complaint, officer, birds["complaint"]),
        (write_concern, monitoring_officer, birds["concern"]),
    ):
        if write is write_complaint and level == "confidential":
            continue
        visitor = Visitor(client)
        write(visitor, f"It began: {words}", level)
        sent = visitor.press("send")
        receipt = sent.receipt
        visitor.open("/return")
        visitor.send(visitor.to("/return"), code=receipt)
        visitor.send(visitor.to("/return/message"), text=birds["message"])
        assert "Your message was sent." in visitor.page.text
        (line,) = desk.desk(office, reader, "open", now=now).lines
        officers.write(office, reader, line.reference, birds["reply"], token="w" * 40, now=now)
        officers.note(office, reader, line.reference, birds["note"], token="n" * 40, now=now)
        page = case_page.open_case(office, reader, line.reference, now=now)
        if page.identity_sealed:
            identity.open_identity(office, reader, line.reference, birds["reason"], PASSWORD, now=now)
        assert words in "".join(said.answer for said in page.words)
        assert receipt.replace("-", "").encode() not in (instance / "intake.db").read_bytes()
    letters = []
    escalation.run(office, now=now + timedelta(days=90))
    sending.send_waiting(
        office, lambda message: letters.append(message.as_string()), now=now + timedelta(days=90)
    )
    assert letters
    for name, bird in birds.items():
        assert where(bird, instance) == [], name
        assert bird not in caplog.text
        assert not any(bird in letter for letter in letters)
