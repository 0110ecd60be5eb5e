"""What an officer keeps for themselves, sealed under their own private key (SPEC.md has a section of that name).

Nobody else has anything to open in it, so no public key is asked for: the key comes from the seed itself.
"""

from .keys import KeyPair
from .sealing import derive, named, seal, unseal


def seal_own(plaintext: bytes, pair: KeyPair, *, kind: str, staff: str, id: str) -> bytes:
    """Seal something for oneself (AES-256-GCM-SIV, RFC 8452), padded, bound to its kind, its owner and its row.

    Raises ValueError for an empty identifier, or more than 16 MiB.
    """
    named(kind=kind, staff=staff, id=id)
    return seal(_key(pair), plaintext, "intake/vault/v1/own", kind, staff, id)


def open_own(blob: bytes, pair: KeyPair, *, kind: str, staff: str, id: str) -> bytes:
    """What this officer sealed for themselves in this row. Raises SealBroken."""
    return unseal(_key(pair), blob, "intake/vault/v1/own", kind, staff, id)


def _key(pair: KeyPair) -> bytes:
    return derive(pair.seed, "intake/vault/v1/own-key")
