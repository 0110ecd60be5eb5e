"""Every cookie of both doors, with TLS and without."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from intake import config, create_app
from intake.demonstration.living import PASSWORD

from .public.visitor import Visitor
from .staff.at_a_desk import Desk

ROOM = Path(config.ROOT) / "intake" / "web"


@pytest.fixture(params=[True, False], ids=["tls", "plain"])
def app(request, instance):
    return create_app(replace(config.load(instance), behind_tls=request.param))


@pytest.fixture
def prefix(app) -> str:
    return "__Host-" if app.extensions["intake"].settings.behind_tls else ""


def everything_set(app) -> list[str]:
    """Each `Set-Cookie` line that a reporter who leaves, and an officer who comes and goes, are sent."""
    answers = []
    visitor = Visitor(app.test_client())
    answers.append(visitor.open("/").response)
    answers.append(visitor.begin("concern").response)
    answers.append(visitor.open("/leave").response)
    desk = Desk(app)
    answers.append(desk.sign_in("manager"))
    desk.visit("/staff/password")
    answers.append(
        desk.press(
            "/staff/password",
            password=PASSWORD,
            new="another quiet word here",
            again="another quiet word here",
        )
    )
    desk = Desk(app)
    answers.append(desk.sign_in("officer"))
    desk.visit("/staff/")
    answers.append(desk.press("/staff/sign-out"))
    return [line for answer in answers for line in answer.headers.getlist("Set-Cookie")]


def test_every_cookie_is_bound_to_this_host_where_tls_is_on(app, prefix):
    lines = everything_set(app)
    assert {line.partition("=")[0] for line in lines} == {
        prefix + base for base in ("intake_form", "intake_visit", "intake_staff", "intake_known")
    }
    for line in lines:
        assert "HttpOnly" in line
        assert "SameSite=" in line
        assert "Domain" not in line
        if prefix:  # a browser refuses such a name without these, also when it is told to forget it
            assert "; Secure" in line
            assert "; Path=/;" in f"{line};"
        else:
            assert "Secure" not in line


def test_an_officer_is_signed_out_with_tls_too(app, prefix):
    desk = Desk(app)
    desk.sign_in("manager")
    assert desk.visit("/staff/").status_code == 200
    (gone,) = [
        line
        for line in desk.press("/staff/sign-out").headers.getlist("Set-Cookie")
        if line.startswith(prefix + "intake_staff=")
    ]
    assert "Expires=Thu, 01 Jan 1970" in gone
    assert desk.visit("/staff/").status_code == 303


def test_exit_shuts_the_form_and_leaves_an_officers_session_alone(app, prefix):
    visitor = Visitor(app.test_client())
    visitor.begin("thanks").press(service="Housing")
    form = visitor.form("step")
    names = {line.partition("=")[0] for line in visitor.open("/leave").response.headers.getlist("Set-Cookie")}
    assert {prefix + "intake_form", prefix + "intake_visit"} <= names
    assert prefix + "intake_staff" not in names
    visitor.send(form, story="Something very private.")
    assert visitor.status == 400
    assert "private" not in visitor.body


def test_a_cookie_under_another_name_is_not_ours(app):
    """A neighbour under the same domain may plant plain names; with TLS on nobody reads them."""
    client = app.test_client()
    plain = app.extensions["intake"].settings.behind_tls
    client.set_cookie("intake_visit" if plain else "__Host-intake_visit", "A" * 43)
    visitor = Visitor(client).begin("thanks").press(service="Housing")
    visitor.send(visitor.form("step"), csrf_token="old", story="Typed for long.")
    assert visitor.form("step").values["story"] == "Typed for long."


def test_the_page_about_cookies_names_those_that_are_set(app):
    told = app.test_client().get("/cookies").get_data(as_text=True)
    named = set(re.findall(r"(?:<em>|key\">)((?:__Host-)?intake_\w+)<", told))
    assert named == {line.partition("=")[0] for line in everything_set(app)}


def test_cookies_are_given_and_read_in_one_place():
    elsewhere = [
        path.name
        for path in ROOM.rglob("*.py")
        if path.name != "cookies.py" and re.search(r"set_cookie|delete_cookie|\.cookies\b", path.read_text())
    ]
    assert elsewhere == []
