"""What every answer carries, and what every form of this door must have."""

import re

import pytest

from .visitor import Visitor, write_complaint

PAGES = ["/", "/return", "/how-we-protect-you", "/privacy", "/cookies", "/accessibility", "/help", "/nothing"]


@pytest.mark.parametrize("path", [*PAGES, "/leave", "/authority.css", "/static/intake.css"])
def test_every_answer_is_protected(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_not_kept_and_carry_no_script_or_style(client, path):
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.get_data(as_text=True)
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|https?://(?!www\.w3)", body)


def test_our_own_files_are_kept_for_long(client):
    sheet = re.search(r'href="(/static/intake\.css\?v=\w+)"', client.get("/").get_data(as_text=True))[1]
    assert "max-age=604800" in client.get(sheet).headers["Cache-Control"]


def test_no_form_is_filled_in_by_the_browser(client):
    visitor = Visitor(client)
    seen = [visitor.open("/").page.forms, visitor.open("/return").page.forms]
    write_complaint(visitor, "x")
    seen.append(visitor.page.forms)
    visitor.press("send")
    seen.append(visitor.page.forms)
    visitor.send(visitor.to("/return"), code=visitor.receipt)
    seen.append(visitor.page.forms)
    for form in (form for page in seen for form in page):
        assert form.attributes["autocomplete"] == "off"
        assert form.attributes["method"] == "post"
        assert "csrf_token" in form.values


def test_the_cookie_is_set_with_care(client):
    line = client.get("/").headers["Set-Cookie"]
    assert "HttpOnly" in line
    assert "SameSite" in line


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example", "[::1]:8000"]
)
def test_another_name_gets_nowhere(client, host):
    response = client.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert host not in response.text
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_first_pages_of_all_roads_are_of_one_length(client):
    lengths = {
        len(Visitor(client).begin(road).response.data)
        for road in ("complaint", "concern", "request", "thanks", "question", "constituent")
    }
    assert len(lengths) == 1
    assert lengths.pop() % (16 * 1024) == 0
