"""A backup that is made while a vault's key is changed opens, whichever key it caught, and takes in what comes."""

from __future__ import annotations

import pytest

from intake.services.ground import journal, pinning
from intake.services.instance import backups, founding, restoring
from tests.actors import complaint, send
from tests.conftest import opened
from tests.services.people.rotation import LATER, begin, go_on, read_all, rotate, some_cases

MOMENTS = (
    "before it",
    "half-way",
    "begun while the copy is made",
    "whole before the copy",
    "whole after the copy",
)


@pytest.mark.parametrize("when", MOMENTS)
def test_it_agrees_with_the_row_that_it_caught(office, manager, officer, tmp_path, monkeypatch, when):
    some_cases(office)
    paper = backups.new_key(office, now=LATER).text
    copied = backups._copied

    def meanwhile(*given):
        """A copy beside which somebody changes the key, after the pins were looked at first."""
        if when == "whole before the copy":
            rotate(office, manager)
        made = copied(*given)

        class Copy:
            def __enter__(self):
                path = made.__enter__()
                if when == "begun while the copy is made":
                    begin(office, manager)
                elif when == "whole after the copy":
                    rotate(office, manager)
                return path

            def __exit__(self, *error):
                return made.__exit__(*error)

        return Copy()

    if when == "half-way":
        begin(office, manager)
    monkeypatch.setattr(backups, "_copied", meanwhile)
    backups.make(office, tmp_path / "b", now=LATER)
    if when == "before it":
        rotate(office, manager)
    restoring.restore(tmp_path / "b", paper, tmp_path / "there", now=LATER)
    with opened(tmp_path / "there") as there:
        founding.check(there)
        assert pinning.faults(there) == []
        assert pinning.check(there, officer) == []
        assert send(there, complaint(), now=LATER)
        assert read_all(there, officer) == 4
        if when == "half-way":
            assert go_on(there, manager)
        assert journal.verify(there).fault == ""
