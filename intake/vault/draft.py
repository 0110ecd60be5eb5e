"""Drafts: an officer's half-finished form, sealed by the server for itself (SPEC.md, "Drafts").

It travels in the page, so that the words are in clear neither on the server's disk nor in the browser's
history. There is no clock here: a draft that should expire carries its time inside.
"""

from . import text64
from .errors import SealBroken
from .sealing import CEILING, derive, named, seal, unseal

_LONGEST = 4 * (CEILING + 64) // 3


def _key(key: bytes) -> bytes:
    if len(key) < 32:
        raise ValueError("a draft key has at least 32 bytes")
    return derive(key, "intake/vault/v1/draft-key")


def seal_draft(key: bytes, payload: bytes, *, purpose: str = "form") -> str:
    """Seal `payload` under the server's key (RFC 5869, RFC 8452), as base64url text (RFC 4648).

    Raises ValueError for a key under 32 bytes, an empty purpose, or more than 16 MiB.
    """
    named(purpose=purpose)
    return text64.encode(seal(_key(key), payload, "intake/vault/v1/draft", purpose))


def open_draft(key: bytes, text: str, *, purpose: str = "form") -> bytes:
    """What was sealed under this key for this purpose. Raises SealBroken; ValueError for a short key."""
    if len(text) > _LONGEST:
        raise SealBroken
    return unseal(_key(key), text64.decode(text), "intake/vault/v1/draft", purpose)
