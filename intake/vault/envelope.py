"""Envelopes and grants: a key sealed to somebody's public key (SPEC.md, "Envelopes" and "Grants").

HPKE in base mode (RFC 9180) with the hybrid of ML-KEM-768 and X25519 (FIPS 203, RFC 7748; the X-Wing draft):
what is copied today stays shut unless both are broken. The interface takes no associated data, so all that is
bound is bound in `info`, which enters the key schedule: with another `info` there is another key.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from .errors import SealBroken
from .keys import KeyPair, public_key
from .record import CaseKey, purposes_of
from .sealing import VERSION, derive, fields, named

# Version, ML-KEM-768 ciphertext 1088, X25519 ephemeral key 32, 32 bytes of key, tag 16.
LENGTH = 1 + 1088 + 32 + 32 + 16


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _seal(secret: bytes, public: bytes, info: bytes) -> bytes:
    return VERSION + _suite().encrypt(secret, public_key(public), info=info)


def _open(blob: bytes, pair: KeyPair, info: bytes) -> bytes:
    # Everything sealed here is 32 bytes long, so that every envelope is as long as every other.
    if blob[:1] != VERSION or len(blob) != LENGTH:
        raise SealBroken
    try:
        return _suite().decrypt(blob[1:], pair.private_key(), info=info)
    except (InvalidTag, ValueError):
        raise SealBroken from None


def seal_case_key(key: CaseKey, public: bytes, *, case: str, scope: str, keyholder: str) -> bytes:
    """Seal a case key to one keyholder (HPKE, RFC 9180). Public bytes are enough; nothing here can read it
    back.

    Raises ValueError for a malformed public key, an empty identifier, or a scope that is not the key's own.
    """
    named(case=case, keyholder=keyholder)
    if scope != key.scope:
        raise ValueError("the scope is not the key's own")
    return _seal(key.secret, public, fields("intake/vault/v1/envelope", case, scope, keyholder))


def open_case_key(blob: bytes, pair: KeyPair, *, case: str, scope: str, keyholder: str) -> CaseKey:
    """The case key sealed to this keyholder for this case and scope. Raises SealBroken."""
    if not purposes_of(scope):
        raise SealBroken
    return CaseKey(_open(blob, pair, fields("intake/vault/v1/envelope", case, scope, keyholder)), scope=scope)


def seal_grant(seed: bytes, public: bytes, *, vault: str, staff: str) -> bytes:
    """Seal a vault's 32-byte seed to one member (HPKE, RFC 9180).

    Raises ValueError for a seed of another length, a malformed public key, or an empty identifier.
    """
    named(vault=vault, staff=staff)
    if len(seed) != 32:
        raise ValueError("a seed has 32 bytes")
    return _seal(seed, public, fields("intake/vault/v1/grant", vault, staff))


def open_grant(blob: bytes, pair: KeyPair, *, vault: str, staff: str) -> bytes:
    """The vault's seed granted to this member. Raises SealBroken."""
    return _open(blob, pair, fields("intake/vault/v1/grant", vault, staff))


def grant_mark(seed: bytes, public: bytes, *, vault: str, staff: str) -> bytes:
    """What stands beside a grant and only a holder of the vault's seed can make: that it was sealed to this key of
    this member. 32 bytes. Raises ValueError for an empty identifier.
    """
    named(vault=vault, staff=staff)
    return derive(seed, "intake/vault/v1/grant-mark", vault, staff, public)


def seal_former_seed(seed: bytes, public: bytes, *, vault: str, former: str) -> bytes:
    """Seal the seed that a vault had before to the key that it has now (HPKE, RFC 9180). `former`: the fingerprint
    of the old key. Raises ValueError as `seal_grant`.
    """
    named(vault=vault, former=former)
    if len(seed) != 32:
        raise ValueError("a seed has 32 bytes")
    return _seal(seed, public, fields("intake/vault/v1/former-seed", vault, former))


def open_former_seed(blob: bytes, pair: KeyPair, *, vault: str, former: str) -> bytes:
    """The seed that a vault had before. Raises SealBroken."""
    return _open(blob, pair, fields("intake/vault/v1/former-seed", vault, former))


def seal_post_key(secret: bytes, public: bytes, *, case: str) -> bytes:
    """Seal the 32-byte key of a bundle to the public half of a receipt (HPKE, RFC 9180). Raises ValueError as
    `seal_grant`.
    """
    named(case=case)
    if len(secret) != 32:
        raise ValueError("a bundle's key has 32 bytes")
    return _seal(secret, public, fields("intake/vault/v1/receipt-post", case))


def open_post_key(blob: bytes, pair: KeyPair, *, case: str) -> bytes:
    """The key of a bundle that was posted to this receipt. Raises SealBroken."""
    return _open(blob, pair, fields("intake/vault/v1/receipt-post", case))


def seal_backup_key(secret: bytes, public: bytes, *, backup: str) -> bytes:
    """Seal the 32-byte key of one backup (HPKE, RFC 9180). Raises ValueError as `seal_grant`."""
    named(backup=backup)
    if len(secret) != 32:
        raise ValueError("a backup's key has 32 bytes")
    return _seal(secret, public, fields("intake/vault/v1/backup", backup))


def open_backup_key(blob: bytes, pair: KeyPair, *, backup: str) -> bytes:
    """The key of this backup. Raises SealBroken."""
    return _open(blob, pair, fields("intake/vault/v1/backup", backup))


def seal_tombstone_key(secret: bytes, public: bytes, *, lookup: str) -> bytes:
    """Seal the 32-byte key of a tombstone to the public half of a receipt (HPKE, RFC 9180). Raises ValueError as
    `seal_grant`.
    """
    named(lookup=lookup)
    if len(secret) != 32:
        raise ValueError("a tombstone's key has 32 bytes")
    return _seal(secret, public, fields("intake/vault/v1/tombstone-post", lookup))


def open_tombstone_key(blob: bytes, pair: KeyPair, *, lookup: str) -> bytes:
    """The key of the tombstone that this receipt finds. Raises SealBroken."""
    return _open(blob, pair, fields("intake/vault/v1/tombstone-post", lookup))
