"""One-time codes from a telephone (TOTP, RFC 6238: SHA-1, 30 seconds, six digits, as the apps expect)."""

import os

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS = 30
SECRET_BYTES = 20
NEIGHBOURS = (0, -1, 1)  # a clock may be one step off (RFC 6238, 5.2)


def new_secret() -> bytes:
    """160 random bits (RFC 4226, 4)."""
    return os.urandom(SECRET_BYTES)


def address(secret: bytes, *, account: str, issuer: str) -> str:
    """The otpauth:// address that an app reads from a QR code (Key URI Format).

    A space is `%20` there: some apps show the `+` of forms as it is written.
    """
    return _totp(secret).get_provisioning_uri(account, issuer).replace("+", "%20")


def accepted(secret: bytes, code: str, *, at: float, after: int) -> int | None:
    """The time step that a code belongs to, or None. A step up to `after` was used before and is refused."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    for neighbour in NEIGHBOURS:
        step = int(at) // STEP_SECONDS + neighbour
        try:
            _totp(secret).verify(code.encode(), step * STEP_SECONDS)
        except InvalidToken:
            continue
        return step if step > after else None
    return None


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, 6, SHA1(), STEP_SECONDS)  # noqa: S303 - RFC 6238's default, which every app has
