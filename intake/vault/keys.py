"""Key pairs, and the two wraps in which an officer's private key is kept (SPEC.md, "Key pairs" to
"Session").
"""

import os
import struct
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA256, SHAKE256, Hash
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from . import symbols
from .errors import Mistyped, SealBroken
from .sealing import VERSION, derive, fields, named, seal, unseal
from .secret import CarriedSecret, Secret

MLKEM_PUBLIC_BYTES = 1184
PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + 32


class KeyPair(Secret):
    """The key pair of an officer or of a vault: ML-KEM-768 (FIPS 203) with X25519 (RFC 7748).

    What is stored is the 32-byte seed, expanded as in the X-Wing draft (draft-connolly-cfrg-xwing-kem).
    """

    __slots__ = ("_private", "_public")
    _private: MLKEM768X25519PrivateKey
    _public: bytes

    def __init__(self, seed: bytes) -> None:
        """Raises ValueError for a seed that is not 32 bytes."""
        super().__init__(seed)
        shake = Hash(SHAKE256(96))
        shake.update(self._value)
        expanded = shake.finalize()
        kem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        dh = X25519PrivateKey.from_private_bytes(expanded[64:])
        public = kem.public_key().public_bytes_raw() + dh.public_key().public_bytes_raw()
        object.__setattr__(self, "_public", public)
        # Kept, because expanding the seed costs more than opening an envelope, and a page opens many.
        object.__setattr__(self, "_private", MLKEM768X25519PrivateKey(kem, dh))

    @classmethod
    def generate(cls) -> "KeyPair":
        """A new key pair from 32 bytes of the operating system's random numbers."""
        return cls(os.urandom(32))

    @classmethod
    def from_seed(cls, seed: bytes) -> "KeyPair":
        """The key pair of a seed. Raises ValueError for a seed that is not 32 bytes."""
        return cls(seed)

    @property
    def seed(self) -> bytes:
        """The whole private key. Only ever to be sealed."""
        return self._value

    @property
    def public(self) -> bytes:
        """ML-KEM-768 public key (1,184 bytes), then X25519 public key (32 bytes)."""
        return self._public

    def private_key(self) -> MLKEM768X25519PrivateKey:
        """The private key for HPKE (RFC 9180)."""
        return self._private


@lru_cache(maxsize=32)
def public_key(public: bytes) -> MLKEM768X25519PublicKey:
    """Read `KeyPair.public`; the last few are remembered. Raises ValueError if it is not a public key of both
    kinds.
    """
    try:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_BYTES:]),
        )
    except ValueError:
        raise ValueError("not a public key") from None


def fingerprint(public: bytes, *, vault: str, staff: str = "") -> str:
    """100 bits of SHA-256 in five groups of four symbols, for two officers to compare on the telephone.

    Of a vault's key without `staff`; with it, of an officer's key as it is compared for that vault (an empty
    `vault`: for none). What was compared for one person or vault therefore never serves for another. Whoever
    puts another key in its place would have to find one with the same fingerprint among 2^100. Raises
    ValueError for a public key of the wrong length, or where both names are empty.
    """
    if len(public) != PUBLIC_BYTES:
        raise ValueError("not a public key")
    if not (vault or staff):
        raise ValueError("a fingerprint is of a vault or of an officer")
    digest = Hash(SHA256())
    digest.update(fields("intake/vault/v1/fingerprint", vault, staff, public))
    return symbols.grouped(symbols.encode(int.from_bytes(digest.finalize(), "big") >> 156, 20), 4)


def same_fingerprint(shown: str, given: str) -> bool:
    """Whether what somebody typed or sent back is the fingerprint that is meant, however it was spaced."""
    try:
        typed = symbols.read(given, groups=5, size=4)
    except Mistyped:
        return False
    return bytes_eq(typed.encode(), shown.replace("-", "").encode())


@dataclass(frozen=True, slots=True)
class Argon2Parameters:
    """The cost of Argon2id (RFC 9106). Raises ValueError outside the bounds, which hold for what is read as
    well: a header altered in the database must not make a sign-in take all the memory there is."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1

    def __post_init__(self) -> None:
        if not (
            1 <= self.lanes <= 8
            and 8 * self.lanes <= self.memory_kib <= 256 * 1024
            and 1 <= self.passes <= 10
        ):
            raise ValueError("Argon2id parameters out of bounds")


_COST = struct.Struct(">IHB")  # memory in KiB, passes, lanes
_PARAMETERS_BYTES = 1 + _COST.size + 16
HEADER_BYTES = _PARAMETERS_BYTES + 32


class PasswordLock(Secret):
    """One run of Argon2id (RFC 9106) over an officer's password, which then opens several blobs.

    Store `header` beside the blobs. It commits to the key, so one header answers to one password only, and a
    wrong one is refused before any blob is touched.
    """

    __slots__ = ("_header", "_holder")
    _header: bytes
    _holder: str

    def __init__(self, key: bytes, header: bytes, holder: str) -> None:
        """Use `new` or `open`."""
        super().__init__(key)
        object.__setattr__(self, "_header", header)
        object.__setattr__(self, "_holder", holder)

    @classmethod
    def new(cls, password: str, *, holder: str, parameters: Argon2Parameters | None = None) -> "PasswordLock":
        """A lock with a fresh salt, at 64 MiB and 3 passes unless told. Raises ValueError: empty holder."""
        named(holder=holder)
        cost = parameters or Argon2Parameters()
        start = VERSION + _COST.pack(cost.memory_kib, cost.passes, cost.lanes) + os.urandom(16)
        key, commitment = _stretch(password, start, holder, cost)
        return cls(key, start + commitment, holder)

    @classmethod
    def open(cls, header: bytes, password: str, *, holder: str) -> "PasswordLock":
        """The lock that `new` made. Raises SealBroken: other password, other holder, altered header."""
        if header[:1] != VERSION or len(header) != HEADER_BYTES:
            raise SealBroken
        start, stored = header[:_PARAMETERS_BYTES], header[_PARAMETERS_BYTES:]
        try:
            cost = Argon2Parameters(*_COST.unpack_from(start, 1))
        except ValueError:
            raise SealBroken from None
        key, commitment = _stretch(password, start, holder, cost)
        if not bytes_eq(commitment, stored):
            raise SealBroken
        return cls(key, bytes(header), holder)

    @property
    def header(self) -> bytes:
        """Version, parameters, salt, commitment: 56 bytes. Enough to test guesses at the password with."""
        return self._header

    @property
    def parameters(self) -> Argon2Parameters:
        """What this lock cost, so that a caller can renew one that has become too cheap."""
        return Argon2Parameters(*_COST.unpack_from(self._header, 1))

    def seal(self, purpose: str, secret: bytes) -> bytes:
        """Seal `secret` for one purpose ("seed", "totp"). Raises ValueError: empty purpose, over 16 MiB."""
        named(purpose=purpose)
        return seal(self._value, secret, "intake/vault/v1/password", purpose, self._holder)

    def open_(self, purpose: str, blob: bytes) -> bytes:
        """What this lock sealed for this purpose. Raises SealBroken."""
        return unseal(self._value, blob, "intake/vault/v1/password", purpose, self._holder)


def _stretch(password: str, start: bytes, holder: str, cost: Argon2Parameters) -> tuple[bytes, bytes]:
    """The lock's key and its commitment, both bound to the parameters, the salt and the holder.

    The password is normalised to NFKC first (SP 800-63B): the same keys on another keyboard or system may
    give é as one code or as two, and half-width or full-width letters, and an officer must not be locked out
    by that.
    """
    typed = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    root = Argon2id(
        salt=start[-16:], length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(typed)
    return (
        derive(root, "intake/vault/v1/password-key", start, holder),
        derive(root, "intake/vault/v1/password-commitment", start, holder),
    )


def wrap_with_password(
    secret: bytes, password: str, *, holder: str, parameters: Argon2Parameters | None = None
) -> bytes:
    """One secret under one password: the header of a `PasswordLock`, then the blob. Raises ValueError."""
    lock = PasswordLock.new(password, holder=holder, parameters=parameters)
    return lock.header + lock.seal("wrap", secret)


def unwrap_with_password(blob: bytes, password: str, *, holder: str) -> bytes:
    """The secret that `wrap_with_password` sealed. Raises SealBroken."""
    lock = PasswordLock.open(blob[:HEADER_BYTES], password, holder=holder)
    return lock.open_("wrap", blob[HEADER_BYTES:])


class SessionSecret(CarriedSecret):
    """32 random bytes that only the browser's cookie holds. What it sealed lies in the session's row.

    The row alone opens nothing; the cookie alone opens nothing once the row is gone.
    """

    __slots__ = ()

    @property
    def lookup(self) -> bytes:
        """The 32 bytes by which the row is found: a hash, so that the row does not give the cookie."""
        digest = Hash(SHA256())
        digest.update(derive(self._value, "intake/vault/v1/session-lookup"))
        return digest.finalize()

    def seal(self, secret: bytes, *, holder: str) -> bytes:
        """Seal an officer's private key for one session. Raises ValueError for an empty holder."""
        named(holder=holder)
        key = derive(self._value, "intake/vault/v1/session-key")
        return seal(key, secret, "intake/vault/v1/session", holder)

    def open(self, blob: bytes, *, holder: str) -> bytes:
        """What this session sealed for this holder. Raises SealBroken."""
        key = derive(self._value, "intake/vault/v1/session-key")
        return unseal(key, blob, "intake/vault/v1/session", holder)
