"""Pages of one length: whoever watches the network sees that somebody visited, and not which page it was."""

from __future__ import annotations

from flask import Response

BUCKET = 16 * 1024
OPENING, CLOSING = b"<!-- ", b" -->"


def pad(response: Response) -> Response:
    """Fill a page up to the next multiple of 16 KiB with a comment. Compression in front would undo it.

    A page that is told line by line, which only officers get, has no length yet.
    """
    if response.mimetype != "text/html" or response.direct_passthrough or response.is_streamed:
        return response
    page = response.get_data()
    room = -len(page) % BUCKET
    if room < len(OPENING + CLOSING):
        room += BUCKET
    response.set_data(page + OPENING + b"." * (room - len(OPENING + CLOSING)) + CLOSING)
    return response
