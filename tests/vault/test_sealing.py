"""Whatever is sealed opens in its own place, and nowhere else, and not if a bit of it is changed."""

import contextlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.vault import envelope, sealing
from intake.vault.draft import seal_draft
from intake.vault.envelope import open_case_key, open_grant, seal_case_key, seal_grant
from intake.vault.errors import SealBroken
from intake.vault.keys import (
    Argon2Parameters,
    KeyPair,
    PasswordLock,
    SessionSecret,
    fingerprint,
    same_fingerprint,
)
from intake.vault.receipt import Receipt
from intake.vault.record import CaseKey, PurposeKey
from intake.vault.recovery import RecoveryKey

CHEAP = Argon2Parameters(memory_kib=64, passes=1)
PAIR, OTHER_PAIR = KeyPair.generate(), KeyPair.generate()
CASE_KEY = CaseKey.generate()
KEY = CASE_KEY.for_purpose("conversation")
RECEIPT, RECOVERY, SESSION = Receipt.generate(), RecoveryKey.generate(), SessionSecret.generate()
LOCK = PasswordLock.new("correct horse", holder="officer", parameters=CHEAP)
WHERE = {"case": "case", "kind": "message", "place": 0}
BOUND = {"case": "case", "scope": "case", "keyholder": "team"}
IDENTIFIER = st.text(min_size=1, max_size=12)
PLACES = st.tuples(
    st.sampled_from(("submission", "conversation", "casework")), IDENTIFIER, IDENTIFIER, st.integers(0, 2**70)
)

# One sealed thing of each format, and how it opens.
SEALED = {
    "record": (KEY.seal(b"text", **WHERE), lambda blob: KEY.open(blob, **WHERE)),
    "envelope": (seal_case_key(CASE_KEY, PAIR.public, **BOUND), lambda blob: open_case_key(blob, PAIR,
    **BOUND)), "grant": (
        seal_grant(bytes(32), PAIR.public, vault="team", staff="officer"),
        lambda blob: open_grant(blob, PAIR, vault="team", staff="officer"),
    ),
    "receipt": (RECEIPT.seal({"conversation": KEY.secret}, case="case"), lambda blob: RECEIPT.open(blob,
    case="case")), "recovery": (RECOVERY.seal(bytes(32), vault="team"), lambda blob: RECOVERY.open(blob,
    vault="team")), "password": (LOCK.seal("seed", bytes(32)), lambda blob: LOCK.open_("seed", blob)),
    "header": (LOCK.header, lambda blob: PasswordLock.open(blob, "correct horse", holder="officer")),
    "session": (SESSION.seal(bytes(32), holder="officer"), lambda blob: SESSION.open(blob, holder="officer")),
}  # fmt: skip
FORMATS = pytest.mark.parametrize("form", SEALED)


@FORMATS
def test_any_bit_flipped_is_refused(form):
    blob, opening = SEALED[form]
    assert opening(blob) is not None
    # A header's cost may grow with a flipped bit, so only its low bits are tried there; bounds have their
    # vectors.
    positions = [at for at in range(len(blob) * 8) if form != "header" or at // 8 > 7 or at // 8 == 0]
    for at in positions if len(positions) < 6000 else positions[::5] + positions[-128:]:
        changed = bytearray(blob)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(SealBroken):
            opening(bytes(changed))


@FORMATS
def test_any_truncation_and_any_addition_is_refused(form):
    blob, opening = SEALED[form]
    for length in range(len(blob)):
        with pytest.raises(SealBroken):
            opening(blob[:length])
    with pytest.raises(SealBroken):
        opening(blob + b"\0")


@FORMATS
@given(junk=st.binary(max_size=2048))
@settings(max_examples=25)
def test_junk_is_refused(form, junk):
    with pytest.raises(SealBroken):
        SEALED[form][1](junk)
    with pytest.raises(SealBroken):
        SEALED[form][1](sealing.VERSION + junk)


def test_one_format_does_not_open_as_another():
    for one, two in itertools.permutations(SEALED, 2):
        with pytest.raises(SealBroken):
            SEALED[two][1](SEALED[one][0])


@given(st.binary(max_size=5000), PLACES)
def test_any_bytes_come_back(plaintext, where):
    purpose, case, kind, place = where
    key = CASE_KEY.for_purpose(purpose)
    blob = key.seal(plaintext, case=case, kind=kind, place=place)
    assert key.open(blob, case=case, kind=kind, place=place) == plaintext
    assert len(plaintext) < 4 or plaintext not in blob


@given(PLACES, PLACES)
def test_two_records_cannot_be_exchanged(here, there):
    if here == there:
        return
    # The worst case: the purposes' keys are the same, so that the binding alone stands.
    purpose, case, kind, place = here
    blob = PurposeKey(purpose, bytes(32)).seal(b"text", case=case, kind=kind, place=place)
    purpose, case, kind, place = there
    with pytest.raises(SealBroken):
        PurposeKey(purpose, bytes(32)).open(blob, case=case, kind=kind, place=place)


@given(st.lists(st.text(max_size=6), max_size=5), st.lists(st.text(max_size=6), max_size=5))
def test_no_two_lists_encode_alike(one, two):
    assert (sealing.fields(*one) == sealing.fields(*two)) == (one == two)


def test_only_text_and_bytes_are_bound():
    with pytest.raises(TypeError):
        sealing.fields("case", 7)


@given(st.binary(min_size=32, max_size=32))
def test_any_wrong_key_is_refused(value):
    blob = SEALED["record"][0]
    with pytest.raises(SealBroken):
        PurposeKey("conversation", value).open(blob, **WHERE)
    with pytest.raises(SealBroken):
        SessionSecret(value).open(SEALED["session"][0], holder="officer")


@settings(max_examples=15)
@given(st.binary(min_size=32, max_size=32))
def test_any_wrong_key_pair_is_refused(seed):
    pair = KeyPair.from_seed(seed)
    with pytest.raises(SealBroken):
        open_case_key(SEALED["envelope"][0], pair, **BOUND)
    with pytest.raises(SealBroken):
        open_grant(SEALED["grant"][0], pair, vault="team", staff="officer")


@given(st.integers(0, 70_000), st.integers(0, 70_000))
@settings(max_examples=60)
def test_lengths_in_one_bucket_cannot_be_told_apart(one, two):
    sizes = [len(KEY.seal(b"x" * length, **WHERE)) for length in (one, two)]
    assert (sizes[0] == sizes[1]) == (sealing.bucket(one) == sealing.bucket(two))
    assert sealing.bucket(one) <= max(512, 2 * (one + 4))


def test_buckets_are_those_of_the_specification():
    edges = [0, 508, 509, 1020, 1021, 2044, 2045, sealing.CEILING - 4]
    assert [sealing.bucket(edge) for edge in edges] == [512, 512, 1024, 1024, 2048, 2048, 4096, 16 * 2**20]
    with pytest.raises(ValueError, match="too long"):
        KEY.seal(bytes(sealing.CEILING - 3), **WHERE)


@given(st.binary(max_size=600))
def test_unpadding_takes_only_what_padding_makes(padded):
    with contextlib.suppress(SealBroken):
        assert sealing.pad(sealing.unpad(padded)) == padded


def test_the_same_text_never_looks_the_same_twice():
    assert len({KEY.seal(b"text", **WHERE) for _ in range(100)}) == 100
    assert len({seal_case_key(CASE_KEY, PAIR.public, **BOUND) for _ in range(10)}) == 10


def test_a_case_key_gives_purposes_of_its_own_scope_only():
    identity = CaseKey.generate(scope="identity")
    assert identity.for_purpose("identity").purpose == "identity"
    for key, purpose in ((CASE_KEY, "identity"), (identity, "casework"), (CASE_KEY, "anything")):
        with pytest.raises(ValueError, match="no such purpose"):
            key.for_purpose(purpose)
    same = bytes(32)
    derived = {
        CaseKey(same).for_purpose(purpose).secret for purpose in ("submission", "conversation", "casework")
    }
    derived |= {same, CaseKey(same, scope="identity").for_purpose("identity").secret}
    assert len(derived) == 5
    with pytest.raises(ValueError, match="scope"):
        CaseKey(same, scope="all")
    with pytest.raises(ValueError, match="no such purpose"):
        PurposeKey("anything", same)


def test_an_identity_key_is_not_sealed_as_a_case_key():
    identity = CaseKey.generate(scope="identity")
    with pytest.raises(ValueError, match="not the key's own"):
        seal_case_key(identity, PAIR.public, **BOUND)
    blob = seal_case_key(identity, PAIR.public, **(BOUND | {"scope": "identity"}))
    assert open_case_key(blob, PAIR, **(BOUND | {"scope": "identity"})).scope == "identity"
    with pytest.raises(SealBroken):
        open_case_key(blob, PAIR, **BOUND)


@pytest.mark.parametrize(
    "public", [b"", bytes(1216), b"\xff" * 1216, PAIR.public[:-1], PAIR.public[:1184] + bytes(32)]
)
def test_nothing_is_sealed_to_what_is_no_public_key(public):
    with pytest.raises(ValueError):  # noqa: PT011
        seal_case_key(CASE_KEY, public, **BOUND)


def test_a_forgotten_identifier_is_refused_when_sealing():
    for seal in (
        lambda: KEY.seal(b"", **(WHERE | {"case": ""})),
        lambda: KEY.seal(b"", **(WHERE | {"kind": ""})),
        lambda: KEY.seal(b"", **(WHERE | {"place": -1})),
        lambda: seal_case_key(CASE_KEY, PAIR.public, **(BOUND | {"keyholder": ""})),
        lambda: seal_grant(bytes(32), PAIR.public, vault="", staff="officer"),
        lambda: RECEIPT.seal({}, case=""),
        lambda: RECOVERY.seal(bytes(32), vault=""),
        lambda: SESSION.seal(bytes(32), holder=""),
        lambda: PasswordLock.new("password", holder="", parameters=CHEAP),
        lambda: LOCK.seal("", bytes(32)),
        lambda: seal_draft(bytes(32), b"", purpose=""),
    ):
        with pytest.raises(ValueError, match=r"empty|negative"):
            seal()


def test_an_envelope_of_another_length_is_refused_though_it_was_sealed_well():
    info = sealing.fields("intake/vault/v1/envelope", *BOUND.values())
    for length, refused in ((31, True), (32, False), (33, True)):
        blob = envelope._seal(bytes(length), PAIR.public, info)
        with pytest.raises(SealBroken) if refused else contextlib.nullcontext():
            open_case_key(blob, PAIR, **BOUND)


def test_a_grant_takes_a_seed_and_gives_it_back():
    blob = seal_grant(OTHER_PAIR.seed, PAIR.public, vault="team", staff="officer")
    assert KeyPair.from_seed(open_grant(blob, PAIR, vault="team", staff="officer")) == OTHER_PAIR
    with pytest.raises(ValueError, match="32 bytes"):
        seal_grant(bytes(31), PAIR.public, vault="team", staff="officer")


def test_a_fingerprint_can_be_read_out():
    assert [len(group) for group in fingerprint(PAIR.public, vault="team").split("-")] == [4] * 5
    assert fingerprint(PAIR.public, vault="team") != fingerprint(OTHER_PAIR.public, vault="team")
    with pytest.raises(ValueError, match="public key"):
        fingerprint(PAIR.public[:-1], vault="team")


def test_what_was_compared_for_one_vault_or_officer_serves_for_no_other():
    of = [
        ("team", ""),
        ("other", ""),
        ("team", "ann"),
        ("team", "bob"),
        ("other", "ann"),
        ("", "ann"),
        ("", "team"),
    ]
    assert len({fingerprint(PAIR.public, vault=vault, staff=staff) for vault, staff in of}) == len(of)
    with pytest.raises(ValueError, match="of a vault or of an officer"):
        fingerprint(PAIR.public, vault="")


def test_a_fingerprint_is_recognised_as_it_is_read_out_and_no_other_is():
    mark = fingerprint(PAIR.public, vault="team")
    for typed in (mark, mark.lower(), mark.replace("-", " "), mark.replace("-", ""), mark.replace("0", "o")):
        assert same_fingerprint(mark, typed)
    other = fingerprint(PAIR.public, vault="other")
    for typed in (other, "", mark[:-1], mark + "0", "é", "ABC", mark[::-1]):
        assert not same_fingerprint(mark, typed)
