"""Somebody at the reporter's door, without scripts: opens pages, fills in forms, presses buttons."""

from __future__ import annotations

from html.parser import HTMLParser


class Form:
    """One form of a page: where it posts to and what it would send."""

    def __init__(self, action: str, name: str, attributes: dict) -> None:
        self.action, self.id, self.attributes = action, name, attributes
        self.values: dict[str, str] = {}


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
            if kind not in {"radio", "checkbox"} or "checked" in given:
                self.forms[-1].values[given["name"]] = given.get("value", "")
        elif tag == "textarea":
            self._area = (self.forms[-1], given["name"])
            self.forms[-1].values[given["name"]] = ""
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
        elif "title" in self._inside:
            self.title += data
        else:
            self.words.append(data)


class Visitor:
    """A browser with scripts off. `page` is what it shows."""

    def __init__(self, client) -> None:
        self.client = client

    def open(self, path: str) -> Visitor:
        return self._see(self.client.get(path))

    def press(self, go: str = "continue", *, form: str = "step", **fields: str) -> Visitor:
        """Fill in fields of the report's form and press a button of it."""
        return self.send(self.form(form), go=go, **fields)

    def send(self, form: Form, headers=None, **fields: str) -> Visitor:
        action = form.action
        return self._see(self.client.post(action, data=form.values | fields, headers=headers))

    def begin(self, road: str) -> Visitor:
        self.open("/")
        return self.send(self.to("/report"), go=f"start:{road}")

    def form(self, name: str) -> Form:
        return next(form for form in self.page.forms if form.id == name)

    def to(self, action: str) -> Form:
        return next(form for form in self.page.forms if form.action == action)

    @property
    def receipt(self) -> str:
        """The code as the page shows it."""
        start = self.body.index('<p class="receipt"')
        return Reader(self.body[start : self.body.index("</p>", start)]).text

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
