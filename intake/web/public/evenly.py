"""Answers after one time, which tells no known code from an unknown one, and no road from another."""

from __future__ import annotations

import time
from functools import partial, wraps

from flask import after_this_request, request

from intake.web.later import NOT_BEFORE

FLOOR_SECONDS = 0.3


def answer_evenly() -> None:
    """From here on the same time passes until this request is answered, with whatever it is answered."""
    not_before = time.monotonic() + FLOOR_SECONDS
    if NOT_BEFORE in request.environ:  # the worker lets its loop wait
        request.environ[NOT_BEFORE] = not_before
    else:
        after_this_request(partial(_asleep, not_before))


def evenly(view):
    """A view whose every answer comes after the same time."""

    @wraps(view)
    def held(*args, **kwargs):
        answer_evenly()
        return view(*args, **kwargs)

    return held


def _asleep(not_before: float, answer):
    time.sleep(max(0.0, not_before - time.monotonic()))
    return answer
