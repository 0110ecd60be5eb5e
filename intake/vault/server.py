"""The server's own key: it hides nothing from whoever runs the server (SPEC.md, "The server's key").

It keys the lookup of receipts, what visits keep, the officers' drafts that travel in pages, the throttle of
sign-in and the cookies' signature, one derived key for each, so that a database without it finds no receipt.
"""

from .sealing import derive
from .secret import Secret


class ServerKey(Secret):
    """32 random bytes kept in a file of the instance, outside the database."""

    __slots__ = ()

    def for_purpose(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, by HKDF-SHA256 (RFC 5869)."""
        return derive(self._value, "intake/vault/v1/server-key", purpose)
