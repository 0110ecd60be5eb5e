"""Officers in Chromium, and what arrives for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests import actors

from .in_chromium import Officer, served


@pytest.fixture
def officer(app, browser_page):
    with served(app) as url:
        yield Officer(browser_page, url)


@pytest.fixture
def arrives(office):
    def arrives(procedure: str, words: str, days_ago: int = 0, **more) -> str:
        moment = datetime.now(UTC) - timedelta(days=days_ago)
        return actors.arrives(office, procedure, words, now=moment, **{"name": "Nadia Whitlam"} | more)

    return arrives
