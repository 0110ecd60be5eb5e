"""Two of three printed shares open a vault; one is nothing, and what was mistyped or mixed up says so."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.vault import shamir, symbols
from intake.vault.errors import Mistyped, SealBroken
from intake.vault.recovery import RecoveryKey
from intake.vault.shares import NUMBERS, Share, mark_of, new_set, open_set

VECTORS = json.loads((Path(__file__).parent / "shares.json").read_text("utf-8"))
GOOD = {vector["name"]: vector for vector in VECTORS["good"]}
ELEMENTS = st.integers(0, 31)
SECRETS = st.lists(ELEMENTS, min_size=1, max_size=36)
SEED = bytes(range(32))
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
# BIP-93, test vectors 2 and 3: the published shares, and what they give. The place of a share is its sixth symbol.
BIP_93 = (
    (
        ("MS12NAMEA320ZYXWVUTSRQPNMLKJHGFEDCAXRPP870HKKQRM", "MS12NAMECACDEFGHJKLMNPQRSTUVWXYZ023FTR2GDZMPY6PN"),
        ("MS12NAMEDLL4F8JLH4E5VDVULDLFXU2JHDNLSM97XVENRXEG", "MS12NAMES6XQGUZTTXKEQNJSJZV4JV3NZ5K3KWGSPHUH6EVW"),
    ),
    (
        ("ms13casha320zyxwvutsrqpnmlkjhgfedca2a8d0zehn8a0t", "ms13cashcacdefghjklmnpqrstuvwxyz023949xq35my48dr",
         "ms13cashd0wsedstcdcts64cd7wvy4m90lm28w4ffupqs7rm"),
        ("ms13casheekgpemxzshcrmqhaydlp6yhms3ws7320xyxsar9", "ms13cashf8jh6sdrkpyrsp5ut94pj8ktehhw2hfvyrj48704",
         "ms13cashsllhdmn9m42vcsamx24zrxgs3qqjzqud4m0d6nln"),
    ),
)  # fmt: skip


def values(codex32: str) -> list[int]:
    return [BECH32.index(symbol) for symbol in codex32.lower()[3:]]


@pytest.mark.parametrize(("given_", "gives"), BIP_93)
def test_the_published_vectors_of_bip_93_come_out(given_, gives):
    points = {values(share)[5]: values(share) for share in given_}
    for share in gives:
        assert shamir.interpolate(points, values(share)[5]) == values(share)


def test_the_field_is_a_field():
    for one, other, third in itertools.product((0, 1, 2, 7, 19, 31), range(32), range(32)):
        assert shamir.times(one, other) == shamir.times(other, one)
        assert shamir.times(one, other ^ third) == shamir.times(one, other) ^ shamir.times(one, third)
    assert all({shamir.times(one, other) for other in range(32)} == set(range(32)) for one in range(1, 32))


@given(SECRETS)
def test_any_two_of_three_give_the_secret_in_any_order(secret):
    shares = dict(zip(NUMBERS, shamir.split(secret, NUMBERS), strict=True))
    for one, other in itertools.permutations(NUMBERS, 2):
        assert shamir.interpolate({one: shares[one], other: shares[other]}, 0) == secret


@pytest.mark.parametrize(("place", "other"), list(itertools.permutations(NUMBERS, 2)))
def test_one_share_alone_is_nothing_for_every_secret_fits_it_with_exactly_one_other(place, other):
    """Each symbol by itself, for symbols know nothing of one another; all 32 secrets."""
    for symbol in (0, 1, 18, 31):
        fitting = {
            secret: [
                value
                for value in range(32)
                if shamir.interpolate({place: [symbol], other: [value]}, 0) == [secret]
            ]
            for secret in range(32)
        }
        assert all(len(found) == 1 for found in fitting.values())
        assert {found[0] for found in fitting.values()} == set(range(32))


def test_each_share_is_drawn_from_all_there_are_whatever_the_secret():
    """What `split` draws, and not only what could be: every value comes, of the least and of the last secret."""
    for secret in (0, 31):
        drawn = [shamir.split([secret], NUMBERS) for _ in range(2000)]
        for place in range(3):
            assert {shares[place][0] for shares in drawn} == set(range(32))


@pytest.mark.parametrize("places", [(0, 1), (1, 1, 2), (1, 32)])
def test_a_share_in_the_place_of_the_secret_or_of_another_is_never_made(places):
    with pytest.raises(ValueError, match=r"place|points"):
        shamir.split([1], places)


def test_points_of_two_lengths_or_of_no_field_are_refused():
    for wrong in ({1: [1], 2: [1, 2]}, {1: [32], 2: [1]}, {40: [1], 2: [1]}):
        with pytest.raises(ValueError, match="points"):
            shamir.interpolate(wrong, 0)


@pytest.fixture(scope="module")
def papers():
    return new_set(SEED, vault="complaints")


def test_a_share_looks_as_promised(papers):
    for number, share in zip(NUMBERS, papers.shares, strict=True):
        assert [len(group) for group in share.text.split("-")] == [5] * 10
        assert share.text.startswith(f"{number}{papers.mark}")
        assert (share.number, share.mark) == (number, papers.mark)
    assert mark_of(papers.sealed) == papers.mark
    assert mark_of(RecoveryKey.generate().seal(SEED, vault="complaints")) is None
    assert mark_of(b"") is None


def test_any_two_shares_open_the_seed_and_no_other_vaults(papers):
    for one, other in itertools.permutations(papers.shares, 2):
        assert open_set(one, other, papers.sealed, vault="complaints") == SEED
        with pytest.raises(SealBroken):
            open_set(one, other, papers.sealed, vault="whistleblowing")


def test_one_share_twice_and_shares_of_two_sets_open_nothing(papers):
    later = new_set(SEED, vault="complaints")
    pairs = [(one, one) for one in papers.shares]
    pairs += itertools.product(papers.shares, later.shares)
    for one, other in pairs:
        for sealed in (papers.sealed, later.sealed, b"", papers.sealed[:-1]):
            with pytest.raises(SealBroken):
                open_set(one, other, sealed, vault="complaints")


def test_a_share_that_claims_another_mark_opens_nothing(papers):
    """The mark is no secret, and anybody can write it on a share of their own."""
    later = new_set(SEED, vault="complaints")
    one, foreign = papers.shares[0], later.shares[1]
    forged = Share(f"2{papers.mark}{foreign._value[4:].decode()}".encode())
    with pytest.raises(SealBroken):
        open_set(one, forged, papers.sealed, vault="complaints")


def test_a_mark_that_others_have_is_not_drawn(monkeypatch):
    drawn = iter([7, 7, 8])
    monkeypatch.setattr("secrets.randbits", lambda bits: next(drawn) if bits == 15 else 5)
    assert new_set(SEED, vault="complaints", apart_from={"007"}).mark == "008"


@given(st.integers(0, 2), st.data())
def test_it_can_be_read_however_it_was_written(which, data):
    share = Share.parse(VECTORS["shares"][which])
    readings = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(
        data.draw(st.sampled_from(["", "-", " ", " - ", "\n", "–", "\u00a0"]))
        if symbol == "-"
        else data.draw(st.sampled_from(readings.get(symbol, symbol + symbol.lower())))
        for symbol in share.text
    )
    assert Share.parse(f" {typed}\r\n") == share


@pytest.mark.parametrize("which", range(3))
def test_any_one_wrong_symbol_is_told_with_its_group(papers, which):
    code = papers.shares[which].text.replace("-", "")
    for at, other in itertools.product(range(50), symbols.ALPHABET):
        if other != code[at]:
            with pytest.raises(Mistyped) as raised:
                Share.parse(code[:at] + other + code[at + 1 :])
            # A number that is none of theirs, or another's, is told with the first group too.
            assert (raised.value.reason, raised.value.group) == ("check", at // 5 + 1)


def test_groups_that_changed_places_or_papers_are_caught(papers):
    texts = [share.text.split("-") for share in papers.shares]
    for first, second in itertools.combinations(range(10), 2):
        groups = list(texts[0])
        groups[first], groups[second] = groups[second], groups[first]
        with pytest.raises(Mistyped):
            Share.parse("-".join(groups))
    for one, other in itertools.permutations(range(3), 2):
        for place in range(1, 10):
            with pytest.raises(Mistyped) as raised:
                Share.parse("-".join([*texts[one][:place], texts[other][place], *texts[one][place + 1 :]]))
            assert raised.value.group == place + 1


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "length"),
        ("0" * 50, "check"),
        ("0" * 49, "length"),
        ("1" * 10**6, "length"),
        ("U" * 50, "alphabet"),
    ],
)
def test_what_is_no_share_says_why(typed, reason):
    with pytest.raises(Mistyped) as raised:
        Share.parse(typed)
    assert raised.value.reason == reason


# Frozen: what was printed once must open for as long as anybody keeps it.


def opened(vector, **change):
    told = {**vector["with"], **change}
    one, other = (Share.parse(told[name]) for name in ("one", "other"))
    return open_set(one, other, bytes.fromhex(told["blob"]), vault=told["vault"]).hex()


@pytest.mark.parametrize("name", GOOD)
def test_a_good_vector_opens(name):
    assert opened(GOOD[name]) == GOOD[name]["gives"]


@pytest.mark.parametrize("bad", VECTORS["bad"], ids=lambda bad: f"{bad['of']}: {bad['flaw']}")
def test_a_bad_vector_is_refused_for_its_one_flaw(bad):
    with pytest.raises(SealBroken):
        opened(GOOD[bad["of"]], **bad["change"])


def by_hand(one: int, other: int) -> int:
    """A product in GF(2)[x] / (x^5 + x^3 + 1), as long division is written."""
    product = 0
    for bit in range(5):
        product ^= (one << bit) if other >> bit & 1 else 0
    for bit in range(8, 4, -1):
        product ^= 0b101001 << (bit - 5) if product >> bit & 1 else 0
    return product


# What the first and the second share are multiplied with: the whole of SPEC.md's table.
WEIGHTS = {(1, 2): (25, 24), (1, 3): (21, 20), (2, 3): (3, 2)}


def test_the_vectors_secret_comes_out_of_its_shares_by_the_words_of_the_specification():
    data = ["".join(group[:4] for group in text.split("-")[1:]) for text in VECTORS["shares"]]
    for (one, other), (left, right) in WEIGHTS.items():
        # f(0) = y1 * x2 / (x1 + x2) + y2 * x1 / (x1 + x2)
        assert (by_hand(left, one ^ other), by_hand(right, one ^ other)) == (other, one)
        found = "".join(
            symbols.ALPHABET[
                by_hand(left, symbols.ALPHABET.index(first)) ^ by_hand(right, symbols.ALPHABET.index(second))
            ]
            for first, second in zip(data[one - 1], data[other - 1], strict=True)
        )
        assert found == VECTORS["secret"]
