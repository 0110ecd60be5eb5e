"""The receipt as a text file: of one length, neutral in its name and in its first lines, with our address.

A file stays behind on a device, and a file manager shows how it begins. So it names no road, no reader and no
procedure; those are shown to whoever types the code.
"""

from __future__ import annotations

from flask import Response, current_app, render_template, request

from intake.services.holders.submitting import Acknowledgement

NAME = "notes.txt"
BYTES = 4_096


def of(sent: Acknowledgement) -> Response:
    """The file, as an answer to a press."""
    text = render_template("public/kept.txt", sent=sent, site=site()).encode()
    answer = Response(text.ljust(BYTES, b"\n"), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    return answer


def site() -> str:
    """The address by which this reporter came: `trusted_hosts` has let no other through."""
    tls = current_app.extensions["intake"].settings.behind_tls and not request.host.endswith(".onion")
    return f"{'https' if tls else request.scheme}://{request.host}/"
