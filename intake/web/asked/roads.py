"""The ways through the reporter's door: which pages, in which order, depending on what was answered.

No Flask here: a road is worked out from answers alone, so that it can be tested in milliseconds.
`answers` is what the draft keeps: for each page, the values of its fields as they were sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from intake.web.fields import LongText, ShortText

from . import questions as q

Answers = Mapping[str, Mapping[str, list[str]]]


class Said:
    """What was answered on the pages so far: `said("level", "level")`."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def __call__(self, page: str, field: str) -> str:
        values = self._answers.get(page, {}).get(field) or [""]
        return values[0]


def _always(_said: Said) -> bool:
    return True


@dataclass(frozen=True)
class Page:
    """One page: its form, its heading where no single field is the heading, and when it is asked."""

    id: str
    form: type[q.Question]
    title: str = ""
    lead: str = ""
    when: Callable[[Said], bool] = _always
    template: str = "public/question.html"
    identity: bool = False

    def bound(self, given: Mapping[str, list[str]] | MultiDict | None, settings) -> q.Question:
        """The form with what was answered."""
        return self.form(MultiDict(given) if given is not None else None).adapt(settings)

    @property
    def has_box(self) -> bool:
        """Whether something is typed on it, which the browser's own arrow would lose."""
        return any(isinstance(field, ShortText | LongText) for field in self.form())

    @property
    def heading(self) -> str:
        """The page's h1 in words."""
        return self.title or next(iter(self.form())).label.text


@dataclass(frozen=True)
class Road:
    """One way through: how it is called where somebody chooses it, and its pages."""

    id: str
    choice: str
    hint: str
    name: str
    pages: tuple[Page, ...]

    def page(self, page_id: str) -> Page | None:
        """The page of that id, asked or not."""
        return next((page for page in self.pages if page.id == page_id), None)

    def asked(self, answers: Answers) -> Iterator[Page]:
        """The pages that these answers lead through; what is not asked does not decide anything."""
        so_far: dict[str, Mapping[str, list[str]]] = {}
        said = Said(so_far)
        for page in self.pages:
            if page.when(said):
                if page.id in answers:
                    so_far[page.id] = answers[page.id]
                yield page


@dataclass(frozen=True)
class Filled:
    """A page that is asked, what was answered on it (None: nothing yet), and its form, bound to that once."""

    page: Page
    given: Mapping[str, list[str]] | None
    form: q.Question


def filled(road: Road, answers: Answers, settings) -> Iterator[Filled]:
    """The pages that these answers lead through, with their forms."""
    for page in road.asked(answers):
        given = answers.get(page.id)
        yield Filled(page, given, page.bound(given, settings))


def first_gap(pages: Iterable[Filled]) -> Page | None:
    """The first page that is asked and not yet answered as it should be."""
    return next((one.page for one in pages if one.given is None or not one.form.validate()), None)


def for_a_child(said: Said) -> bool:
    """Whether it is about children's social care."""
    return said("subject", "subject") == "children"


def _for_somebody(said: Said) -> bool:
    if for_a_child(said):
        return said("child", "relation") in {"advocate", "somebody-else"}
    return said("for-whom", "for_whom") == "other"


def _with_name(said: Said) -> bool:
    return said("level", "level") in {"named", "confidential"}


def _without_name(said: Said) -> bool:
    return said("level", "level") in {"anonymous", "confidential"}


STORY = Page("story", q.Story, template="public/story.html")
SERVICE = Page("service", q.Service)
ADJUSTMENTS = Page("adjustments", q.Adjustments)
LEVEL = Page("level", q.Level, template="public/level.html")
IDENTIFY = Page(
    "identify",
    q.Identify,
    "Could this identify you?",
    when=_without_name,
    template="public/identify.html",
)
CONTACT = Page(
    "contact",
    q.Contact,
    "How can we reach you?",
    "Only your name is needed. You can always read our answers with your receipt code.",
    _with_name,
    identity=True,
)
PERHAPS = Page(
    "perhaps-contact",
    q.PerhapsContact,
    "Would you like to give your name?",
    "You need not. You can read our answer with a receipt code that we give you at the end.",
    identity=True,
)

COMPLAINT = Road(
    "complaint",
    "I want to complain about a service",
    "A service that I, my child or somebody I care for receives, or should receive",
    "Complaint",
    (
        Page("subject", q.Subject, template="public/subject.html"),
        Page("service", q.Service, when=lambda said: said("subject", "subject") == "other"),
        Page("child", q.ToTheChild, when=for_a_child),
        Page(
            "advocate",
            q.Advocate,
            when=lambda said: for_a_child(said) and said("child", "relation") in {"child", "care-leaver"},
            template="public/advocate.html",
        ),
        Page("for-whom", q.ForWhom, when=lambda said: not for_a_child(said)),
        Page("consent", q.Consent, "The person you are writing for", when=_for_somebody),
        STORY,
        Page("remedy", q.Remedy, "When it was, and what would help", "You can leave either empty."),
        ADJUSTMENTS,
        LEVEL,
        CONTACT,
        IDENTIFY,
    ),
)
CONCERN = Road(
    "concern",
    "I have seen wrongdoing at work",
    "I work for the council or a contractor, now or before, or I have seen it from close by",
    "Whistleblowing concern",
    (
        Page("safety", q.Nothing, "Before you write", template="public/safety.html"),
        Page("category", q.Category, template="public/category.html"),
        Page("about-officer", q.AboutOfficer, template="public/about_whom.html"),
        STORY,
        Page(
            "evidence",
            q.Evidence,
            "What else would help us look into it",
            "You can leave either empty.",
            template="public/evidence.html",
        ),
        LEVEL,
        CONTACT,
        IDENTIFY,
    ),
)
REQUEST = Road(
    "request",
    "I asked for a service and it has not come",
    "For example a repair, an assessment, a place or an answer",
    "Request for a service",
    (SERVICE, Page("story", q.Asked, template="public/story.html"), ADJUSTMENTS, PERHAPS),
)
THANKS = Road(
    "thanks",
    "I want to thank somebody",
    "We pass it on to them and to their manager",
    "Thanks",
    (SERVICE, Page("story", q.Thanks, template="public/story.html"), PERHAPS),
)
QUESTION = Road(
    "question",
    "I have a question",
    "About anything that the council does",
    "Question",
    (SERVICE, Page("story", q.Ask, template="public/story.html"), ADJUSTMENTS, PERHAPS),
)
CONSTITUENT = Road(
    "constituent",
    "I write for a constituent",
    "I am an MP or a councillor, or I work for one",
    "Enquiry for a constituent",
    (
        Page("writer", q.Writer),
        Page(
            "member",
            q.Contact,
            "Your name and office",
            "Who you are, so that we answer the right person. You read our answer here, with the receipt code.",
            identity=True,
        ),
        Page("constituent", q.Constituent, "Your constituent"),
        SERVICE,
        Page("story", q.ForConstituent, template="public/story.html"),
    ),
)
ROADS = {road.id: road for road in (COMPLAINT, CONCERN, REQUEST, THANKS, QUESTION, CONSTITUENT)}


def page_after(road: Road, answers: Answers, page_id: str) -> Page | None:
    """The page that follows; None after the last."""
    pages = list(road.asked(answers))
    place = next((i for i, page in enumerate(pages) if page.id == page_id), -1)
    return pages[place + 1] if place + 1 < len(pages) else None


def page_before(road: Road, answers: Answers, page_id: str) -> Page | None:
    """The page that came before; None at the first. `check` comes after all."""
    pages = list(road.asked(answers))
    place = next((i for i, page in enumerate(pages) if page.id == page_id), len(pages))
    return pages[place - 1] if place else None
