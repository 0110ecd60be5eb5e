"""Shamir's scheme over GF(32), two of three: one symbol of a share for one symbol of the secret (SPEC.md, "Shares").

A. Shamir, "How to share a secret", Communications of the ACM 22 (1979). The field is that of BIP-93 (codex32),
GF(2)[x] / (x^5 + x^3 + 1), so that its published vectors are ours too. The secret and two shares lie on one line: any
two of three give it, and through one of them and any secret at all there goes exactly one line.
"""

import secrets
from collections.abc import Mapping, Sequence

SIZE = 32
_MODULUS = 0b101001


def times(one: int, other: int) -> int:
    """The product of two elements, without a table that would be looked up by a secret."""
    product = 0
    for bit in range(5):
        product ^= one * (other >> bit & 1)
        one <<= 1
        one ^= _MODULUS * (one >> 5)
    return product


def _inverse(element: int) -> int:
    """The 30th power: of every element but 0 the 31st is 1."""
    power = element
    for _ in range(29):
        power = times(power, element)
    return power


def interpolate(points: Mapping[int, Sequence[int]], at: int) -> list[int]:
    """The values at `at` of the polynomials through these points, of degree below their number (Lagrange's formula).

    Raises ValueError for values of different lengths, or for no element of the field.
    """
    lengths = {len(values) for values in points.values()}
    elements = [at, *points, *(value for values in points.values() for value in values)]
    if len(lengths) != 1 or not all(0 <= element < SIZE for element in elements):
        raise ValueError("not points of this field")
    result = [0] * lengths.pop()
    for here, values in points.items():
        weight = 1
        for there in points:
            if there != here:
                weight = times(times(weight, at ^ there), _inverse(here ^ there))
        result = [sum_ ^ times(weight, value) for sum_, value in zip(result, values, strict=True)]
    return result


def split(secret: Sequence[int], places: Sequence[int]) -> list[list[int]]:
    """A share of the secret (which lies at 0) for each place; any two give it back, one is chance alone.

    Raises ValueError for places that are 0, twice there, or no elements of the field.
    """
    if 0 in places or len(set(places)) != len(places):
        raise ValueError("each share has a place of its own, and the secret has 0")
    first = places[0]
    chance = [secrets.randbelow(SIZE) for _ in secret]
    return [interpolate({0: secret, first: chance}, place) for place in places]
