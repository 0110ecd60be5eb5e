"""One cell at a time: a text or a day that can be kept, or in words why not.

No message here repeats what stands in a cell; `shown` does, and is used of clear columns alone.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from .columns import DATES, LONGEST
from .limits import Formula, Odd

FIRST_YEAR = 1990
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_BEFORE_A_FORMULA = " \u00a0\ufeff"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_DAMAGED = re.compile("[\ufffd\ud800-\udfff]")


class Wrong(ValueError):
    """A cell that cannot be kept; the message says what to do."""


def value(column: str, cell: object) -> str | date:
    """What a cell says; empty text for nothing. Raises `Wrong`."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, date):
        return cell if column in DATES else cell.isoformat()
    if isinstance(cell, Formula):
        raise Wrong("This cell holds a formula. Replace it by its value (copy, then paste as values).")
    if isinstance(cell, Odd):
        if column in DATES:
            raise Wrong(f"{shown(cell.text)} is a number, and not a date. Format the column as dates.")
        cell = cell.text
    return _text(column, str(cell))


def day(text: str | date, today: date) -> date:
    """A day between 1990 and today. Raises `Wrong`."""
    found = text if isinstance(text, date) else _day(text)
    if not isinstance(found, date):
        raise Wrong(found)
    if found.year < FIRST_YEAR:
        raise Wrong(f"{say(found)} is before {FIRST_YEAR}. Check the year.")
    if found > today:
        raise Wrong(f"{say(found)} lies in the future. Check the date.")
    return found


def say(on: date) -> str:
    """A day for people: 29 February 2024."""
    return f"{on.day} {on:%B} {on.year}"


def shown(text: str) -> str:
    """A short piece of what stands in a cell."""
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def _text(column: str, text: str) -> str:
    begins = text.lstrip(_BEFORE_A_FORMULA)
    if begins.startswith(FORMULA_SIGNS):
        what = {"\t": "a tab", "\r": "a line break"}.get(begins[0], f"“{begins[0]}”")
        raise Wrong(f"This cell begins with {what}, as a formula does. Begin it with a letter or a figure.")
    if control := (_CONTROL_BUT_LINES if column == "summary" else _CONTROL).search(text):
        raise Wrong(f"This cell holds a control character (U+{ord(control[0]):04X}). Delete it.")
    if _DAMAGED.search(text):
        raise Wrong("Part of this text arrived damaged and shows as \ufffd. Type that part again.")
    if column != "summary":
        text = text.strip()
    most = LONGEST.get(column, 80)
    if len(text) > most:
        raise Wrong(f"This text has {len(text):,} characters; at most {most:,} can be kept. Shorten it.")
    return text


@lru_cache(maxsize=20_000)
def _day(text: str) -> date | str:
    """A date, or in words why it is none."""
    if found := _ISO.fullmatch(text):
        year, month, number = map(int, found.groups())
    elif found := _BRITISH.fullmatch(text):
        number, month, year = map(int, found.groups())
    else:
        return f"{shown(text)} is not a date. Write it as 2024-04-01 or 01/04/2024."
    if not 1 <= month <= 12:
        return (
            f"{shown(text)}: there is no month {month}. Write dates as 2024-04-01 or 01/04/2024, day first."
        )
    try:
        return date(year, month, number)
    except ValueError:
        return f"{shown(text)}: there is no {number} {date(2000, month, 1):%B} in {year}. Check the date."
