"""Leaving, forms that have expired, and every other thing that can go wrong on the way."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import text

from .visitor import Visitor, write_complaint


@pytest.fixture
def visitor(client) -> Visitor:
    return Visitor(client)


def test_leaving_goes_elsewhere_and_clears_the_browser(visitor, app):
    visitor.begin("thanks")
    answer = visitor.open("/leave").response
    assert answer.status_code == 303
    assert answer.location == app.extensions["intake"].settings.exit_address
    assert '"cache"' in answer.headers["Clear-Site-Data"]
    assert answer.headers["Cache-Control"] == "no-store"
    gone = [line for line in answer.headers.getlist("Set-Cookie") if "Expires=Thu, 01 Jan 1970" in line]
    assert any(line.startswith(app.config["SESSION_COOKIE_NAME"]) for line in gone)


def test_leaving_throws_away_what_was_kept_and_the_visit(visitor, app):
    visitor.begin("thanks").press(service="Housing").press(story="Something very private.")
    address, cookie = visitor.address, visitor.client.get_cookie("intake_visit").value
    visitor.open("/leave")
    assert visitor.client.get_cookie("intake_visit") is None
    visitor.client.set_cookie("intake_visit", cookie)  # as a browser would that brings back its last windows
    visitor.open(address)
    assert visitor.status == 404
    assert "private" not in visitor.body


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_on_another_site_ends_nobodys_visit(visitor, site):
    visitor.begin("thanks").press(service="Housing").press(story="Still here.")
    address = visitor.address
    assert visitor.client.get("/leave", headers={"Sec-Fetch-Site": site}).status_code == 303
    visitor.open(address).press("back")
    assert visitor.form("step").values["story"] == "Still here."


def test_another_browser_reads_no_address_of_this_one(visitor, app):
    visitor.begin("thanks").press(service="Housing").press(story="Mine alone.").press("back")
    other = Visitor(app.test_client()).begin("thanks")
    other.open(visitor.address)
    assert other.status == 404
    assert "Mine alone." not in other.body


def test_an_old_form_of_somebody_who_left_gives_nothing_to_whoever_comes_next(visitor):
    visitor.begin("thanks").press(service="Housing")
    form = visitor.form("step")
    visitor.open("/leave")
    visitor.begin("question")
    token = visitor.form("step").values["csrf_token"]
    visitor.send(form, csrf_token=token, story="Something very private, typed before.")
    assert visitor.status == 400
    assert "private" not in visitor.body


def test_a_full_disk_under_a_draft_is_told_and_nothing_typed_is_lost(visitor, monkeypatch):
    from intake.services.ground.refusals import NotStored

    visitor.begin("thanks").press(service="Housing")

    def full(*_args, **_kwargs):
        raise NotStored

    with monkeypatch.context() as patch:
        patch.setattr("intake.services.holders.visits.keep", full)
        visitor.press(story="Do not lose me.")
        assert visitor.status == 503
        assert visitor.form("step").values["story"] == "Do not lose me."
        visitor.begin("thanks").press(service="Housing")
        assert visitor.status == 503
    visitor.press()
    assert visitor.form("step").values["story"] == ""
    visitor.begin("thanks").press(service="Housing").press(story="Do not lose me.")
    assert "Would you like to give your name?" in visitor.page.text


def test_a_receipt_is_given_though_its_draft_could_not_be_kept(client, monkeypatch):
    from intake.services.ground.refusals import NotStored
    from intake.services.holders import visits

    visitor = write_complaint(Visitor(client), "It arrives.")
    form = visitor.form("step")

    def full(*_args, **_kwargs):
        raise NotStored

    with monkeypatch.context() as patch:
        patch.setattr(visits, "keep", full)
        first = visitor.press("send").receipt
    assert visitor.send(form, go="send").receipt == first
    assert "stored once" in visitor.page.text


def test_a_form_sent_again_after_leaving_shows_nothing_typed(visitor):
    visitor.begin("thanks").press(service="Housing")
    form = visitor.form("step")
    visitor.open("/leave")
    visitor.send(form, story="Something very private.")
    assert visitor.status == 400
    assert "private" not in visitor.body


def test_an_expired_form_comes_back_with_what_was_typed(visitor):
    visitor.begin("thanks").press(service="Housing").press(csrf_token="old", story="Typed for long.")
    assert visitor.hops[0].status_code == 303  # an answer to a press is a page that Back cannot show again
    assert "nothing was sent" in visitor.page.text
    assert visitor.form("step").values["story"] == "Typed for long."
    visitor.press()
    assert "Would you like to give your name?" in visitor.page.text


def test_an_expired_send_shows_the_answers_again(visitor):
    write_complaint(visitor, "All of it.").press("send", csrf_token="")
    assert visitor.hops[0].status_code == 303
    assert "nothing was sent" in visitor.page.text
    assert "All of it." in visitor.page.text
    visitor.press("send")
    assert visitor.receipt


def test_an_expired_message_keeps_its_words(visitor):
    write_complaint(visitor, "x").press("send")
    visitor.send(visitor.to("/return"), code=visitor.receipt)
    visitor.send(visitor.to("/return/message"), csrf_token="", text="Still here?")
    assert visitor.hops[0].status_code == 303
    assert "nothing was sent" in visitor.page.text
    assert visitor.to("/return/message").values["text"] == "Still here?"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_answered_without_content(visitor, site):
    visitor.begin("thanks").press(service="Housing")
    form = visitor.form("step")
    visitor.send(form, headers={"Sec-Fetch-Site": site}, csrf_token="", story="Reflect me.")
    assert visitor.status == 400
    assert "Reflect me." not in visitor.body


@pytest.mark.parametrize("path", ["/report", "/return", f"/report/{'a' * 32}", f"/return/{'a' * 32}"])
def test_every_form_needs_a_token(client, path):
    assert client.post(path, data={"go": "start:thanks", "code": "x"}).status_code == 400


@pytest.mark.parametrize("path", ["/nothing", "/report/secret", "/static/nothing.css"])
def test_there_is_no_such_page(visitor, path):
    visitor.open(path)
    assert visitor.status == 404
    assert "There is no page here" in visitor.page.text


def test_what_is_read_takes_no_press(visitor):
    answer = visitor.client.post(
        "/help", data={"csrf_token": visitor.open("/").to("/report").values["csrf_token"]}
    )
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_much_at_once_is_refused_in_words(client):
    answer = client.post("/report", data={"story": "w" * 6_000_000})
    assert answer.status_code == 413
    assert "too much" in answer.get_data(as_text=True)


def test_a_fault_of_ours_shows_no_trace_and_logs_no_words(app, client, monkeypatch, caplog):
    visitor = write_complaint(Visitor(client), "A very secret word.")

    def fail(*_args, **_kwargs):
        raise RuntimeError("A very secret word.")

    monkeypatch.setattr("intake.services.holders.submitting.receive", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    visitor.press("send")
    assert visitor.status == 500
    assert "secret" not in visitor.body
    assert "secret" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_what_could_not_be_stored_is_still_on_the_page(client, monkeypatch):
    from intake.services.ground.refusals import NotStored

    visitor = write_complaint(Visitor(client), "Do not lose me.")

    def full(*_args, **_kwargs):
        raise NotStored

    with monkeypatch.context() as patch:
        patch.setattr("intake.services.holders.submitting.receive", full)
        visitor.press("send")
        assert visitor.hops[0].status_code == 303
        assert "could not store what you sent" in visitor.page.text
        patch.setattr("intake.services.holders.visits.keep", full)
        visitor.press("send")
    assert visitor.status == 503
    assert "could not store what you sent" in visitor.page.text
    assert "Do not lose me." in visitor.page.text
    visitor.press("send")
    assert visitor.receipt


def test_while_a_table_is_gone_nothing_typed_is_lost_and_the_same_press_succeeds_afterwards(client, office):
    """Seen before, on SQLite: a 500 without the words."""
    visitor = write_complaint(Visitor(client), "Do not lose me.")
    form = visitor.form("step")
    office.session.execute(text("ALTER TABLE envelopes RENAME TO elsewhere"))
    office.session.commit()
    visitor.send(form, go="send")
    assert "so nothing was sent. What you wrote is still here" in visitor.page.text
    assert "Do not lose me." in visitor.page.text
    office.session.execute(text("ALTER TABLE elsewhere RENAME TO envelopes"))
    office.session.commit()
    assert visitor.send(form, go="send").receipt


def test_by_a_clock_that_cannot_be_right_a_report_is_not_taken_in_and_nothing_typed_is_lost(visitor):
    """Seen before: a 500, as nothing here reckons with a machine whose battery died and which says 1970."""
    with time_machine.travel(datetime(1970, 1, 1, 0, 5, tzinfo=UTC)):
        write_complaint(visitor, story="Do not lose me.")
        visitor.press("send")
        assert "so nothing was sent. What you wrote is still here" in visitor.page.text
        assert "Do not lose me." in visitor.page.text
