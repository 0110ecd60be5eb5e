"""The open schema: a line for each figure, a mark for whatever is not exact."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from intake.counts.published import Figure, tabulate
from intake.counts.quarters import Period
from intake.documents import csv_file

from .payloads import FORMULAS
from .the_year import LAST, NAMES, NEW, THIS, figures_of, quarter_of, revised_year, table_of


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def find(rows, period, table, measure, value=""):
    found = [
        r
        for r in rows
        if (r["period"], r["table"], r["measure"], r["value"]) == (period, table, measure, value)
    ]
    assert len(found) == 1
    return found[0]["figure"], found[0]["mark"]


def test_the_published_year_line_by_line():
    rows = read(csv_file.write(revised_year()))
    assert find(rows, "2024-25", "received", "corporate-stage-1") == ("720", "")
    assert find(rows, "2023-24", "received", "corporate-stage-1") == ("368", "")
    assert find(rows, "2024-25 Q4", "received", "corporate-stage-1") == ("184", "r")
    assert find(rows, "2023-24", "received", "compliments") == ("", "n")
    assert find(rows, "2024-25", "received", "statutory-stage-3") == ("0", "")
    assert find(rows, "2024-25", "outcome", "corporate-stage-1", "Upheld") == ("288", "")
    assert find(rows, "2024-25", "answer-days", "corporate-stage-1", "average") == ("12.0", "")
    assert find(rows, "2024-25", "reclassified", "corporate", "children-statutory") == ("7", "")


def test_what_is_counted_stands_in_one_line_only():
    rows = read(csv_file.write(figures_of()))
    keys = [(row["period"], row["table"], row["measure"], row["value"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert {row["mark"] for row in rows} <= {
        "",
        "n",
        "p",
        "r",
        "c",
        "partly",
        "partly p",
        "p r",
        "partly p r",
    }


def test_provisional_and_partly_are_marked_together():
    period = Period(2024, 1)
    quarter = quarter_of(period, THIS, ended=False)
    quarter = replace(quarter, figures={**quarter.figures, "mp-enquiries": Figure(9, partly=True)})
    table = tabulate(period, [quarter], [quarter_of(period.before, LAST, NEW)])
    rows = read(csv_file.write(figures_of(period, table=table, drawn_on=date(2024, 5, 1))))
    assert find(rows, "2024-25 Q1", "received", "mp-enquiries") == ("9", "partly p")
    assert find(rows, "2024-25 Q1", "channel", "corporate-stage-1", "Letter") == ("9", "p")
    assert find(rows, "2023-24 Q1", "channel", "corporate-stage-1", "Letter") == ("4", "")


def test_what_is_hidden_is_in_no_line():
    figures = figures_of()
    moved = {("whistleblowing", "corporate"): 1}
    figures = replace(figures, facts=replace(figures.facts, reclassified=moved))
    assert "whistleblowing" in csv_file.write(figures)
    assert "whistleblowing" not in csv_file.write(figures, hidden=frozenset({"whistleblowing-referrals"}))


def test_no_line_begins_a_formula():
    themes = {f"t{number}": text for number, text in enumerate(FORMULAS, start=1)}
    parts = {("theme", "mp-enquiries", theme): 5 for theme in themes}
    figures = figures_of(names=replace(NAMES, by_breakdown={"theme": themes}))
    text = csv_file.write(replace(figures, facts=replace(figures.facts, parts=parts)))
    told = [row["value"] for row in read(text) if row["table"] == "theme" and row["period"] == "2024-25"]
    assert len(told) == len(FORMULAS)
    for value in told:
        assert value.lstrip(" ")[0] not in "=+-@\t\r\n＝＋－＠"
    assert "'=1+1" in told
    assert "007" in told


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40))
def test_any_name_comes_back_as_it_was_but_for_the_apostrophe(name):
    names = replace(NAMES, by_breakdown={"theme": {"t1": name}})
    figures = figures_of(names=names, table=table_of())
    figures = replace(figures, facts=replace(figures.facts, parts={("theme", "mp-enquiries", "t1"): 5}))
    told = [row["value"] for row in read(csv_file.write(figures)) if row["table"] == "theme"]
    assert told[0] in (name, f"'{name}")


def test_lines_end_as_rfc_4180_has_them():
    text = csv_file.write(figures_of())
    assert text.startswith("period,table,measure,value,figure,mark\r\n")
    assert text.endswith("\r\n")
