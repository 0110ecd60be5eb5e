"""Pages of one length: whoever watches the network sees that somebody visited, and not which page it was.

The pages of a report and of a case are filled up to 64 KiB, in which an ordinary story stays, and beyond that
to the next power of two; every other page to a multiple of 16 KiB. A redirect is filled up too. Compression in
front would undo all of it.
"""

from __future__ import annotations

from flask import Response, request

BUCKET = 16 * 1024
STORY = 64 * 1024
REDIRECT = 1024
TELLING = ("/report", "/return")  # the addresses of the reporter's door whose pages hold what somebody wrote
OPENING, CLOSING = b"<!-- ", b" -->"


def pad(response: Response) -> Response:
    """Fill an answer up with a comment.

    A page that is told line by line, which only officers get, has no length yet.
    """
    if response.mimetype != "text/html" or response.direct_passthrough or response.is_streamed:
        return response
    page = response.get_data()
    room = _bucket(response, len(page) + len(OPENING + CLOSING)) - len(page)
    response.set_data(page + OPENING + b"." * (room - len(OPENING + CLOSING)) + CLOSING)
    return response


def _bucket(response: Response, length: int) -> int:
    """The whole length of an answer that needs `length` bytes."""
    if 300 <= response.status_code < 400:
        return -(-length // REDIRECT) * REDIRECT
    if request.path.startswith(TELLING):
        bucket = STORY
        while bucket < length:
            bucket *= 2
        return bucket
    return -(-length // BUCKET) * BUCKET
