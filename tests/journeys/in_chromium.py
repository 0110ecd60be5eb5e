"""An officer with a real browser."""

from __future__ import annotations

import threading
from contextlib import contextmanager

from werkzeug.serving import make_server

from intake.demonstration.living import PASSWORD

from .looking import fit_for_everybody

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Officer:
    """An officer with a browser; every page that is looked at must be fit for everybody."""

    def __init__(self, page, url: str) -> None:
        self.page, self.url = page, url

    def sign_in(self, who: str) -> Officer:
        self.page.goto(f"{self.url}/staff/sign-in")
        self.page.fill("#email", f"{who}@demonstration.example")
        self.page.fill("#password", PASSWORD)
        return self.click("main button")

    def click(self, selector: str) -> Officer:
        with self.page.expect_navigation():
            self.page.click(selector)
        return self

    def open(self, path: str, name: str) -> Officer:
        self.page.goto(self.url + path)
        return self.look(name)

    def press(self, words: str, name: str) -> Officer:
        return self.click(f"main button:has-text('{words}')").look(name)

    def date(self, field: str, day) -> Officer:
        for part, value in (("", day.day), ("-month", day.month), ("-year", day.year)):
            self.page.fill(f"#{field}{part}", str(value))
        return self

    def look(self, name: str) -> Officer:
        fit_for_everybody(self.page, f"officer-{name}", RULES)
        assert self.page.title() != "X"
        return self

    def look_inside(self, name: str) -> Officer:
        """The same with everything folded open."""
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        return self.look(name)


@contextmanager
def served(app):
    """An application on a port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
