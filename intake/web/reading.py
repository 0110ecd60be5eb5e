"""Reading what a browser sends: bytes that are no text show as U+FFFD, which every field refuses in words.

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
