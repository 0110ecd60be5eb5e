"""Words for the committee: written by one, read against the concern and released by another, and only then printed."""

from __future__ import annotations

import pytest

from tests.actors import concern, now, send

WORDS = "It was said that timesheets were signed for work that was not done. Checks were changed."


@pytest.fixture
def sent(office):
    return send(office, concern(), now=now())


@pytest.fixture
def ruth(at_desk):
    return at_desk("monitoring")


@pytest.fixture
def piotr(at_desk):
    return at_desk("deputy")


def page(sent) -> str:
    return f"/staff/cases/{sent.reference}/committee"


def written(desk, sent, text: str = WORDS):
    desk.visit(page(sent))
    return desk.press(page(sent), text=text)


def released(desk, sent, **more):
    desk.visit(page(sent))
    return desk.press(f"{page(sent)}/release", **more)


def appendix(desk) -> str:
    desk.visit("/staff/counts?edition=own")
    return desk.words


def test_words_stand_in_the_appendix_when_somebody_else_has_released_them(ruth, piotr, sent):
    assert written(ruth, sent).status_code == 303
    ruth.visit(ruth.page.location)
    assert "They stand in no document until somebody else has released them." in ruth.words
    assert "You wrote them, so somebody else releases them: Piotr Lis." in ruth.words
    assert WORDS not in appendix(ruth)
    assert released(piotr, sent).status_code == 303
    piotr.visit(piotr.page.location)
    assert "Written by Ruth Adeyemi" in piotr.words
    assert "Released by Piotr Lis" in piotr.words
    assert WORDS in appendix(ruth)
    ruth.visit(f"/staff/cases/{sent.reference}")
    assert "Words for the audit committee released" in ruth.words


def test_what_was_released_stands_until_other_words_are(ruth, piotr, sent):
    written(ruth, sent)
    released(piotr, sent)
    written(piotr, sent, "Checks were changed.")
    assert "What stands in documents until these are released" in piotr.visit(page(sent)).text
    assert WORDS in appendix(ruth)
    released(ruth, sent)
    told = appendix(ruth)
    assert "Checks were changed." in told
    assert WORDS not in told


def test_nobody_releases_their_own_words(ruth, sent):
    written(ruth, sent)
    ruth.visit(page(sent))
    assert "Release these words" not in ruth.words
    ruth.page = ruth.client.post(
        f"{page(sent)}/release", data={"csrf_token": ruth.form(page(sent))["csrf_token"], "place": "0"}
    )
    assert ruth.page.status_code == 422
    assert "You wrote these words yourself." in ruth.words


def test_words_that_name_the_reporter_are_held_back_and_the_journal_says_so(ruth, piotr, sent, office):
    """Also where somebody ticked that they had looked: whoever risks their job must not be in a printed report."""
    written(ruth, sent, "Mr Marsh told us of false timesheets.")
    assert released(piotr, sent, seen="y").status_code == 422
    assert "“Marsh”" in piotr.words
    assert "false timesheets" not in appendix(ruth)
    ruth.visit(f"/staff/cases/{sent.reference}")
    assert "held back: they named the reporter" in ruth.words


def test_signs_are_looked_at_before_words_are_released(ruth, piotr, sent):
    written(ruth, sent, "On 6 May Okafor looked into it. Timesheets were signed.")
    piotr.visit(page(sent))
    for sign in ("A date: 6 May", "A name: Okafor"):
        assert sign in piotr.words
    assert released(piotr, sent).status_code == 422
    assert "Look at each of the signs first" in piotr.words
    assert released(piotr, sent, seen="y").status_code == 303


def test_words_that_were_changed_meanwhile_are_not_released_unread(ruth, piotr, sent):
    written(ruth, sent)
    piotr.visit(page(sent))
    written(ruth, sent, "Something else.")
    assert piotr.press(f"{page(sent)}/release").status_code == 409
    assert "The words were changed while you were reading." in piotr.words
    assert "Something else." in piotr.words


def test_a_second_click_releases_nothing_twice(ruth, piotr, sent):
    written(ruth, sent)
    page_of_both = piotr.visit(page(sent))
    assert piotr.press(f"{page(sent)}/release").status_code == 303
    piotr.page = page_of_both
    assert piotr.press(f"{page(sent)}/release").status_code == 303
    ruth.visit(f"/staff/cases/{sent.reference}")
    assert ruth.words.count("Words for the audit committee released") == 1


def test_nobody_of_the_complaints_team_comes_to_it(at_desk, ruth, sent):
    written(ruth, sent)
    manager = at_desk("manager")
    assert manager.visit(page(sent)).status_code == 404
