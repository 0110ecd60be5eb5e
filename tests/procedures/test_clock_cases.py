"""The worked cases: the events so far, and the dates that must come out."""

import csv
import json
from pathlib import Path

import pytest

from intake.procedures.clock_lines import answer

CASES = list(csv.DictReader((Path(__file__).parent / "clock-cases.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['case']}-{case['deadline']}")
def test_every_worked_case_falls_on_its_date(catalogue, calendar, case):
    events = dict(event.split("=") for event in case["events"].split())
    given = answer(catalogue, calendar, json.dumps({"procedure": case["procedure"], "events": events}))
    deadline = next(each for each in given["deadlines"] if each["deadline"] == case["deadline"])
    assert (deadline["due"], deadline["latest"] or "") == (case["due"], case["latest"])


def test_the_cases_are_all_there():
    assert len(CASES) == 48
    assert {case["case"] for case in CASES} == {str(number) for number in range(1, 22)}
