"""Officers at their desks, on a Tuesday in May."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine

from tests import actors

from .at_a_desk import Desk

TODAY = datetime(2026, 5, 5, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    """The moment, which a story can move on."""
    with time_machine.travel(TODAY, tick=False) as moment:
        yield moment


@pytest.fixture
def at_desk(app) -> Callable[[str], Desk]:
    """A desk of somebody who has signed in: officer, manager, monitoring, deputy, alternate or senior."""

    def sit_down(who: str) -> Desk:
        desk = Desk(app)
        assert desk.sign_in(who).status_code == 303
        return desk

    return sit_down


@pytest.fixture
def arrives(office) -> Callable[..., str]:
    """Something arrives from the public; its reference."""

    def arrives(procedure: str, words: str = "It went wrong.", **more) -> str:
        told = {"name": "Nadia Whitlam", "now": datetime.now(UTC)} | more
        return actors.arrives(office, procedure, words, **told)

    return arrives
