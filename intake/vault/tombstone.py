"""What is left in the place of a receipt whose case was destroyed, sealed to its code alone (SPEC.md, "Tombstones").

Whoever destroys a case has no receipt: the words go to the public half that lay in the receipt's slot.
"""

import os

from .envelope import LENGTH as ENVELOPE_BYTES
from .envelope import open_tombstone_key, seal_tombstone_key
from .keys import PUBLIC_BYTES
from .receipt import Receipt
from .sealing import derive, seal, unseal


def bury(words: bytes, slot: bytes, *, lookup: bytes) -> bytes:
    """Seal what a holder is told to the public half in a slot. Raises ValueError for what is no public key."""
    fresh = os.urandom(32)
    sealed = seal(_key(fresh), words, "intake/vault/v1/tombstone", lookup.hex())
    return seal_tombstone_key(fresh, slot[:PUBLIC_BYTES], lookup=lookup.hex()) + sealed


def read(blob: bytes, receipt: Receipt, *, lookup: bytes) -> bytes:
    """What the holder of this receipt is told. Raises SealBroken."""
    fresh = open_tombstone_key(blob[:ENVELOPE_BYTES], receipt.pair(), lookup=lookup.hex())
    return unseal(_key(fresh), blob[ENVELOPE_BYTES:], "intake/vault/v1/tombstone", lookup.hex())


def _key(fresh: bytes) -> bytes:
    return derive(fresh, "intake/vault/v1/tombstone-key")
