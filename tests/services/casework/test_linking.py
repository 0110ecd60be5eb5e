"""Cases that belong together: kept sealed with both, and there for whoever can open both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from intake.database import reading, writing
from intake.models import Case, Envelope, JournalLine, Record
from intake.services.casework import case_page, linking
from intake.services.ground import journal, press
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused
from tests.actors import MONDAY, arrives

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def bins(office):
    return arrives(office, "corporate", "The bins were missed.")


@pytest.fixture
def again(office):
    return arrives(office, "corporate", "The bins were missed, as I wrote.")


def links(office, officer, reference):
    page = case_page.open_case(office, officer, reference, now=LATER)
    return [(one.words, one.reference, one.reason, one.by) for one in page.links if not one.removed]


def link(office, officer, reference, other, how="linked", reason="The same round.", token=""):
    linking.link(office, officer, reference, other, how, reason, token=token or press.new_token(), now=MONDAY)


def test_both_cases_say_what_the_other_is_to_them(office, officer, manager, bins, again):
    link(office, officer, again, f" {bins.lower()} ", "duplicate")
    assert links(office, manager, again) == [("Duplicate of", bins, "The same round.", "Maya Okafor")]
    assert links(office, manager, bins) == [("Has a duplicate", again, "The same round.", "Maya Okafor")]


def test_the_same_press_is_kept_once_and_a_second_link_is_refused(office, officer, bins, again):
    token = press.new_token()
    for _ in range(2):
        link(office, officer, again, bins, "follows", token=token)
    for mine, its in ((again, bins), (bins, again)):
        with pytest.raises(Refused, match=f"It is linked to {its} already"):
            link(office, officer, mine, its)
    assert len(links(office, officer, bins)) == len(links(office, officer, again)) == 1


def test_what_is_wrong_is_said_and_nothing_is_kept(office, officer, bins, again):
    for other, how, reason, why in (
        (bins, "linked", "Why.", "this case itself"),
        (again, "cousin", "Why.", "how they belong together"),
        (again, "linked", "  ", "Give the reason"),
        (again, "linked", "x" * 2_001, "2,000 characters"),
    ):
        with pytest.raises(Refused, match=why):
            link(office, officer, bins, other, how, reason)
    with reading(office.session):
        assert office.session.scalars(select(Record).where(Record.kind == "link")).all() == []


def test_what_one_cannot_open_is_as_if_it_did_not_exist(office, officer, monitoring_officer, bins):
    concern = arrives(office, "whistleblowing")
    alternates = arrives(office, "whistleblowing", named=("unsure",))
    for who, mine, others in (
        (officer, bins, (concern, alternates, "ZZZ-ZZZZ", "nothing at all")),
        (monitoring_officer, concern, (bins, alternates, "ZZZ-ZZZZ", "")),
    ):
        for other in others:
            with pytest.raises(Refused) as said:
                link(office, who, mine, other)
            assert str(said.value) == linking.UNKNOWN
    with pytest.raises(NotFound):
        link(office, officer, concern, bins)


def test_a_key_to_both_links_no_concern_to_a_complaint(office, officer, bins):
    """Whatever envelopes say: nothing leads from one vault to another."""
    concern = arrives(office, "whistleblowing")
    with writing(office.session):
        office.session.scalars(select(Case).where(Case.reference == bins)).one().reader = "whistleblowing"
    theirs = arrives(office, "corporate")
    for mine, other in ((theirs, bins), (bins, theirs), (theirs, concern)):
        with pytest.raises(Refused, match="There is no case with this reference"):
            link(office, officer, mine, other)


def test_a_link_goes_from_sight_with_the_other_case(office, officer, bins, again):
    """As when the other one is taken to another vault: not even that there was a link is told."""
    link(office, officer, again, bins)
    with writing(office.session):
        case = office.session.scalars(select(Case).where(Case.reference == bins)).one()
        office.session.execute(delete(Envelope).where(Envelope.case_id == case.id))
    page = case_page.open_case(office, officer, again, now=LATER)
    assert page.links == ()
    assert "ink" not in " ".join(line.text for line in page.timeline)
    with reading(office.session):
        (kept,) = office.session.scalars(
            select(Record)
            .join(Case, Case.id == Record.case_id)
            .where(Record.kind == "link", Case.reference == again)
        )
    assert bins.encode() not in kept.sealed


def test_a_link_is_removed_from_both_with_its_reason_and_once(office, officer, manager, bins, again):
    link(office, officer, again, bins)
    (one,) = case_page.open_case(office, officer, bins, now=LATER).links
    token = press.new_token()
    for _ in range(2):
        linking.unlink(office, manager, bins, one.id, "Another street.", token=token, now=LATER)
    for reference in (bins, again):
        (gone,) = case_page.open_case(office, officer, reference, now=LATER).links
        assert (gone.removed.reason, gone.removed.by) == ("Another street.", "Tom Hendry")
        with pytest.raises(ActedMeanwhile, match="not there any more"):
            linking.unlink(office, officer, reference, one.id, "Mine.", token=press.new_token(), now=LATER)
    with pytest.raises(ActedMeanwhile):
        linking.unlink(office, officer, again, "nothing", "Mine.", token=press.new_token(), now=LATER)
    link(office, officer, bins, again)
    assert len(links(office, officer, again)) == 1


def test_the_journal_says_of_the_case_acted_on_alone_that_it_was_linked(office, officer, bins, again):
    link(office, officer, again, bins)
    with reading(office.session):
        lines = office.session.execute(
            select(Case.reference, JournalLine.detail)
            .join(Case, Case.id == JournalLine.case_id)
            .where(JournalLine.act == journal.Act.LINKED)
        ).all()
    assert lines == [(again, "{}")]
