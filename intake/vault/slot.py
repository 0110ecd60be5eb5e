"""How a receipt that nobody here knows gets another bundle, when its case goes to another team (SPEC.md, "Slot").

The server never has the code. So the public half of a key pair that comes from the code is kept beside its lock, and
the new bundle is posted to it; of an older receipt, which has none, the new bundle lies behind a bridge that the old
conversation key and the server's key open together. Either is replaced by a proper bundle when the holder comes back.
"""

import os

from cryptography.hazmat.primitives.constant_time import bytes_eq

from .envelope import LENGTH as ENVELOPE_BYTES
from .envelope import open_post_key, seal_post_key
from .errors import SealBroken
from .keys import PUBLIC_BYTES
from .receipt import Receipt, read_bundle, write_bundle
from .sealing import FLOOR, NONCE_BYTES, TAG_BYTES, derive, named, seal, unseal

BUNDLE_BYTES = 1 + NONCE_BYTES + FLOOR + TAG_BYTES
POSTED_BYTES = ENVELOPE_BYTES + BUNDLE_BYTES
SLOT_BYTES = PUBLIC_BYTES + 32


def slot(public: bytes, conversation: bytes, *, case: str) -> bytes:
    """The public half of a receipt, with the mark that whoever has the case's conversation can tell it by: 1,248 bytes.

    Raises ValueError for another length, or an empty case.
    """
    named(case=case)
    if len(public) != PUBLIC_BYTES or len(conversation) != 32:
        raise ValueError("a slot is a public key and the mark of a conversation key")
    return public + _mark(public, conversation, case)


def public_of(blob: bytes, conversation: bytes, *, case: str) -> bytes:
    """The public half in a slot. Raises SealBroken for one that this conversation's key did not mark."""
    public, mark = blob[:PUBLIC_BYTES], blob[PUBLIC_BYTES:]
    if len(blob) != SLOT_BYTES or not bytes_eq(mark, _mark(public, conversation, case)):
        raise SealBroken
    return public


def post(bundle: dict[str, bytes], public: bytes, *, case: str) -> bytes:
    """A bundle that the receipt of this public half opens, in the place of its lock: 1,710 bytes.

    Raises ValueError as `Receipt.seal`, and for a malformed public key.
    """
    fresh = os.urandom(32)
    sealed = seal(_post_key(fresh), write_bundle(bundle), "intake/vault/v1/receipt-posted", case)
    return seal_post_key(fresh, public, case=case) + sealed


def bridged(lock: bytes, bundle: dict[str, bytes], old: bytes, server_key: bytes, *, case: str) -> bytes:
    """A lock, and behind it a bundle that the key of the old conversation and the server's key open together.

    Raises ValueError for a key under 32 bytes, and as `Receipt.seal`.
    """
    named(case=case)
    key = _bridge_key(old, server_key)
    return lock + seal(key, write_bundle(bundle), "intake/vault/v1/receipt-bridge", case)


def open_lock(receipt: Receipt, lock: bytes, server_key: bytes, *, case: str) -> dict[str, bytes]:
    """The newest bundle that a receipt opens, whichever way it lies in its lock. Raises SealBroken."""
    if len(lock) == POSTED_BYTES:
        fresh = open_post_key(lock[:ENVELOPE_BYTES], receipt.pair(), case=case)
        sealed = lock[ENVELOPE_BYTES:]
        return read_bundle(unseal(_post_key(fresh), sealed, "intake/vault/v1/receipt-posted", case))
    bundle, further = receipt.open(lock[:BUNDLE_BYTES], case=case), lock[BUNDLE_BYTES:]
    while further:
        key = _bridge_key(bundle.get("conversation", b""), server_key)
        one, further = further[:BUNDLE_BYTES], further[BUNDLE_BYTES:]
        bundle = read_bundle(unseal(key, one, "intake/vault/v1/receipt-bridge", case))
    return bundle


def answer_mark(conversation: bytes, *, case: str, place: int, yes: bool) -> bytes:
    """What only somebody who has the case's conversation can put beside a yes or a no: 32 bytes.

    An answer is sealed to public keys, which anybody has. Raises ValueError for a key of another length.
    """
    named(case=case)
    if len(conversation) != 32:
        raise ValueError("a conversation key has 32 bytes")
    said = "yes" if yes else "no"
    return derive(conversation, "intake/vault/v1/answer-mark", case, format(place, "d"), said)


def answer_holds(mark: bytes, conversation: bytes, *, case: str, place: int, yes: bool) -> bool:
    """Whether a mark is that of this answer."""
    return bytes_eq(mark, answer_mark(conversation, case=case, place=place, yes=yes))


def is_settled(lock: bytes) -> bool:
    """Whether a lock is one bundle that the receipt itself seals: nothing waits for its holder."""
    return len(lock) == BUNDLE_BYTES


def _mark(public: bytes, conversation: bytes, case: str) -> bytes:
    return derive(conversation, "intake/vault/v1/receipt-slot", case, public)


def _post_key(fresh: bytes) -> bytes:
    return derive(fresh, "intake/vault/v1/receipt-post-key")


def _bridge_key(old: bytes, server_key: bytes) -> bytes:
    if len(old) != 32 or len(server_key) < 32:
        raise SealBroken
    return derive(old + server_key, "intake/vault/v1/receipt-bridge-key")
