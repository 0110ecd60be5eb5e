"""Bars and lines as SVG: no script, no style, no address; black and white is enough to read them.

Everything is drawn in the colour of the text around it, so that a high-contrast setting reaches it; series
differ by filling, dash and mark, and every value is printed.
"""

from __future__ import annotations

import hashlib
from xml.sax.saxutils import escape

from .report import Chart, Number
from .wording import number, writable

WIDTH = 600
TEXT, SMALL = 15, 14
BAR, BAR_GAP, GROUP_GAP = 17, 3, 10
ROOM_FOR_VALUE = 110
HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 300, 34, 150, 34, 52  # of a chart of lines
DASHES = ("", ' stroke-dasharray="7 5"', ' stroke-dasharray="2 4"', ' stroke-dasharray="12 4 2 4"')
FAMILY = "'Atkinson Hyperlegible Next', 'Liberation Sans', Arial, sans-serif"


def draw(chart: Chart, *, colour: str = "currentColor") -> str:
    """The chart as an `<svg>` element. `colour` for a file that has no text around it."""
    key = "chart-" + hashlib.sha256(writable(f"{chart.title}|{chart.description}").encode()).hexdigest()[:10]
    drawing, height = _bars(chart, key) if chart.kind == "bars" else _lines(chart)
    own, title = "", chart.title
    if colour != "currentColor":  # what reads such a file takes the title alone for the alternative text
        own, title = f' color="{colour}"', f"{chart.title}. {chart.description}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" aria-labelledby="{key}-title {key}-desc" '
        f'font-family="{FAMILY}" font-size="{TEXT}" fill="currentColor"{own}>'
        f'<title id="{key}-title">{_plain(title)}</title>'
        f'<desc id="{key}-desc">{_plain(chart.description)}</desc>{drawing}</svg>'
    )


def _bars(chart: Chart, key: str) -> tuple[str, int]:
    """Horizontal bars, one group for each category, its name above it."""
    parts, y = [_hatches(key)], 0
    if len(chart.series) > 1:
        parts.append(_legend(chart, key))
        y += 34
    largest = _largest(chart)
    for at, category in enumerate(chart.categories):
        y += TEXT + 2
        parts.append(_text(0, y - 2, category))
        y += 4
        axis = y - 3
        for place, (_, values) in enumerate(chart.series):
            value = values[at]
            length = round((value or 0) / largest * (WIDTH - ROOM_FOR_VALUE), 1)
            if length:
                parts.append(_bar(0, y, length, BAR, place, key))
            parts.append(_text(length + 8, y + 14, _value(chart, value), size=SMALL))
            y += BAR + BAR_GAP
        parts.append(f'<path d="M0.75 {axis}V{y}" stroke="currentColor" stroke-width="1.5" fill="none"/>')
        y += GROUP_GAP
    return "".join(parts), y


def _legend(chart: Chart, key: str) -> str:
    parts, x = [], 0
    for place, (name, _) in enumerate(chart.series):
        parts.append(_bar(x, 2, 26, 16, place, key) + _text(x + 34, 16, name))
        x += 34 + 9 * len(name) + 30
    return "".join(parts)


def _bar(x: float, y: float, length: float, height: int, place: int, key: str) -> str:
    """A bar: filled, outlined, hatched one way or the other."""
    filling = ("currentColor", "none", f"url(#{key}-a)", f"url(#{key}-b)")[place % 4]
    return (
        f'<rect x="{x + 0.75}" y="{y + 0.75}" width="{max(length - 1.5, 0.5):g}" height="{height - 1.5}" '
        f'fill="{filling}" stroke="currentColor" stroke-width="1.5"/>'
    )


def _hatches(key: str) -> str:
    def pattern(name: str, path: str) -> str:
        return (
            f'<pattern id="{key}-{name}" width="6" height="6" patternUnits="userSpaceOnUse">'
            f'<path d="{path}" stroke="currentColor" stroke-width="1.5" fill="none"/></pattern>'
        )

    return f"<defs>{pattern('a', 'M0 6 6 0')}{pattern('b', 'M0 0 6 6')}</defs>"


def _lines(chart: Chart) -> tuple[str, int]:
    """Lines through the categories, each named at its end."""
    largest = _largest(chart)
    step = (WIDTH - LEFT - RIGHT) / max(len(chart.categories) - 1, 1)
    floor = HEIGHT - BOTTOM

    def place(at: int, value: Number) -> tuple[float, float]:
        return round(LEFT + at * step, 1), round(floor - value / largest * (floor - TOP), 1)

    parts = [f'<path d="M{LEFT - 12} {floor}H{WIDTH - RIGHT + 12}" stroke="currentColor" fill="none"/>']
    for at, category in enumerate(chart.categories):
        x = LEFT + at * step
        for line, word in enumerate(category.split(" ", 1)):
            parts.append(_text(x, floor + 20 + line * 17, word, size=13, anchor="middle"))
        if all(values[at] is None for _, values in chart.series):
            parts += [
                _text(x, floor - 22 + line * 14, word, size=12, anchor="middle")
                for line, word in enumerate(chart.missing.split(" "))
            ]
    ends: list[float] = []
    for order, (name, values) in enumerate(chart.series):
        points = [None if value is None else place(at, value) for at, value in enumerate(values)]
        parts.append(_run(points, order))
        for at, point in enumerate(points):
            value = values[at]
            if point is None or value is None:
                continue
            above = all((other[at] or 0) <= value for _, other in chart.series if other is not values)
            x, y = point
            low = y > floor - 40
            lift = -10 if above or low else 22
            following = points[at + 1] if at + 1 < len(points) else None
            steep = following is not None and y - following[1] > 30 and lift < 0
            anchor = "end" if steep else "middle"
            parts.append(_mark(x, y, order))
            parts.append(
                _text(x + (4 if steep else 0), y + lift, _value(chart, values[at]), size=SMALL, anchor=anchor)
            )
        last = next((point for point in reversed(points) if point), None)
        if last:
            y = last[1] + 5
            while any(abs(y - other) < 17 for other in ends):
                y -= 17
            ends.append(y)
            parts.append(_text(WIDTH - RIGHT + 16, y, name))
    return "".join(parts), HEIGHT


def _run(points: list[tuple[float, float] | None], order: int) -> str:
    """The line through the points; where one is missing it is broken."""
    path, pen_up = [], True
    for point in points:
        if point is None:
            pen_up = True
            continue
        path.append(f"{'M' if pen_up else 'L'}{point[0]} {point[1]}")
        pen_up = False
    return (
        f'<path d="{"".join(path)}" stroke="currentColor" stroke-width="2.5" fill="none"{DASHES[order % 4]}/>'
    )


def _mark(x: float, y: float, order: int) -> str:
    if order % 2 == 0:
        return f'<circle cx="{x}" cy="{y}" r="5"/>'
    return f'<rect x="{x - 4.5}" y="{y - 4.5}" width="9" height="9"/>'


def _largest(chart: Chart) -> Number:
    """What the whole length stands for; shares are shown of a hundred."""
    if chart.unit == "%":
        return 100
    return max((value or 0 for _, values in chart.series for value in values), default=0) or 1


def _value(chart: Chart, value: Number | None) -> str:
    return chart.missing if value is None else f"{number(value)}{chart.unit}"


def _text(x: float, y: float, words: str, *, size: int = TEXT, anchor: str = "start") -> str:
    turned = "" if anchor == "start" else f' text-anchor="{anchor}"'
    sized = "" if size == TEXT else f' font-size="{size}"'
    return f'<text x="{x:g}" y="{y:g}"{sized}{turned}>{_plain(words)}</text>'


def _plain(words: str) -> str:
    return escape(writable(words))
