"""Whoever watches the network reads lengths: every road with every choice, both ways, must be of one length.

The walk is the test's own: it takes each road as `roads` draws it, tries each choice on each page, and writes
down how long each request and each answer was, with the lines and headers that are ours to decide.
"""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urlencode

import pytest
from flask import Flask

from intake.web.asked import offering
from intake.web.asked.questions import YES
from intake.web.asked.roads import ROADS, filled, first_gap
from intake.web.fields import Choose, Tick
from intake.web.public import drafts, wire

from .visitor import Form, Visitor

STORY = (
    "One evening in spring the lift stopped between two floors, and nobody came. " * 40
)  # 3,000 characters
TYPED = {"story": STORY, "name": "Robin Field", "person": "C. Tenant"}


class Watcher(Visitor):
    """Somebody whose every press is seen from outside, as lengths."""

    def __init__(self, client) -> None:
        super().__init__(client)
        self.seen: list[tuple[int, int, tuple[int, ...]]] = []

    def send(self, form: Form, headers=None, **fields: str) -> Visitor:
        cookies = "; ".join(f"{one.key}={one.value}" for one in self.client._cookies.values())
        super().send(form, headers, **fields)
        body = urlencode(self.posted)
        request = len(f"POST {form.action} HTTP/1.1\r\nCookie: {cookies}\r\nContent-Length: {len(body)}\r\n")
        self.seen.append((request, len(body), tuple(length(hop) for hop in self.hops)))
        return self


@pytest.fixture(autouse=True)
def services(app, monkeypatch):
    """Questions are looked at outside of the program too, which alone asks what services there are."""
    with app.app_context():
        known, offices = offering.services(), offering.offices()
    monkeypatch.setattr(offering, "services", lambda: known)
    monkeypatch.setattr(offering, "offices", lambda: offices)


def length(answer) -> int:
    """An answer's own length: its status, headers and body."""
    return len(f"{answer.status}\r\n{answer.headers}") + len(answer.data)


def every_answer(road, settings):
    """Each way of answering the choices of a road: one that tries each choice of each page at least once."""
    tries = [{}]
    for page in road.pages:
        for field in page.bound(None, settings):
            if isinstance(field, Choose):
                tries += [{field.short_name: choice.value} for choice in field.iter_choices()]
    return tries


def choices_of(page, settings, wanted: dict[str, str]) -> dict[str, str]:
    """What is chosen on a page; where nothing is wanted, the first that is offered."""
    chosen = {}
    for field in page.bound(None, settings):
        if isinstance(field, Choose):
            offered = [choice.value for choice in field.iter_choices()]
            chosen[field.short_name] = wanted.get(field.short_name, offered[0])
        elif isinstance(field, Tick):
            chosen[field.short_name] = "y"
    if "about_officer" in chosen:
        _fit_together(chosen, wanted)
    return chosen


def _fit_together(chosen: dict[str, str], wanted: dict[str, str]) -> None:
    """Whoever says that it is about somebody says about whom, and the other way round."""
    pairs = [name for name in chosen if name.startswith("named_")]
    if any(wanted.get(name, "").endswith(YES) for name in pairs):
        chosen["about_officer"] = "yes"
    elif chosen["about_officer"] == "yes":
        chosen[pairs[0]] = chosen[pairs[0]].removesuffix("no") + YES


def walk(app: Flask, road, wanted: dict[str, str], typed: dict[str, str]):
    """One reporter on one road. Yields what was pressed and what was seen of it."""
    settings = app.extensions["intake"].settings
    watcher = Watcher(app.test_client())
    watcher.begin(road.id)
    yield "start", watcher.seen[-1]
    answers: dict[str, dict[str, list[str]]] = {}
    while (page := first_gap(filled(road, answers, settings))) is not None:
        fields = choices_of(page, settings, wanted)
        boxes = [field.short_name for field in page.bound(None, settings) if field.short_name not in fields]
        fields |= {name: typed.get(name, "") for name in boxes}
        answers[page.id] = {name: [value] for name, value in fields.items()}
        watcher.press(**fields)
        if not page.bound(answers[page.id], settings).validate():
            return
        yield ("typed" if any(fields[name] for name in boxes) else "chosen"), watcher.seen[-1]
    assert "Check your answers" in watcher.page.text
    watcher.press("send")
    yield "sent", watcher.seen[-1]
    watcher.send(watcher.form("keep"))
    yield "file", watcher.seen[-1]


def test_every_road_with_every_choice_is_of_one_length_both_ways(app):
    settings = app.extensions["intake"].settings
    requests, answers = defaultdict(set), defaultdict(set)
    walks = 0
    for road in ROADS.values():
        for wanted in every_answer(road, settings):
            walks += 1
            for pressed, (line, body, hops) in walk(app, road, wanted, TYPED):
                requests[pressed].add((line, body))
                answers[pressed].add(hops)
    assert walks > 60
    # Chosen and sent: not one byte of difference, on any road, whatever was chosen.
    assert {
        pressed: len(requests[pressed]) for pressed in ("start", "chosen", "sent", "file")
    } == dict.fromkeys(("start", "chosen", "sent", "file"), 1), requests
    assert {body for pressed in ("chosen", "sent", "file") for _, body in requests[pressed]} == {
        next(iter(requests["chosen"]))[1]
    }
    # Answers: a redirect and a page, each of one length, also with a story of 3,000 characters in it.
    pages = {hops for pressed in ("start", "chosen", "typed", "sent") for hops in answers[pressed]}
    later = {hops for pressed in ("chosen", "typed", "sent") for hops in answers[pressed]}
    assert len(later) == 1, later
    assert {hops[1] for hops in pages} == {next(iter(later))[1]}
    assert len(answers["file"]) == 1


def test_back_change_and_another_road_are_sent_like_any_choice(app):
    watcher = Watcher(app.test_client())
    watcher.begin("concern").press().press("back", category="other")
    watcher.press().press("continue", category="other").press("back", about_officer="no")
    watcher.press("road:thanks", category="other").press("road:complaint", service="Housing")
    assert len({(line, body) for line, body, _ in watcher.seen[1:]}) == 1
    assert len({hops for _, _, hops in watcher.seen[1:]}) == 1


@pytest.mark.parametrize("page", [page for road in ROADS.values() for page in road.pages], ids=lambda p: p.id)
def test_each_form_with_empty_boxes_is_filled_up_to_one_length(app, page):
    form = page.bound(None, app.extensions["intake"].settings)
    empty = "".join(f"&{name}=" for name in wire._names(form))
    coded = sum(wire.SIGNS for field in form if isinstance(field, Choose | Tick))
    assert len(empty) + coded + len(wire.filling(form)) == wire.BODY


def test_no_two_choices_or_buttons_share_a_code(app):
    settings = app.extensions["intake"].settings
    for road in ROADS.values():
        for page in road.pages:
            for field in page.bound(None, settings):
                if isinstance(field, Choose):
                    offered = [choice.value for choice in field.iter_choices()]
                    assert len({wire.code(value) for value in offered}) == len(offered)
    assert len({wire.code(f"change:{page}") for page in drafts.PAGES}) == len(drafts.PAGES)
