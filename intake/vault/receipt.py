"""The receipt: the secret code by which somebody without an account comes back (SPEC.md, "Receipt")."""

import secrets

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from . import symbols
from .errors import Mistyped, SealBroken
from .keys import KeyPair
from .sealing import derive, fields, named, seal, unseal
from .secret import Secret

GROUPS, SIZE = 7, 4
DATA_SYMBOLS = GROUPS * SIZE - 1
BITS = 5 * DATA_SYMBOLS  # 135; ASVS 5.0, 6.5.2 asks for 112
MAY_HOLD = frozenset({"conversation", "submission", "keyholders"})


class Receipt(Secret):
    """27 random symbols and a check symbol: `7K2Q-M8ZD-...`, seven groups of four.

    From it HKDF (RFC 5869) takes a tag, by which the case is found, and a key, which opens the keys that the
    holder may use. Neither gives the other away, and neither gives the receipt.
    """

    __slots__ = ()

    def __init__(self, data: bytes) -> None:
        """Take 27 canonical symbols in ASCII. Use `generate`, `derive` or `parse`."""
        super().__init__(data, length=DATA_SYMBOLS)

    @classmethod
    def generate(cls) -> "Receipt":
        """A new receipt with 135 bits from the operating system."""
        return cls(symbols.encode(secrets.randbits(BITS), DATA_SYMBOLS).encode("ascii"))

    @classmethod
    def derive(cls, token: bytes, digest: bytes) -> "Receipt":
        """The receipt of one press: the same token and digest give the same receipt, and so does a retry.

        `token` is random and belongs to one showing of the form; it is as secret as the receipt and must be
        stored nowhere. `digest` is of what was sent. Raises ValueError for a token under 16 bytes or a digest
        under 32.
        """
        if len(token) < 16 or len(digest) < 32:
            raise ValueError("a token has at least 16 bytes and a digest at least 32")
        derived = derive(token, "intake/vault/v1/receipt-derive", digest)
        return cls(
            symbols.encode(int.from_bytes(derived, "big") >> (256 - BITS), DATA_SYMBOLS).encode("ascii")
        )

    @classmethod
    def parse(cls, text: str) -> "Receipt":
        """Read a receipt as somebody typed it. Raises Mistyped and nothing else."""
        typed = symbols.read(text, groups=GROUPS, size=SIZE)
        data, check = typed[:-1], typed[-1]
        if not bytes_eq(symbols.check_symbol(data).encode(), check.encode()):
            raise Mistyped("check")
        return cls(data.encode("ascii"))

    @property
    def text(self) -> str:
        """The receipt as it is shown, once, to the person who sent."""
        data = self._value.decode("ascii")
        return symbols.grouped(data + symbols.check_symbol(data), SIZE)

    def lookup(self, pepper: bytes) -> bytes:
        """The 32 bytes by which the row is found: HMAC-SHA256 (RFC 2104) of the receipt's tag.

        A dump without the pepper cannot even be asked whether a receipt is in it, and the time that an index
        takes to search tells nothing of the receipt. Raises ValueError for a pepper under 16 bytes.
        """
        if len(pepper) < 16:
            raise ValueError("a pepper has at least 16 bytes")
        mac = HMAC(pepper, SHA256())
        mac.update(derive(self._value, "intake/vault/v1/receipt-lookup"))
        return mac.finalize()

    def _key(self) -> bytes:
        return derive(self._value, "intake/vault/v1/receipt-key")

    def seal(self, bundle: dict[str, bytes], *, case: str) -> bytes:
        """Seal the purpose keys (purpose -> 32 bytes) that the holder may use in this case.

        Raises ValueError for a purpose that no holder may have: a mistake in a caller must not hand an
        officer's notes to whoever finds a receipt.
        """
        named(case=case)
        return seal(self._key(), write_bundle(bundle), "intake/vault/v1/receipt", case)

    def open(self, blob: bytes, *, case: str) -> dict[str, bytes]:
        """The purpose keys sealed for this receipt in this case. Raises SealBroken."""
        return read_bundle(unseal(self._key(), blob, "intake/vault/v1/receipt", case))

    def pair(self) -> KeyPair:
        """The key pair that comes from the receipt alone, to which a new bundle is posted (SPEC.md, "Slot")."""
        return KeyPair.from_seed(derive(self._value, "intake/vault/v1/receipt-seed"))


def write_bundle(bundle: dict[str, bytes]) -> bytes:
    """A bundle as bytes. Raises ValueError for a purpose that no holder may have, or a key of another length."""
    if not bundle.keys() <= MAY_HOLD or any(len(key) != 32 for key in bundle.values()):
        raise ValueError(
            "a receipt holds 32-byte keys for conversation and submission only, and for keyholders"
        )
    return fields(*(part for purpose in sorted(bundle) for part in (purpose, bundle[purpose])))


def read_bundle(encoded: bytes) -> dict[str, bytes]:
    """What `write_bundle` wrote. Raises SealBroken."""
    parts = []
    while encoded:
        end = 4 + int.from_bytes(encoded[:4], "big")
        parts.append(encoded[4:end])
        encoded = encoded[end:]
    bundle = {
        purpose.decode("ascii", "replace"): key for purpose, key in zip(parts[::2], parts[1::2], strict=False)
    }
    # Whoever can write here holds the receipt's key, so this guards against our own mistakes only.
    if len(parts) % 2 or not bundle.keys() <= MAY_HOLD or any(len(key) != 32 for key in bundle.values()):
        raise SealBroken
    return bundle
