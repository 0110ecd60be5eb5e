"""Receipts and recovery keys: what people write down, mistype and lose."""

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.vault import symbols
from intake.vault.errors import Mistyped, SealBroken
from intake.vault.receipt import BITS, Receipt
from intake.vault.recovery import RecoveryKey

RECEIPTS = st.builds(Receipt.derive, st.binary(min_size=16, max_size=32), st.binary(min_size=32, max_size=32))
RECOVERIES = st.integers(0, 2**180 - 1).map(lambda n: RecoveryKey(symbols.encode(n, 36).encode()))
CODES = st.one_of(RECEIPTS, RECOVERIES)
FIELD = st.text(symbols.ALPHABET, min_size=1, max_size=30)


def test_a_receipt_looks_as_promised():
    receipt = Receipt.generate()
    groups = receipt.text.split("-")
    assert [len(group) for group in groups] == [4] * 7
    assert set(receipt.text) <= set(symbols.ALPHABET + "-")
    assert BITS >= 125
    assert Receipt.generate() != receipt


def test_a_recovery_key_looks_as_promised():
    assert [len(group) for group in RecoveryKey.generate().text.split("-")] == [5] * 9
    assert RecoveryKey.generate() != RecoveryKey.generate()


@given(CODES)
def test_what_is_shown_can_be_read_back(code):
    assert type(code).parse(code.text) == code


@given(CODES, st.data())
def test_it_can_be_read_however_it_was_written(code, data):
    readings = {"0": "0Oo", "1": "1IiLl"}
    typed = ""
    for symbol in code.text:
        if symbol == "-":
            typed += data.draw(
                st.sampled_from(["", "-", " ", " - ", "\n", "\t", "–", "—", "\u00a0", "\u200b"])
            )
        else:
            typed += data.draw(st.sampled_from(readings.get(symbol, symbol + symbol.lower())))
    assert type(code).parse(f" {typed}\r\n") == code


def test_any_one_wrong_symbol_and_any_two_exchanged_are_caught_receipt():
    code = Receipt.generate().text.replace("-", "")
    slips = {code[:at] + other + code[at + 1 :] for at in range(28) for other in symbols.ALPHABET} - {code}
    for first, second in itertools.combinations(range(28), 2):  # neighbours and all others
        swapped = list(code)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        slips.add("".join(swapped))
    for slip in slips - {code}:
        with pytest.raises(Mistyped) as raised:
            Receipt.parse(slip)
        assert raised.value.reason == "check"


def test_any_one_wrong_symbol_is_caught_in_its_group_recovery():
    code = RecoveryKey.generate().text.replace("-", "")
    for at, other in itertools.product(range(45), symbols.ALPHABET):
        if other != code[at]:
            with pytest.raises(Mistyped) as raised:
                RecoveryKey.parse(code[:at] + other + code[at + 1 :])
            assert (raised.value.reason, raised.value.group) == ("check", at // 5 + 1)


@given(RECOVERIES, st.integers(0, 43))
def test_neighbours_exchanged_are_caught_recovery(key, at):
    code = key.text.replace("-", "")
    slip = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    if slip != code:
        # Within a group always; across a border each group has one wrong symbol, so always too.
        with pytest.raises(Mistyped):
            RecoveryKey.parse(slip)


@given(RECOVERIES, st.integers(0, 8), st.integers(0, 8))
def test_groups_exchanged_are_caught_recovery(key, first, second):
    groups = key.text.split("-")
    groups[first], groups[second] = groups[second], groups[first]
    if first != second:
        with pytest.raises(Mistyped):
            RecoveryKey.parse("-".join(groups))


@given(FIELD, st.data())
def test_the_check_symbol_is_linear_and_never_blind(text, data):
    """The argument of the module's heading, tried on codes of every length and with every offset."""
    at = data.draw(st.integers(0, len(text) - 1))
    offset = data.draw(st.integers(0, 31))
    other = data.draw(st.sampled_from(symbols.ALPHABET.replace(text[at], "")))
    right = symbols.check_symbol(text, offset)
    assert symbols.check_symbol(text[:at] + other + text[at + 1 :], offset) != right
    if text[at] != right:  # the check symbol exchanged with another
        assert symbols.check_symbol(text[:at] + right + text[at + 1 :], offset) != text[at]


def test_the_field_is_a_field():
    assert sorted(symbols._POWERS) == list(range(1, 32))
    with pytest.raises(ValueError, match="30"):
        symbols.check_symbol("0" * 31)


@given(st.one_of(st.text(), st.text(symbols.ALPHABET + "-oOilLuU", max_size=60)))
def test_parsing_anything_raises_mistyped_or_nothing(text):
    for kind in (Receipt, RecoveryKey):
        with contextlib.suppress(Mistyped):
            kind.parse(text)


@pytest.mark.parametrize(
    ("typed", "reason", "group"),
    [
        ("", "length", None),
        ("0" * 27, "length", None),
        ("0" * 29, "length", None),
        ("0" * 10**6, "length", None),
        ("0000 0000 000 0000 0000 0000 0000", "length", 3),
        ("0000 0000 0000 0000 00U0 0000 0000", "alphabet", 5),
        ("000000000000000000U000000000", "alphabet", 5),
        ("0000 0000 0000 0000 0000 0000 000١", "alphabet", 7),
        ("0000 0000 0000 0000 0000 0000 0001", "check", None),
        ("0" * 60 + "!", "alphabet", None),
        ("\ud800", "alphabet", 1),
    ],
)
def test_a_slip_says_where_it_is(typed, reason, group):
    with pytest.raises(Mistyped) as raised:
        Receipt.parse(typed)
    assert (raised.value.reason, raised.value.group) == (reason, group)


def test_the_same_press_gives_the_same_receipt_and_another_text_another():
    token, digest = bytes(16), bytes(32)
    receipt = Receipt.derive(token, digest)
    assert Receipt.derive(token, digest) == receipt
    assert Receipt.derive(token, b"\x01" + bytes(31)) != receipt
    assert Receipt.derive(b"\x01" + bytes(15), digest) != receipt
    # The border between the two cannot be moved.
    assert Receipt.derive(bytes(17), bytes(32)) != Receipt.derive(bytes(16), bytes(33))
    for short in ((bytes(15), digest), (token, bytes(31))):
        with pytest.raises(ValueError, match="at least"):
            Receipt.derive(*short)


def test_the_lookup_needs_receipt_and_pepper():
    receipt, pepper = Receipt.generate(), bytes(16)
    assert len(receipt.lookup(pepper)) == 32
    assert receipt.lookup(pepper) == Receipt.parse(receipt.text).lookup(pepper)
    assert receipt.lookup(pepper) != receipt.lookup(b"\x01" * 16)
    assert receipt.lookup(pepper) != Receipt.generate().lookup(pepper)
    with pytest.raises(ValueError, match="pepper"):
        receipt.lookup(bytes(15))


def test_a_bundle_opens_for_its_receipt_and_case_and_looks_like_any_other():
    receipt = Receipt.generate()
    concern = {"conversation": b"c" * 32}
    complaint = concern | {"submission": b"s" * 32}
    for bundle in ({}, concern, complaint):
        assert receipt.open(receipt.seal(bundle, case="case"), case="case") == bundle
    assert len({len(receipt.seal(bundle, case="case")) for bundle in ({}, concern, complaint)}) == 1
    with pytest.raises(SealBroken):
        Receipt.generate().open(receipt.seal(concern, case="case"), case="case")


@pytest.mark.parametrize(
    "bundle", [{"casework": bytes(32)}, {"identity": bytes(32)}, {"conversation": bytes(31)}]
)
def test_a_bundle_never_holds_what_no_holder_may_have(bundle):
    with pytest.raises(ValueError, match="conversation and submission only"):
        Receipt.generate().seal(bundle, case="case")
