"""The authority's colour: text stays readable whatever colour is set."""

import re

import pytest

from intake.web import look


@pytest.mark.parametrize(
    "colour", ["#0b4f57", "#ffdd00", "#ffffff", "#000000", "#e4002b", "#8a8a8a", "#00ff00"]
)
def test_every_pair_of_colours_can_be_read(colour):
    rules = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", look.accent_sheet(colour)))
    assert look.contrast(rules["accent"], rules["on-accent"]) >= 4.5
    assert look.contrast(rules["accent-ink"], "#ffffff") >= 4.5
    assert look.contrast(rules["accent-deep"], rules["accent-wash"]) >= 4.5
    assert look.contrast(rules["accent-ink"], "#faf7f2") >= 4.5


def test_the_stylesheet_is_served(client):
    answer = client.get("/authority.css")
    assert answer.mimetype == "text/css"
    assert "--accent:" in answer.get_data(as_text=True)


def test_no_trace_of_somebody_elses_identity():
    for name in ("govuk-frontend.css", "../intake.css", "../officers.css"):
        sheet = (look.Path(__file__).parents[3] / "static" / "vendor" / name).read_text("utf-8")
        assert not re.search(r'GDS Transport|/assets/|crown|url\((?!"vendor/)', sheet)
