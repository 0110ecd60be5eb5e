"""Codes that people write down: Crockford's base32 and its check symbol (SPEC.md, "Symbols").

The check symbol is a linear code over GF(32), as Reed and Solomon's: each symbol is weighted by a power of a
primitive element, all powers of one check different. A wrong symbol changes the sum by a product of two
non-zero elements; two that change places change it by (difference of weights) * (difference of symbols).
Neither can be zero, so every such slip is caught; any other slip passes once in 32 times.
"""

from .errors import Mistyped

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
LONGEST = 400  # nobody types more; whatever is longer is not looked at

_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_VALUES |= {symbol.lower(): value for symbol, value in _VALUES.items()}
_VALUES |= dict.fromkeys("Oo", 0) | dict.fromkeys("IiLl", 1)
# Hyphens, dashes and the minus sign, as word processors put them; zero-width characters, as web pages do.
_JOINERS = "-_\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200b\u200c\u200d\u2060\ufeff"
_SPACES = {ord(joiner): " " for joiner in _JOINERS}


def _powers() -> tuple[int, ...]:
    """The 31 powers of x in GF(32) = GF(2)[x] / (x^5 + x^2 + 1), of which x is a primitive element."""
    powers, element = [], 1
    for _ in range(31):
        powers.append(element)
        element <<= 1
        if element & 32:
            element ^= 0b100101
    return tuple(powers)


_POWERS = _powers()
_LOGARITHMS = {element: exponent for exponent, element in enumerate(_POWERS)}


def check_symbol(data: str, offset: int = 0) -> str:
    """The check symbol of at most 30 symbols: offset + sum of x^(i+1) * symbol i, in GF(32)."""
    if len(data) > 30:
        raise ValueError("one check symbol guards at most 30 symbols")
    total = offset
    for place, symbol in enumerate(data, start=1):
        value = _VALUES[symbol]
        if value:
            total ^= _POWERS[(place + _LOGARITHMS[value]) % 31]
    return ALPHABET[total]


def encode(number: int, length: int) -> str:
    """`length` symbols, the most significant first. Raises OverflowError if the number needs more."""
    if number >> (5 * length):
        raise OverflowError("the number does not fit")
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (length - 1), -1, -5))


def grouped(symbols: str, size: int) -> str:
    """Groups of `size`, joined by hyphens."""
    return "-".join(symbols[start : start + size] for start in range(0, len(symbols), size))


def how_many(text: str) -> int:
    """How many symbols were typed, spaces and dashes apart; of more than anybody types, at least so many."""
    return len("".join(text[: LONGEST + 1].translate(_SPACES).split()))


def read(text: str, *, groups: int, size: int) -> str:
    """What was typed, as the canonical symbols: capitals, O as 0, I and L as 1, spaces and dashes ignored.

    Raises Mistyped (reason "length" or "alphabet"), with the group if it can be told. Checks no check symbol.
    """
    if len(text) > LONGEST:
        raise Mistyped("length")
    pieces = text.translate(_SPACES).split()
    symbols: list[str] = []
    for piece_number, piece in enumerate(pieces, start=1):
        for character in piece:
            if character not in _VALUES:
                # The groups as typed if there are as many as there should be, otherwise by counting symbols.
                group = piece_number if len(pieces) == groups else len(symbols) // size + 1
                raise Mistyped("alphabet", group if group <= groups else None)
            symbols.append(ALPHABET[_VALUES[character]])
    if len(symbols) != groups * size:
        odd = [number for number, piece in enumerate(pieces, start=1) if len(piece) != size]
        raise Mistyped("length", odd[0] if len(pieces) == groups and len(odd) == 1 else None)
    return "".join(symbols)
