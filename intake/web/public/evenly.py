"""Answers after one time, so that it does not tell a code that is known from one that is not."""

from __future__ import annotations

import time
from functools import wraps

from flask import make_response


def evenly(view, floor: float = 0.3):
    """Hold every answer until the same time has passed, whether the code is known or not."""

    @wraps(view)
    def held(*args, **kwargs):
        began = time.monotonic()
        answer = make_response(view(*args, **kwargs))
        time.sleep(max(0.0, floor - (time.monotonic() - began)))
        return answer

    return held
