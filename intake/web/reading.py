"""Reading what a browser sends: bytes that are no text, and a NUL in an address, show as U+FFFD, which every field
refuses in words and no search finds.

Left to itself the framework turns `%ED%B2%A9`, half a character, into the nine signs of that spelling, and
they would be stored as if somebody had typed them.
"""

from __future__ import annotations

from io import BytesIO
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MOST_FIELDS = 200
NO_TEXT = "\ufffd".encode().decode("latin-1")  # as WSGI tells it


class PlainParser(FormDataParser):
    """Forms as text, with what is no text made visible."""

    def _parse_urlencoded(self, stream, mimetype, content_length, options):
        body = stream.read().decode(errors="replace")
        try:
            items = parse_qsl(body, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise RequestEntityTooLarge from error
        return stream, self.cls(items), self.cls()


class PlainRequest(Request):
    """A request whose forms are read so. It takes no file, unless a page has asked for one."""

    form_data_parser_class = PlainParser
    files_wanted = 0

    def __init__(self, environ, *rest, **more) -> None:
        """No database of ours is asked for a NUL: one of them holds none in a text."""
        for name, nul, shown in (("PATH_INFO", "\0", NO_TEXT), ("QUERY_STRING", "%00", "%EF%BF%BD")):
            environ[name] = environ.get(name, "").replace(nul, shown)
        super().__init__(environ, *rest, **more)

    def take_one_file(self, most: int) -> None:
        """Let this request bring one file, and `most` bytes in all. To be called before its form is read."""
        self.files_wanted = 1
        self.max_content_length = most

    def _get_file_stream(self, *_args, **_more):
        """Into memory: left to itself the framework writes a large file to disk in clear."""
        if not self.files_wanted:
            raise RequestEntityTooLarge
        self.files_wanted -= 1
        return BytesIO()
