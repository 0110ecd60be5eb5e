from datetime import date, datetime

import pytest

from intake.procedures.loading import load_catalogue
from intake.procedures.moves import Refusal
from intake.procedures.standing import opened
from intake.procedures.workflow import decide
from intake.procedures.working_days import Calendar


@pytest.fixture(scope="session")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="session")
def calendar():
    return Calendar()


@pytest.fixture(scope="session")
def receive(catalogue, calendar):
    """receive("corporate", "2026-02-02T09:00") -> the standing of a case just received."""

    def receive(procedure, moment):
        received = datetime.fromisoformat(moment)
        return opened(catalogue[procedure].version_at(received), received, calendar)

    return receive


def day(text):
    return date.fromisoformat(text)


def due(standing):
    """Deadline ids and their dates, as texts."""
    return {deadline.id: str(deadline.due) for deadline in standing.deadlines}


def after(standing, *moves):
    """The standing after all these moves, none of which may be refused."""
    for move in moves:
        result = decide(standing, move)
        assert not isinstance(result, Refusal), f"{move} was refused: {result.reason}"
        standing = result
    return standing


def refusal(standing, move):
    """The words of a refusal, which is expected."""
    result = decide(standing, move)
    assert isinstance(result, Refusal), f"{move} was not refused"
    return result.reason
