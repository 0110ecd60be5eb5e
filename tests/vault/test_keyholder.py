"""Keyholders of one case, marked by its own key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake.vault import keyholder
from intake.vault.errors import SealBroken
from intake.vault.record import CaseKey

VECTORS = json.loads((Path(__file__).parent / "keyholder.json").read_text("utf-8"))
MARKS = bytes.fromhex(VECTORS["marks"])


def opened(*, blob: str, marks: str, **about: str) -> bytes:
    return keyholder.person_key(bytes.fromhex(blob), bytes.fromhex(marks), **about)


def test_the_key_for_marks_is_frozen_and_a_person_is_known_by_it():
    assert CaseKey(bytes.fromhex(VECTORS["key"])).for_purpose("keyholders").secret == MARKS
    assert opened(**VECTORS["person"]).hex() == VECTORS["public"]
    about = {name: VECTORS["person"][name] for name in ("case", "keyholder", "scope", "until")}
    public = bytes.fromhex(VECTORS["public"])
    assert keyholder.person(public, MARKS, **about).hex() == VECTORS["person"]["blob"]


@pytest.mark.parametrize("bad", VECTORS["bad"], ids=lambda bad: bad["flaw"])
def test_a_person_whom_somebody_put_there_is_refused(bad):
    assert len(bad["change"]) == 1
    with pytest.raises(SealBroken):
        opened(**VECTORS["person"] | bad["change"])


def test_a_vault_is_known_by_its_mark_alone():
    mark = bytes.fromhex(VECTORS["vault"]["blob"])
    about = {"case": "case-a", "keyholder": "vault:v"}
    assert keyholder.vault(MARKS, **about) == mark
    assert keyholder.vault_holds(mark, MARKS, **about)
    for other in (
        {"case": "case-b"},
        {"keyholder": "vault:w"},
        {"scope": "identity"},
        {"until": "2026-06-04"},
    ):
        assert not keyholder.vault_holds(mark, MARKS, **about | other)
    assert not keyholder.vault_holds(mark, bytes(32), **about)
    assert not keyholder.vault_holds(b"", MARKS, **about)


@pytest.mark.parametrize("change", [{"scope": "message-1"}, {"case": ""}, {"keyholder": ""}])
def test_what_cannot_be_is_a_mistake_of_the_caller(change):
    with pytest.raises(ValueError, match=r"."):
        keyholder.vault(MARKS, **{"case": "case-a", "keyholder": "vault:v"} | change)


def test_keys_of_another_length_are_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        keyholder.vault(bytes(31), case="a", keyholder="vault:v")
    with pytest.raises(ValueError, match="1,216 bytes"):
        keyholder.person(bytes(32), MARKS, case="a", keyholder="staff:a")
