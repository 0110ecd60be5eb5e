"""Beyond the hour's budget, at both doors."""

from __future__ import annotations

import dataclasses

import pytest

from tests.web.public.visitor import Visitor, write_complaint


@pytest.fixture
def visitor(app):
    return Visitor(app.test_client())


def small(app, **settings):
    office = app.extensions["intake"]
    within = dataclasses.replace(office.settings, workers=1, **settings)
    app.extensions["intake"] = dataclasses.replace(office, settings=within)


def test_the_first_page_has_one_line_and_a_button_takes_all_of_it_in(app, at_desk, visitor):
    small(app, hour_submissions=1)
    for number in range(3):
        assert write_complaint(visitor, f"It went wrong {number}.").press("send").receipt
    desk = at_desk("officer")
    desk.visit("/staff/")
    assert "2 arrived beyond the hour's budget" in desk.words.replace("\u2019", "'")
    assert "All open: 1" in desk.words
    desk.visit("/staff/?view=aside")
    assert desk.press("/staff/take-in").status_code == 303
    desk.visit("/staff/")
    assert "All open: 3" in desk.words
    assert "arrived beyond" not in desk.words


def test_beyond_the_ceiling_the_reporter_reads_why_and_keeps_what_was_typed(app, visitor):
    small(app, hour_submissions=1, ceiling_submissions=1)
    write_complaint(visitor, "The first one.").press("send")
    write_complaint(visitor, "The second one.").press("send")
    assert "We cannot take in more just now" in visitor.page.text
    assert "The second one." in visitor.page.text
    small(app, ceiling_submissions=1000)
    assert visitor.press("send").receipt
