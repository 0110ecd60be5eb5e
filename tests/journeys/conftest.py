"""Officers in Chromium, and what arrives for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.services.cases.words import Answer
from intake.services.ground import press
from intake.services.holders import submitting
from intake.services.holders.submitting import Submission

from .in_chromium import Officer, served


@pytest.fixture
def officer(app, browser_page):
    with served(app) as url:
        yield Officer(browser_page, url)


@pytest.fixture
def arrives(office):
    def send(procedure: str, words: str, days_ago: int = 0, **more) -> str:
        told = {"level": "named", "identity": (Answer("Your name", "Nadia Whitlam"),)} | more
        submission = Submission(procedure=procedure, words=(Answer("What happened?", words),), **told)
        moment = datetime.now(UTC) - timedelta(days=days_ago)
        return submitting.receive(office, submission, token=press.new_token(), now=moment).reference

    return send
