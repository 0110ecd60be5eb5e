"""What gunicorn answers by itself carries what every answer of ours carries.

A request that cannot be read never reaches the application: gunicorn answers it alone, without our headers, and
with pieces of the request in the page. This one answers with our headers and a sentence, and repeats nothing.
"""

from __future__ import annotations

import ssl
import traceback
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors

from .headers import HEADERS

STATUS = (  # the first that fits; what the application is to blame for comes before what the client is
    ((errors.InvalidResponseHeader, errors.InvalidResponseHeaderName, errors.ConfigurationProblem), 500),
    (errors.LimitRequestLine, 414),
    (errors.LimitRequestHeaders, 431),
    (errors.UnsupportedTransferCoding, 501),
    (errors.ExpectationFailed, 417),
    ((errors.ForbiddenProxyRequest, ssl.SSLError), 403),
    (errors.ParseException, 400),
)
WORDS = (
    "We could not read that. Nothing was sent or changed. Go back to the page you came from and try again.\n"
)
TROUBLE = "Something went wrong on our side. You did nothing wrong. Please try again in a few minutes.\n"


class AnswersInOurWords:
    """For a worker of gunicorn: its own answers are ours."""

    log: Any  # the worker's

    def handle_error(self, req, client, addr, exc) -> None:
        """Answer what never became an answer of the application."""
        status = next((number for kind, number in STATUS if isinstance(exc, kind)), 500)
        if status == 500:
            place = next(reversed(traceback.extract_tb(exc.__traceback__)), None)
            where = f"{place.filename}:{place.lineno}" if place else "nowhere"
            self.log.error("no answer could be given: %s in %s", type(exc).__name__, where)
        try:
            util.write_nonblock(client, answer(status))
        except OSError:
            self.log.debug("whoever sent a request that could not be read has gone")


def answer(status: int) -> bytes:
    """An error as it goes over the wire."""
    body = (TROUBLE if status >= 500 else WORDS).encode()
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        *(f"{name}: {value}" for name, value in HEADERS.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body
