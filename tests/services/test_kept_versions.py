"""An administrator edits a file under which cases are being worked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from intake.config import BadSetting
from intake.procedures.loading import BUILT_IN, load_catalogue
from intake.services import founding, submitting
from intake.services.submitting import Answer, Submission

CORPORATE = (BUILT_IN / "corporate.toml").read_text("utf-8")


def with_file(office, folder, text):
    (folder / "corporate.toml").write_text(text, "utf-8")
    return replace(office, catalogue=load_catalogue(folder))


def test_a_version_that_cases_keep_cannot_be_taken_from_its_file(office, tmp_path):
    renamed = CORPORATE.replace('id = "two-stage"', 'id = "the-code"')
    founding.check(with_file(office, tmp_path, renamed))  # nothing was received under it yet
    words = (Answer("What happened?", "The bins were missed."),)
    submitting.receive(
        office,
        Submission("corporate", "anonymous", words, ()),
        token=submitting.new_token(),
        now=datetime(2026, 6, 1, 10, tzinfo=UTC),
    )
    with pytest.raises(BadSetting, match=r"corporate\.toml must keep its version 'two-stage'"):
        founding.check(with_file(office, tmp_path, renamed))
    founding.check(with_file(office, tmp_path, CORPORATE.replace("count = 10", "count = 9")))
