"""Whoever watches the network has a clock too: what is worked for a press must not depend on the road.

Counted are the calls of our own functions, not the time that they take: it is the same on every machine.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import intake
from intake.web.asked.roads import ROADS

from .visitor import Visitor

OURS = str(Path(intake.__file__).parent)


@contextmanager
def calls() -> Iterator[Counter[str]]:
    """How often each function of ours is called in the block."""
    counted: Counter[str] = Counter()

    def count(frame, event: str, _what) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            counted[f"{frame.f_code.co_filename.removeprefix(OURS)}: {frame.f_code.co_qualname}"] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield counted
    finally:
        sys.setprofile(before)


def begun_on(app, road: str) -> tuple[Counter[str], Counter[str]]:
    """What is worked when a road is chosen, and for its first page."""
    visitor = Visitor(app.test_client()).open("/")
    form = visitor.to("/report")
    with calls() as chosen:
        answer = visitor.client.post(form.action, data=form.sent(go=f"start:{road}"))
    with calls() as shown:
        page = visitor.client.get(answer.location)
    assert (answer.status_code, page.status_code) == (303, 200)
    return chosen, shown


def test_as_much_is_worked_for_the_first_page_of_each_road(app):
    begun_on(app, "complaint")  # what is worked out once
    told = {road: begun_on(app, road) for road in ROADS}
    for road, (chosen, shown) in told.items():
        assert chosen == told["complaint"][0], road
        assert shown == told["complaint"][1], road
