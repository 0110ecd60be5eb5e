"""Pages by which a case goes to another team: what is shown before, who sees it, and what an old tab does after."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import Case
from intake.services.holders import answering
from tests.actors import complaint, concern, send
from tests.web.public.visitor import Visitor

REASON = "Her manager signs for shifts that nobody works. Maya Okafor is his sister."


@pytest.fixture
def sent(office):
    """A complaint that is a concern."""
    return send(office, complaint(), now=datetime.now(UTC))


@pytest.fixture
def manager(at_desk):
    return at_desk("manager")


def page_of(sent) -> str:
    return f"/staff/cases/{sent.reference}/reroute"


def proposed(desk, sent, **more):
    desk.visit(page_of(sent))
    return desk.press(page_of(sent), **{"step": "propose", "reason": REASON, "about": "no"} | more)


def reference_now(office) -> str:
    with reading(office.session):
        return office.session.scalar(select(Case.reference))


def answer(office, sent, *, yes: bool) -> None:
    answering.answer(office, sent.receipt, yes=yes, text="Be careful.", token="a" * 40, now=datetime.now(UTC))


def test_whoever_decides_reads_on_the_first_page_that_something_waits(manager, at_desk, sent):
    officer = at_desk("officer")
    assert proposed(officer, sent).status_code == 303
    manager.visit("/staff/")
    manager.follow("For another team: 1 to decide")
    assert sent.reference in manager.words
    for desk in (officer, at_desk("monitoring")):
        desk.visit("/staff/")
        assert "to decide" not in desk.words


def test_a_complaint_goes_to_the_monitoring_officer(office, manager, at_desk, sent):
    manager.visit(f"/staff/cases/{sent.reference}")
    manager.follow("Send it to the monitoring officer")
    assert "Acknowledgement” begins" in manager.words
    assert "may remember it" in manager.words
    assert proposed(manager, sent).status_code == 303
    manager.visit(page_of(sent))
    assert "They were asked on Tuesday 5 May 2026 and have not answered" in manager.words
    manager.press(page_of(sent), step="move")
    assert manager.page.status_code == 409
    assert "Its holder has not agreed." in manager.words
    manager.visit("/staff/proposals")
    assert f"{sent.reference} 5 May 2026 Not yet" in manager.words
    answer(office, sent, yes=True)
    manager.visit(page_of(sent))
    assert "Yes , on Tuesday 5 May 2026" in manager.words
    assert "Be careful." in manager.words
    assert "How and when did the holder agree?" not in manager.words
    assert manager.press(page_of(sent), step="move").headers["Location"] == "/staff/handed-on"
    assert sent.reference not in manager.visit("/staff/handed-on").text
    new = reference_now(office)
    monitoring = at_desk("monitoring")
    assert monitoring.visit(f"/staff/cases/{new}").status_code == 200
    monitoring.follow("What it was before")
    assert f"Reference there {sent.reference}" in monitoring.words
    assert REASON in monitoring.words


def test_an_old_tab_finds_nothing_and_loses_nothing_typed(office, manager, at_desk, sent):
    colleague = at_desk("officer")
    address = f"/staff/cases/{sent.reference}/note"
    old = colleague.visit(address).text
    old_fields = colleague.form(address)
    proposed(manager, sent, danger="The girl is alone with him.")
    manager.visit(page_of(sent))
    assert manager.press(page_of(sent), step="move").status_code == 303
    new = reference_now(office)
    assert sent.reference in old
    colleague.press(address, step="do", text="I had written a page.")
    assert colleague.page.status_code == 404
    assert "I had written a page." in colleague.words
    theirs, by = colleague.words, old_fields["by"]
    nowhere = "/staff/cases/ZZZ-9999/note"
    colleague.visit("/staff/cases/ZZZ-9999")
    token = colleague.visit("/staff/password")
    fields = colleague.form("/staff/password")
    assert token.status_code == 200
    colleague.page = colleague.client.post(
        nowhere, data={"csrf_token": fields["csrf_token"], "text": "I had written a page.", "by": by}
    )
    assert (colleague.page.status_code, colleague.words) == (404, theirs)
    for desk in (manager, colleague):
        for path in (
            "/staff/",
            f"/staff/?find={sent.reference}",
            "/staff/?view=closed",
            "/staff/dates",
            "/staff/counts",
            "/staff/proposals",
            "/staff/load",
            "/staff/hand-over",
        ):
            shown = desk.visit(path).text
            assert sent.reference not in shown.replace(f"find={sent.reference}", "").replace(
                f'value="{sent.reference}"', ""
            )
            assert new not in shown
        for path in ("", "/reroute", "/before", "/note"):
            for reference in (sent.reference, new):
                assert desk.visit(f"/staff/cases/{reference}{path}").status_code == 404


def test_a_colleague_whom_a_proposal_names_does_not_see_it(office, manager, at_desk, sent):
    proposed(manager, sent)
    answer(office, sent, yes=True)
    colleague = at_desk("officer")
    for path in (page_of(sent), f"/staff/cases/{sent.reference}", "/staff/"):
        shown = colleague.visit(path).text
        assert "his sister" not in shown
        assert "Be careful." not in shown
        assert "May we look into" not in shown
    assert colleague.visit("/staff/proposals").status_code == 404
    colleague.visit(page_of(sent))
    assert "Propose it" in colleague.page.text
    assert proposed(colleague, sent, reason="It is a concern.").status_code == 303
    assert "You proposed this on Tuesday 5 May 2026" in read(colleague.visit(page_of(sent)))
    manager.visit(page_of(sent))
    assert "Maya Okafor proposed it too, on Tuesday 5 May 2026: It is a concern." in manager.words


def read(page) -> str:
    from tests.web.staff.at_a_desk import read

    return read(page.text)


def test_an_officer_proposes_and_does_not_decide(office, at_desk, sent):
    officer = at_desk("officer")
    proposed(officer, sent)
    officer.visit(page_of(sent))
    assert "You proposed this" in officer.words
    answer(office, sent, yes=True)
    fields = officer.visit("/staff/password") and officer.form("/staff/password")
    for step in ("move", "back"):
        officer.page = officer.client.post(
            page_of(sent), data={"csrf_token": fields["csrf_token"], "step": step, "revision": "3"}
        )
        assert officer.page.status_code in {404, 422}
    assert reference_now(office) == sent.reference


def test_a_page_that_is_old_gives_back_what_was_typed(office, manager, sent):
    manager.visit(page_of(sent))
    old = manager.form(page_of(sent))
    answerless = proposed(manager, sent)
    assert answerless.status_code == 303
    manager.page = manager.client.post(
        page_of(sent), data=old | {"step": "propose", "reason": "Once more.", "about": "no"}
    )
    assert manager.page.status_code == 422
    manager.visit(page_of(sent))
    before = manager.form(page_of(sent))
    answer(office, sent, yes=False)
    manager.page = manager.client.post(
        page_of(sent), data=before | {"step": "move", "agreed": "On the telephone."}
    )
    assert manager.page.status_code == 409
    assert "On the telephone." in manager.page.text
    assert "This case changed after you had opened this page." in manager.words


def test_a_concern_goes_to_the_complaints_team_with_its_holders_yes(office, client, at_desk):
    sent = send(office, concern(), now=datetime.now(UTC))
    monitoring = at_desk("monitoring")
    monitoring.visit(page_of(sent))
    assert "They do not get who it is" in monitoring.words
    monitoring.press(page_of(sent), step="propose", reason="It is about rotas.", to="corporate")
    assert monitoring.page.status_code == 303
    holder = Visitor(client)
    holder.open("/return")
    holder.send(holder.to("/return"), code=sent.receipt)
    assert "May we pass this to the complaints team?" in holder.page.text
    holder.send(holder.form("asked"), go="page:answer")
    assert "They do not get your name" in holder.page.text
    holder.send(holder.form("answer"), go="answer")
    assert holder.page.title.startswith("Error: ")
    holder.send(holder.form("answer"), go="answer", yes="yes", text="Please do.")
    assert "You have answered." in holder.page.text
    assert "Please do." not in holder.body
    monitoring.visit(page_of(sent))
    assert "Please do." in monitoring.words
    assert monitoring.press(page_of(sent), step="move").status_code == 303
    officer = at_desk("officer")
    assert officer.visit(f"/staff/cases/{reference_now(office)}").status_code == 200
    assert "They gave no name." in officer.words
    officer.follow("What it was before")
    assert "Whistleblowing concern" in officer.words
    assert "rotas" not in officer.words
