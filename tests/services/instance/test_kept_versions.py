"""An administrator edits a file under which cases are being worked."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from intake.config import BadSetting
from intake.database import writing
from intake.models import Case, StepRow
from intake.procedures.loading import BUILT_IN, load_catalogue
from intake.services.instance import founding
from tests.actors import send

CORPORATE = (BUILT_IN / "corporate.toml").read_text("utf-8")


def with_file(office, folder, text):
    (folder / "corporate.toml").write_text(text, "utf-8")
    return replace(office, catalogue=load_catalogue(folder))


def test_a_version_that_cases_keep_cannot_be_taken_from_its_file(office, tmp_path):
    renamed = CORPORATE.replace('id = "two-stage"', 'id = "the-code"')
    founding.check(with_file(office, tmp_path, renamed))  # nothing was received under it yet
    send(office)
    with pytest.raises(BadSetting, match=r"corporate\.toml must keep its version 'two-stage'"):
        founding.check(with_file(office, tmp_path, renamed))
    founding.check(with_file(office, tmp_path, CORPORATE.replace("count = 10", "count = 9")))


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        (
            'id = "stage-1-response"',
            'id = "answer"',
            "the limit 'stage-1-response' of its version 'two-stage'",
        ),
        (
            'escalation = "short"',
            'escalation = "long"',
            "the step '.*' of the limit '.*' of its version 'two-stage'",
        ),
    ],
)
def test_what_an_open_case_waits_for_cannot_be_taken_from_its_version(office, tmp_path, old, new, missing):
    """Seen before: the file was accepted, and every tick died of it."""
    assert old in CORPORATE
    changed = CORPORATE.replace(old, new)
    founding.check(with_file(office, tmp_path, changed))
    send(office)
    with pytest.raises(BadSetting, match=rf"corporate\.toml must keep {missing}"):
        founding.check(with_file(office, tmp_path, changed))
    with writing(office.session):
        office.session.scalars(select(Case)).one().closed_on = date(2026, 6, 2)
    founding.check(with_file(office, tmp_path, changed))  # what is closed waits for nothing


def test_a_step_changed_by_hand_is_named(office):
    send(office)
    founding.check(office)
    with writing(office.session):
        office.session.scalars(select(StepRow)).first().step = "zzz"
    with pytest.raises(BadSetting, match=r"the step 'zzz' of the limit .* find out who changed the database"):
        founding.check(office)
