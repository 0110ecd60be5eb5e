"""A reporter with a browser without scripts, who costs the machine that is measured as little as may be."""

from __future__ import annotations

import http.client
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from lxml import html

from intake.web.public import wire

PATIENCE_SECONDS = 120
PREFERRED = {wire.code(words) for words in ("other", "self", "named")}  # of the choices on a page
STORY = "The bins were not collected and nobody answered.\r\nPlease put it right."
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MOST_PAGES = 30  # of a journey


class Page:
    """The forms of a page with what somebody answers; buttons may stand outside their form.

    A reporter's form calls its fields by numbers and its choices by codes: the id says which field it is.
    """

    def __init__(self, text: str) -> None:
        self._tree = html.fromstring(text)

    def fields(self, place: int = -1) -> dict[str, str]:
        """What one of the forms sends, the last one unless another is named, without its buttons."""
        return _answered(self._tree.forms[place])

    def press(self) -> tuple[str, dict]:
        """Where the one forward button of this page goes, and with what."""
        button = self._forward()
        if button is None:
            raise SystemExit("a page without a way on")
        form = self._form_of(button)
        return form.get("action") or "", _answered(form) | {button.get("name", ""): button.get("value", "")}

    @property
    def is_last(self) -> bool:
        """Whether its button sends."""
        return any("Send" in button.text_content() for button in self._tree.iter("button"))

    def _forward(self):
        for wanted in ("complain about a service", "Send", "Continue"):
            for button in self._tree.iter("button"):
                said = button.text_content()
                if wanted in said and "Read and" not in said:
                    return button
        return None

    def _form_of(self, button):
        named = button.get("form")
        return self._tree.get_element_by_id(named) if named else next(button.iterancestors("form"))


def _answered(form) -> dict[str, str]:
    fields: dict[str, str] = {}
    for field in form.iter("input", "textarea", "select"):
        name, kind = field.get("name"), field.get("type")
        if not name:
            continue
        if field.tag == "select":
            fields[name] = next(filter(None, (option.get("value") for option in field.iter("option"))), "")
        elif field.tag == "textarea":
            fields[name] = STORY
        elif kind in {"radio", "checkbox"}:
            value = field.get("value", "y")
            if kind == "checkbox" or name not in fields or value in PREFERRED:
                fields[name] = value
        elif field.get("id") == "name":
            fields[name] = "Sam Ash"
        else:
            fields.setdefault(name, field.get("value") or "")
    return fields


class Browser:
    """Follows redirects and keeps cookies; a new connection for each request. `asked`: how many requests."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.asked = port, {}, 0

    def open(self, path: str, fields: dict | None = None) -> tuple[int, str]:
        """The status and the text of the page that is shown in the end."""
        for _ in range(5):
            status, headers, text = self.ask(path, fields)
            if status not in {302, 303}:
                return status, text
            where = urlsplit(headers["Location"])
            path, fields = where.path + (f"?{where.query}" if where.query else ""), None
        raise SystemExit("redirected in a circle")

    def ask(self, path: str, fields: dict | None = None):
        """One request: its status, headers and text. Raises `OSError` and `HTTPException`."""
        self.asked += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        try:
            if fields is None:
                connection.request("GET", path, headers=headers)
            else:
                connection.request("POST", path, urlencode(fields), headers | FORM)
            answer = connection.getresponse()
            for header in answer.headers.get_all("Set-Cookie") or ():
                for name, morsel in SimpleCookie(header).items():
                    self.cookies[name] = morsel.value
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def fill_in(self) -> tuple[str, dict]:
        """From the start page to the page that sends: where its button goes, and with what."""
        _, text = self.open("/")
        for _ in range(MOST_PAGES):
            page = Page(text)
            where, fields = page.press()
            if page.is_last:
                return where, fields
            _, text = self.open(where, fields)
        raise SystemExit(f"no button to send with after {MOST_PAGES} pages")


def journey(port: int) -> Browser:
    """From the start page to the receipt."""
    browser = Browser(port)
    status, text = browser.open(*browser.fill_in())
    if 'class="receipt"' not in text:
        raise SystemExit(f"no receipt; the last answer was {status}")
    return browser
