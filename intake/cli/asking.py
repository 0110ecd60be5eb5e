"""Asking for what nobody else may read: a password, a printed key. Also where there is no terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import click

NOBODY_ANSWERS = (
    "There is no terminal to ask in, and nothing more to read. Run this in a terminal; or hand in what it asks for on "
    "standard input, a line each, from a file that you alone may read."
)


def there_is_a_terminal() -> bool:
    """Whether somebody can be asked so that what they type is not shown."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return bool(sys.stdin and sys.stdin.isatty())
    return True


def unseen(what: str, *, again: str = "", read: Callable[[str], str] | None = None) -> str:
    """What was typed, of which nothing is shown; without a terminal, the next line of standard input.

    `again`: what to call it when it is asked for a second time; `read` as `value_proc` of `click.prompt`.
    """
    somebody = there_is_a_terminal()
    options: dict[str, Any] = {"confirmation_prompt": again or False, "value_proc": read}
    typed: str = click.prompt(what, hide_input=somebody, **options)
    if not somebody:
        click.echo()  # nobody has pressed Enter
    return typed
