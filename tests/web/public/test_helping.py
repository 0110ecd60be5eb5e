"""Whom to call, told while somebody writes: on which road for whom, and from the settings."""

from __future__ import annotations

import re

import pytest

from intake import config, create_app
from intake.config import BadSetting
from intake.web.asked import helping
from intake.web.asked.helping import ANYBODY, CHILD, OURS, Contact, contacts

from .visitor import Visitor

OWN = "anybody: Safeguarding team | 01632 960 002 | if somebody is being harmed"


def names(*given: Contact) -> list[str]:
    return [one.name for one in given]


def test_the_authoritys_own_stand_first_and_ours_after_them():
    shown = contacts([OWN], ANYBODY, CHILD)
    assert shown[0] == Contact("anybody", "Safeguarding team", "01632 960 002", "if somebody is being harmed")
    assert {one.whom for one in shown} == {ANYBODY, CHILD}
    assert set(contacts([])) == set(OURS)


def test_one_with_the_name_of_ours_takes_its_place_or_takes_it_away():
    shown = contacts(["child: Childline | 0800 0000", "anybody: Police"], ANYBODY, CHILD)
    assert [one.phone for one in shown if one.name == "Childline"] == ["0800 0000"]
    assert "Police" not in names(*shown)


@pytest.mark.parametrize("wrong", ["Safeguarding", "everybody: A | 1 | b", "child: ", "child: a | b | c | d"])
def test_a_contact_that_cannot_be_read_does_not_start(instance, wrong):
    with pytest.raises(BadSetting, match="urgent_contacts"):
        config.load(instance, overrides={"urgent_contacts": [wrong]})


@pytest.fixture
def visitor(instance):
    app = create_app(config.load(instance, overrides={"urgent_contacts": [OWN]}))
    app.testing = True
    return Visitor(app.test_client())


def begun(visitor: Visitor, road: str) -> Visitor:
    visitor.open("/")
    return visitor.send(visitor.to("/report"), go=f"start:{road}")


def test_a_concern_names_them_before_it_is_written(visitor):
    begun(visitor, "concern")
    for told in ("Safeguarding team", "01632 960 002", "020 3117 2520", "03000 616161", "0800 1111", "101"):
        assert told in visitor.page.text
    assert not re.search(r'href="(tel:|https?:)', visitor.body)


def test_a_childs_complaint_names_those_for_children_and_an_adults_those_for_adults(visitor):
    begun(visitor, "complaint").press(subject="children").press(relation="child")
    visitor.press(advocate="no")
    assert "Are you safe? Whom you can call now" in visitor.page.text
    assert "0800 528 0731" in visitor.page.text
    assert "03000 616161" not in visitor.page.text
    begun(visitor, "complaint").press(subject="adults").press(for_whom="self")
    assert "Is somebody being harmed? Whom you can call now" in visitor.page.text
    assert "03000 616161" in visitor.page.text
    assert "0800 1111" not in visitor.page.text


def test_thanks_and_questions_do_not_alarm_anybody(visitor):
    begun(visitor, "thanks").press(service="none")
    assert "Whom you can call now" not in visitor.page.text


def test_help_lists_all_of_them(visitor):
    visitor.open("/help")
    for one in (*OURS, helping.read(OWN)):
        assert one.name in visitor.page.text
