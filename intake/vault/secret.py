"""A holder for secret bytes that does not show them by accident."""

import os
from typing import NoReturn, Self

from cryptography.hazmat.primitives.constant_time import bytes_eq

from . import text64
from .errors import SealBroken


class Secret:
    """Bytes that stay out of `repr`, `str`, `format`, `vars` and `pickle`, and that are compared in constant
    time.

    Frozen. Python gives no way to wipe the bytes from memory afterwards: see the limits in SPEC.md.
    """

    __slots__ = ("_value",)
    _value: bytes

    def __init__(self, value: bytes, *, length: int = 32) -> None:
        """Keep `value`. Raises ValueError, which names no byte of it, if it is not exactly `length` long."""
        if len(value) != length:
            raise ValueError(f"{type(self).__name__} takes exactly {length} bytes")
        object.__setattr__(self, "_value", bytes(value))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: hidden>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bytes_eq(self._value, other._value)

    # A hash would have to be computed from the secret and could be compared with another.
    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be pickled or copied")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be pickled or copied")


class CarriedSecret(Secret):
    """32 random bytes that a browser carries as text, in a cookie or in a form, and that lie nowhere here."""

    __slots__ = ()

    @classmethod
    def generate(cls) -> Self:
        """A new one from the operating system's random numbers."""
        return cls(os.urandom(32))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what was carried. Raises SealBroken for whatever `text` could not have given."""
        if len(text) != 43:
            raise SealBroken
        return cls(text64.decode(text))

    @property
    def text(self) -> str:
        """The secret as base64url (RFC 4648), 43 characters."""
        return text64.encode(self._value)
