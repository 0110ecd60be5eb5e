"""The printed recovery key of a vault, stored nowhere (SPEC.md, "Recovery key")."""

import secrets

from cryptography.hazmat.primitives.constant_time import bytes_eq

from . import symbols
from .errors import Mistyped
from .sealing import derive, named, seal, unseal
from .secret import Secret

GROUPS, SIZE = 9, 5
DATA_SYMBOLS = GROUPS * (SIZE - 1)
BITS = 5 * DATA_SYMBOLS  # 180


class RecoveryKey(Secret):
    """36 random symbols in nine groups, each group of four closed by a check symbol of its own.

    It is typed once in years, by somebody who is already in trouble, so it says in which group the slip is.
    Each check symbol depends on where its group stands: groups that changed places are caught too.
    """

    __slots__ = ()

    def __init__(self, data: bytes) -> None:
        """Take 36 canonical symbols in ASCII. Use `generate` or `parse`."""
        super().__init__(data, length=DATA_SYMBOLS)

    @classmethod
    def generate(cls) -> "RecoveryKey":
        """A new recovery key with 180 bits from the operating system."""
        return cls(symbols.encode(secrets.randbits(BITS), DATA_SYMBOLS).encode("ascii"))

    @classmethod
    def parse(cls, text: str) -> "RecoveryKey":
        """Read a recovery key as somebody typed it. Raises Mistyped, with the group, and nothing else."""
        typed = symbols.read(text, groups=GROUPS, size=SIZE)
        data = ""
        for number in range(1, GROUPS + 1):
            group = typed[(number - 1) * SIZE : number * SIZE]
            if not bytes_eq(symbols.check_symbol(group[:-1], number).encode(), group[-1].encode()):
                raise Mistyped("check", number)
            data += group[:-1]
        return cls(data.encode("ascii"))

    @property
    def text(self) -> str:
        """The key as it is printed."""
        data, size = self._value.decode("ascii"), SIZE - 1
        groups = [data[start : start + size] for start in range(0, DATA_SYMBOLS, size)]
        return "-".join(
            group + symbols.check_symbol(group, number) for number, group in enumerate(groups, start=1)
        )

    def _key(self) -> bytes:
        return derive(self._value, "intake/vault/v1/recovery-key")

    def seal(self, seed: bytes, *, vault: str) -> bytes:
        """Seal a vault's seed to this key (HKDF, RFC 5869; AES-256-GCM-SIV, RFC 8452). Raises ValueError."""
        named(vault=vault)
        return seal(self._key(), seed, "intake/vault/v1/recovery", vault)

    def open(self, blob: bytes, *, vault: str) -> bytes:
        """The vault's seed. Raises SealBroken."""
        return unseal(self._key(), blob, "intake/vault/v1/recovery", vault)
