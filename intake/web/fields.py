"""Fields and checks of both doors: text kept as typed, limits told beforehand, a day in three boxes."""

from __future__ import annotations

import re
from datetime import date

from wtforms import BooleanField, Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

DAMAGED = re.compile("[\ufffd\ud800-\udfff]")  # a story is searched with each press: its length counts
NEW_LINES = ("\r", "\n", "\v", "\f", "\x85", "\u2028", "\u2029")


def count(text: str) -> int:
    """How long a text is to the person who typed it: a line break counts once."""
    return len(text) - text.count("\r\n")


class Needed:
    """Something must be answered; spaces alone are no answer."""

    field_flags = {"required": True}  # noqa: RUF012 - the name and kind that WTForms looks for

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form, field) -> None:
        given = field.data
        if given is None or given is False or (isinstance(given, str | list) and not _says_something(given)):
            if not field.errors:
                raise StopValidation(self.message)
            raise StopValidation


class Limit:
    """No longer than `max` characters. The form says so before anybody types."""

    def __init__(self, maximum: int, what: str = "This") -> None:
        self.max, self.what = maximum, what

    def __call__(self, form, field) -> None:
        over = count(field.data or "") - self.max
        if over > 0:
            raise ValidationError(
                f"{self.what} must be {self.max:,} characters or fewer. It is {over:,} too long: "
                "nothing was cut, so you can shorten it here."
            )


class Whole:
    """Characters that cannot be kept as typed are refused in words, and never dropped in silence."""

    def __call__(self, form, field) -> None:
        text = field.data or ""
        if "\x00" in text:
            raise ValidationError("This holds a character that cannot be stored (NUL). Please delete it.")
        if DAMAGED.search(text):
            raise ValidationError(
                "Part of this arrived damaged and shows as \ufffd. Please type that part again."
            )


class OneLine:
    """Short answers stand on one line."""

    def __call__(self, form, field) -> None:
        if any(sign in (field.data or "") for sign in NEW_LINES):
            raise ValidationError("Please write this on one line.")


class EmailLike:
    """Something before an @ and something after it: more would refuse addresses that work."""

    def __call__(self, form, field) -> None:
        text = (field.data or "").strip()
        name, at, place = text.rpartition("@")
        if text and not (at and name and "." in place and not any(sign.isspace() for sign in text)):
            raise ValidationError("Enter an e-mail address such as name@example.org.")


class ShortText(StringField):
    """A line of text with a limit (200 characters unless told)."""

    def __init__(self, label="", validators=(), *, limit: int = 200, **rest) -> None:
        checks = [*validators, Whole(), OneLine(), Limit(limit, what=_plain(label))]
        super().__init__(label, checks, **rest)


class LongText(TextAreaField):
    """As many lines as somebody likes, up to a limit (20,000 characters unless told)."""

    def __init__(self, label="", validators=(), *, limit: int = 20_000, **rest) -> None:
        super().__init__(label, [*validators, Whole(), Limit(limit, what="What you write")], **rest)


class Choose(RadioField):
    """One of a few answers: `options` are (value, label) pairs, told `message` when none is chosen."""

    def __init__(self, label="", message="Choose one of the answers", options=(), **rest) -> None:
        self.message = message
        super().__init__(label, [Needed(message)], choices=choices(options), validate_choice=False, **rest)

    def pre_validate(self, form) -> None:
        if self.data is not None and self.data not in {choice.value for choice in self.iter_choices()}:
            raise StopValidation(self.message)

    def answer(self) -> str:
        """The chosen answer in words."""
        return next((choice.label for choice in self.iter_choices() if choice.value == self.data), "")


class Tick(BooleanField):
    """One box to tick."""


class DayField(Field):
    """A day in three boxes. `data` is a `date` or None; `parts` is what was typed."""

    def __init__(self, label="", validators=(), **rest) -> None:
        super().__init__(label, validators, **rest)
        self.parts = ("", "", "")

    def process(self, formdata, data=None, extra_filters=None) -> None:
        self.process_errors: list[str] = []
        self.data = data if isinstance(data, date) else None
        self.object_data = self.data
        if self.data:
            self.parts = (str(self.data.day), str(self.data.month), str(self.data.year))
        names = [f"{self.name}-{part}" for part in ("day", "month", "year")]
        if formdata is not None and any(name in formdata for name in names):
            self.parts = tuple(formdata.get(name, "").strip()[:10] for name in names)
            self.raw_data = [part for part in self.parts if part]
            self._read()

    def _read(self) -> None:
        self.data = None
        if not any(self.parts):
            return
        if not all(part.isascii() and part.isdigit() for part in self.parts):
            self.process_errors.append("Enter a day, a month and a year as numbers, such as 27 3 2026.")
            return
        dd, mm, yyyy = map(int, self.parts)
        try:
            self.data = date(yyyy, mm, dd)
        except (ValueError, OverflowError):
            self.process_errors.append("There is no such day. Check the day, the month and the year.")
            return
        if not 1900 <= yyyy <= 2199:
            self.data = None
            self.process_errors.append("Enter the year with four figures, such as 2026.")

    def _value(self) -> str:
        return self.data.isoformat() if self.data else ""


def brought_back(text: str | None) -> int:
    """A number that a hidden field of ours brings back; -1 for what cannot be one, which is never the current one."""
    told = text or ""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else -1


def choices(options) -> list[SelectChoice]:
    """(value, label) pairs as choices."""
    return [SelectChoice(value, label) for value, label in options]


def set_limit(field, maximum: int) -> None:
    """Another limit for a field that has one: an authority's settings decide it."""
    field.validators = [
        Limit(maximum, check.what) if isinstance(check, Limit) else check for check in field.validators
    ]


def _says_something(given: str | list) -> bool:
    if isinstance(given, list):
        return bool(given)
    return any(not (sign.isspace() or sign in "\u200b\u200c\u200d\u2060\ufeff") for sign in given)


def _plain(label: str) -> str:
    return label.rstrip("?").strip() or "This"
