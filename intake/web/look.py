"""What the templates of both doors share: the authority's face, addresses of our files, dates in words."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, abort, current_app, request, send_file, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from intake.web import cookies

bp = Blueprint("look", __name__)

LONDON = ZoneInfo("Europe/London")
INK, PAPER = "#1f2523", "#ffffff"
READABLE = 4.5  # contrast that small text needs, WCAG 1.4.3
SERVED = {
    ".css",
    ".svg",
    ".woff2",
    ".txt",
}  # of `static/`; the texts are the licences of what lies beside them
LOGO_KINDS = {".png": "image/png", ".svg": "image/svg+xml"}


def dress(app: Flask) -> None:
    """Give an application its templates, filters, names and the authority's stylesheet."""
    design_system = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([*filter(None, [app.jinja_loader]), design_system])
    app.add_template_filter(day)
    app.add_template_filter(clock)
    app.add_template_global(asset)
    app.add_template_global(authority_sheet)
    app.add_template_global(authority_logo_address)
    app.add_template_global(cookie_name)
    app.context_processor(lambda: {"authority": _settings()})
    app.register_blueprint(bp)
    app.before_request(only_what_a_page_needs)


def only_what_a_page_needs() -> None:
    """Whatever else comes to lie among the static files is not handed out."""
    if request.endpoint == "static" and Path(request.path).suffix not in SERVED:
        abort(404)


def day(on: date) -> str:
    """`Friday 17 April 2026`."""
    return f"{on:%A} {on.day} {on:%B %Y}"


def clock(at: datetime) -> str:
    """`14:05`, as clocks in London show it."""
    return at.astimezone(LONDON).strftime("%H:%M")


def asset(name: str) -> str:
    """The address of one of our static files; it changes when the file does, so it may be kept for long."""
    path = Path(current_app.static_folder or "static") / name
    return _address(name, path, path.stat().st_mtime_ns)


def authority_sheet() -> str:
    """The address of the authority's own stylesheet."""
    return url_for("look.authority_css", v=_settings().authority_colour.lstrip("#"))


def authority_logo_address() -> str:
    """The address of the authority's logo."""
    return url_for("look.authority_logo")


def cookie_name(base: str) -> str:
    """The name under which this instance sets a cookie, for the page that tells of them."""
    return cookies.name(base, _settings())


@bp.get("/authority.css")
def authority_css() -> Response:
    """The accent colour and what is worked out from it."""
    return Response(accent_sheet(_settings().authority_colour), mimetype="text/css")


@bp.get("/authority-logo")
def authority_logo() -> Response:
    """The picture beside the authority's name."""
    settings = _settings()
    path = settings.instance / settings.authority_logo if settings.authority_logo else None
    kind = LOGO_KINDS.get(path.suffix.lower()) if path else None
    if path is None or kind is None or not path.is_file():
        abort(404)
    return send_file(path, mimetype=kind)


def accent_sheet(colour: str) -> str:
    """The stylesheet for one colour.

    Text on the colour is white where white can be read on it, else dark; text *in* the colour is
    darkened until it can be read on white.
    """
    on_accent = PAPER if contrast(colour, PAPER) >= READABLE else INK
    ink = colour
    while contrast(ink, PAPER) < 5.5:
        ink = mix(ink, "#000000", 0.08)
    rules = {
        "accent": colour,
        "on-accent": on_accent,
        "accent-ink": ink,
        "accent-deep": mix(ink, "#000000", 0.3),
        "accent-wash": mix(ink, PAPER, 0.94),
        "accent-line": mix(ink, PAPER, 0.7),
    }
    body = " ".join(f"--{name}: {value};" for name, value in rules.items())
    return f":root {{ {body} }}\n"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as `#0b4f57`, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with a share of the other one in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@cache
def _address(name: str, path: Path, _changed: int) -> str:
    fingerprint = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return url_for("static", filename=name, v=fingerprint)


def _settings():
    return current_app.extensions["intake"].settings
