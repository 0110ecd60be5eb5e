"""What our forms send: every choice, every button and every field in words of one length.

Whoever watches a network reads the lengths of requests through TLS: `named` and `anonymous`, `yes` and `no`,
`complaint` and `concern` differ. So a choice is sent as eight characters made from it, a field is called by
its number, and a hidden field fills each form up to one length. What is typed into a box adds to it: without
scripts that cannot be hidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from werkzeug.datastructures import MultiDict
from wtforms import Form

from intake.web.fields import Choose, Tick

SIGNS = 8
BODY = 512  # bytes of a form as it is sent, with boxes left empty, beside its CSRF token
TICKED = "y"


@lru_cache(maxsize=4096)  # of what we offer
def code(words: str) -> str:
    """Eight characters for a choice or a button."""
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:SIGNS]


def decoded(sent: str, offered: Iterable[str]) -> str:
    """Which of what was offered was sent; what was never offered stays as it came, for the checks to refuse."""
    found = sent
    for words in offered:  # all of them: how long it takes must not tell which it was
        if code(words) == sent:
            found = words
    return found


def dress(form: Form) -> Form:
    """A form as it is drawn: its fields called by their numbers, its choices by their codes."""
    for field, name in zip(form, _names(form), strict=True):
        field.name = name
        if isinstance(field, Choose | Tick):
            field.wire = code
    return form


def read(form: Form, sent: MultiDict) -> dict[str, list[str]]:
    """What was sent for each field of a form, by the field's own name."""
    given = {}
    for field, name in zip(form, _names(form), strict=True):
        values = sent.getlist(name)
        if isinstance(field, Choose):
            offered = [choice.value for choice in field.iter_choices()]
            values = [decoded(value, offered) for value in values]
        elif isinstance(field, Tick):
            values = [decoded(value, [TICKED]) for value in values]
        given[field.short_name] = values
    return given


def filling(form: Form | None) -> str:
    """What a hidden field carries so that this form, with its boxes empty, is sent as long as any other."""
    base = sum(len(f"&{name}=") for name in _names(form))
    base += sum(SIGNS for field in form or () if isinstance(field, Choose | Tick))
    return "." * (BODY - base)


def _names(form: Form | None) -> list[str]:
    return [f"answer-{number}" for number, _ in enumerate(form or ())]
