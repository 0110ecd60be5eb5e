"""A case's keys and what is sealed under them (SPEC.md, "Case key" and "Records")."""

import os
import re

from .sealing import derive, named, seal, unseal
from .secret import Secret

PURPOSES = {
    "case": ("submission", "conversation", "casework", "keyholders"),
    "identity": ("identity",),
    "message": ("conversation",),
    "answer": ("conversation",),
    "left": ("casework",),
}
ALWAYS_PLACED = frozenset({"message", "answer", "left"})
# "message-3" is the message in place 3; "identity-1" what was told in its place later. Place 0 is the first identity's.
_PLACED = re.compile(r"(message)-\d{1,9}|(identity)-[1-9]\d{0,2}|(answer|left)-(?:0|[1-9]\d{0,2})")


def purposes_of(scope: str) -> tuple[str, ...]:
    """The purposes of a scope: "case", "identity", "message-3" for the message in place 3, "identity-1" for what was
    told of the identity in place 1, or "answer-0" and "left-0" in the same manner; none otherwise.
    """
    placed = _PLACED.fullmatch(scope)
    if scope in ALWAYS_PLACED:
        return ()
    return PURPOSES.get(placed[1] or placed[2] or placed[3] if placed else scope, ())


class CaseKey(Secret):
    """32 random bytes: of a case (scope "case"), of the identity of whoever sent it (scope "identity", and "identity-"
    with its place for what was told later), of one message or answer that its sender must not be able to read back
    (scope "message-" or "answer-" and its place), or of what is left behind when a case goes to another team ("left-").

    Each is drawn separately. No derivation leads from one to another, so whoever holds the case's key has
    learned nothing of the identity's.
    """

    __slots__ = ("_scope",)
    _scope: str

    def __init__(self, value: bytes, *, scope: str = "case") -> None:
        """Raises ValueError for a value that is not 32 bytes, or for another scope."""
        if not purposes_of(scope):
            raise ValueError('the scope is "case", "identity", or one of the others and a place')
        super().__init__(value)
        object.__setattr__(self, "_scope", scope)

    @classmethod
    def generate(cls, *, scope: str = "case") -> "CaseKey":
        """A new key from the operating system's random numbers."""
        return cls(os.urandom(32), scope=scope)

    @property
    def secret(self) -> bytes:
        return self._value

    @property
    def scope(self) -> str:
        return self._scope

    def for_purpose(self, purpose: str) -> "PurposeKey":
        """The key for one purpose, by HKDF-SHA256 (RFC 5869).

        Purposes are "submission", "conversation", "casework" and "keyholders" in scope "case", "identity" in scope
        "identity", "conversation" in the scope of a message or an answer, and "casework" in that of what was left
        behind. Raises ValueError for any other purpose.
        """
        if purpose not in purposes_of(self._scope):
            raise ValueError(f'a key of scope "{self._scope}" has no such purpose')
        return PurposeKey(purpose, derive(self._value, "intake/vault/v1/purpose-key", self._scope, purpose))


class PurposeKey(Secret):
    """A key for one purpose in one case. It can be given away without giving the case's key away."""

    __slots__ = ("_purpose",)
    _purpose: str

    def __init__(self, purpose: str, value: bytes) -> None:
        """Raises ValueError for an unknown purpose, or for a value that is not 32 bytes."""
        if not any(purpose in purposes for purposes in PURPOSES.values()):
            raise ValueError("no such purpose")
        super().__init__(value)
        object.__setattr__(self, "_purpose", purpose)

    @property
    def purpose(self) -> str:
        return self._purpose

    @property
    def secret(self) -> bytes:
        return self._value

    def seal(self, plaintext: bytes, *, case: str, kind: str, place: int) -> bytes:
        """Seal one record to its place (AES-256-GCM-SIV, RFC 8452), padded.

        Bound are version, purpose, case, kind and place: a record put anywhere else does not open. Raises
        ValueError for an empty identifier, a negative place, or more than 16 MiB.
        """
        named(case=case, kind=kind)
        if place < 0:
            raise ValueError("place is negative")
        return seal(self._value, plaintext, *self._bound(case, kind, place))

    def open(self, blob: bytes, *, case: str, kind: str, place: int) -> bytes:
        """What was sealed to this place. Raises SealBroken."""
        return unseal(self._value, blob, *self._bound(case, kind, place))

    def _bound(self, case: str, kind: str, place: int) -> tuple[str, ...]:
        return ("intake/vault/v1/record", self._purpose, case, kind, format(int(place), "d"))
