"""Charts: well-formed, told in words, and readable without colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET  # what we wrote ourselves

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.documents.picture import chart_png, png_size
from intake.documents.report import Chart
from intake.documents.svg_chart import draw

from .conftest import FONT
from .payloads import UNWRITABLE

SVG = "{http://www.w3.org/2000/svg}"
YEARS = Chart(
    "bars",
    "Received",
    ("Stage 1", "Stage 2"),
    (("2024-25", (720, 148)), ("2023-24", (368, None))),
    "In words.",
)
QUARTERS = Chart(
    "lines", "By quarter", ("Q1 2023-24", "Q2 2023-24", "Q3 2023-24"), (("Stage 1", (92, None, 94)),), "Told."
)


def drawn(chart: Chart) -> ET.Element:
    return ET.fromstring(draw(chart))  # noqa: S314


def words(svg: ET.Element) -> list[str]:
    return [text.text for text in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("chart", [YEARS, QUARTERS], ids=lambda chart: chart.kind)
def test_it_is_named_and_told_to_who_cannot_see_it(chart):
    svg = drawn(chart)
    ids = {element.get("id"): element.text for element in svg if element.get("id")}
    assert svg.get("role") == "img"
    assert [ids[key] for key in svg.get("aria-labelledby").split()] == [chart.title, chart.description]


@pytest.mark.parametrize("chart", [YEARS, QUARTERS], ids=lambda chart: chart.kind)
def test_it_takes_the_colour_of_the_text_around_it_and_brings_no_style(chart):
    for element in drawn(chart).iter():
        assert "style" not in element.attrib
        assert element.tag not in (f"{SVG}style", f"{SVG}script", f"{SVG}image")
        for paint in ("fill", "stroke"):
            value = element.get(paint, "none")
            assert value in ("none", "currentColor") or value.startswith("url(#chart-")


def test_every_value_is_printed_and_what_was_not_recorded_is_said():
    assert [word for word in words(drawn(YEARS)) if word[0].isdigit() and "-" not in word] == [
        "720",
        "368",
        "148",
    ]
    assert words(drawn(YEARS)).count("not recorded") == 1
    assert {"not", "recorded"} <= set(words(drawn(QUARTERS)))


def test_series_differ_without_colour():
    bars = list(drawn(YEARS).iter(f"{SVG}rect"))
    assert [bar.get("fill") for bar in bars] == [
        "currentColor",
        "none",
        "currentColor",
        "none",
        "currentColor",
    ]


def test_a_line_is_broken_where_nothing_was_recorded():
    line = next(path for path in drawn(QUARTERS).iter(f"{SVG}path") if path.get("stroke-width") == "2.5")
    assert line.get("d").count("M") == 2
    assert "L" not in line.get("d")


def test_bars_are_as_long_as_their_numbers():
    bars = [float(bar.get("width")) + 1.5 for bar in drawn(YEARS).iter(f"{SVG}rect")][2:]
    assert bars[1] / bars[0] == pytest.approx(368 / 720, abs=0.01)
    assert bars[2] / bars[0] == pytest.approx(148 / 720, abs=0.01)


def test_shares_are_drawn_of_a_hundred():
    chart = Chart("bars", "Share", ("All",), (("2024-25", (50,)),), "Half.", "%")
    assert float(next(drawn(chart).iter(f"{SVG}rect")).get("width")) == pytest.approx(245 - 1.5)
    assert "50%" in words(drawn(chart))


VALUES = st.one_of(st.none(), st.integers(0, 10**7))


@given(
    st.sampled_from(["bars", "lines"]),
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(
            st.lists(st.text(min_size=1), min_size=n, max_size=n),
            st.lists(st.tuples(st.text(), st.lists(VALUES, min_size=n, max_size=n)), min_size=1, max_size=4),
        )
    ),
)
def test_any_chart_is_well_formed_and_inside_its_frame(kind, drawing):
    categories, series = drawing
    chart = Chart(kind, "T", tuple(categories), tuple((name, tuple(values)) for name, values in series), "D")
    svg = drawn(chart)
    _, _, width, height = map(float, svg.get("viewBox").split())
    for element in svg.iter():
        for name, most in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            if element.tag in (f"{SVG}rect", f"{SVG}circle") and kind == "bars" and name == "x":
                continue  # the legend of long names may run out to the right
            if element.get(name) is not None and element.tag != f"{SVG}text":
                assert -1 <= float(element.get(name)) <= most


def test_it_can_be_drawn_as_a_picture():
    for chart in (
        YEARS,
        QUARTERS,
        Chart("bars", UNWRITABLE, (UNWRITABLE,), ((UNWRITABLE, (0,)),), UNWRITABLE),
    ):
        assert png_size(chart_png(chart, FONT))[0] == 1800
