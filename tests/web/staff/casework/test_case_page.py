"""The page of a case: what is next comes first, what is long is folded, and nothing is done twice or unseen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from intake.database import reading
from intake.demonstration.living import PASSWORD
from intake.models import Record
from intake.services.ground import press
from intake.services.holders import asking, returning
from tests import actors, officers
from tests.web.statements import asked_for

LETTER = "We looked into it and found that you were right."


def received(office, procedure: str = "corporate", **more):
    told = {"name": "Sam Ash", "now": datetime.now(UTC)} | more
    return actors.send(office, procedure, **told)


def writes(office, sent, text: str) -> None:
    returning.write(office, sent.receipt, text, token=press.new_token(), now=datetime.now(UTC))


def act(desk, reference: str, name: str, **typed: str):
    address = f"/staff/cases/{reference}/{name}"
    desk.visit(address)
    done = desk.press(address, step="do", **typed)
    assert done.status_code == 303, desk.words
    return desk.visit(done.headers["Location"])


def next_of(desk) -> str:
    return " ".join(
        re.sub(
            r"<[^>]+>", " ", desk.page.text.split('class="next no-print"', 1)[1].split("<details")[0]
        ).split()
    )


def test_what_is_next_comes_first_with_its_date_and_its_acts(at_desk, office):
    sent, desk = received(office), at_desk("officer")
    case = f"/staff/cases/{sent.reference}"
    desk.visit(case)
    assert "Acknowledge by Tuesday 12 May 2026 5 working days left Nobody has it yet." in next_of(desk)
    assert desk.page.text.index('id="acts"') < desk.page.text.index('id="clock"')
    assert f'<a class="govuk-button" href="{case}/acknowledge">Acknowledge</a>' in desk.page.text
    assert "New" in desk.words.split("Next")[0]
    act(desk, sent.reference, "acknowledge")
    assert "Give it to somebody: answer stage 1 by Tuesday 19 May 2026" in next_of(desk)
    assert "Nobody has it" in desk.words.split("Next")[0]
    assert " New " not in desk.words.split("Next")[0]
    writes(office, sent, "Have you looked?")
    desk.visit(case)
    assert next_of(desk).index("Somebody waits") < next_of(desk).index("Give it to somebody")
    act(desk, sent.reference, "respond", outcome="upheld", text=LETTER)
    assert "To close: it has been answered" in next_of(desk)
    asking.ask_for_next_stage(
        office, sent.receipt, "I do not agree.", token=press.new_token(), now=datetime.now(UTC)
    )
    desk.visit(case)
    assert "The holder asked for “Stage 2: review” on Tuesday 5 May 2026: open it or refuse it" in next_of(
        desk
    )


def test_messages_notes_and_history_stand_newest_first_and_the_rest_is_folded(at_desk, office, officer):
    sent, desk = received(office), at_desk("officer")
    for number in range(8):
        writes(office, sent, f"Message number {number}.")
        officers.note(
            office, officer, sent.reference, f"Note {number}.", token=press.new_token(), now=datetime.now(UTC)
        )
    writes(office, sent, "Long. " * 400 + "The end of it.")
    desk.visit(f"/staff/cases/{sent.reference}")
    text = desk.page.text
    assert (
        text.index("Message number 7.") < text.index("Message number 4.") < text.index("3 earlier messages")
    )
    assert (
        text.index("3 earlier messages") < text.index("Message number 2.") < text.index("Message number 0.")
    )
    assert "2 earlier notes" in desk.words
    assert "The rest of this message" in desk.words
    assert text.count("The end of it.") == 1
    whole = desk.visit(f"/staff/cases/{sent.reference}?open=all").text
    assert "earlier messages" not in whole
    assert "The rest of this" not in whole
    assert all(" open" in fold for fold in re.findall(r"<details[^>]*>", whole))


def test_a_long_case_asks_no_more_than_a_short_one(at_desk, office, officer):
    short, long, desk = received(office), received(office), at_desk("officer")
    for number in range(30):
        writes(office, long, f"Message {number}.")
    desk.visit("/staff/")
    few = asked_for(lambda: desk.visit(f"/staff/cases/{short.reference}"))
    many = asked_for(lambda: desk.visit(f"/staff/cases/{long.reference}"))
    assert len(many) == len(few)


def test_a_message_that_came_after_the_page_is_not_marked_as_read(at_desk, office):
    sent, desk = received(office), at_desk("officer")
    read = f"/staff/cases/{sent.reference}/read"
    writes(office, sent, "The first.")
    desk.visit(f"/staff/cases/{sent.reference}")
    writes(office, sent, "The second, which nobody has seen.")
    assert desk.press(read).status_code == 409
    assert "Another message came after you had opened this page" in desk.words
    assert "The second, which nobody has seen." in desk.words
    assert "Message waiting" in desk.words
    assert desk.press(read).headers["Location"].endswith("?done=read")
    desk.visit(f"/staff/cases/{sent.reference}")
    assert "Message waiting" not in desk.words


def test_an_identity_is_opened_once_for_one_press(at_desk, office, clock):
    sent, desk = received(office, "whistleblowing"), at_desk("monitoring")
    address = f"/staff/cases/{sent.reference}/identity"
    desk.visit(address)
    form = desk.form(address) | {"reason": "To meet them.", "password": PASSWORD}

    def opened() -> int:
        with reading(office.session):
            kept = select(func.count()).select_from(Record).where(Record.kind == "opening")
            return office.session.scalar(kept)

    for _ in range(2):  # a double click
        assert "Sam Ash" in desk.client.post(address, data=form).text
    assert opened() == 1
    clock.shift(timedelta(minutes=2))
    again = desk.client.post(address, data=form)
    assert again.status_code == 409
    assert "Sam Ash" not in again.text
    assert "nothing was opened again" in again.text
    assert "To meet them." in again.text
    assert opened() == 1
    desk.page = again
    assert "Sam Ash" in desk.press(address, password=PASSWORD).text
    assert opened() == 2


def test_the_page_of_an_identity_is_no_page_of_a_case_that_is_not_theirs(at_desk, office):
    complaint, concern = received(office), received(office, "whistleblowing")
    desk = at_desk("officer")
    theirs = desk.visit(f"/staff/cases/{concern.reference}/identity")
    absent = desk.visit("/staff/cases/ZZZ-ZZZZ/identity")
    assert theirs.status_code == absent.status_code == 404
    assert desk.visit(f"/staff/cases/{complaint.reference}/identity").status_code == 303


def test_what_follows_a_case_that_was_opened_again_is_what_its_procedure_has(at_desk, office):
    desk = at_desk("officer")
    adults, two = received(office, "adult-social-care").reference, received(office).reference
    for reference in (adults, two):
        act(desk, reference, "acknowledge")
        act(desk, reference, "respond", outcome="upheld", text=LETTER)
        act(desk, reference, "close", reason="Done.")
    act(desk, adults, "reopen", reason="They wrote again.")
    assert "write to the holder. There is no further stage in this procedure." in desk.words
    act(desk, two, "reopen", reason="They wrote again.")
    assert "write to the holder, or open “Stage 2: review”." in desk.words
    withdrawn = received(office).reference
    act(desk, withdrawn, "withdraw", reason="They rang.")
    act(desk, withdrawn, "reopen", reason="They rang again.")
    assert "It stands where it stood before, and its dates run." in desk.words


def test_letters_name_the_dates_that_are_known(at_desk, office):
    desk, reference = at_desk("officer"), received(office, "children-statutory").reference
    desk.visit(f"/staff/cases/{reference}/respond")
    assert "how to ask for “Stage 2: independent investigation”, if they can by 3 June 2026." in desk.words
    act(desk, reference, "respond", outcome="not-upheld", text=LETTER)
    assert (
        "you can ask for “Stage 2: independent investigation” with your receipt code, if you can by 3 June"
        in (desk.words)
    )
    act(desk, reference, "open-next-stage")
    assert "These are the dates to which we work: Stage 2 answer: by 10 June 2026." in desk.words
