"""A complaint becomes a concern, goes back, and becomes one again: nothing of it is lost to whoever has it."""

from __future__ import annotations

from dataclasses import replace

from intake.database import reading
from intake.models import Case
from intake.procedures.triage import Findings
from intake.services.cases import timekeeping
from intake.services.casework import case_page, linking, reviewing
from intake.services.holders import answering, returning
from intake.services.points import setting_out
from intake.services.points.setting_out import Draft
from intake.services.rerouting import remembering
from intake.services.triage import deciding
from tests import officers
from tests.actors import complaint, send

from .story import LATER, NOW, case_of, move, old_key, opened_by, propose, rerouted, revision


def test_what_the_complaints_team_had_set_out_is_found_again(
    office, officer, manager, monitoring_officer, told
):
    """Seen before: of what was left behind, points, decisions, triage and the first history were shown nowhere."""
    ref, case_id = told.reference, case_of(office, told.receipt).id

    def seen() -> dict:
        return {"revision": revision(office, ref), "now": NOW}

    found = Findings(what="corporate", severity="serious", who="self", adjustments="Large print")
    deciding.decide(office, manager, ref, deciding.Decision(found, "", "", ""), **seen())
    setting_out.set_out(office, officer, ref, [Draft("The bins were late.", "An apology.")], **seen())
    other = send(office, complaint(words="The same street."), now=NOW)
    linking.link(office, officer, ref, other.reference, "linked", "Same street.", token="l" * 40, now=NOW)
    keys = [old_key(office, officer, ref)]
    first = rerouted(office, manager, told)
    page = case_page.open_case(office, monitoring_officer, first, now=LATER)
    assert [one.point.words for one in page.points.points] == ["The bins were late."]
    assert page.adjustments == "Large print"
    assert page.links == ()
    keys.append(old_key(office, monitoring_officer, first))
    propose(office, monitoring_officer, first, to="corporate")
    answering.answer(office, told.receipt, yes=True, text="", token="y" * 40, now=LATER)
    move(office, monitoring_officer, first)
    second = case_of(office, told.receipt).reference
    page = case_page.open_case(office, officer, second, now=LATER)
    assert (page.points.points, page.triaged, page.notes, page.links) == ((), (), (), ())
    officers.note(office, officer, second, "Once more.", token="m" * 40, now=LATER)
    keys.append(old_key(office, officer, second))
    third = rerouted(office, manager, replace(told, reference=second))
    assert opened_by(office, case_id, keys) == []
    before = remembering.before(office, monitoring_officer, third, now=LATER)
    texts = "\n".join(text for one in before for _, _, text in one.notes)
    for words in ("He is her uncle.", "1. The bins were late.", "An apology.", "Large print", "Same street."):
        assert words in texts
    lines = [line.text for line in before[-1].lines]
    assert ("Reference there", ref) in before[-1].facts
    assert "Acknowledged" in lines
    assert returning.open_case(office, told.receipt, now=LATER).reference == third


def test_what_somebody_answered_before_it_came_back_is_no_stage_of_what_is_reviewed(
    office, officer, manager, monitoring_officer, told
):
    """Seen before: after there and back, whoever had answered it then was warned of an answer that no longer counts."""
    case_id = case_of(office, told.receipt).id
    _answer_and_open_the_next_stage(office, officer, told.reference, NOW)
    assert _answered_before(office, officer, case_id)
    first = rerouted(office, manager, told)
    propose(office, monitoring_officer, first, to="corporate")
    answering.answer(office, told.receipt, yes=True, text="", token="y" * 40, now=LATER)
    move(office, monitoring_officer, first)
    here = case_of(office, told.receipt).reference
    seen = {"revision": revision(office, here), "now": LATER}
    officers.acknowledge(office, manager, here, "We have it again.", **seen)
    _answer_and_open_the_next_stage(office, manager, here, LATER)
    assert not _answered_before(office, officer, case_id)
    assert _answered_before(office, manager, case_id)


def _answer_and_open_the_next_stage(office, officer, reference: str, now) -> None:
    told = {"revision": revision(office, reference), "now": now}
    officers.respond(office, officer, reference, "not-upheld", "No.", "", **told)
    told["revision"] = revision(office, reference)
    officers.open_next_stage(office, officer, reference, None, "", **told)


def _answered_before(office, officer, case_id: str) -> bool:
    with reading(office.session):
        standing = timekeeping.standing(office, office.session.get(Case, case_id))
        return reviewing.answered_before(office.session, case_id, standing, officer.id)
