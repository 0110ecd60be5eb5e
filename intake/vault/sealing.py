"""The one way in which the safe seals bytes under a symmetric key (SPEC.md, "Sealed blobs").

AES-256-GCM-SIV (RFC 8452) with a random nonce. GCM-SIV and not GCM, because a machine restored from a
snapshot or forked at a bad moment may draw a nonce twice: GCM then gives away its authentication key, GCM-SIV
only whether the same text was sealed twice. Keys come from HKDF-SHA256 (RFC 5869), one for each use.
"""

import hmac
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import SealBroken

VERSION = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
FLOOR = 512
CEILING = 16 * 1024 * 1024
_PREFIX = 4


def fields(*parts: str | bytes) -> bytes:
    """Encode a list so that no two lists encode alike: for each part four bytes of length, then the part.

    Text is UTF-8. Raises TypeError for anything that is neither text nor bytes.
    """
    out = bytearray()
    for part in parts:
        if isinstance(part, str):
            # A lone surrogate is no valid UTF-8; letting it through keeps the encoding injective and total.
            part = part.encode("utf-8", "surrogatepass")
        elif not isinstance(part, bytes):
            raise TypeError(f"expected str or bytes, not {type(part).__name__}")
        out += len(part).to_bytes(4, "big") + part
    return bytes(out)


def named(**identifiers: str) -> None:
    """Raise ValueError if an identifier to be bound is empty: a forgotten one would bind nothing."""
    for name, value in identifiers.items():
        if not value:
            raise ValueError(f"{name} is empty")


def derive(key: bytes, *info: str | bytes, length: int = 32) -> bytes:
    """HKDF-SHA256 (RFC 5869) without salt; `info` is encoded by `fields`.

    Safe without a salt, since every key given here is uniformly random or comes from Argon2id.
    """
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=fields(*info)).derive(key)


def deriving(key: bytes, *begun: str | bytes) -> Callable[[str | bytes], bytes]:
    """`deriving(key, *begun)(last)` is `derive(key, *begun, last)`, for whoever derives much from one key.

    What is the same each time is worked out once (RFC 5869, section 2.3, for one block of output).
    """
    same = hmac.new(HKDF.extract(SHA256(), None, key), fields(*begun), "sha256")

    def derived(last: str | bytes) -> bytes:
        whole = same.copy()
        whole.update(fields(last) + b"\x01")
        return whole.digest()

    return derived


def bucket(length: int, floor: int = FLOOR) -> int:
    """The padded size of a plaintext of `length` bytes: the first 512 * 2^n, `floor` at least, that holds it
    and its length prefix.

    Raises ValueError above 16 MiB: what is larger is a file and does not belong in a record.
    """
    framed = length + _PREFIX
    if framed > CEILING:
        raise ValueError(f"too long to be sealed as one record: at most {CEILING - _PREFIX} bytes")
    return max(floor, 1 << (framed - 1).bit_length())


def pad(plaintext: bytes, floor: int = FLOOR) -> bytes:
    """Length prefix, plaintext, zeros up to the bucket. Raises ValueError above 16 MiB."""
    return (len(plaintext).to_bytes(_PREFIX, "big") + plaintext).ljust(bucket(len(plaintext), floor), b"\0")


def unpad(padded: bytes, floor: int = FLOOR) -> bytes:
    """Undo `pad`. Raises SealBroken unless `padded` is exactly what `pad` would have made.

    Only bytes that have been authenticated come here, so this is no padding oracle.
    """
    length = int.from_bytes(padded[:_PREFIX], "big")
    plaintext = padded[_PREFIX : _PREFIX + length]
    if len(plaintext) != length or length + _PREFIX > CEILING or pad(plaintext, floor) != padded:
        raise SealBroken
    return plaintext


def seal(key: bytes, plaintext: bytes, *bound: str | bytes, floor: int = FLOOR) -> bytes:
    """Seal `plaintext`: version, nonce, AES-256-GCM-SIV of the padded plaintext, tag (RFC 8452).

    The associated data is the version byte and the list `bound`. Raises ValueError above 16 MiB.
    """
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCMSIV(key).encrypt(nonce, pad(plaintext, floor), VERSION + fields(*bound))


def unseal(key: bytes, blob: bytes, *bound: str | bytes, floor: int = FLOOR) -> bytes:
    """Open what `seal` made with the same key, `bound` and floor. Raises SealBroken for anything else."""
    head = 1 + NONCE_BYTES
    if blob[:1] != VERSION or len(blob) < head + floor + TAG_BYTES:
        raise SealBroken
    try:
        padded = AESGCMSIV(key).decrypt(blob[1:head], blob[head:], VERSION + fields(*bound))
    except InvalidTag:
        raise SealBroken from None
    return unpad(padded, floor)
