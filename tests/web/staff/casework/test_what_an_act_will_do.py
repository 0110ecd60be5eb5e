"""Each act that moves a date says so on its page, with the dates before and after, and nothing is done by looking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from intake.database import reading
from intake.models import JournalLine

from .test_working_a_case import LETTER, act, day

# What was done before, the act, what is typed where its page asks, and what its page says beforehand.
FORETOLD = [
    (
        "corporate",
        [],
        "acknowledge",
        None,
        "“Stage 1 answer” is now due Tuesday 19 May 2026; until now it was provisionally",
    ),
    (
        "corporate",
        ["acknowledge"],
        "extend/stage-1-response",
        day("until", 26, 5) | {"reason": "Ill."},
        "moves from Tuesday 19 May 2026 to Tuesday 26 May 2026.",
    ),
    (
        "mp-enquiry",
        [],
        "pause-clock",
        None,
        "“Answer” is paused at Tuesday 19 May 2026, and moves on by each working day",
    ),
    (
        "mp-enquiry",
        ["pause-clock"],
        "resume-clock",
        day("happened", 7, 5),
        "runs again: due Thursday 21 May 2026, before the pause Tuesday 19 May 2026.",
    ),
    (
        "corporate",
        ["acknowledge", "respond"],
        "open-next-stage",
        day("happened", 5, 5),
        "“Stage 2 answer” begins: due",
    ),
    (
        "general-enquiry",
        [],
        "reclassify",
        {"to": "corporate", "reason": "A complaint."},
        "“Acknowledgement” begins: due Tuesday 12 May 2026.",
    ),
    (
        "children-statutory",
        ["withdraw"],
        "reopen",
        None,
        "“Stage 1 answer” runs again: due Tuesday 19 May 2026.",
    ),
    (
        "corporate",
        ["acknowledge", "respond", "close"],
        "take-up-again",
        None,
        "“Stage 1: answer by the service: new answer” begins: due Tuesday 19 May 2026.",
    ),
    ("ombudsman-enquiry", [], "set-date", day("due", 1, 6), "due Monday 1 June 2026."),
]
TYPED = {
    "respond": {"outcome": "not-upheld", "text": LETTER},
    "pause-clock": {"reason": "Consent."},
    "withdraw": {"reason": "By telephone."},
    "close": {"reason": "Done."},
}


@pytest.mark.parametrize(
    ("procedure", "before", "name", "typed", "told"), FORETOLD, ids=[line[2] for line in FORETOLD]
)
def test_an_act_says_what_it_does_to_the_clock_before_it_is_done(
    at_desk, arrives, office, clock, procedure, before, name, typed, told
):
    reference, desk = arrives(procedure), at_desk("officer")
    for done in before:
        assert act(desk, reference, done, **TYPED.get(done, {})).status_code == 303
    if name == "resume-clock":
        clock.shift(timedelta(days=3))
        desk.sign_in("officer")
    address = f"/staff/cases/{reference}/{name}"

    def lines() -> int:
        with reading(office.session):
            return office.session.scalar(select(func.count()).select_from(JournalLine)) or 0

    so_far = lines()
    desk.visit(address)
    if typed is not None:
        desk.press(address, step="check", **typed)
        assert "Nothing has been done yet." in desk.words
    assert "What this does to the clock" in desk.words
    assert told in desk.words
    assert lines() == so_far


def test_an_early_referral_is_told_to_the_holder_with_the_way_to_the_ombudsman(at_desk, arrives):
    reference, desk, tom = arrives("children-statutory"), at_desk("officer"), at_desk("manager")
    case = f"/staff/cases/{reference}"
    act(desk, reference, "respond", outcome="not-upheld", text=LETTER)
    act(desk, reference, "open-next-stage")
    act(tom, reference, "respond", outcome="upheld", text=LETTER)
    address = f"{case}/record/early-referral-agreed"
    desk.visit(address)
    assert "The letter always ends with" in desk.words
    assert desk.press(address, step="check").status_code == 422
    desk.press(address, step="check", reason="You and the director agreed on 4 May.")
    assert "It changes no date." in desk.words
    assert desk.press(address, step="do").status_code == 303
    desk.visit(case)
    assert "Early referral to the Ombudsman agreed by both sides You and the director agreed" in desk.words
    assert "www.lgo.org.uk" in desk.words
