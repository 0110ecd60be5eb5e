"""What was sealed by version 1 still opens, and each bad vector fails for the one thing that is wrong with
it.
"""

import hashlib
import json
from pathlib import Path

import pytest

from intake.vault.envelope import open_case_key, seal_case_key
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair, SessionSecret, fingerprint
from intake.vault.receipt import Receipt
from intake.vault.record import CaseKey
from intake.vault.recovery import RecoveryKey

from .opening import FORMATS, open_vector

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "vectors.json").read_text("utf-8"))
XWING = json.loads((HERE / "xwing.json").read_text("utf-8"))
GOOD = {vector["name"]: vector for vector in VECTORS["good"]}
BAD = {f"{bad['of']}: {bad['flaw']}": bad for bad in VECTORS["bad"]}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_vector_opens(name):
    assert open_vector(GOOD[name]) == GOOD[name]["gives"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_vector_is_refused_for_its_one_flaw(name):
    bad = BAD[name]
    sound = GOOD[bad["of"]]
    # Each changes one argument of a vector that opens (two, where a letter moves from one to the other).
    assert len(bad["change"]) == (2 if "border" in bad["flaw"] else 1)
    assert all(sound["with"][argument] != value for argument, value in bad["change"].items())
    with pytest.raises(SealBroken, match=r"^This could not be opened\.$"):
        open_vector(sound, **bad["change"])


def test_every_format_has_good_and_bad_vectors():
    assert {vector["open"] for vector in GOOD.values()} == set(FORMATS)
    assert {GOOD[bad["of"]]["open"] for bad in BAD.values()} == set(FORMATS)
    assert len(BAD) == len(VECTORS["bad"])


def test_derivations_are_frozen():
    frozen = VECTORS["outputs"]
    receipt = Receipt.derive(bytes(16), bytes(32))
    session = SessionSecret(bytes(range(128, 160)))
    keys = CaseKey(bytes(range(64, 96))), CaseKey(bytes(range(96, 128)), scope="identity")
    public = KeyPair.from_seed(bytes(range(32))).public
    assert fingerprint(public, vault="complaints") == frozen["fingerprint"]
    assert fingerprint(public, vault="whistleblowing") == frozen["fingerprint for another vault"]
    for staff in ("officer-1", "officer-2"):
        assert fingerprint(public, vault="complaints", staff=staff) == frozen[f"fingerprint of {staff}"]
    assert fingerprint(public, vault="", staff="officer-1") == frozen["fingerprint of officer-1, no vault"]
    assert receipt.text == frozen["receipt"]
    assert receipt.lookup(bytes(32)).hex() == frozen["receipt lookup, pepper of 32 zeros"]
    assert RecoveryKey.parse(frozen["recovery"]).text == frozen["recovery"]
    assert (session.text, session.lookup.hex()) == (frozen["session cookie"], frozen["session lookup"])
    for purpose, secret in frozen["purpose keys"].items():
        assert keys[purpose == "identity"].for_purpose(purpose).secret.hex() == secret


def test_derivations_are_those_of_the_specification():
    """HKDF written out from RFC 5869 with the standard library alone, so that code and text cannot err
    together.
    """
    import hmac

    def hkdf(key, *parts):
        info = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        extracted = hmac.digest(bytes(32), key, "sha256")
        return hmac.digest(extracted, info + b"\x01", "sha256")

    secret = bytes(range(64, 96))
    expected = hkdf(secret, b"intake/vault/v1/purpose-key", b"case", b"casework")
    assert CaseKey(secret).for_purpose("casework").secret == expected
    receipt = Receipt.derive(bytes(16), bytes(32))
    data = receipt.text.replace("-", "")[:27].encode()
    tag = hkdf(data, b"intake/vault/v1/receipt-lookup")
    assert receipt.lookup(bytes(32)) == hmac.digest(bytes(32), tag, "sha256")
    session = SessionSecret(secret)
    assert session.lookup == hashlib.sha256(hkdf(secret, b"intake/vault/v1/session-lookup")).digest()


@pytest.mark.parametrize("vector", XWING["vectors"])
def test_a_seed_expands_as_in_the_xwing_draft(vector):
    pair = KeyPair.from_seed(bytes.fromhex(vector["seed"]))
    assert pair.public.hex() == vector["public"]
    key, where = CaseKey.generate(), {"case": "c", "scope": "case", "keyholder": "k"}
    blob = seal_case_key(key, bytes.fromhex(vector["public"]), **where)
    assert open_case_key(blob, pair, **where) == key
