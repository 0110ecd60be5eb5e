"""A receipt that nobody here knows gets another bundle: posted to its slot, or behind a bridge."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake.vault import slot
from intake.vault.errors import SealBroken
from intake.vault.receipt import Receipt

VECTORS = json.loads((Path(__file__).parent / "slot.json").read_text("utf-8"))
SERVER, OLD, NEW = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
RECEIPT = Receipt.derive(bytes(16), bytes(32))
GOOD = {vector["name"]: vector for vector in VECTORS["good"]}


def opened(*, lock: str, server: str, case: str, text: str) -> dict[str, str]:
    receipt = Receipt.parse(text)
    bundle = slot.open_lock(receipt, bytes.fromhex(lock), bytes.fromhex(server), case=case)
    return {purpose: key.hex() for purpose, key in bundle.items()}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_vector_opens(name):
    assert opened(**GOOD[name]["with"]) == GOOD[name]["gives"]


@pytest.mark.parametrize("bad", VECTORS["bad"], ids=lambda bad: f"{bad['of']}: {bad['flaw']}")
def test_a_bad_vector_is_refused_for_its_one_flaw(bad):
    sound = GOOD[bad["of"]]["with"]
    assert len(bad["change"]) == 1
    assert all(sound[name] != value for name, value in bad["change"].items())
    with pytest.raises(SealBroken):
        opened(**sound | bad["change"])


def test_derivations_are_frozen():
    public = RECEIPT.pair().public
    assert public.hex() == VECTORS["public"]
    assert slot.slot(public, OLD, case="case-a").hex() == VECTORS["slot"]
    assert slot.public_of(bytes.fromhex(VECTORS["slot"]), OLD, case="case-a") == public


@pytest.mark.parametrize(
    "change",
    [{"blob": bytes(slot.SLOT_BYTES)}, {"blob": b""}, {"conversation": NEW}, {"case": "case-b"}],
)
def test_a_slot_that_somebody_put_there_is_refused(change):
    given = {
        "blob": slot.slot(RECEIPT.pair().public, OLD, case="case-a"),
        "conversation": OLD,
        "case": "case-a",
    }
    given |= change
    with pytest.raises(SealBroken):
        slot.public_of(given["blob"], given["conversation"], case=given["case"])


def test_whoever_has_the_old_key_and_the_servers_opens_nothing_that_was_posted():
    posted = slot.post({"conversation": NEW}, RECEIPT.pair().public, case="case-a")
    assert len(posted) == slot.POSTED_BYTES
    assert not slot.is_settled(posted)
    for other in (Receipt.derive(bytes(16), bytes(31) + b"\x01"), Receipt.generate()):
        with pytest.raises(SealBroken):
            slot.open_lock(other, posted, SERVER, case="case-a")


def test_an_answer_is_marked_by_whoever_has_the_conversation_alone():
    about = {"case": "case-a", "place": 2}
    mark = slot.answer_mark(OLD, yes=True, **about)
    assert mark.hex() == VECTORS["answer mark, yes"]
    assert slot.answer_holds(mark, OLD, yes=True, **about)
    assert not slot.answer_holds(mark, OLD, yes=False, **about)
    assert not slot.answer_holds(mark, NEW, yes=True, **about)
    assert not slot.answer_holds(mark, OLD, yes=True, case="case-a", place=3)
    assert not slot.answer_holds(b"", OLD, yes=True, **about)


def test_a_bridge_can_stand_on_another():
    lock = RECEIPT.seal({"conversation": OLD, "submission": OLD}, case="case-a")
    assert slot.is_settled(lock)
    twice = slot.bridged(lock, {"conversation": NEW}, OLD, SERVER, case="case-a")
    twice = slot.bridged(twice, {"conversation": SERVER}, NEW, SERVER, case="case-a")
    assert slot.open_lock(RECEIPT, twice, SERVER, case="case-a") == {"conversation": SERVER}
    with pytest.raises(SealBroken):
        slot.open_lock(RECEIPT, twice, NEW, case="case-a")


def test_nothing_but_what_a_holder_may_have_is_handed_over():
    for hand_over in (
        lambda bundle: slot.post(bundle, RECEIPT.pair().public, case="case-a"),
        lambda bundle: slot.bridged(b"", bundle, OLD, SERVER, case="case-a"),
    ):
        with pytest.raises(ValueError, match="conversation and submission"):
            hand_over({"casework": bytes(32)})
