"""SVG to PNG, for files that hold no SVG."""

from __future__ import annotations

import io
import struct
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from .report import Chart, Logo
from .svg_chart import draw

SCALE = 3  # a chart of 600 points is printed at about 300 dots an inch
INK = "#1f2523"


class CannotDraw(ValueError):
    """A picture that cannot be read; the message says which and why."""


def chart_png(chart: Chart, font: Path) -> bytes:
    """The chart as PNG on white. `font`: a WOFF2 or TrueType file. Raises `CannotDraw`."""
    with tempfile.NamedTemporaryFile(suffix=".ttf") as plain:
        plain.write(_as_truetype(font))
        plain.flush()
        return _png(draw(chart, colour=INK), zoom=SCALE, background="#ffffff", font_files=[plain.name])


def logo_png(logo: Logo) -> bytes:
    """The logo as PNG, 600 dots wide if it was SVG. Raises `CannotDraw`."""
    if logo.kind == "image/png":
        png_size(logo.data)
        return logo.data
    try:
        text = logo.data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CannotDraw("The logo is not an SVG file in UTF-8.") from error
    return _png(text, width=600)


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG in dots. Raises `CannotDraw`."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        raise CannotDraw("The logo is not a PNG file.")
    return struct.unpack(">II", data[16:24])


def _png(svg: str, **options: Any) -> bytes:
    import resvg_py  # large, and most processes never draw a picture

    try:
        made = resvg_py.svg_to_bytes(svg_string=svg, **options)
    except ValueError as error:
        raise CannotDraw(f"The picture cannot be drawn: {error}") from error
    return bytes(made)


@cache
def _as_truetype(font: Path) -> bytes:
    """The font without the compression of the web, which the drawing library does not read."""
    from fontTools.ttLib import TTFont  # as above

    out = io.BytesIO()
    with TTFont(font) as read:
        read.flavor = None
        read.save(out)
    return out.getvalue()
