"""Who holds one case, marked by whoever could open it (SPEC.md, "Keyholders of one case").

What a holder writes later is sealed by a process that opens nothing. It must not seal to whatever stands in the
database: so each keyholder of a case that was changed by name carries a mark that only the case's own key makes.
"""

from cryptography.hazmat.primitives.constant_time import bytes_eq

from .errors import SealBroken
from .keys import PUBLIC_BYTES
from .sealing import derive, named

MARK_BYTES = 32
PERSON_BYTES = PUBLIC_BYTES + MARK_BYTES
_SCOPES = ("case", "identity")


def person(
    public: bytes, marks: bytes, *, case: str, keyholder: str, scope: str = "case", until: str = ""
) -> bytes:
    """A person's public key with its mark: 1,248 bytes. `marks`: the case's key for the purpose `keyholders`; `until`:
    the last day in ISO 8601, empty for no end.

    Raises ValueError for another length, an unknown scope, or an empty identifier.
    """
    if len(public) != PUBLIC_BYTES:
        raise ValueError("a public key has 1,216 bytes")
    return public + _mark(public, marks, case, scope, keyholder, until)


def person_key(
    blob: bytes, marks: bytes, *, case: str, keyholder: str, scope: str = "case", until: str = ""
) -> bytes:
    """The public key of a person who was marked so. Raises SealBroken for one that this case's key did not mark."""
    public, mark = blob[:PUBLIC_BYTES], blob[PUBLIC_BYTES:]
    if len(blob) != PERSON_BYTES or not _fits(mark, public, marks, case, scope, keyholder, until):
        raise SealBroken
    return public


def vault(marks: bytes, *, case: str, keyholder: str, scope: str = "case", until: str = "") -> bytes:
    """The mark of a vault, whose key is the pinned one: 32 bytes. Raises ValueError as `person`."""
    return _mark(b"", marks, case, scope, keyholder, until)


def vault_holds(
    blob: bytes, marks: bytes, *, case: str, keyholder: str, scope: str = "case", until: str = ""
) -> bool:
    """Whether a mark is that of this vault."""
    return _fits(blob, b"", marks, case, scope, keyholder, until)


def _fits(
    mark: bytes, public: bytes, marks: bytes, case: str, scope: str, keyholder: str, until: str
) -> bool:
    return bytes_eq(mark, _mark(public, marks, case, scope, keyholder, until))


def _mark(public: bytes, marks: bytes, case: str, scope: str, keyholder: str, until: str) -> bytes:
    named(case=case, keyholder=keyholder)
    if scope not in _SCOPES:
        raise ValueError("somebody holds a case, or its identity")
    if len(marks) != 32:
        raise ValueError("the key for marks has 32 bytes")
    return derive(marks, "intake/vault/v1/keyholder", case, scope, keyholder, until, public)
