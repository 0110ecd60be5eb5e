"""Bytes as URL-safe text: base64url without padding (RFC 4648, section 5), one spelling for each value."""

import base64
import binascii

from .errors import SealBroken


def encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read what `encode` wrote. Raises SealBroken for any other text or spelling."""
    try:
        raw = text.encode("ascii")
        value = base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise SealBroken from None
    # Unused low bits and stray padding would let one value be written in several ways.
    if encode(value) != text:
        raise SealBroken
    return value
