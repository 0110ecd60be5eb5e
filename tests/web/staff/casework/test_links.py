"""Linking on the page: what is typed, what is told, and what stays behind the wall."""

from __future__ import annotations

import re

from tests.web.statements import asked_for


def links_of(desk, reference: str):
    desk.visit(f"/staff/cases/{reference}/links")
    return desk


def link(desk, reference: str, other: str, how: str = "duplicate", reason: str = "The same bins."):
    return links_of(desk, reference).press(
        f"/staff/cases/{reference}/links", other=other, how=how, reason=reason
    )


def test_a_duplicate_is_linked_read_on_both_and_removed(at_desk, arrives):
    first, second = arrives("corporate"), arrives("corporate")
    desk = at_desk("officer")
    done = link(desk, second, first)
    assert done.headers["Location"] == f"/staff/cases/{second}?done=linked"
    desk.visit(done.headers["Location"])
    assert "They are linked, and each of the two says so." in desk.words
    assert f"Duplicate of {first} Complaint about a council service The same bins." in desk.words
    desk.visit(f"/staff/cases/{first}")
    assert f"Has a duplicate {second}" in desk.words
    (remove,) = re.findall(r'href="([^"]+/remove)"', links_of(desk, first).page.text)
    desk.visit(remove)
    assert desk.press(remove, reason=" ").status_code == 422
    done = desk.press(remove, reason="Another street.")
    assert done.headers["Location"] == f"/staff/cases/{first}?done=unlinked"
    for reference in (first, second):
        assert "duplicate" not in desk.visit(f"/staff/cases/{reference}").text.lower()
    links_of(desk, second)
    assert "Links that were removed (1)" in desk.words
    assert "Another street." in desk.words


def test_a_case_of_others_is_answered_like_one_that_is_not_there(at_desk, arrives):
    mine, theirs = arrives("corporate"), arrives("whistleblowing")
    desk, answers = at_desk("officer"), []
    for other in (theirs, "ZZZ-ZZZZ"):
        links_of(desk, mine)
        work = asked_for(lambda other=other: link(desk, mine, other))
        assert desk.page.status_code == 409
        assert "There is no case with this reference" in desk.words
        assert "The same bins." in desk.page.text
        answers.append((desk.words.replace(other, "?"), [line.split("WHERE")[0] for line in work]))
    assert answers[0] == answers[1]
    for tail in ("links", "links/x/remove"):
        assert desk.visit(f"/staff/cases/{theirs}/{tail}").status_code == 404


def test_a_link_that_a_colleague_removed_meanwhile_is_told_and_the_reason_kept(at_desk, arrives):
    first, second = arrives("corporate"), arrives("corporate")
    maya, tom = at_desk("officer"), at_desk("manager")
    link(maya, second, first)
    (remove,) = re.findall(r'href="([^"]+/remove)"', links_of(maya, second).page.text)
    maya.visit(remove)
    tom.visit(remove)
    assert tom.press(remove, reason="Not the same.").status_code == 303
    told = maya.press(remove, reason="My own careful reason.")
    assert told.status_code == 409
    assert "That link is not there any more" in maya.words
    assert "My own careful reason." in maya.words


def test_a_link_form_that_expired_gives_back_what_was_typed(at_desk, arrives):
    mine, other = arrives("corporate"), arrives("corporate")
    desk = links_of(at_desk("officer"), mine)
    told = desk.press(
        f"/staff/cases/{mine}/links", csrf_token="old", other=other, how="linked", reason="A long reason."
    )
    assert "This form had expired" in desk.words
    assert "A long reason." in told.text
    assert other in told.text
