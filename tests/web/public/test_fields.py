"""Fields: what is kept as typed, what is refused and in which words."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from intake.web.fields import DayField, LongText, Needed, ShortText, count


class Sheet(Form):
    line = ShortText("Your name", limit=5)
    text = LongText("What happened?", [Needed("Say something")], limit=10)
    day = DayField("When?", [Needed("Enter a day")])


def filled(**given) -> Sheet:
    sheet = Sheet(MultiDict({"line": "", "text": "x", **given}))
    sheet.validate()
    return sheet


def test_a_line_break_counts_once():
    assert count("a\r\nb") == 3
    assert not filled(text="12345\r\n789").text.errors


def test_what_is_too_long_says_by_how_much_and_keeps_it():
    sheet = filled(text="12345678901234")
    assert "10 characters or fewer" in sheet.text.errors[0]
    assert "4 too long" in sheet.text.errors[0]
    assert sheet.text.data == "12345678901234"


@pytest.mark.parametrize("text", ["a\x00b", "a\ufffdb"])
def test_what_cannot_be_kept_is_refused_in_words(text):
    assert filled(text=text).text.errors


@pytest.mark.parametrize("text", ["", " \r\n\t ", "\u200b\ufeff"])
def test_blanks_are_no_answer(text):
    assert filled(text=text).text.errors == ["Say something"]


def test_a_short_answer_stands_on_one_line():
    assert filled(line="a\r\nb").line.errors


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("27", "3", "2026"), date(2026, 3, 27)),
        (("29", "2", "2024"), date(2024, 2, 29)),
        (("30", "2", "2026"), None),
        (("x", "3", "2026"), None),
        (("1", "1", "26"), None),
        (("٣", "3", "2026"), None),
        (("99999999999999", "3", "2026"), None),
        (("", "", ""), None),
    ],
)
def test_a_day_in_three_boxes(parts, expected):
    sheet = filled(**dict(zip(("day-day", "day-month", "day-year"), parts, strict=True)))
    assert sheet.day.data == expected
    assert bool(sheet.day.errors) is (expected is None)
    assert len(sheet.day.errors) <= 1
