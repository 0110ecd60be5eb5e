"""The inbox of a closed concern asks how its sender was treated since; the answer looks like any press from outside."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine

from tests import officers
from tests.actors import MONDAY, concern, send

from .test_lengths import Watcher

LATER = datetime(2026, 9, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def sent(office, monitoring_officer):
    sent = send(office, concern())
    told = {"now": MONDAY}
    officers.acknowledge(office, monitoring_officer, sent.reference, "Thanks.", revision=1, **told)
    officers.respond(
        office, monitoring_officer, sent.reference, "advice-only", "We looked.", "So.", revision=2, **told
    )
    officers.close(office, monitoring_officer, sent.reference, "Done.", revision=3, **told)
    return sent


def back(client, code: str) -> Watcher:
    holder = Watcher(client)
    holder.open("/return")
    holder.send(holder.to("/return"), code=code)
    return holder


def test_it_is_asked_when_the_day_has_come_and_the_same_page_is_there_without_it_before(client, sent):
    with time_machine.travel(MONDAY, tick=True):
        before = back(client, sent.receipt).page.text
    assert "How have you been treated since?" not in before
    assert "From Tuesday 1 September 2026 on we ask you here how you have been treated" in before
    with time_machine.travel(LATER, tick=True):
        assert "How have you been treated since?" in back(client, sent.receipt).page.text


def test_yes_is_told_with_words_gets_a_code_of_its_own_and_that_code_opens_it(client, sent):
    with time_machine.travel(LATER, tick=True):
        holder = back(client, sent.receipt)
        holder.send(holder.form("asked-after"), go="page:after")
        assert "Nobody may harm you because you spoke up" in holder.page.text
        holder.send(holder.form("after"), go="after", suffered="yes", text=" ")
        assert holder.page.title.startswith("Error: ")
        assert "Tell us what has happened" in holder.page.text
        holder.send(holder.form("after"), go="after", suffered="yes", text="My shifts were cut.")
        code = re.search(r"shown here alone: (\S+)", holder.page.text)[1]
        assert "How have you been treated since?" not in holder.page.text
        assert "My shifts were cut." not in holder.body
        new = back(client, code)
    assert "received Wednesday 2 September 2026" in new.page.text
    assert sent.reference not in new.body


def test_no_needs_no_words_and_it_is_not_asked_twice(client, sent):
    with time_machine.travel(LATER, tick=True):
        holder = back(client, sent.receipt)
        holder.send(holder.form("asked-after"), go="page:after")
        holder.send(holder.form("after"), go="after")
        assert "Say yes or no" in holder.page.text
        form = holder.form("after")
        holder.send(form, go="after", suffered="no")
        assert "You have answered." in holder.page.text
        holder.send(form, go="after", suffered="no")
        assert holder.body.count("your own words are not shown again") == 1
        again = back(client, sent.receipt)
    assert "How have you been treated since?" not in again.page.text


def test_yes_and_no_are_of_one_length_both_ways_where_as_much_is_typed(
    client, office, monitoring_officer, sent
):
    seen = []
    for said in ("no", "yes"):
        with time_machine.travel(LATER.replace(month=9 if said == "no" else 12), tick=True):
            holder = back(client, sent.receipt)
            holder.send(holder.form("asked-after"), go="page:after")
            holder.seen.clear()
            holder.send(holder.form("after"), go="after", suffered=said, text="These are the words.")
            seen.append(list(holder.seen))
    assert seen[0] == seen[1]
