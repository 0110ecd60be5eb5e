"""Numbers, dates and lists in words, the same in every document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from intake.counts.published import Figure
from intake.counts.quarters import Period

NOT_RECORDED = "not recorded"
NOT_YET = "not yet"
WITH_THE_YEAR = "with the year"
NOT_TOLD = "not told"
HELD_NOTE = "Whistleblowing referrals are told by the year, as a number and nothing else."
NOT_TOLD_NOTE = (
    "“Not told”: of this part of the authority nothing had been published for that quarter a year before."
)
MINUS = "\N{MINUS SIGN}"
# Characters that no XML file may hold; office files and PDF are made of XML.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def number(value: int | float | None) -> str:
    """A number in figures; without one, "not recorded", which is not 0."""
    if value is None:
        return NOT_RECORDED
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def figure(told: Figure) -> str:
    """A figure as it stands in a sentence; what is kept back says so."""
    return NOT_TOLD if told.held else number(told.number)


def signed(change: int | None) -> str:
    """A change with its sign; without one, nothing can be said."""
    if change is None:
        return "–"
    return "0" if change == 0 else f"{'+' if change > 0 else MINUS}{abs(change):,}"


def per_cent(part: int, base: int) -> int | None:
    """Whole per cent, a half upwards; None where there is nothing to take a share of."""
    if base < 1:
        return None
    return (part * 200 + base) // (base * 2)


def day(on: date) -> str:
    """`1 April 2024`."""
    return f"{on.day} {on:%B %Y}"


def listed(words: Sequence[str]) -> str:
    """`one, two and three`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def year_in_a_sentence(period: Period) -> str:
    """`2023/24`, or `2023/24 Q2`."""
    return period.label.replace("-", "/", 1)


def within_a_sentence(name: str) -> str:
    """A name with a small first letter, unless it begins with an abbreviation."""
    if len(name) > 1 and name[1].isupper():
        return name
    return name[:1].lower() + name[1:]


def writable(text: str) -> str:
    """A text in which every character that XML forbids shows as a replacement character."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
