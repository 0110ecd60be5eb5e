"""What an officer keeps for themselves opens with their own key, in its own row, and nowhere else."""

from __future__ import annotations

import pytest

from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair
from intake.vault.own import open_own, seal_own

PAIR = KeyPair(bytes(range(32)))
WHERE = {"kind": "saved-list", "staff": "maya", "id": "one"}


def test_it_comes_back_and_says_little_by_its_length():
    short, long = (seal_own(words, PAIR, **WHERE) for words in (b"Bins", b"Bins of the north, overdue"))
    assert open_own(short, PAIR, **WHERE) == b"Bins"
    assert len(short) == len(long)


@pytest.mark.parametrize("other", [{"kind": "note"}, {"staff": "tom"}, {"id": "two"}])
def test_it_opens_nowhere_else(other):
    sealed = seal_own(b"Bins", PAIR, **WHERE)
    with pytest.raises(SealBroken):
        open_own(sealed, PAIR, **(WHERE | other))
    with pytest.raises(SealBroken):
        open_own(sealed, KeyPair.generate(), **WHERE)


def test_a_forgotten_name_binds_nothing_and_is_refused():
    with pytest.raises(ValueError, match="empty"):
        seal_own(b"Bins", PAIR, **(WHERE | {"staff": ""}))
