"""Somebody at the reporter's door of a running server: reads forms as they come, and presses Send.

Nothing here knows a field by its name: a page's first choice is taken, its boxes are filled, its button is pressed.
"""

from __future__ import annotations

import http.client
import re
import socket
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

STEPS_AT_MOST = 25


class Broken(Exception):
    """No answer came."""


@dataclass
class Form:
    """A form: where it goes, what it would send, and its buttons by their words."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)  # short texts
    told: list[str] = field(default_factory=list)  # long ones
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # words, name, value


class _Reader(HTMLParser):
    def __init__(self, page: str, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.address, self._button, self._words = address, None, ""
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            form = Form(said.get("action") or self.address, said.get("method", "get").lower())
            self.forms.append(form)
            self.by_id[said.get("id", "")] = form
            self._inside = True
        elif tag == "button":
            self._button, self._words = said, ""
        elif not self._inside or not said.get("name"):
            return
        elif tag == "input":
            self._input(self.forms[-1], said)
        elif tag == "textarea":
            self.forms[-1].told.append(said["name"])
        elif tag == "select":
            self._select = said["name"]
        elif tag == "option":
            self.forms[-1].fields.setdefault(self._select, said.get("value", ""))

    def _input(self, form: Form, said) -> None:
        kind = said.get("type", "text")
        if kind == "radio":
            form.fields.setdefault(said["name"], said.get("value", ""))
        elif kind == "checkbox":
            if "checked" in said:
                form.fields[said["name"]] = said.get("value", "on")
        elif kind == "text" and not said.get("value"):
            form.typed.append(said["name"])
        else:
            form.fields[said["name"]] = said.get("value", "")

    def handle_data(self, data) -> None:
        self._words += data

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self._inside = False
        if tag == "button" and self._button is not None and self.forms:
            form = self.by_id.get(self._button["form"]) if "form" in self._button else self.forms[-1]
            if form and self._inside:
                words = " ".join(self._words.split())
                form.buttons.append((words, self._button.get("name", ""), self._button.get("value", "")))
            self._button = None


class Person:
    """A browser without scripts: cookies, redirects, forms."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.page, self.address = port, {}, "", "/"

    def open(self, path: str) -> Person:
        return self._follow("GET", path, None)

    def post(self, path: str, body: str) -> Person:
        return self._follow("POST", path, body)

    def write(self, story: str) -> tuple[str, str]:
        """Walk to the last page; what its Send button would send, as an address and a body."""
        self.open("/")
        form = next(form for form in self._forms() if len(form.buttons) > 3)
        self.post(form.action, self._body(form, next(b for b in form.buttons if "thank" in b[0].lower())))
        for _ in range(STEPS_AT_MOST):
            form = max(self._forms(), key=lambda form: len(form.fields) + len(form.typed + form.told))
            form.fields |= dict.fromkeys(form.typed[:1], "Vera Stone") | dict.fromkeys(form.told, story)
            if send := next((b for b in form.buttons if b[0] == "Send"), None):
                return form.action, self._body(form, send)
            self.post(form.action, self._body(form, next(b for b in form.buttons if b[0] == "Continue")))
        raise AssertionError("there is no end of questions")

    def send(self, action: str, body: str) -> str:
        """Press Send; the receipt's code, or nothing where the page says something else. Raises `Broken`."""
        return self.post(action, body).receipt

    def send_and_leave(self, action: str, body: str) -> None:
        """Every byte of the press goes out, and nobody is there to hear the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall(self._request(action, body))

    @property
    def receipt(self) -> str:
        found = re.search(r'<p class="receipt"[^>]*>(.*?)</p>', self.page, re.S)
        return (
            "".join(re.findall(r"[0-9A-Z]{4}", unescape(re.sub(r"<[^>]+>", " ", found[1])))) if found else ""
        )

    def _forms(self) -> list[Form]:
        return [form for form in _Reader(self.page, self.address).forms if form.method == "post"]

    @staticmethod
    def _body(form: Form, button: tuple[str, str, str]) -> str:
        _, name, value = button
        return urlencode(form.fields | ({name: value} if name else {}))

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies} if cookies else {}

    def _request(self, path: str, body: str) -> bytes:
        head = {
            "Host": f"127.0.0.1:{self.port}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
            **self._headers(),
        }
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", body]
        return "\r\n".join(lines).encode()

    def _follow(self, method: str, path: str, body: str | None) -> Person:
        for _ in range(6):
            path = self._ask(method, path, body)
            if not path:
                return self
            method, body = "GET", None
        raise AssertionError("sent round in a circle")

    def _ask(self, method: str, path: str, body: str | None) -> str:
        """One request; the address to which it leads on."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body, self._headers() | kind)
            answer = line.getresponse()
            self.page, self.address, self.status = answer.read().decode(), path, answer.status
        except (OSError, http.client.HTTPException) as error:
            raise Broken from error
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status in {301, 302, 303, 307}:
            where = urlsplit(answer.headers["Location"])
            return where.path + (f"?{where.query}" if where.query else "")
        return ""
