"""Somebody at the reporter's door, without scripts: opens pages, fills in forms, presses buttons."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from intake.web.public import wire

ONCE = {
    "/return/message": "add",
    "/return/next-stage": "stage",
    "/return/details": "details",
    "/return/withdraw": "withdraw",
    "/receipt-text": "keep",
    "/return": "open",
}


class Form:
    """One form of a page: where it posts to and what it would send.

    Our forms call their fields by numbers and their choices by codes; a field's id says what it is, and that
    is how it is called here: `values` are by that name, and `sent` gives them as a browser sends them.
    """

    def __init__(self, action: str, name: str, attributes: dict) -> None:
        self.action, self.id, self.attributes = action, name, attributes
        self.values: dict[str, str] = {}
        self.wired: dict[str, str] = {}
        self.choices: set[str] = set()
        self.labelled: dict[tuple[str, str], str] = {}  # what a choice is sent as, by its field and its words

    def name_of(self, given: dict) -> str:
        """What a field is called here."""
        name, ours = given["name"], given.get("id", given["name"])
        if not re.fullmatch(r"answer-\d+", name):
            return name
        if given.get("type") in {"radio", "checkbox"}:
            ours = re.sub(r"-\d+$", "", ours)
            self.choices.add(ours)
        self.wired[ours] = name
        return ours

    def sent(self, **fields: str) -> dict[str, str]:
        """The form as it is sent with these fields filled in, these choices made and this button pressed."""
        out = dict(self.values)
        for name, value in fields.items():
            coded = wire.code(value) if name == "go" or name in self.choices else value
            out[name] = self.labelled.get((name, value), coded)
        return {self.wired.get(name, name): value for name, value in out.items()}


class Reader(HTMLParser):
    """Reads a page as a browser would: forms, headings, and the text that people see."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.tags: list[str] = []
        self.title = ""
        self._inside: list[str] = []
        self._area: tuple[Form, str] | None = None
        self._choices: dict[str, tuple[str, str]] = {}
        self._label = ""
        self.feed(page)
        self.close()
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("id", ""), given))
        elif tag == "input" and self.forms and "name" in given:
            kind = given.get("type", "text")
            name = self.forms[-1].name_of(given)
            if kind not in {"radio", "checkbox"} or "checked" in given:
                self.forms[-1].values[name] = given.get("value", "")
            if kind == "radio":
                self._choices[given["id"]] = (name, given["value"])
        elif tag == "label":
            self._label = given.get("for", "")
        elif tag == "textarea":
            name = self.forms[-1].name_of(given)
            self._area = (self.forms[-1], name)
            self.forms[-1].values[name] = ""
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            form, name = self._area
            # A browser drops one line break right after the tag, and no other.
            form.values[name] = form.values[name].removeprefix("\n")
            self._area = None
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._area:
            form, name = self._area
            form.values[name] += data
        elif "label" in self._inside and self._label in self._choices and data.strip():
            name, value = self._choices[self._label]
            self.forms[-1].labelled[name, data.strip()] = value
            self.words.append(data)
        elif "title" in self._inside:
            self.title += data
        else:
            self.words.append(data)


class Visitor:
    """A browser with scripts off. `page` is what it shows."""

    def __init__(self, client) -> None:
        self.client = client

    def open(self, path: str) -> Visitor:
        return self._follow(self.client.get(path))

    def press(self, go: str = "continue", *, form: str = "step", **fields: str) -> Visitor:
        """Fill in fields of the report's form and press a button of it."""
        return self.send(self.form(form), go=go, **fields)

    def send(self, form: Form, headers=None, **fields: str) -> Visitor:
        if "go" not in fields and form.id in {
            "add",
            "stage",
            "details",
            "withdraw",
            "keep",
            "open",
            "close",
            "again",
        }:
            fields["go"] = form.id
        self.posted = form.sent(**fields)
        return self._follow(self.client.post(form.action, data=self.posted, headers=headers))

    def begin(self, road: str) -> Visitor:
        self.open("/")
        return self.send(self.to("/report"), go=f"start:{road}")

    def form(self, name: str) -> Form:
        return next(form for form in self.page.forms if form.id == name)

    def to(self, action: str) -> Form:
        """The form that does what once had an address of its own, or posts to `action`."""
        wanted = ONCE.get(action)
        by_id = {wanted, "code-again"} if wanted else set()
        if action.startswith("/return/") and not any(form.id in by_id for form in self.page.forms):
            self.send(self.form("acts"), go=f"page:{wanted}")
        return next(form for form in self.page.forms if form.action == action or form.id in by_id)

    @property
    def receipt(self) -> str:
        """The code as the page shows it."""
        start = self.body.index('<p class="receipt"')
        return Reader(self.body[start : self.body.index("</p>", start)]).text

    def _follow(self, response) -> Visitor:
        """As a browser does: on to where a redirect of ours leads."""
        self.hops = [response]
        while response.status_code == 303 and response.location.startswith("/"):
            response = self.client.get(response.location)
            self.hops.append(response)
        self.address = response.request.path
        return self._see(response)

    def _see(self, response) -> Visitor:
        self.response, self.status = response, response.status_code
        self.body = response.get_data(as_text=True)
        self.page = Reader(self.body)
        return self


def write_concern(visitor: Visitor, story: str, level: str = "anonymous") -> Visitor:
    """Everything up to the page where the answers are checked."""
    visitor.begin("concern").press()
    visitor.press(category="criminal-offence").press(about_officer="no").press(story=story).press()
    visitor.press(level=level)
    if level != "anonymous":
        visitor.press(name="Robin Field")
    return visitor.press(read_again="y") if level != "named" else visitor


def write_complaint(visitor: Visitor, story: str, level: str = "named") -> Visitor:
    """The same for a complaint about the council's other services."""
    visitor.begin("complaint").press(subject="other").press(service="Housing").press(for_whom="self")
    visitor.press(story=story).press().press().press(level=level)
    return visitor.press(name="Sam Ash") if level == "named" else visitor.press(read_again="y")
