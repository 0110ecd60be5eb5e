"""Pages that nobody has filled in are drawn once: each visitor gets what they would have got, and nobody else's."""

from flask import session

from intake.web.asked.roads import COMPLAINT, ROADS
from intake.web.public import blank

from .visitor import Visitor

TOKENS = {"csrf_token", "intake_form", "intake_visit"}


def kept(app) -> str:
    return "".join(app.extensions["intake_blank"][1].values())


def test_what_was_drawn_for_nobody_is_what_a_visitor_would_have_been_drawn(app):
    with app.test_request_context("/report"):
        for road in ROADS.values():
            for page in road.pages:
                for a_child in {False, road is COMPLAINT}:
                    mine = blank.question(road, page, "/report/mine", for_a_child=a_child)
                    assert mine == blank.draw_question(road, page, "/report/mine", for_a_child=a_child)
        assert blank.start() == blank.draw_start()
        assert "csrf_token" in session  # so the answer sets the cookie that the token belongs to


def test_nothing_of_the_visitor_for_whom_they_were_drawn_first_is_kept(app):
    first = Visitor(app.test_client()).begin("concern").press()
    second = Visitor(app.test_client()).begin("concern").press()
    for visitor in (first, second):
        form = visitor.form("step")
        own = {form.action, form.values["csrf_token"]}
        own |= {cookie.value for cookie in map(visitor.client.get_cookie, TOKENS) if cookie}
        assert not [word for word in own if word in kept(app)]
    assert first.form("step").action not in second.body
    assert first.form("step").values["csrf_token"] not in second.body


def test_the_first_who_asks_has_all_of_them_drawn(app):
    """Else a slow answer would tell that somebody is the first on a road that few go."""
    Visitor(app.test_client()).open("/")
    drawn = set(app.extensions["intake_blank"][1])
    Visitor(app.test_client()).begin("concern").press()
    assert drawn == set(app.extensions["intake_blank"][1])
    assert {(road.id, page.id, False) for road in ROADS.values() for page in road.pages} < drawn


def test_what_was_typed_on_a_page_is_seen_by_whoever_typed_it_alone(app):
    mine = Visitor(app.test_client()).begin("thanks").press(service="Housing").press(story="Only mine.")
    mine.press("back")
    assert mine.form("step").values["story"] == "Only mine."
    others = Visitor(app.test_client()).begin("thanks").press(service="Housing")
    assert others.form("step").values["story"] == ""
    assert "Only mine." not in kept(app)


def test_a_page_that_was_refused_is_drawn_with_what_is_wrong(app):
    visitor = Visitor(app.test_client()).begin("concern").press().press()
    assert "There is a problem" in visitor.page.text
    assert "There is a problem" not in kept(app)


def test_a_child_on_another_road_finds_its_pages(app):
    visitor = Visitor(app.test_client()).begin("complaint").press(subject="children").press(relation="child")
    visitor.press(advocate="no")
    assert "You can also tell us by telephone" in visitor.page.text
    visitor.press("road:question", story="A word.").press(service="Housing").press("road:thanks")
    assert visitor.status == 200
