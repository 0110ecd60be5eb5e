"""Dates as an iCalendar file (RFC 5545): whole days, each with its words and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE_BYTES = 75  # of a line without its end (section 3.1)


@dataclass(frozen=True)
class Entry:
    """One day. `uid` stays the same when the day moves, so that a calendar which reads the file again moves it too."""

    uid: str
    on: date
    words: str


def calendar_file(entries: Iterable[Entry], *, made_at: datetime) -> bytes:
    """The file. `made_at` is an aware moment; the days are whole ones, in no time zone."""
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Intake//Dates//EN", "CALSCALE:GREGORIAN"]
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(entry.uid)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(entry.words)}",
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _text(words: str) -> str:
    """Section 3.3.11: backslashes, commas, semicolons and ends of lines are written with a backslash."""
    for sign in "\\,;":
        words = words.replace(sign, "\\" + sign)
    return "\\n".join(words.splitlines())


def _folded(line: str) -> bytes:
    """A line in pieces of 75 bytes at most, each after the first behind a space; no character is cut in two."""
    pieces, piece = [], b""
    for sign in line:
        more = sign.encode()
        if len(piece) + len(more) > LINE_BYTES:
            pieces.append(piece)
            piece = b" "
        piece += more
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
