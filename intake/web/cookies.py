"""Every cookie of both doors: one place for their names and their flags.

Where TLS is on, a name begins with `__Host-`: a browser then takes the cookie over TLS alone, for this very host and
for all of its paths, so that a neighbour under the same domain cannot plant one (RFC 6265bis, section 4.1.3.2).
Without TLS, in a demonstration or behind an onion address, such a cookie would be refused, and names are plain.
"""

from __future__ import annotations

from flask import current_app, request
from werkzeug import Response

FORM = "intake_form"  # flask's session: it holds the token of the forms and nothing else
VISIT = "intake_visit"
STAFF = "intake_staff"
KNOWN = "intake_known"


def name(base: str, settings) -> str:
    """The name under which a cookie is set in this instance."""
    return f"__Host-{base}" if settings.behind_tls else base


def of_the_forms(settings) -> dict:
    """The same for the cookie that flask sets. It alone is `Lax`: were it kept back when somebody follows a link from
    an e-mail, a new one would be set, and the letter that they are writing in another tab would have expired.
    """
    flags = _flags("/", settings) | {"samesite": "Lax"}
    told = {f"SESSION_COOKIE_{flag.upper()}": value for flag, value in flags.items()}
    return told | {"SESSION_COOKIE_NAME": name(FORM, settings)}


def given(base: str) -> str | None:
    """What the browser sent back of a cookie, or None."""
    return request.cookies.get(name(base, _settings()))


def give(
    response: Response, base: str, value: str, *, path: str = "/", seconds: int | None = None
) -> Response:
    """Hand the browser a cookie; without `seconds` it ends with the browser."""
    settings = _settings()
    response.set_cookie(name(base, settings), value, max_age=seconds, **_flags(path, settings))
    return response


def take(response: Response, base: str, *, path: str = "/") -> Response:
    """Tell the browser to forget a cookie. Its flags are told again: else a `__Host-` name is not heard."""
    settings = _settings()
    response.delete_cookie(name(base, settings), **_flags(path, settings))
    return response


def _flags(path: str, settings) -> dict:
    return {
        "path": "/" if settings.behind_tls else path,
        "httponly": True,
        "samesite": "Strict",
        "secure": settings.behind_tls,
    }


def _settings():
    return current_app.extensions["intake"].settings
