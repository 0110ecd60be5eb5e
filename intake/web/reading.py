"""Reading what a browser sends: bytes that are no text show as U+FFFD, which every field refuses in words.

Left to itself the framework turns `%ED%B2%A9`, half a character, into the nine signs of that spelling, and
they would be stored as if somebody had typed them.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Request
from werkzeug.formparser import FormDataParser


class PlainParser(FormDataParser):
    """Forms as text, with what is no text made visible."""

    def _parse_urlencoded(self, stream, mimetype, content_length, options):
        body = stream.read().decode(errors="replace")
        items = parse_qsl(body, keep_blank_values=True, errors="replace")
        return stream, self.cls(items), self.cls()


class PlainRequest(Request):
    """A request whose forms are read so."""

    form_data_parser_class = PlainParser
