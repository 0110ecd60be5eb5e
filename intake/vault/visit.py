"""A visit: what somebody has typed and not yet sent, kept while they are here (SPEC.md, "Visits").

A visit's secret is held by the browser's cookie alone. A draft opens with it and the server's key for
visits together: neither the database nor the cookie, nor both without the server's key, opens anything; and the
cookie opens nothing once the row is gone. There is no clock here.
"""

import hmac
import os
from collections.abc import Callable, Iterable
from hashlib import sha256

from . import text64
from .errors import SealBroken
from .sealing import derive, deriving, named, seal, unseal
from .secret import CarriedSecret

FLOOR = 32 * 1024
SERIAL_BYTES = 12
_MARK_BYTES = 12
ADDRESS_SIGNS = 4 * (SERIAL_BYTES + _MARK_BYTES) // 3


def new_serial() -> bytes:
    """12 random bytes that tell one draft of a visit from another."""
    return os.urandom(SERIAL_BYTES)


class VisitSecret(CarriedSecret):
    """32 random bytes that only the cookie of one visit holds."""

    __slots__ = ()

    def lookup_for(self, purpose: str) -> bytes:
        """The 32 bytes by which all drafts of the visit for one purpose are found: a hash, which gives neither the
        cookie nor the purpose. Raises ValueError for an empty purpose.
        """
        named(purpose=purpose)
        return sha256(derive(self._value, "intake/vault/v1/visit-lookup", purpose)).digest()

    def lookup_of(self, purpose: str, serial: bytes) -> bytes:
        """The 32 bytes by which one draft is found. Raises ValueError for an empty purpose."""
        named(purpose=purpose)
        return sha256(derive(self._value, "intake/vault/v1/visit-draft-lookup", purpose, serial)).digest()

    def address(self, purpose: str, serial: bytes, page: str) -> str:
        """The last part of a page's address: 32 characters, whatever the page; only this visit can read it."""
        named(page=page)
        return text64.encode(serial + self._marks(purpose, serial)(page))

    def read_address(self, purpose: str, text: str, pages: Iterable[str]) -> tuple[bytes, str]:
        """The serial and the page of an address. Raises SealBroken for one that this visit did not write."""
        if len(text) != ADDRESS_SIGNS:
            raise SealBroken
        raw = text64.decode(text)
        serial, mark = raw[:SERIAL_BYTES], raw[SERIAL_BYTES:]
        mark_of = self._marks(purpose, serial)
        found = None
        for page in pages:  # all of them: how long it takes must not tell which it is
            if hmac.compare_digest(mark, mark_of(page)):
                found = page
        if found is None:
            raise SealBroken
        return serial, found

    def seal(self, server_key: bytes, payload: bytes, *, purpose: str, serial: bytes) -> bytes:
        """Seal a draft (RFC 5869, RFC 8452) in 32 KiB at least. Raises ValueError for a key under 32 bytes."""
        key = self._key(server_key, purpose, serial)
        return seal(key, payload, "intake/vault/v1/visit", purpose, serial, floor=FLOOR)

    def open(self, server_key: bytes, blob: bytes, *, purpose: str, serial: bytes) -> bytes:
        """What this visit kept for this purpose under this serial. Raises SealBroken."""
        key = self._key(server_key, purpose, serial)
        return unseal(key, blob, "intake/vault/v1/visit", purpose, serial, floor=FLOOR)

    def _marks(self, purpose: str, serial: bytes) -> Callable[[str], bytes]:
        """What marks each page of a draft."""
        named(purpose=purpose)
        mark_of = deriving(self._value, "intake/vault/v1/visit-address", purpose, serial)
        return lambda page: mark_of(page)[:_MARK_BYTES]

    def _key(self, server_key: bytes, purpose: str, serial: bytes) -> bytes:
        named(purpose=purpose)
        if len(server_key) < 32:
            raise ValueError("a draft key has at least 32 bytes")
        return derive(self._value + server_key, "intake/vault/v1/visit-key", purpose, serial)
