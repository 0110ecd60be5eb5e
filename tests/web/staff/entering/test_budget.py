"""How often the page and its press may ask the database: a call is entered between two others."""

from __future__ import annotations

from datetime import timedelta

from tests.web.statements import asked_for

from .calls import CALL, ENTER, FRIDAY, GIVE, code_on

# Two of the page: of whom somebody is asked who a concern is about, and who receives one as things stand.
PAGE, PRESS, GIVEN = 10, 22, 14


def test_a_call_is_entered_within_the_budget(at_desk, clock):
    desk = at_desk("officer")
    clock.shift(timedelta(minutes=1))
    asked = asked_for(lambda: desk.visit(ENTER))
    assert len(asked) <= PAGE, "\n".join(asked)
    form = desk.form(ENTER) | CALL | FRIDAY
    clock.shift(timedelta(minutes=1))

    def press():
        desk.page = desk.client.post(ENTER, data=form)

    asked = asked_for(press)
    assert len(asked) <= PRESS, "\n".join(asked)
    code = code_on(desk)
    clock.shift(timedelta(minutes=1))
    asked = asked_for(lambda: desk.press(GIVE, go="read-back", code=code))
    assert "without a mistake" in desk.words
    assert len(asked) <= GIVEN, "\n".join(asked)
