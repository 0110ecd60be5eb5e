"""Backups: one stream, sealed to a key pair whose private half only a printed recovery key opens (SPEC.md, "Backups").

The file carries that private half, sealed to the recovery key, so that the file and the paper are enough.
"""

import os
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SHA256, Hash

from .envelope import LENGTH as ENVELOPE_BYTES
from .envelope import open_backup_key, seal_backup_key
from .errors import SealBroken
from .keys import PUBLIC_BYTES, KeyPair
from .recovery import RecoveryKey
from .sealing import FLOOR, NONCE_BYTES, TAG_BYTES, derive, seal, unseal

BACKUP = "backup"  # the vault, without members, to which backups are sealed
MAGIC = b"intake backup 1\n"
PIECE_BYTES = 4 * 1024 * 1024 - 4  # with its length it fills its bucket
_OVERHEAD = 1 + NONCE_BYTES + TAG_BYTES
_SEED_BYTES = _OVERHEAD + FLOOR
_NAME_BYTES = 16
HEADER_BYTES = len(MAGIC) + _NAME_BYTES + PUBLIC_BYTES + _SEED_BYTES + ENVELOPE_BYTES


class BackupWriter:
    """A file that is written from its beginning to its end, sealed piece by piece (RFC 8452)."""

    def __init__(self, file: BinaryIO, public: bytes, sealed_to_recovery: bytes) -> None:
        """Write the header. `public` and `sealed_to_recovery` are the vault's. Raises ValueError for other bytes."""
        if len(sealed_to_recovery) != _SEED_BYTES:
            raise ValueError("not a sealed seed")
        secret, name = os.urandom(32), os.urandom(_NAME_BYTES)
        header = MAGIC + name + public + sealed_to_recovery
        header += seal_backup_key(secret, public, backup=name.hex())
        self._file, self._key, self._place, self._waiting = file, _key(secret, header), 0, bytearray()
        file.write(header)

    def write(self, data: bytes) -> int:
        """Take some bytes in. Returns how many."""
        self._waiting += data
        while len(self._waiting) > PIECE_BYTES:  # the last piece, also a full one, waits for `finish`
            self._piece(bytes(self._waiting[:PIECE_BYTES]), last=False)
            del self._waiting[:PIECE_BYTES]
        return len(data)

    def finish(self) -> None:
        """Write what waits, as the last piece: without it the file does not open."""
        self._piece(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _piece(self, piece: bytes, *, last: bool) -> None:
        self._file.write(seal(self._key, piece, *_bound(self._place, last=last)))
        self._place += 1


class BackupReader:
    """The same bytes again, each piece known to be whole before a byte of it is given out."""

    def __init__(self, file: BinaryIO, recovery_key: RecoveryKey) -> None:
        """Raises SealBroken for what is no backup, or one of another key."""
        header = file.read(HEADER_BYTES)
        if len(header) != HEADER_BYTES or not header.startswith(MAGIC):
            raise SealBroken
        name, public, sealed, envelope = _parts(header)
        pair = KeyPair.from_seed(recovery_key.open(sealed, vault=BACKUP))
        if pair.public != public:
            raise SealBroken
        secret = open_backup_key(envelope, pair, backup=name.hex())
        self._file, self._key, self._place = file, _key(secret, header), 0
        self._open, self._next = b"", file.read(PIECE_BYTES + 4 + _OVERHEAD)

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; none at the end. Raises SealBroken for a piece altered, moved, added or left out."""
        if size < 0:
            size = PIECE_BYTES
        while not self._open and self._next is not None:
            self._advance()
        given, self._open = self._open[:size], self._open[size:]
        return given

    def finish(self) -> None:
        """Read what is left, so that a file without its end is refused. Raises SealBroken."""
        while self.read(PIECE_BYTES):
            pass

    def _advance(self) -> None:
        piece, following = self._next, self._file.read(PIECE_BYTES + 4 + _OVERHEAD)
        self._open = unseal(self._key, piece, *_bound(self._place, last=not following))
        self._place += 1
        self._next = following or None


def _parts(header: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    parts, start = [], len(MAGIC)
    for length in (_NAME_BYTES, PUBLIC_BYTES, _SEED_BYTES, ENVELOPE_BYTES):
        parts.append(header[start : start + length])
        start += length
    return tuple(parts)


def _key(secret: bytes, header: bytes) -> bytes:
    digest = Hash(SHA256())
    digest.update(header)
    return derive(secret, "intake/vault/v1/backup-key", digest.finalize())


def _bound(place: int, *, last: bool) -> tuple[str, ...]:
    return ("intake/vault/v1/backup-piece", format(place, "d"), "last" if last else "more")
