"""An officer at a desk: pages are visited and buttons pressed as a browser would, tokens and all."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from intake.demonstration.living import PASSWORD


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what its fields hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        said = dict(attrs)
        if tag == "form":
            self.forms.append((said.get("action") or "", {}))
        elif tag == "input" and self.forms and said.get("name"):
            if said.get("type") not in {"radio", "checkbox"} or "checked" in said:
                self.forms[-1][1][said["name"]] = said.get("value") or ""
        elif tag == "textarea" and self.forms:
            self._area = said["name"]
            self.forms[-1][1][self._area] = ""

    def handle_data(self, data) -> None:
        if self._area:
            self.forms[-1][1][self._area] += data

    def handle_endtag(self, tag) -> None:
        if tag == "textarea" and self._area:
            fields = self.forms[-1][1]
            fields[self._area] = fields[self._area].removeprefix("\n")
            self._area = None


class Desk:
    """One officer's browser."""

    def __init__(self, app) -> None:
        self.client = app.test_client()
        self.page = None

    def sign_in(self, who: str, password: str = PASSWORD, **more):
        self.visit("/staff/sign-in")
        return self.press("/staff/sign-in", email=f"{who}@demonstration.example", password=password, **more)

    def visit(self, path: str):
        self.page = self.client.get(path)
        return self.page

    def form(self, action: str) -> dict[str, str]:
        """What the form of this page that goes to `action` holds."""
        return next(fields for goes, fields in Forms(self.page.text).forms if goes in {action, ""})

    def press(self, action: str, **typed: str):
        """Send the form of the page that is open, with what is typed in it."""
        self.page = self.client.post(action, data=self.form(action) | typed)
        return self.page

    def follow(self, words: str):
        """Press the link of this page that reads so."""
        (address,) = re.findall(rf'<a [^>]*href="([^"]+)"[^>]*>{re.escape(words)}</a>', self.page.text)
        return self.visit(unescape(address))

    @property
    def words(self) -> str:
        """The page as somebody reads it."""
        return read(self.page.text)


def read(page: str) -> str:
    """A page without its markup."""
    main = page[page.index("<main") :] if "<main" in page else page
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
