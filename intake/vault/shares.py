"""The printed shares of a vault's recovery key: any two of three open it, one is nothing (SPEC.md, "Shares")."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.constant_time import bytes_eq

from . import shamir, symbols
from .errors import Mistyped, SealBroken
from .sealing import derive, named, seal, unseal
from .secret import Secret

NUMBERS = (1, 2, 3)
GROUPS, SIZE = 10, 5
MARK_SYMBOLS = 3
DATA_SYMBOLS = (GROUPS - 1) * (SIZE - 1)  # of 5 bits each: 180
FORMAT = b"\x02"  # a vault's blob that shares open; that of a single recovery key begins with 1
_HEAD = len(FORMAT) + MARK_SYMBOLS


class Share(Secret):
    """One of three: its number, the mark of its set, and 36 symbols of its own.

    Printed as ten groups of five, each closed by a check symbol. The first group is number and mark. The others' check
    symbols depend on the number and on where the group stands: groups that changed places, or papers, are caught.
    """

    __slots__ = ()

    def __init__(self, data: bytes) -> None:
        """Take 40 canonical symbols in ASCII. Use `parse` or `new_set`."""
        super().__init__(data, length=1 + MARK_SYMBOLS + DATA_SYMBOLS)

    @classmethod
    def parse(cls, text: str) -> "Share":
        """Read a share as somebody typed it. Raises Mistyped, with the group, and nothing else."""
        typed = symbols.read(text, groups=GROUPS, size=SIZE)
        groups = [typed[start : start + SIZE] for start in range(0, len(typed), SIZE)]
        number = symbols.ALPHABET.index(typed[0])
        if number not in NUMBERS:
            raise Mistyped("check", 1)
        for place, group in enumerate(groups, start=1):
            if not bytes_eq(_check(group[:-1], number, place).encode(), group[-1].encode()):
                raise Mistyped("check", place)
        return cls("".join(group[:-1] for group in groups).encode("ascii"))

    @property
    def number(self) -> int:
        """1, 2 or 3."""
        return symbols.ALPHABET.index(chr(self._value[0]))

    @property
    def mark(self) -> str:
        """Which set it is of: three symbols, which tell nothing else and are no secret."""
        return self._value[1 : 1 + MARK_SYMBOLS].decode("ascii")

    @property
    def text(self) -> str:
        """The share as it is printed."""
        data, size = self._value.decode("ascii"), SIZE - 1
        groups = [data[start : start + size] for start in range(0, len(data), size)]
        return "-".join(
            group + _check(group, self.number, place) for place, group in enumerate(groups, start=1)
        )

    def _values(self) -> list[int]:
        return _values(self._value[1 + MARK_SYMBOLS :].decode("ascii"))


@dataclass(frozen=True, slots=True)
class ShareSet:
    """Three shares as they are printed, and the vault's seed sealed to any two of them."""

    shares: tuple[Share, ...] = field(repr=False)
    sealed: bytes = field(repr=False)

    @property
    def mark(self) -> str:
        """The mark on all three."""
        return self.shares[0].mark


def new_set(seed: bytes, *, vault: str, apart_from: Collection[str] = ()) -> ShareSet:
    """Three new shares of a new secret, and the vault's seed sealed to it. `apart_from`: marks that others have.

    A. Shamir (1979) over the field of BIP-93; HKDF (RFC 5869); AES-256-GCM-SIV (RFC 8452). Raises ValueError.
    """
    named(vault=vault)
    mark = _random(MARK_SYMBOLS)
    while mark in apart_from:
        mark = _random(MARK_SYMBOLS)
    secret = _random(DATA_SYMBOLS)
    shares = tuple(
        Share(f"{number}{mark}{_symbols(values)}".encode("ascii"))
        for number, values in zip(NUMBERS, shamir.split(_values(secret), NUMBERS), strict=True)
    )
    blob = seal(_key(secret), seed, "intake/vault/v1/recovery-shares", vault, mark)
    return ShareSet(shares, FORMAT + mark.encode("ascii") + blob)


def mark_of(sealed: bytes) -> str | None:
    """The mark of the set that opens a vault's blob; None where a single recovery key does, or nothing."""
    mark = sealed[len(FORMAT) : _HEAD].decode("ascii", "replace")
    whole = sealed.startswith(FORMAT) and len(mark) == MARK_SYMBOLS and set(mark) <= set(symbols.ALPHABET)
    return mark if whole else None


def open_set(one: Share, other: Share, sealed: bytes, *, vault: str) -> bytes:
    """The vault's seed. Raises SealBroken, also for one share twice, and for shares of two sets."""
    if one.number == other.number or not one.mark == other.mark == mark_of(sealed):
        raise SealBroken
    secret = shamir.interpolate({share.number: share._values() for share in (one, other)}, 0)
    return unseal(_key(_symbols(secret)), sealed[_HEAD:], "intake/vault/v1/recovery-shares", vault, one.mark)


def _check(group: str, number: int, place: int) -> str:
    """Its check symbol: the first group's depends on nothing else, for it is what tells the number."""
    return symbols.check_symbol(group, 0 if place == 1 else GROUPS * (number - 1) + place)


def _key(secret: str) -> bytes:
    return derive(secret.encode("ascii"), "intake/vault/v1/recovery-shares-key")


def _random(length: int) -> str:
    return symbols.encode(secrets.randbits(5 * length), length)


def _values(text: str) -> list[int]:
    return [symbols.ALPHABET.index(symbol) for symbol in text]


def _symbols(values: list[int]) -> str:
    return "".join(symbols.ALPHABET[value] for value in values)
