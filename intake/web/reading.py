"""Reading what a browser sends: bytes that are no text show as U+FFFD, which every field refuses in words.

Left to itself the framework turns `%ED%B2%A9`, half a character, into the nine signs of that spelling, and
they would be stored as if somebody had typed them.
"""

from __future__ import annotations

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
    """A request whose forms are read so."""

    form_data_parser_class = PlainParser

    def _get_file_stream(self, *_args, **_more):
        """No form of ours takes a file; left to itself the framework writes a large one to disk in clear."""
        raise RequestEntityTooLarge
