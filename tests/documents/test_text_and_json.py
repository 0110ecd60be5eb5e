"""The table for a terminal and for a program."""

from __future__ import annotations

import json
from dataclasses import replace

from intake.counts.published import Figure, tabulate
from intake.counts.quarters import Period
from intake.documents import json_file, text_table

from .the_year import LAST, NEW, THIS, YEAR, quarter_of, revised_year, table_of


def line(text: str, label: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(label))


def test_a_row_has_its_quarters_the_total_and_the_change():
    text = text_table.write(table_of())
    assert line(text, "Corporate complaints, stage 1").split("  ") != []
    assert " ".join(line(text, "Corporate complaints, stage 1").split()) == (
        "Corporate complaints, stage 1 180 (92) 172 (90) 184 (92) 184 (94) 720 (368) +352"
    )
    assert " ".join(line(text, "Compliments").split()) == (
        "Compliments 40 (n/r) 38 (n/r) 36 (n/r) 39 (n/r) 153 (not recorded)"
    )
    assert "n/r: not recorded, which is not 0" in text
    assert "r: " not in text.replace("n/r: ", "")


def test_columns_stand_under_each_other():
    lines = text_table.write(table_of()).splitlines()[2:15]
    ends = {line.find("2024-25") + len("2024-25") for line in lines if "2024-25" in line}
    ends |= {line.find("720 (368)") + len("720 (368)") for line in lines if "720 (368)" in line}
    assert len(ends) == 1


def test_marks_are_explained_below():
    text = text_table.write(revised_year().table)
    assert "184r (94) now 185" in text
    assert (
        "r: 2024-25 Q4 was revised on 20 May 2025 (edition 2): two corporate complaints were reclassified"
        in text
    )
    quarter = quarter_of(Period(2024, 1), THIS, ended=False)
    quarter = replace(quarter, figures={**quarter.figures, "mp-enquiries": Figure(9, partly=True)})
    early = tabulate(Period(2024, 1), [quarter], [quarter_of(Period(2023, 1), LAST, NEW)])
    text = text_table.write(early)
    assert "9* (n/r)" in text
    assert "year to date p" in text
    assert "*: recorded for a part of the period only" in text


def test_json_holds_null_for_what_was_not_recorded():
    told = json.loads(json_file.write(revised_year().table))
    assert (told["period"], told["before"], told["provisional"]) == ("2024-25", "2023-24", False)
    rows = {row["measure"]: row for row in told["rows"]}
    assert (rows["compliments"]["count"], rows["compliments"]["prior"]) == (153, None)
    assert (rows["statutory-stage-3"]["count"], rows["statutory-stage-3"]["prior"]) == (0, 1)
    assert rows["corporate-stage-1"]["change"] == 352
    assert rows["corporate-stage-1"]["quarters"][3] == {
        "period": "2024-25 Q4",
        "count": 184,
        "prior": 94,
        "first_published": 186,
        "now": 185,
    }
    assert told["quarters"][3]["reason"] == "two corporate complaints were reclassified"
    assert told["rows"][0]["quarters"][0]["period"] == "2024-25 Q1"
    assert YEAR.label == told["period"]
