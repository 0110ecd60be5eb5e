"""The names of our cookies: over TLS with the prefix that ties one to this very host (RFC 6265bis, 4.1.3.2)."""

from __future__ import annotations

HOST_ONLY = "__Host-"  # the browser takes it over TLS alone, for path /, and from no neighbouring host


def name(base: str, settings) -> str:
    """What a cookie is called: `base`, with the prefix where the site is behind TLS."""
    return f"{HOST_ONLY}{base}" if settings.behind_tls else base
