"""The file of dates, as RFC 5545 wants it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from intake.documents.calendar_file import Entry, calendar_file

MADE = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def lines(file: bytes) -> list[str]:
    """Unfolded, as section 3.1 says."""
    return file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_date_is_a_whole_day_that_keeps_nobody_busy():
    file = calendar_file(
        [Entry("BCD-2345.response@intake", date(2026, 6, 30), "BCD-2345: Answer")], made_at=MADE
    )
    assert file.decode() == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Intake//Dates//EN\r\nCALSCALE:GREGORIAN\r\n"
        "BEGIN:VEVENT\r\nUID:BCD-2345.response@intake\r\nDTSTAMP:20260601T100000Z\r\n"
        "DTSTART;VALUE=DATE:20260630\r\nDTEND;VALUE=DATE:20260701\r\nSUMMARY:BCD-2345: Answer\r\n"
        "CLASS:PRIVATE\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200))
def test_no_line_is_longer_than_75_bytes_and_every_word_comes_back(words):
    file = calendar_file([Entry("a", date(2026, 6, 30), words)], made_at=MADE)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    (summary,) = [line.removeprefix("SUMMARY:") for line in lines(file) if line.startswith("SUMMARY:")]
    read = summary.replace("\\\\", "\0").replace("\\,", ",").replace("\\;", ";").replace("\0", "\\")
    assert read == words


def test_an_end_of_a_line_in_a_word_begins_no_line_of_the_file():
    file = calendar_file([Entry("a", date(2026, 6, 30), "One\r\nBEGIN:VALARM")], made_at=MADE)
    assert "SUMMARY:One\\nBEGIN:VALARM" in lines(file)
