"""Uploads: a file that waits between two pages, sealed in pieces (SPEC.md, "Uploads").

Its key is random and travels in the page: whoever has the disk alone can open nothing.
"""

import os
from collections.abc import Iterator

from .sealing import derive, named, seal, unseal
from .secret import CarriedSecret

PIECE_BYTES = 4 * 1024 * 1024 - 4  # with its length it fills its bucket
_SEALED_BYTES = 1 + 12 + 4 * 1024 * 1024 + 16


def new_name() -> str:
    """A random name of 32 hexadecimal digits."""
    return os.urandom(16).hex()


class UploadKey(CarriedSecret):
    """32 random bytes that open one upload."""

    __slots__ = ()

    def seal(self, data: bytes, *, upload: str) -> Iterator[bytes]:
        """The file in sealed pieces (RFC 8452), each bound to its place and to whether it is the last."""
        named(upload=upload)
        last = max(0, -(-len(data) // PIECE_BYTES) - 1)
        for place in range(last + 1):
            piece = data[place * PIECE_BYTES : (place + 1) * PIECE_BYTES]
            yield seal(self._key(), piece, *_bound(upload, place, place == last))

    def open(self, sealed: bytes, *, upload: str) -> bytes:
        """The file. Raises SealBroken for a piece that was altered, moved, added or left out."""
        last = max(0, -(-len(sealed) // _SEALED_BYTES) - 1)
        return b"".join(
            unseal(
                self._key(),
                sealed[place * _SEALED_BYTES : (place + 1) * _SEALED_BYTES],
                *_bound(upload, place, place == last),
            )
            for place in range(last + 1)
        )

    def _key(self) -> bytes:
        return derive(self._value, "intake/vault/v1/upload-key")


def _bound(upload: str, place: int, last: bool) -> tuple[str, ...]:
    return ("intake/vault/v1/upload", upload, format(place, "d"), "last" if last else "more")
