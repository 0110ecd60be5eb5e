"""The reporter's door: no account, no script, nothing kept in the browser, nothing secret in an address."""

from flask import Flask

from intake.web.reading import PlainRequest

from . import figures, information, leaving, problems, report, returning, wire  # noqa: F401 - each hangs its addresses on `bp`
from .blueprint import bp


def register(app: Flask) -> None:
    """Open the reporter's door of an application, and answer its errors in words."""
    app.request_class = PlainRequest
    app.add_template_global(wire.code, "wire")
    app.register_blueprint(bp)
    problems.answer_problems(app)
