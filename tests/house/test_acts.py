"""One record an act: whoever adds one cannot forget a part, and no name is looked up at a click."""

from __future__ import annotations

import inspect
import subprocess
import sys
from dataclasses import MISSING, fields

import pytest

from intake.procedures import moves
from intake.services.casework import act_parts, acts
from intake.services.ground import journal
from intake.web.staff.casework import act_words

PLANT = """
from dataclasses import dataclass
from typing import ClassVar
from intake.procedures import moves
@dataclass(frozen=True, slots=True)
class Weigh(moves.Move):
    word: ClassVar[str] = "weigh"
"""


def test_every_move_of_the_rules_is_an_act_with_its_words():
    known = {
        kind
        for _, kind in inspect.getmembers(moves, inspect.isclass)
        if issubclass(kind, moves.Move) and kind is not moves.Move
    }
    assert set(moves.ALL) == known == {act.move for act in acts.ACTS}
    assert set(act_words.BY_WORD) == {act.word for act in acts.ACTS} == set(acts.BY_WORD)
    assert len(acts.BY_WORD) == len(acts.ACTS) == len(act_words.WORDS)


@pytest.mark.parametrize(
    "forgotten",
    [
        # the move is there, and nobody wrote its record
        "moves.ALL = (*moves.ALL, Weigh)\nimport intake.services.casework.acts",
        # its record is there, and nobody wrote its words
        "from dataclasses import replace\nfrom intake.services.casework import acts\n"
        "acts.BY_WORD['weigh'] = replace(acts.ACTS[0], move=Weigh)\nimport intake.web.staff.casework.act_words",
    ],
)
def test_a_move_without_its_record_or_its_words_does_not_load(forgotten: str):
    told = subprocess.run(
        [sys.executable, "-c", PLANT + forgotten], capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert "KeyError: <class '__main__.Weigh'>" in told.stderr


@pytest.mark.parametrize("record", [act_parts.Act, act_words.Words])
def test_no_part_of_a_record_can_be_forgotten(record):
    assert all(part.default is MISSING and part.default_factory is MISSING for part in fields(record))
    with pytest.raises(TypeError, match="missing"):
        record(moves.Note)


def test_each_act_has_a_line_of_its_own_in_the_journal():
    assert len({act.journal for act in acts.ACTS}) == len(acts.ACTS)
    assert all(isinstance(act.journal, journal.Act) for act in acts.ACTS)


def test_a_reason_is_kept_where_the_notes_say_what_it_was_for():
    """What officers read beside a reason exists for every act that keeps one, and for no other."""
    keep = {act.word for act in acts.ACTS if act.keeps is not act_parts.nothing} - {"note", "appoint"}
    assert keep == set(act_words.REASONS) - {"opened-identity"}
