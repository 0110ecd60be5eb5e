"""What every answer carries so that a browser leaks nothing, keeps nothing and runs nothing."""

from __future__ import annotations

from flask import Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
KEPT = {"static", "look.authority_css", "look.authority_logo"}  # the same for everybody, so it may be kept


def protect(response: Response) -> Response:
    """Add the headers; nothing is kept by the browser but our stylesheets, fonts and logo."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.endpoint in KEPT and response.status_code in (200, 206, 304):
        lasting = request.args.get("v") or request.endpoint == "look.authority_logo" or _is_font()
        response.headers["Cache-Control"] = f"public, max-age={604_800 if lasting else 300}"
    else:
        response.headers["Cache-Control"] = "no-store"
        response.headers.pop("ETag", None)
        response.headers.pop("Last-Modified", None)
    response.headers.pop("Expires", None)
    return response


def _is_font() -> bool:
    return request.path.endswith(".woff2")
