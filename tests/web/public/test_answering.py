"""A holder is asked whether their case may go to another team: yes and no look alike from outside."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.services.rerouting import proposing
from tests.actors import complaint, concern, send

from .test_lengths import Watcher


@pytest.fixture
def asked(office, client, manager, monitoring_officer):
    """Makes somebody who has opened a case of which they are asked something."""

    def asked(what) -> Watcher:
        now, is_concern = datetime.now(UTC), what.procedure == "whistleblowing"
        sent = send(office, what, now=now)
        whose, to = (monitoring_officer, "corporate") if is_concern else (manager, "whistleblowing")
        proposing.propose(office, whose, sent.reference, to, "It is theirs.", revision=1_000, now=now)
        holder = Watcher(client)
        holder.open("/return")
        holder.send(holder.to("/return"), code=sent.receipt)
        holder.seen.clear()
        return holder

    return asked


def answered(holder: Watcher, said: str) -> list:
    holder.send(holder.form("asked"), go="page:answer")
    holder.send(holder.form("answer"), go="answer", yes=said)
    assert "You have answered." in holder.page.text
    return holder.seen


def test_every_answer_of_every_case_is_of_one_length_both_ways(asked):
    seen = [answered(asked(what()), said) for what in (complaint, concern) for said in ("yes", "no")]
    assert seen.count(seen[0]) == len(seen), seen
    withdrawing = asked(complaint())
    withdrawing.send(withdrawing.form("acts"), go="page:withdraw")
    withdrawing.send(withdrawing.form("withdraw"), go="withdraw", reason="")
    assert withdrawing.seen == seen[0]


def test_one_who_was_asked_and_does_not_answer_is_asked_again(asked):
    holder = asked(complaint())
    holder.send(holder.form("asked"), go="page:answer")
    holder.send(holder.form("back"), go="page:case")
    assert "We asked you this on" in holder.page.text
    holder.send(holder.form("asked"), go="page:answer")
    holder.send(holder.form("answer"), go="answer")
    assert "Say yes or no" in holder.page.text
