"""A complaint of several points: set out, understood, answered one by one, and read by its holder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from intake.database import reading
from intake.models import Record
from intake.procedures.moves import Respond
from intake.procedures.points import Answered
from intake.services.cases import places, themes
from intake.services.casework import acting
from intake.services.ground import press
from intake.services.ground.refusals import Refused
from intake.services.holders import returning
from intake.services.points import setting_out
from intake.services.points.setting_out import Draft
from tests import officers
from tests.actors import place_called, send
from tests.web.public.visitor import Visitor
from tests.web.staff.casework.test_budget_of_statements import CASE
from tests.web.staff.casework.test_working_a_case import LETTER, act
from tests.web.statements import asked_for

LATE = "He was collected late eleven times."
CALLS = "Nobody called back."


def sets_out(desk, case: str, *points: str, **typed: str):
    for words in points:
        desk.visit(f"{case}/points")
        page = desk.press(f"{case}/points", words=words, **typed)
        assert page.status_code == 303, desk.words
    return desk.visit(f"{case}/points")


@pytest.fixture
def sent(office):
    """Somebody complained of two things under the Code, and holds the receipt."""
    return send(office, "corporate", f"{LATE} {CALLS}", name="Nadia Whitlam", now=datetime.now(UTC))


@pytest.fixture
def case(sent) -> str:
    return f"/staff/cases/{sent.reference}"


def test_points_are_set_out_understood_answered_and_read(at_desk, office, sent, case):
    desk = at_desk("officer")
    desk.visit(case)
    assert "None is set out: it is answered as a whole." in desk.words
    desk.follow("Set out its points")
    assert f"{LATE} {CALLS}" in desk.words
    desk.press(f"{case}/points", words=LATE, wanted="A bus that comes on time.")
    assert desk.visit(f"{case}/points?done=added").status_code == 200
    assert "The point was added." in desk.words
    sets_out(desk, case, CALLS)
    assert f"Point 1 {LATE} What is wanted: A bus that comes on time." in desk.words
    assert f"Point 2 {CALLS}" in desk.words

    desk.visit(f"{case}/acknowledge")
    letter = desk.form(f"{case}/acknowledge")["text"]
    assert f"We understand that you complain of this:\n\n1. {LATE}" in letter
    assert f"What is wanted: A bus that comes on time.\n\n2. {CALLS}\n\nIf we have not" in letter
    desk.press(f"{case}/acknowledge", step="do")

    held = returning.open_case(office, sent.receipt, now=datetime.now(UTC))
    assert [(one.number, one.point.words, one.decided) for one in held.points] == [
        (1, LATE, ()),
        (2, CALLS, ()),
    ]

    desk.visit(f"{case}/respond")
    assert "Every point upheld: upheld." in desk.words
    assert "Outcome" not in desk.form(f"{case}/respond")
    page = desk.press(f"{case}/respond", step="check", text=LETTER, found_1="upheld", why_1="It was late.")
    assert page.status_code == 422
    assert "Point 2 has no outcome yet. Choose what became of it." in desk.words
    assert "Say why, on point 2" in desk.words
    page = desk.press(f"{case}/respond", step="check", found_2="not-upheld", why_2="We rang on 2 May.")
    assert page.status_code == 200, desk.words
    assert "Partly upheld: of 2 points, 1 upheld, 1 not upheld." in desk.words
    page = desk.press(f"{case}/respond", step="do", found_2="upheld")
    assert "You changed something after you had checked it" in desk.words
    assert "Upheld: of 2 points, 2 upheld." in desk.words
    page = desk.press(f"{case}/respond", step="check", found_2="not-upheld")
    assert desk.press(f"{case}/respond", step="do").status_code == 303
    desk.visit(case)
    told = (
        f"Our decision on each point 1. {LATE} Upheld. It was late. 2. {CALLS} Not upheld. We rang on 2 May. "
        "Outcome: partly upheld. If you do not agree"
    )
    assert told in desk.words
    assert "Stage 1 answered: partly upheld" in desk.words
    assert "Stage 1: answer by the service: upheld. It was late."
    held = returning.open_case(office, sent.receipt, now=datetime.now(UTC))
    assert [one.decided[0].outcome for one in held.points] == ["Upheld", "Not upheld"]
    assert [one.decided[0].reason for one in held.points] == ["It was late.", "We rang on 2 May."]


def test_stage_2_decides_a_point_otherwise_and_both_decisions_stay(at_desk, office, sent, case):
    desk = at_desk("officer")
    sets_out(desk, case, LATE, CALLS)
    reference = sent.reference
    act(desk, reference, "acknowledge")
    answers = {"found_1": "not-upheld", "why_1": "Once.", "found_2": "not-upheld", "why_2": "We did."}
    assert act(desk, reference, "respond", text=LETTER, **answers).status_code == 303
    desk.visit(f"{case}/points")
    assert "has been answered, and its points with it." in desk.words
    act(desk, reference, "open-next-stage")
    desk.visit(f"{case}/points/2")
    desk.press(f"{case}/points/2", words="Nobody called back for a month.")
    act(desk, reference, "acknowledge")
    desk.visit(f"{case}/respond")
    assert "Nobody called back for a month. Stage 1: answer by the service: not upheld." in desk.words
    assert "You answered an earlier stage of this case." in desk.words
    assert "Every point upheld: upheld." in desk.words
    assert "The letter always ends with Each point with what was decided, and why." in desk.words
    again = answers | {"found_2": "upheld", "why_2": "Nobody did.", "own": "Nobody else is here."}
    assert act(desk, reference, "respond", text=LETTER, **again).status_code == 303, desk.words
    held = returning.open_case(office, sent.receipt, now=datetime.now(UTC))
    assert [one.outcome for one in held.points[0].decided] == ["Not upheld", "Not upheld"]
    assert [(one.outcome, one.as_it_was) for one in held.points[1].decided] == [
        ("Not upheld", CALLS),
        ("Upheld", ""),
    ]
    desk.visit(case)
    assert f"The point read then: {CALLS}" in desk.words
    assert "Stage 2 answered: partly upheld" in desk.words


def test_a_point_is_reworded_moved_and_withdrawn_and_what_was_before_stays(at_desk, office, sent, case):
    desk = at_desk("officer")
    sets_out(desk, case, LATE, CALLS, "The bus was cold.")
    desk.visit(f"{case}/points/3")
    desk.press(f"{case}/points/3", words="The bus was cold in winter.", position="1")
    desk.visit(f"{case}/points")
    assert f"Point 1 The bus was cold in winter. Change point 1 Withdraw point 1 Point 2 {LATE}" in desk.words
    assert "Point 3 put in other words, by Maya Okafor. It read: The bus was cold." in desk.words
    desk.visit(f"{case}/points/2/withdraw")
    page = desk.press(f"{case}/points/2/withdraw", why=" ")
    assert page.status_code == 422
    desk.press(f"{case}/points/2/withdraw", why="They have called by now.")
    desk.visit(f"{case}/points")
    assert (
        f"Withdrawn on Tuesday 5 May 2026 {CALLS} What the complainant said: They have called by now."
        in desk.words
    )
    act(desk, sent.reference, "acknowledge")
    desk.visit(f"{case}/respond")
    assert f"Point 2 {LATE}" in desk.words
    assert CALLS not in desk.words.partition("As it was sent")[0]
    answers = {"found_3": "upheld", "why_3": "Yes.", "found_1": "upheld", "why_1": "Yes."}
    assert act(desk, sent.reference, "respond", text=LETTER, **answers).status_code == 303
    desk.visit(case)
    assert "Stage 1 answered: upheld" in desk.words


def test_the_last_point_is_not_withdrawn_alone_and_a_closed_case_keeps_its_points(at_desk, sent, case):
    desk = at_desk("officer")
    sets_out(desk, case, LATE)
    desk.visit(f"{case}/points/1/withdraw")
    assert desk.press(f"{case}/points/1/withdraw", why="No more.").status_code == 409
    assert "This is the last point. Record that the complaint was withdrawn" in desk.words
    assert "No more." in desk.page.text
    act(desk, sent.reference, "withdraw", reason="They do not want it.")
    desk.visit(f"{case}/points/1")
    assert desk.press(f"{case}/points/1", words="Something else.").status_code == 409
    assert "This case was closed on" in desk.words


def test_two_at_once_and_the_second_loses_nothing_typed(at_desk, case):
    desk, other = at_desk("officer"), at_desk("manager")
    sets_out(desk, case, LATE)
    for one in (desk, other):
        one.visit(f"{case}/points")
    assert desk.press(f"{case}/points", words=CALLS).status_code == 303
    assert other.press(f"{case}/points", words="The escort was rude.").status_code == 409
    assert "This case changed after you had opened this page" in other.words
    assert "The escort was rude." in other.page.text
    assert other.press(f"{case}/points").status_code == 303
    # An answer that was begun before a point was added: refused, with all that was typed.
    desk.visit(f"{case}/acknowledge")
    desk.press(f"{case}/acknowledge", step="do")
    desk.visit(f"{case}/respond")
    sets_out(other, case, "The route was changed without a word.")
    typed = {"found_1": "upheld", "why_1": "It was so.", "found_2": "upheld", "why_2": "So was this."}
    page = desk.press(f"{case}/respond", step="do", text=LETTER, **typed)
    assert page.status_code == 409
    assert "It was so." in page.text
    assert "Point 4" in desk.words
    # A point that a colleague withdrew while it was being reworded.
    desk.visit(f"{case}/points/2")
    other.visit(f"{case}/points/2/withdraw")
    other.press(f"{case}/points/2/withdraw", why="Settled by telephone.")
    page = desk.press(f"{case}/points/2", words="Nobody called back at all.")
    assert page.status_code == 409
    assert "somebody withdrew it meanwhile" in desk.words
    assert "Nobody called back at all." in desk.words
    # And one that was withdrawn while it was being answered.
    desk.visit(f"{case}/respond")
    other.visit(f"{case}/points/3/withdraw")
    other.press(f"{case}/points/3/withdraw", why="She was sorry.")
    page = desk.press(f"{case}/respond", step="check", text=LETTER, found_3="upheld", why_3="She was rude.")
    assert page.status_code == 409
    assert "What you had typed of a point that stands no longer" in desk.words
    assert "She was rude." in desk.words


def test_twenty_points_and_no_more(at_desk, sent, case):
    desk = at_desk("officer")
    sets_out(desk, case, *(f"Thing {number} went wrong." for number in range(1, 21)))
    assert "These are 20, and no more can be added." in desk.words
    act(desk, sent.reference, "acknowledge")
    desk.visit(f"{case}/respond")
    answers = {f"found_{number}": "upheld" for number in range(1, 21)}
    answers |= {f"why_{number}": "It did. " + "x" * 3_900 for number in range(1, 21)}
    page = desk.press(f"{case}/respond", step="check", text=LETTER, **answers | {"found_20": "partly-upheld"})
    assert page.status_code == 200, desk.words[:600]
    assert "Partly upheld: of 20 points, 19 upheld, 1 partly upheld." in desk.words
    assert desk.press(f"{case}/respond", step="do").status_code == 303


def test_a_twenty_first_that_is_typed_all_the_same_is_refused_in_words(at_desk, case):
    desk = at_desk("officer")
    sets_out(desk, case, *(f"Thing {number} went wrong." for number in range(1, 20)))
    old = desk.form(f"{case}/points")
    desk.press(f"{case}/points", words="The twentieth.")
    desk.visit(f"{case}/points/1")
    now = desk.form(f"{case}/points/1")["revision"]
    page = desk.client.post(f"{case}/points", data=old | {"revision": now, "words": "One more."})
    assert page.status_code == 409
    assert "A case has 20 points at most. Put together what belongs together." in page.text
    assert "One more." in page.text


def test_a_service_that_is_closed_meanwhile_is_told_and_one_that_the_point_has_stays(
    at_desk, office, manager, case
):
    desk, moment = at_desk("officer"), datetime.now(UTC)
    housing, waste = place_called(office, "Housing"), place_called(office, "Waste and recycling")
    sets_out(desk, case, LATE, service=housing)
    desk.visit(f"{case}/points")
    for place in (housing, waste):
        places.close(office, manager, place, now=moment)
    page = desk.press(f"{case}/points", words=CALLS, service=waste)
    assert page.status_code == 409
    assert "Waste and recycling was closed. Choose where its cases go now." in desk.words
    assert CALLS in page.text
    desk.visit(f"{case}/points/1")
    assert desk.press(f"{case}/points/1", words="He was collected late.", service=housing).status_code == 303
    desk.visit(f"{case}/points")
    assert "He was collected late. Housing" in desk.words


def test_the_service_of_the_case_is_its_points_too_though_it_was_closed_meanwhile(
    at_desk, office, manager, sent, case
):
    desk, waste = at_desk("officer"), place_called(office, "Waste and recycling")
    desk.visit(f"{case}/about")
    assert desk.press(f"{case}/about", service=waste).status_code == 303
    places.close(office, manager, waste, now=datetime.now(UTC))
    desk.visit(f"{case}/points")
    assert f'<option value="{waste}" selected>' in desk.page.text
    assert desk.press(f"{case}/points", words=LATE, service=waste).status_code == 303
    desk.visit(case)
    assert f"Point 1 {LATE} Waste and recycling" in desk.words


def test_service_and_theme_may_follow_after_the_answer(at_desk, office, manager, sent, case):
    moment = datetime.now(UTC)
    themes.add_theme(office, manager, "Transport", now=moment)
    (theme,) = (line.id for line in themes.themes(office))
    desk = at_desk("officer")
    sets_out(desk, case, LATE)
    act(desk, sent.reference, "acknowledge")
    act(desk, sent.reference, "respond", text=LETTER, found_1="upheld", why_1="Yes.")
    desk.visit(f"{case}/points/1")
    assert "Service and theme may be changed meanwhile." in desk.words
    page = desk.press(f"{case}/points/1", theme=theme)
    assert page.status_code == 303
    desk.visit(case)
    assert "Transport" in desk.words
    desk.visit(f"{case}/points/1")
    assert desk.press(f"{case}/points/1", words="Something else.", theme=theme).status_code == 409
    assert "has been answered, and its points with it" in desk.words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"words": " "}, "Say what is complained of"),
        ({"words": "x" * 2_001}, "It is 1 too long: nothing was cut"),
        ({"words": "A\x00B"}, "cannot be stored"),
        ({"words": LATE, "service": "nowhere"}, "That service is not on the list."),
        ({"words": LATE, "theme": "nothing"}, "That theme is not on the list any more."),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_is_kept(at_desk, office, case, typed, words):
    desk = at_desk("officer")
    desk.visit(f"{case}/points")
    assert desk.press(f"{case}/points", **typed).status_code in {409, 422}
    assert words in desk.words
    with reading(office.session):
        assert office.session.scalars(select(Record).where(Record.kind == "points")).all() == []


def test_an_enquiry_and_a_concern_have_no_points(at_desk, arrives):
    enquiry = f"/staff/cases/{arrives('mp-enquiry')}"
    desk = at_desk("officer")
    desk.visit(enquiry)
    assert "Points of complaint" not in desk.words
    assert desk.visit(f"{enquiry}/points").status_code == 404
    concern = f"/staff/cases/{arrives('whistleblowing')}"
    desk = at_desk("monitoring")
    desk.visit(concern)
    assert "Points of complaint" not in desk.words
    assert desk.visit(f"{concern}/points").status_code == 404


def test_an_answer_that_contradicts_or_leaves_out_a_point_is_refused_by_the_service_too(
    office, officer, sent
):
    moment = datetime.now(UTC)
    today = office.today(moment)
    setting_out.set_out(office, officer, sent.reference, [Draft(LATE), Draft(CALLS)], revision=1, now=moment)
    officers.acknowledge(office, officer, sent.reference, "We have it.", revision=2, now=moment)

    def answers(outcome: str, *points: Answered) -> None:
        move = Respond(today, outcome, points=points)
        acting.do(office, officer, sent.reference, move, text="So.", revision=3, now=moment)

    one, two = Answered("1", "upheld", "Yes."), Answered("2", "not-upheld", "No.")
    with pytest.raises(Refused, match=r"Point 1 has no outcome yet."):
        answers("upheld")
    with pytest.raises(Refused, match=r"Point 2 has no outcome yet."):
        answers("upheld", one)
    with pytest.raises(Refused, match="contradicts the points"):
        answers("upheld", one, two)
    with pytest.raises(Refused, match="are others"):
        answers("partly-upheld", two, one)
    with pytest.raises(Refused, match="set out already"):
        setting_out.set_out(office, officer, sent.reference, [Draft("x")], revision=3, now=moment)
    answers("partly-upheld", one, two)


def test_the_holder_reads_the_points_on_their_page(app, office, at_desk, sent, case, clock):
    desk = at_desk("officer")
    sets_out(desk, case, LATE, CALLS, wanted="To be told.")
    clock.shift(timedelta(minutes=1))
    returning.write(office, sent.receipt, "Thank you.", token=press.new_token(), now=datetime.now(UTC))
    holder = Visitor(app.test_client()).open("/return")
    holder.send(holder.to("/return"), code=sent.receipt)
    assert "What we understand that you complain of" in holder.page.text
    assert LATE in holder.page.text
    assert "What you want:" in holder.page.text


def test_twenty_points_cost_the_pages_no_more_than_two(at_desk, office, manager, sent, case, clock):
    moment = datetime.now(UTC)
    themes.add_theme(office, manager, "Transport", now=moment)
    (theme,) = (line.id for line in themes.themes(office))
    housing = place_called(office, "Housing")
    desk, pages = at_desk("officer"), (case, f"{case}/points", f"{case}/respond")

    def costs() -> list[int]:
        clock.shift(timedelta(minutes=1))
        desk.visit(case)
        return [len(asked_for(lambda page=page: desk.visit(page))) for page in pages]

    act(desk, sent.reference, "acknowledge")
    none = costs()
    sets_out(desk, case, LATE, CALLS, service=housing, theme=theme)
    two = costs()
    sets_out(desk, case, *(f"Thing {number}." for number in range(3, 21)), service=housing, theme=theme)
    assert costs() == two
    assert two[0] <= none[0] + 1  # what the themes of its points are called
    assert max(two) <= CASE
