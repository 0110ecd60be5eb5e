"""Backups: one stream, sealed to a key pair whose private half only a printed recovery key opens (SPEC.md, "Backups").

The file carries that private half, sealed to the recovery key, so that the file and the paper are enough. Public bytes
alone would let whoever holds one backup make another that the paper opens; so a second secret, which the instance and
the paper alone have, goes into the stream's key.
"""

import os
from dataclasses import dataclass, field
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SHA256, Hash

from .envelope import LENGTH as ENVELOPE_BYTES
from .envelope import open_backup_key, seal_backup_key
from .errors import OtherFormat, SealBroken
from .keys import PUBLIC_BYTES, KeyPair
from .recovery import RecoveryKey
from .sealing import FLOOR, NONCE_BYTES, TAG_BYTES, derive, fields, seal, unseal

BACKUP = "backup"  # the vault, without members, to which backups are sealed
MAGIC = b"intake backup 2\n"
MAGIC_FAMILY = b"intake backup "
PIECE_BYTES = 4 * 1024 * 1024 - 4  # with its length it fills its bucket
_OVERHEAD = 1 + NONCE_BYTES + TAG_BYTES
_SEALED_BYTES = _OVERHEAD + FLOOR
SECRET_BYTES = 32
_NAME_BYTES = 16
HEADER_BYTES = len(MAGIC) + _NAME_BYTES + PUBLIC_BYTES + _SEALED_BYTES + ENVELOPE_BYTES


@dataclass(frozen=True, slots=True)
class Shelf:
    """What backups are sealed with: all of it lies in the instance, and none of it opens a backup.

    `sealed` holds the private half and the secret, under the recovery key. Whoever lacks `secret` makes no backup.
    """

    public: bytes
    sealed: bytes
    secret: bytes = field(repr=False)

    @property
    def mark(self) -> bytes:
        """32 bytes that tell whether `public` and `sealed` are those which this secret was made with."""
        return _digest(fields(self.public, self.sealed))


def new_shelf(paper: RecoveryKey) -> Shelf:
    """Make a key pair and a secret for backups that this recovery key opens."""
    pair, secret = KeyPair.generate(), os.urandom(SECRET_BYTES)
    return Shelf(pair.public, paper.seal(pair.seed + secret, vault=BACKUP), secret)


def public_of(sealed: bytes, paper: RecoveryKey) -> bytes:
    """The public half of what is sealed to this recovery key. Raises SealBroken."""
    return _opened(sealed, paper)[0].public


class BackupWriter:
    """A file that is written from its beginning to its end, sealed piece by piece (RFC 8452)."""

    def __init__(self, file: BinaryIO, shelf: Shelf) -> None:
        """Write the header. Raises ValueError for a shelf of other lengths."""
        if len(shelf.sealed) != _SEALED_BYTES or len(shelf.secret) != SECRET_BYTES:
            raise ValueError("not a shelf of backups")
        fresh, name = os.urandom(32), os.urandom(_NAME_BYTES)
        header = MAGIC + name + shelf.public + shelf.sealed
        header += seal_backup_key(fresh, shelf.public, backup=name.hex())
        self._file, self._key, self._place = file, _key(fresh, shelf.secret, header), 0
        self._waiting = bytearray()
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
        """Raises SealBroken for what is no backup, or one of another key, and OtherFormat for another version's."""
        header = file.read(HEADER_BYTES)
        if header.startswith(MAGIC_FAMILY) and not header.startswith(MAGIC):
            raise OtherFormat
        if len(header) != HEADER_BYTES or not header.startswith(MAGIC):
            raise SealBroken
        name, public, sealed, envelope = _parts(header)
        pair, secret = _opened(sealed, recovery_key)
        if pair.public != public:
            raise SealBroken
        fresh = open_backup_key(envelope, pair, backup=name.hex())
        self._file, self._key, self._place = file, _key(fresh, secret, header), 0
        self._open = b""
        self._next: bytes | None = file.read(PIECE_BYTES + 4 + _OVERHEAD)

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; none at the end. Raises SealBroken for a piece altered, moved, added or left out."""
        if size < 0:
            size = PIECE_BYTES
        while not self._open and self._next is not None:
            self._advance(self._next)
        given, self._open = self._open[:size], self._open[size:]
        return given

    def finish(self) -> None:
        """Read what is left, so that a file without its end is refused. Raises SealBroken."""
        while self.read(PIECE_BYTES):
            pass

    def _advance(self, piece: bytes) -> None:
        following = self._file.read(PIECE_BYTES + 4 + _OVERHEAD)
        self._open = unseal(self._key, piece, *_bound(self._place, last=not following))
        self._place += 1
        self._next = following or None


def _parts(header: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    parts, start = [], len(MAGIC)
    for length in (_NAME_BYTES, PUBLIC_BYTES, _SEALED_BYTES, ENVELOPE_BYTES):
        parts.append(header[start : start + length])
        start += length
    name, public, sealed, envelope = parts
    return name, public, sealed, envelope


def _opened(sealed: bytes, paper: RecoveryKey) -> tuple[KeyPair, bytes]:
    both = paper.open(sealed, vault=BACKUP)
    if len(both) != 32 + SECRET_BYTES:
        raise SealBroken
    return KeyPair.from_seed(both[:32]), both[32:]


def _key(fresh: bytes, secret: bytes, header: bytes) -> bytes:
    return derive(fresh + secret, "intake/vault/v2/backup-key", _digest(header))


def _digest(data: bytes) -> bytes:
    digest = Hash(SHA256())
    digest.update(data)
    return digest.finalize()


def _bound(place: int, *, last: bool) -> tuple[str, ...]:
    return ("intake/vault/v1/backup-piece", format(place, "d"), "last" if last else "more")
